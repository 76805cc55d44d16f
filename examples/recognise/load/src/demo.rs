//! The demo's services, in one process or in three, which end with their value.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result};
use example_client::Server;

use crate::photos::model;

/// The services by their names, in the order in which they start.
const SERVICES: [&str; 3] = ["classify", "grey", "web"];

/// Has the C library's allocator give memory back. A program with the feature `jemalloc` has another, which does not look
/// at these. A tensor that is kept has 151,528 bytes: each is mapped by itself.
const ALLOCATOR: [(&str, &str); 2] = [
    ("MALLOC_ARENA_MAX", "2"),
    ("MALLOC_MMAP_THRESHOLD_", "131072"),
];

/// How long a service may take to end by itself.
const PATIENCE: Duration = Duration::from_secs(20);

/// What is between the services.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Over {
    /// Nothing: all are in one process.
    Process,
    /// HTTP: three processes that know one another's addresses. The history is in the first one's
    /// memory.
    Http,
    /// HTTP, and the history is in Redis at an address.
    Redis(String),
    /// NATS at an address.
    Nats(String),
    /// A Dapr sidecar for each service.
    Sidecars(Vec<Beside>),
}

/// A service with a sidecar of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    /// The service.
    pub service: &'static str,
    /// Where it has to listen, which its sidecar knows.
    pub listen: SocketAddr,
    /// Where its sidecar has its API over gRPC.
    pub grpc: SocketAddr,
}

/// The services at work.
#[derive(Debug)]
pub struct Demo {
    program: PathBuf,
    folder: PathBuf,
    config: String,
    over: Over,
    servers: Vec<(&'static str, Server)>,
}

impl Demo {
    /// Starts them in an empty folder. `config` is what the configuration has beside guests and
    /// model; `flags` are words for the command line of the service of that name.
    ///
    /// # Errors
    ///
    /// One does not start; the log in the folder of its name says why.
    pub fn start(
        program: &Path,
        folder: &Path,
        guests: &Path,
        over: Over,
        config: &str,
        flags: &[(&str, &str)],
    ) -> Result<Self> {
        // Compiled guests are kept for the next demo: they are the same.
        let kept = guests.with_file_name("artefacts");
        let (guests, model) = (std::path::absolute(guests)?, std::path::absolute(model())?);
        let config = format!(
            "guests = {guests:?}\nmodel = {model:?}\nartefacts = {:?}\n{config}",
            std::path::absolute(kept)?
        );
        let mut demo = Self {
            program: program.to_owned(),
            folder: folder.to_owned(),
            config,
            over,
            servers: Vec::new(),
        };
        if folder.exists() {
            std::fs::remove_dir_all(folder)?;
        }
        let services = match demo.over {
            Over::Process => &["all"][..],
            _ => &SERVICES[..],
        };
        for service in services {
            let flags = flags
                .iter()
                .filter(|(of, _)| of == service || *service == "all");
            let flags: Vec<&str> = flags.map(|(_, flag)| *flag).collect();
            let server = demo.one(service, None, &flags)?;
            demo.servers.push((service, server));
        }
        Ok(demo)
    }

    /// Starts one of them, at an address if it has to be that.
    fn one(&self, service: &str, at: Option<SocketAddr>, flags: &[&str]) -> Result<Server> {
        let mut words: Vec<String> = flags.iter().map(|flag| (*flag).to_owned()).collect();
        if let Some(at) = at {
            words.push(format!("--listen={at}"));
        }
        if service != "all" {
            words.push(format!("--service={service}"));
        }
        match &self.over {
            Over::Process => {}
            Over::Http => words.extend(self.peers(service)),
            Over::Redis(address) => {
                words.push(format!("--over=redis={address}"));
                words.extend(self.peers(service));
            }
            Over::Nats(address) => words.push(format!("--over=nats={address}")),
            Over::Sidecars(all) => {
                for beside in all.iter().filter(|beside| beside.service == service) {
                    words.push(format!("--listen={}", beside.listen));
                    words.push(format!("--over=sidecar=http://{}", beside.grpc));
                }
            }
        }
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let folder = self.folder.join(service);
        std::fs::create_dir_all(&folder)?;
        let server = Server::restart_with(&self.program, &folder, &self.config, &words, &ALLOCATOR);
        server.with_context(|| format!("the service `{service}`"))
    }

    /// Where those are that have started, for the web service.
    fn peers(&self, service: &str) -> Vec<String> {
        let others = self
            .servers
            .iter()
            .filter(|(name, _)| *name != "web" && service == "web");
        others
            .map(|(name, server)| format!("--peer={name}={}", server.address))
            .collect()
    }

    /// Where the page is.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        // There is always one, and the web service comes last.
        let last = self.servers.last();
        last.map_or_else(
            || SocketAddr::from(([0; 4], 0)),
            |(_, server)| server.address,
        )
    }

    /// Ends a service at once, in the middle of whatever it does.
    ///
    /// # Errors
    ///
    /// There is none of that name, or no `kill`.
    pub fn kill(&mut self, service: &str) -> Result<()> {
        let server = self.find(service)?;
        server.signal("-KILL")?;
        server.wait(PATIENCE)?;
        Ok(())
    }

    /// Has a service do nothing any more, and say nothing.
    ///
    /// # Errors
    ///
    /// There is none of that name, or no `kill`.
    pub fn pause(&mut self, service: &str) -> Result<()> {
        self.find(service)?.signal("-STOP")
    }

    /// Starts one that has ended, where it was.
    ///
    /// # Errors
    ///
    /// There is none of that name, or it does not start.
    pub fn restart(&mut self, service: &str) -> Result<()> {
        let at = self.find(service)?.address;
        let server = self.one(service, Some(at), &[])?;
        *self.find(service)? = server;
        Ok(())
    }

    /// Tells all of them to end, and waits until they have.
    ///
    /// # Errors
    ///
    /// One does not end, or not as it should.
    pub fn stop(mut self) -> Result<()> {
        for (service, server) in &mut self.servers {
            server.terminate()?;
            let status = server.wait(PATIENCE)?;
            anyhow::ensure!(
                status.success(),
                "the service `{service}` ended with {status}"
            );
        }
        Ok(())
    }

    fn find(&mut self, service: &str) -> Result<&mut Server> {
        let found = self.servers.iter_mut().find(|(name, _)| *name == service);
        let (_, server) = found.with_context(|| format!("there is no process of `{service}`"))?;
        Ok(server)
    }
}
