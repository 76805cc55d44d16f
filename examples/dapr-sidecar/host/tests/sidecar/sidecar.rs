//! A sidecar of one's own, which ends with its value.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use abide_build::Target;

use crate::{folder, root};

/// A sidecar that runs.
#[derive(Debug)]
pub(crate) struct Sidecar {
    child: Child,
    /// What is its own: the log, and settings.
    pub(crate) folder: PathBuf,
    pub(crate) http: SocketAddr,
    pub(crate) grpc: SocketAddr,
}

impl Sidecar {
    /// Starts one in an empty folder, and waits until it listens. What it logs is in `log` there.
    pub(crate) fn start(name: &str, arguments: &[&str]) -> Self {
        Self::started(name, arguments).unwrap_or_else(|log| panic!("it did not start: {log}"))
    }

    /// The same, or what it logged.
    pub(crate) fn started(name: &str, arguments: &[&str]) -> Result<Self, String> {
        let folder = folder(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        fs::create_dir_all(&folder).unwrap();
        Self::started_in(folder, arguments)
    }

    /// The same, in a folder with something in it.
    pub(crate) fn started_in(folder: PathBuf, arguments: &[&str]) -> Result<Self, String> {
        Self::started_with(folder, arguments, &[])
    }

    /// The same, with more variables in its environment.
    pub(crate) fn started_with(
        folder: PathBuf,
        arguments: &[&str],
        variables: &[(&str, &str)],
    ) -> Result<Self, String> {
        let log = fs::File::create(folder.join("log")).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_dapr-sidecar"))
            .current_dir(root())
            .env("SIDECAR_TEST_SECRET", "open sesame")
            .envs(variables.iter().copied())
            .args(["--dapr-http-port", "0", "--dapr-grpc-port", "0"])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut address = |start: &str| {
            let line = lines.next()?.ok()?;
            line.strip_prefix(start)?.parse().ok()
        };
        let (Some(http), Some(grpc)) = (address("http on "), address("grpc on ")) else {
            let _ = child.kill();
            let _ = child.wait();
            return Err(fs::read_to_string(folder.join("log")).unwrap_or_default());
        };
        Ok(Self {
            child,
            folder,
            http,
            grpc,
        })
    }

    /// The address of its gRPC, for the backend.
    pub(crate) fn address(&self) -> String {
        format!("http://{}", self.grpc)
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap()
    }

    /// Sends it a signal, such as `TERM`. One that is to stop has stopped then.
    pub(crate) fn signal(&self, name: &str) {
        let signal = format!("-{name}");
        let number = self.child.id().to_string();
        let status = Command::new("kill").args([&signal, &number]).status();
        assert!(status.unwrap().success());
        if name == "STOP" {
            let stat = format!("/proc/{number}/stat");
            while !fs::read_to_string(&stat).unwrap().contains(") T ") {
                thread::sleep(Duration::from_millis(10));
            }
        }
    }

    /// Waits until it has ended.
    pub(crate) fn wait(&mut self, limit: Duration) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(start.elapsed() < limit, "it has not ended");
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Sidecar {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The guest of the example.
pub(crate) fn guest() -> PathBuf {
    let guest = abide_build::guest(root().join("examples/dapr-sidecar/guest"));
    let guest = guest
        .target(Target::Wasip2)
        .target_dir(root().join("target/guests"));
    guest.build().unwrap_or_else(|error| panic!("{error}"))
}

/// Writes a file as a whole.
pub(crate) fn write(path: &Path, text: &str) {
    let next = path.with_extension("next");
    fs::write(&next, text).unwrap();
    fs::rename(next, path).unwrap();
}
