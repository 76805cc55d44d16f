//! What the macro takes for granted is what the runtime links; and what it says of WIT that is not
//! in the crate.

#[test]
fn the_macro_and_the_runtime_agree_on_what_is_linked() {
    assert_eq!(
        abide_codegen::WASI_PACKAGES,
        abide::__private::WASI_PACKAGES
    );
}

#[test]
fn wit_from_a_build_script_is_called_as_in_the_macro() {
    let paths = test_network_abi::ABI.wit.iter().map(|file| file.path);
    let paths: Vec<_> = paths.collect();
    for expected in ["$OUT_DIR/wit/network.wit", "$OUT_DIR/wit/deps/io.wit"] {
        assert!(paths.contains(&expected), "no {expected} in {paths:?}");
    }
}
