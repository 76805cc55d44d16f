//! A server of one's own, in a folder of its own, which ends with its value.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// A server that runs.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Server {
    /// Starts a server in an empty folder, with this configuration, and waits until it listens.
    /// What it logs is in `log` there.
    ///
    /// # Errors
    ///
    /// It does not start; the log says why.
    pub fn start(program: &Path, folder: &Path, config: &str, arguments: &[&str]) -> Result<Self> {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        fs::create_dir_all(folder)?;
        Self::restart(program, folder, config, arguments)
    }

    /// Does what [`start`](Self::start) does with what an earlier one left in the folder.
    ///
    /// # Errors
    ///
    /// Those of [`start`](Self::start).
    pub fn restart(
        program: &Path,
        folder: &Path,
        config: &str,
        arguments: &[&str],
    ) -> Result<Self> {
        Self::restart_with(program, folder, config, arguments, &[])
    }

    /// Does what [`restart`](Self::restart) does, with these variables in its environment.
    ///
    /// # Errors
    ///
    /// Those of [`start`](Self::start).
    pub fn restart_with(
        program: &Path,
        folder: &Path,
        config: &str,
        arguments: &[&str],
        variables: &[(&str, &str)],
    ) -> Result<Self> {
        let file = folder.join("config.toml");
        fs::write(&file, config)?;
        let log = fs::File::options()
            .create(true)
            .append(true)
            .open(folder.join("log"))?;
        let mut child = Command::new(program)
            .args(["--listen", "127.0.0.1:0", "--config"])
            .arg(&file)
            .args(arguments)
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .with_context(|| format!("cannot run `{}`; build it first", program.display()))?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line)?;
        }
        let address = line
            .trim()
            .strip_prefix("listening on http://")
            .map(str::parse);
        let Some(Ok(address)) = address else {
            let _ = child.kill();
            let _ = child.wait();
            let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
            bail!("the server did not start: {log}");
        };
        Ok(Self { child, address })
    }

    /// The number of its process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// How much of the processors' time it has had, where Linux tells.
    ///
    /// # Errors
    ///
    /// Linux does not, or this is another system.
    pub fn processor_time(&self) -> Result<Duration> {
        let path = format!("/proc/{}/stat", self.child.id());
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read `{path}`"))?;
        // Behind the name, in brackets, it is the twelfth and the thirteenth number: for itself and
        // for what it had the system do, in hundredths of a second.
        let numbers = text
            .rsplit(')')
            .next()
            .unwrap_or_default()
            .split_whitespace();
        let ticks: Option<u64> = numbers
            .skip(11)
            .take(2)
            .map(|text| text.parse::<u64>().ok())
            .sum();
        let ticks = ticks.with_context(|| format!("`{path}` has another form"))?;
        Ok(Duration::from_millis(ticks * 10))
    }

    /// Tells it to end.
    ///
    /// # Errors
    ///
    /// There is no `kill` here.
    pub fn terminate(&self) -> Result<()> {
        self.signal("-TERM")
    }

    /// Sends it a signal, such as `-KILL` or `-STOP`.
    ///
    /// # Errors
    ///
    /// There is no `kill` here.
    pub fn signal(&self, signal: &str) -> Result<()> {
        let id = self.child.id().to_string();
        let told = Command::new("kill").args([signal, &id]).status();
        told.context("cannot run `kill`")?;
        Ok(())
    }

    /// Waits until it has ended by itself.
    ///
    /// # Errors
    ///
    /// It does not in this time.
    pub fn wait(&mut self, time: Duration) -> Result<ExitStatus> {
        let start = Instant::now();
        while start.elapsed() < time {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            thread::sleep(Duration::from_millis(5));
        }
        bail!("the server has not ended after {time:?}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has ended, or shall now.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
