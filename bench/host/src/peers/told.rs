//! A program of its own that makes calls, takes its own time, and is told over a pipe how many to make.
//! It has a wasmtime of its own, which must not be in this one.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result};

/// The program, running. It ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Told {
    child: Child,
    orders: ChildStdin,
    times: BufReader<ChildStdout>,
}

impl Told {
    /// Starts a program, which is given the file of what it calls.
    pub(crate) fn start(program: &Path, file: &Path) -> Result<Self> {
        let mut child = Command::new(program)
            .arg(file)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start `{}`", program.display()))?;
        Ok(Self {
            orders: child.stdin.take().context("it has no standard input")?,
            times: BufReader::new(child.stdout.take().context("it has no standard output")?),
            child,
        })
    }

    /// How long so many calls take.
    pub(crate) fn calls(&mut self, way: &str, calls: u64) -> Result<Duration> {
        writeln!(self.orders, "{way} {calls}")?;
        let mut line = String::new();
        self.times.read_line(&mut line)?;
        let nanos = line.trim().parse().context("the program has failed")?;
        Ok(Duration::from_nanos(nanos))
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        // It has nothing to lose, and a drop could not report it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
