//! A proxy of one's own, in a folder of its own, which ends with its value.

use std::env;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::client::Client;

/// A proxy that runs.
#[derive(Debug)]
pub struct Proxy {
    child: Child,
    folder: PathBuf,
    /// Where it listens.
    pub address: SocketAddr,
    /// Where it tells health and metrics.
    pub admin: SocketAddr,
}

/// The program, which is built into the folder that this one is in, or the tests' is beneath.
///
/// # Panics
///
/// It was not built.
#[must_use]
pub fn program() -> PathBuf {
    let this = env::current_exe().unwrap_or_else(|error| panic!("{error}"));
    let folders = this.ancestors().skip(1).take(2);
    let programs = folders.map(|folder| folder.join("filter-proxy"));
    let mut found = programs.filter(|program| program.is_file());
    found
        .next()
        .unwrap_or_else(|| panic!("there is no `filter-proxy`; build it first"))
}

impl Proxy {
    /// Starts a proxy in an empty folder, with this configuration, and waits until it listens. What
    /// it logs is in `log` there.
    ///
    /// What is compiled is kept beside the folder, for other proxies.
    ///
    /// # Errors
    ///
    /// It does not start: what it logged.
    pub fn start(folder: &Path, config: &str, arguments: &[&str]) -> Result<Self> {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        fs::create_dir_all(folder)?;
        let file = folder.join("proxy.toml");
        fs::write(&file, with_artefacts(folder, config))?;
        let log = fs::File::create(folder.join("log"))?;
        let mut child = Command::new(program())
            .args([
                "--listen",
                "127.0.0.1:0",
                "--admin",
                "127.0.0.1:0",
                "--config",
            ])
            .arg(&file)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .context("cannot run the proxy")?;
        let mut lines = BufReader::new(child.stdout.take().context("no output")?).lines();
        let mut address = |start: &[&str]| {
            let line = lines.next()?.ok()?;
            start
                .iter()
                .find_map(|start| line.strip_prefix(start)?.parse().ok())
        };
        let listening = address(&["listening on http://", "listening on https://"]);
        let (Some(address), Some(admin)) = (listening, address(&["admin on http://"])) else {
            let _ = child.kill();
            let _ = child.wait();
            let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
            bail!("the proxy did not start: {log}");
        };
        Ok(Self {
            child,
            folder: folder.to_owned(),
            address,
            admin,
        })
    }

    /// A connection to it.
    ///
    /// # Panics
    ///
    /// It takes none, as in all that follows: it does not do what it has to do always.
    pub async fn client(&self) -> Client {
        Client::open(self.address).await.unwrap()
    }

    /// What it tells whoever runs it.
    pub async fn told(&self, path: &str) -> String {
        let mut client = Client::open(self.admin).await.unwrap();
        client.get(path).await.unwrap().body
    }

    /// The sum of a metric over its labels, of those series that have all of these words.
    pub async fn metric(&self, name: &str, words: &[&str]) -> f64 {
        let text = self.told("/metrics").await;
        let series = text.lines().filter(|line| {
            let rest = line.strip_prefix(name);
            rest.is_some_and(|rest| rest.starts_with(['{', ' ']))
                && words.iter().all(|word| line.contains(word))
        });
        let value = |line: &str| line.rsplit(' ').next().unwrap().parse::<f64>().unwrap();
        series.map(value).sum()
    }

    /// What it has logged.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap()
    }

    /// Its resident memory.
    #[must_use]
    pub fn resident_kib(&self) -> u64 {
        let path = format!("/proc/{}/smaps_rollup", self.child.id());
        let text = fs::read_to_string(path).unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix("Rss:"));
        line.unwrap()
            .trim()
            .trim_end_matches(" kB")
            .parse()
            .unwrap()
    }

    /// Puts another configuration in the place of its own.
    pub fn configure(&self, config: &str) {
        let next = self.folder.join("next");
        fs::write(&next, with_artefacts(&self.folder, config)).unwrap();
        fs::rename(next, self.folder.join("proxy.toml")).unwrap();
    }

    /// Sends it a signal, such as `TERM`.
    pub fn signal(&self, name: &str) {
        let signal = format!("-{name}");
        let number = self.child.id().to_string();
        let status = Command::new("kill").args([&signal, &number]).status();
        assert!(status.unwrap().success());
    }

    /// Waits until it has ended.
    pub fn wait(&mut self, limit: Duration) -> ExitStatus {
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

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What is compiled is kept for the other proxies.
fn with_artefacts(folder: &Path, config: &str) -> String {
    let artefacts = folder.with_file_name("artefacts");
    match config.contains("artefacts") {
        true => config.to_owned(),
        false => format!("artefacts = {artefacts:?}\n{config}"),
    }
}
