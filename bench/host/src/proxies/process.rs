//! A program that runs on a core of its choice, and how much processor time it has taken. Linux only.

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// The core of the proxies.
pub(super) const PROXIES: &str = "0";
/// The core of everybody else.
pub(super) const OTHERS: &str = "1";

/// How long a program may take to start.
const START: Duration = Duration::from_secs(60);

/// A program that runs. It ends when this is dropped.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    pub(super) address: SocketAddr,
}

/// A command that runs on one core.
pub(super) fn on(core: &str, program: impl AsRef<Path>) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", core]).arg(program.as_ref());
    command
}

/// A port that nobody listens on.
pub(super) fn free() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

/// Where configurations and logs of the programs go.
pub(super) fn folder() -> Result<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/bench-proxies");
    fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
    Ok(fs::canonicalize(folder)?)
}

impl Process {
    /// Starts a command, which is to listen at an address. What it says goes to a file.
    pub(super) fn start(command: &mut Command, address: SocketAddr, log: &Path) -> Result<Self> {
        let file = fs::File::create(log).with_context(|| format!("`{}`", log.display()))?;
        let child = command
            .stdout(file.try_clone()?)
            .stderr(file)
            .stdin(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start `{command:?}`"))?;
        let mut process = Self { child, address };
        let begun = Instant::now();
        while TcpStream::connect(address).is_err() {
            if let Some(status) = process.child.try_wait()? {
                bail!("it has ended with {status}; see `{}`", log.display());
            }
            if begun.elapsed() > START {
                bail!("it does not start; see `{}`", log.display());
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(process)
    }

    /// The processor time that all of its threads have taken.
    pub(super) fn processor(&self) -> Result<Duration> {
        let tasks = format!("/proc/{}/task", self.child.id());
        let mut nanos = 0;
        for task in fs::read_dir(tasks)? {
            // A thread may end meanwhile.
            let Ok(told) = fs::read_to_string(task?.path().join("schedstat")) else {
                continue;
            };
            let first = told.split(' ').next().and_then(|word| word.parse().ok());
            nanos += first.unwrap_or(0_u64);
        }
        Ok(Duration::from_nanos(nanos))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It has nothing to lose, and a drop could not report it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
