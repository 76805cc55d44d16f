//! The proxy of `examples/proxy`, started with one worker and perhaps a filter.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::process::{PROXIES, Process, free, on};

/// The environment variable with the program, compiled with optimisation.
const PROGRAM: &str = "ABIDE_BENCH_PROXY";

/// Starts it before an upstream, with a file and a configuration of a filter.
pub(super) fn start(
    folder: &Path,
    upstream: SocketAddr,
    filter: Option<(&Path, &str)>,
) -> Result<Process> {
    let program = env::var_os(PROGRAM).with_context(|| {
        format!("there is no {PROGRAM}: `cargo xtask bench -- --proxies` sets it")
    })?;
    let (address, admin) = (free()?, free()?);
    let mut text = format!(
        "listen = \"{address}\"\nadmin = \"{admin}\"\nworkers = 1\naccess_log = false\n\
         [upstreams.up]\naddress = \"{upstream}\"\n[[routes]]\nupstream = \"up\"\n"
    );
    if let Some((file, configuration)) = filter {
        let file = fs::canonicalize(file)?;
        let _ = writeln!(
            text,
            "[[filters]]\nname = \"filter\"\nfile = {file:?}\nconfiguration = \"{configuration}\"\n\
             deadline_ms = 1000"
        );
    }
    let config = folder.join("proxy.toml");
    fs::write(&config, text)?;
    let mut command = on(PROXIES, program);
    command.arg("--config").arg(&config);
    Process::start(&mut command, address, &folder.join("log"))
}
