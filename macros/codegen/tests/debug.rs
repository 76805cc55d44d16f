//! `ABIDE_DEBUG`: the expansion stands in a file, formatted, and the macro includes it.

use std::process::Command;
use std::{env, fs};

#[test]
fn the_expansion_is_written_to_a_file() {
    // What a process has in its environment cannot be changed safely from within: the test runs
    // itself.
    if env::var_os("ABIDE_DEBUG").is_some() {
        let input = r#"(abide) { inline: "package test:debug; world w { import now: func(); export run: func(); }", module: "a::b" }"#;
        println!("{}", abide_codegen::abi(input.parse().unwrap()));
        return;
    }
    let folder = env!("CARGO_TARGET_TMPDIR");
    let output = Command::new(env::current_exe().unwrap())
        .args([
            "the_expansion_is_written_to_a_file",
            "--exact",
            "--nocapture",
        ])
        .env("ABIDE_DEBUG", folder)
        .env("CARGO_CRATE_NAME", "some_crate")
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let file = format!("{folder}/some_crate-test-debug-w-a-b.rs");
    assert!(
        printed.contains(&format!(":: core :: include ! (\"{file}\") ;")),
        "{printed}"
    );
    let text = fs::read_to_string(&file).unwrap();
    for line in [
        "pub trait WImports {",
        "fn now(&mut self);",
        // The macro stays one of the crate that it stands in.
        "$crate::a::b::guest::__bindings::__export!",
    ] {
        assert!(
            text.lines().any(|found| found.trim().starts_with(line)),
            "no `{line}` in\n{text}"
        );
    }
}
