//! A guest whose author forgot `export!`: a build script says so.

use std::env;
use std::fs;
use std::process::Command;

use crate::common::{folder, greeter, guests_target, library, workspace, workspace_target, write};

#[test]
fn a_build_script_warns_of_a_guest_that_exports_nothing() {
    let root = folder("exports");
    let (guest, host) = (root.join("guest"), root.join("host"));
    greeter(&guest, "abide-build-unexported");
    library(
        &host,
        "abide-build-unexported-host",
        &format!(
            "[build-dependencies]\nabide-build = {{ path = {:?} }}\n",
            env!("CARGO_MANIFEST_DIR")
        ),
        "",
    );
    write(
        host.join("build.rs"),
        &format!(
            "fn main() {{
                let guest = abide_build::guest(\"../guest\").target_dir({:?}).rerun_if_changed();
                if let Err(error) = guest.build() {{
                    panic!(\"{{error}}\");
                }}
            }}",
            guests_target()
        ),
    );
    // The versions that this workspace has compiled already.
    fs::copy(workspace().join("Cargo.lock"), host.join("Cargo.lock")).unwrap();
    let build = || {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args(["build", "--manifest-path"]);
        command.arg(host.join("Cargo.toml"));
        command.arg("--target-dir").arg(workspace_target());
        let output = command.output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{text}");
        text
    };
    let warning = "guest `abide-build-unexported` exports nothing, so no host can call it";
    let with = build();
    assert!(!with.contains(warning), "{with}");

    // Where nothing of a world is linked, the linker asks for none of its exports.
    fs::write(guest.join("src/lib.rs"), "//! Forgot it.\n").unwrap();
    let without = build();
    assert!(without.contains(warning), "{without}");
}
