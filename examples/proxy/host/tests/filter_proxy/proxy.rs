//! A proxy of one's own, in a folder of its own, which ends with its value.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::{Client, program};

/// A proxy that runs.
#[derive(Debug)]
pub(crate) struct Proxy {
    child: Child,
    folder: PathBuf,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    pub(crate) admin: SocketAddr,
}

impl Proxy {
    /// Starts a proxy in an empty folder, with this configuration, and waits until it listens. What
    /// it logs is in `log` there.
    pub(crate) fn start(folder: &Path, config: &str, arguments: &[&str]) -> Result<Self> {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        fs::create_dir_all(folder)?;
        let file = folder.join("proxy.toml");
        fs::write(&file, with_artefacts(config))?;
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

    pub(crate) async fn client(&self) -> Client {
        Client::open(self.address).await.unwrap()
    }

    /// What it tells whoever runs it.
    pub(crate) async fn told(&self, path: &str) -> String {
        let mut client = Client::open(self.admin).await.unwrap();
        client.get(path).await.unwrap().body
    }

    /// The sum of a metric over its labels, of those series that have all of these words.
    pub(crate) async fn metric(&self, name: &str, words: &[&str]) -> f64 {
        let text = self.told("/metrics").await;
        let series = text.lines().filter(|line| {
            let rest = line.strip_prefix(name);
            rest.is_some_and(|rest| rest.starts_with(['{', ' ']))
                && words.iter().all(|word| line.contains(word))
        });
        let value = |line: &str| line.rsplit(' ').next().unwrap().parse::<f64>().unwrap();
        series.map(value).sum()
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap()
    }

    /// Its resident memory.
    pub(crate) fn resident_kib(&self) -> u64 {
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
    pub(crate) fn configure(&self, config: &str) {
        let next = self.folder.join("next");
        fs::write(&next, with_artefacts(config)).unwrap();
        fs::rename(next, self.folder.join("proxy.toml")).unwrap();
    }

    /// Sends it a signal, such as `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        let signal = format!("-{name}");
        let number = self.child.id().to_string();
        let status = Command::new("kill").args([&signal, &number]).status();
        assert!(status.unwrap().success());
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

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What is compiled is kept for the other proxies.
fn with_artefacts(config: &str) -> String {
    match config.contains("artefacts") {
        true => config.to_owned(),
        false => format!("artefacts = {:?}\n{config}", crate::folder("artefacts")),
    }
}
