//! Who asks the proxies: `wrk`, with one thread and eight connections.

use std::env;
use std::ffi::OsString;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use super::Round;
use super::process::{OTHERS, Process, on};
use crate::filters::REQUEST;

/// The environment variable that names it, where it is not on the path.
const PROGRAM: &str = "ABIDE_BENCH_WRK";

/// How to ask.
#[derive(Debug)]
pub(super) struct Load {
    program: OsString,
}

impl Load {
    pub(super) fn find() -> Result<Self> {
        let program = env::var_os(PROGRAM).unwrap_or_else(|| "wrk".into());
        // It says its version and ends, not well.
        let found = Command::new(&program).arg("--version").output();
        found.with_context(|| format!("there is no `wrk`: install it, or name it in {PROGRAM}"))?;
        Ok(Self { program })
    }

    /// Asks for some time.
    pub(super) fn ask(&self, proxy: &Process, time: Duration) -> Result<Round> {
        let mut command = on(OTHERS, &self.program);
        command.args(["-t1", "-c8"]);
        command.arg(format!("-d{}s", time.as_secs()));
        let own = REQUEST.iter().filter(|(name, _)| !name.starts_with(':'));
        for (name, value) in own {
            command.arg("-H").arg(format!("{name}: {value}"));
        }
        command.arg(format!("http://{}/notes", proxy.address));
        let (before, begun) = (proxy.processor()?, Instant::now());
        let output = command.output().context("cannot start `wrk`")?;
        let (processor, took) = (proxy.processor()? - before, begun.elapsed());
        let said = String::from_utf8_lossy(&output.stdout);
        ensure!(output.status.success(), "`wrk` has failed: {said}");
        let (requests, per_second) = read(&said).with_context(|| format!("`wrk` said: {said}"))?;
        Ok(Round {
            per_second,
            processor: processor.as_nanos() as f64 / requests,
            busy: processor.as_secs_f64() / took.as_secs_f64(),
        })
    }
}

/// How many requests were answered, and how many in a second; none if any was not answered well.
fn read(said: &str) -> Option<(f64, f64)> {
    if said.contains("Non-2xx") || said.contains("Socket errors") {
        return None;
    }
    let requests = said.lines().find_map(|line| {
        let (requests, _) = line.split_once(" requests in ")?;
        requests.trim().parse().ok()
    })?;
    let per_second = said.lines().find_map(|line| {
        let figure = line.strip_prefix("Requests/sec:")?;
        figure.trim().parse().ok()
    })?;
    (requests > 0.0).then_some((requests, per_second))
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn what_it_says_is_read() {
        let said = "Running 2s test\n  42016 requests in 2.00s, 48.92MB read\n\
                    Requests/sec:  20998.10\nTransfer/sec: 24.45MB\n";
        assert_eq!(read(said), Some((42_016.0, 20_998.1)));
        assert_eq!(
            read(&format!("{said}  Non-2xx or 3xx responses: 3\n")),
            None
        );
        assert_eq!(read("unable to connect"), None);
    }
}
