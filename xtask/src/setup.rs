//! `cargo xtask setup`: makes the machine able to compile guests. Knows the two ways to install
//! what is missing; whether something is missing is for `abide_build` to find out.

use std::io::{IsTerminal, stdin};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use abide_build::{Error, Route, Target, Toolchain};
use anyhow::{Context, Result};

use crate::process::{run, run_within};
use crate::progress::step;

/// Long enough for one target on a slow line; a server that cannot be reached costs no more.
const RUSTUP_LIMIT: Duration = Duration::from_secs(120);

/// Debian's browser without a window, and what drives it.
const BROWSER_PACKAGES: [&str; 2] = ["chromium", "chromium-driver"];

/// Debian's Rust for WebAssembly, the source of its standard library, and the C library below it.
const DEBIAN_PACKAGES: [&str; 3] = ["rustc-web", "rust-web-src", "wasi-libc"];

/// Makes sure that guests can be compiled for every target, and prints with what.
///
/// Does nothing on a machine that has all it needs. With `ABIDE_TOOLCHAIN` only the route counts
/// that it names.
pub(crate) fn run_for(root: &Path, targets: &[Target]) -> Result<()> {
    step("setting up what compiles guests", || set_up(root, targets))
}

fn set_up(root: &Path, targets: &[Target]) -> Result<()> {
    let routes = Route::wanted()?;
    let missing = missing(root, targets)?;
    if missing.is_empty() {
        return report(root, targets);
    }
    eprintln!(
        "cannot compile guests for {} yet; installing what is missing",
        list(&missing)
    );
    if routes.contains(&Route::Rustup)
        && let Err(error) = with_rustup(root, &missing)
    {
        eprintln!("not through rustup: {error:#}");
    }
    if routes.contains(&Route::Debian)
        && !self::missing(root, targets)?.is_empty()
        && let Err(error) = with_debian_packages()
    {
        eprintln!("not through Debian's packages: {error:#}");
    }
    report(root, targets)
}

/// [`run_for`] every target that components are made for, and if it can the one of plain modules,
/// which has one way to a toolchain less in some places.
pub(crate) fn run_all(root: &Path) -> Result<()> {
    run_for(root, &Target::ALL)?;
    if let Err(error) = run_for(root, &[Target::Wasip1]) {
        eprintln!("\n!!! NO PLAIN MODULES: {error:#}\n");
    }
    Ok(())
}

/// The targets that nothing here can compile for.
fn missing(root: &Path, targets: &[Target]) -> Result<Vec<Target>> {
    let mut missing = Vec::new();
    for &target in targets {
        match Toolchain::find(root, target) {
            Ok(_) => {}
            Err(Error::NoToolchain { .. }) => missing.push(target),
            Err(error) => return Err(error).context("cannot look for a toolchain"),
        }
    }
    Ok(missing)
}

/// Prints the toolchain for every target; the error, if one is still missing, says what to run.
fn report(root: &Path, targets: &[Target]) -> Result<()> {
    for &target in targets {
        let toolchain = Toolchain::find(root, target)?;
        eprintln!("guests for {target}: {toolchain}");
    }
    Ok(())
}

fn with_rustup(root: &Path, targets: &[Target]) -> Result<()> {
    for target in targets {
        let mut command = Command::new("rustup");
        command
            .current_dir(root)
            .args(["target", "add", target.triple()]);
        run_within(RUSTUP_LIMIT, &mut command)?;
    }
    Ok(())
}

fn with_debian_packages() -> Result<()> {
    install(&DEBIAN_PACKAGES)
}

/// Makes sure, if it can, that there is a browser for the test of the notes server's page. That test
/// is the only one that needs it, so its lack is no failure here; it is said, and not in a whisper.
pub(crate) fn browser() {
    // It prints its version, or cannot be started.
    let is_there = || {
        let mut driver = Command::new("chromedriver");
        driver
            .arg("--version")
            .output()
            .is_ok_and(|output| output.status.success())
    };
    if is_there() {
        return;
    }
    if let Err(error) = step("installing a browser", || install(&BROWSER_PACKAGES)) {
        eprintln!("not through Debian's packages: {error:#}");
    }
    if !is_there() {
        eprintln!(
            "\n!!! NOT TESTED: the page of the notes server in a browser. This machine has no `chromedriver`\n\
             !!! and cannot get one; install Debian's packages {}.\n",
            BROWSER_PACKAGES.join(" and ")
        );
    }
}

fn install(packages: &[&str]) -> Result<()> {
    run(&mut apt_get(&["update"])?)?;
    let mut install = apt_get(&["install", "-y", "--no-install-recommends"])?;
    run(install.args(packages))
}

/// `apt-get`, through `sudo` for anybody but root.
fn apt_get(arguments: &[&str]) -> Result<Command> {
    let mut command = if is_root()? {
        Command::new("apt-get")
    } else {
        let mut sudo = Command::new("sudo");
        if !stdin().is_terminal() {
            // Nobody is there to type a password: fail rather than wait.
            sudo.arg("-n");
        }
        sudo.arg("apt-get");
        sudo
    };
    command
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive");
    Ok(command)
}

fn is_root() -> Result<bool> {
    let output = Command::new("id")
        .arg("-u")
        .output()
        .context("cannot run `id -u` to see whether this is root")?;
    Ok(output.stdout.trim_ascii() == b"0")
}

fn list(targets: &[Target]) -> String {
    targets
        .iter()
        .map(Target::to_string)
        .collect::<Vec<_>>()
        .join(" and ")
}
