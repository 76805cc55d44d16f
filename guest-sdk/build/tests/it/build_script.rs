//! A build script builds a guest: a cargo inside a cargo, with the outer one's lock held.

use std::env;
use std::fs;
use std::process::Command;

use crate::common::{folder, greeter, guests_target, library, workspace, workspace_target, write};

#[test]
fn a_build_script_can_build_a_guest() {
    let root = folder("script");
    let (guest, host) = (root.join("guest"), root.join("host"));
    greeter(&guest, "abide-build-scripted");
    library(
        &host,
        "abide-build-script-host",
        &format!(
            "[build-dependencies]\nabide-build = {{ path = {:?} }}\n",
            env!("CARGO_MANIFEST_DIR")
        ),
        "/// The component.\npub const GUEST: &[u8] = include_bytes!(env!(\"GUEST\"));\n",
    );
    write(
        host.join("build.rs"),
        &format!(
            r#"fn main() {{
    // What is meant for the host must not reach the guest's compiler. SAFETY: a build script's
    // `main` is its only thread.
    unsafe {{ std::env::set_var("RUSTFLAGS", "--no-such-flag") }};
    let guest = abide_build::guest("../guest")
        .target(abide_build::Target::Unknown)
        .target_dir({:?})
        .rerun_if_changed();
    match guest.build() {{
        Ok(wasm) => println!("cargo::rustc-env=GUEST={{}}", wasm.display()),
        Err(error) => panic!("{{error}}"),
    }}
}}
"#,
            guests_target()
        ),
    );
    // The versions that this workspace has compiled already.
    fs::copy(workspace().join("Cargo.lock"), host.join("Cargo.lock")).unwrap();

    let build = || {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command
            .args(["build", "--verbose", "--manifest-path"])
            .arg(host.join("Cargo.toml"));
        command.arg("--target-dir").arg(workspace_target());
        let output = command.output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{text}");
        text
    };
    // With `--verbose` cargo names every build script that it runs.
    let runs = |text: &str| {
        text.lines().any(|line| {
            line.trim_start().starts_with("Running")
                && line.contains("build/abide-build-script-host-")
        })
    };
    let first = build();
    assert!(runs(&first), "{first}");
    let second = build();
    assert!(!runs(&second), "nothing has changed: {second}");

    let source = guest.join("src/lib.rs");
    let text = fs::read_to_string(&source).unwrap();
    fs::write(&source, text.replace("}, {name}!", "}, dear {name}!")).unwrap();
    let third = build();
    assert!(runs(&third), "the guest has changed: {third}");
}
