//! What the macro takes for granted is what the runtime links.

#[test]
fn the_macro_and_the_runtime_agree_on_what_is_linked() {
    assert_eq!(
        abide_codegen::WASI_PACKAGES,
        abide::__private::WASI_PACKAGES
    );
}
