//! Dapr's official SDKs, for the tests that have them use the sidecar of the example: fetched into
//! `target/dapr-sdks`. Knows where they come from; what is done with them is in the tests.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::process::run_within;
use crate::progress::step;

/// The packages of PyPI and of npm.
const PYTHON: &str = "dapr==1.19.0";
const JAVASCRIPT: &str = "@dapr/dapr@3.18.0";

/// Long enough for some tens of megabytes on a slow line.
const LIMIT: Duration = Duration::from_secs(300);

/// Makes sure, if it can, that they are there. Their tests are the only ones that need them, so their
/// lack is no failure here; it is said, and not in a whisper.
pub(crate) fn get(root: &Path) {
    let folder = root.join("target/dapr-sdks");
    let got = |of: &str, get: fn(&Path) -> Result<()>| {
        if let Err(error) = step("getting an SDK of Dapr", || get(&folder)) {
            eprintln!("\n!!! NOT TESTED: Dapr's SDK for {of}. It is not to be had: {error:#}\n");
        }
    };
    got("Python", python);
    got("JavaScript", javascript);
}

fn python(folder: &Path) -> Result<()> {
    let folder = folder.join("python");
    let done = folder.join("done");
    if done.is_file() {
        return Ok(());
    }
    let mut venv = Command::new("python3");
    run_within(LIMIT, venv.args(["-m", "venv"]).arg(&folder))?;
    let mut pip = Command::new(folder.join("bin/pip"));
    run_within(LIMIT, pip.args(["install", "--quiet", PYTHON]))?;
    fs::write(&done, PYTHON).context("cannot note that it is there")
}

fn javascript(folder: &Path) -> Result<()> {
    let folder = folder.join("node");
    let done = folder.join("done");
    if done.is_file() {
        return Ok(());
    }
    fs::create_dir_all(&folder).context("cannot make its folder")?;
    // Without a package of its own npm looks for one in the folders above.
    fs::write(folder.join("package.json"), "{\"private\":true}").context("cannot write there")?;
    let mut npm = Command::new("npm");
    let npm = npm
        .current_dir(&folder)
        .args(["install", "--no-audit", "--no-fund"]);
    run_within(LIMIT, npm.arg(JAVASCRIPT))?;
    fs::write(&done, JAVASCRIPT).context("cannot note that it is there")
}
