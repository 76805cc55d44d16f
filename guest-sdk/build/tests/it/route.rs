//! `ABIDE_TOOLCHAIN` leaves one way to a toolchain, whatever the machine has.

use std::env;
use std::path::Path;
use std::process::Command;

use abide_build::{Route, Target, Toolchain};

/// What a process says it found in which this variable has a value.
fn found(route: &str) -> String {
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", "route::the_environment_chooses", "--nocapture"])
        .env("ABIDE_TOOLCHAIN", route)
        .env(MARK, "")
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

const MARK: &str = "ABIDE_TEST_SAYS_ITS_TOOLCHAIN";

#[test]
fn the_environment_chooses() {
    // This test once more, in a process of its own.
    if env::var_os(MARK).is_some() {
        match Toolchain::find(Path::new("."), Target::Unknown) {
            Ok(toolchain) => println!("found {toolchain}"),
            Err(error) => println!("error: {error}"),
        }
        return;
    }
    let said = found("fedora");
    let expected = "`ABIDE_TOOLCHAIN` is `fedora`; expected `rustup` or `debian`";
    assert!(said.contains(expected), "{said}");

    let [rustup, debian] = Route::ALL.map(|route| found(route.name()));
    let has = |said: &str| said.contains("found ");
    assert!(has(&rustup) || has(&debian), "{rustup}\n{debian}");
    // Each tells of its own compiler, found or not, and not of the other's.
    assert!(!rustup.contains("/usr/bin/rustc"), "{rustup}");
    assert!(debian.contains("/usr/bin/rustc"), "{debian}");
    assert!(
        has(&debian) || debian.matches("\n  - ").count() == 1,
        "{debian}"
    );
    let either = found("");
    assert_eq!(either.contains("/usr/bin/rustc"), !has(&rustup), "{either}");
}
