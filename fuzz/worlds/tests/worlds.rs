//! A few random worlds, always the same ones. `cargo xtask fuzz` tests as many others as one likes.

use std::path::Path;

use abide_fuzz::Options;

#[test]
fn values_come_through_random_worlds() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = package.ancestors().nth(2).unwrap();
    let options = Options {
        worlds: 10,
        ..Options::new(1)
    };
    // In a folder of its own: the command may be running at the same time.
    let report = abide_fuzz::run(root, "fuzz-test", &options).unwrap();
    println!("{report}");
    assert!(report.failed.is_empty(), "{report}");
    assert_eq!(report.passed, 10);
    assert!(report.functions > 20, "{report}");
}
