//! The configuration: what is in the file, what is there without one, and what makes no sense.

use std::collections::BTreeMap;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use serde::Deserialize;

use crate::options::Options;

const MIB: usize = 1 << 20;

/// What a service does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Has the page, and asks the others.
    Web,
    /// Says what is on a picture.
    Classify,
    /// Makes a picture grey.
    Grey,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Web, Self::Classify, Self::Grey];

    /// Its name, which is the id of its application.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Classify => "classify",
            Self::Grey => "grey",
        }
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|role| role.name() == text);
        found.ok_or_else(|| format!("`{text}` is no service: web, classify and grey are"))
    }
}

/// What is between the services, and keeps the history.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Over {
    /// This process.
    Memory,
    /// This process, with the history in a file.
    File(PathBuf),
    /// Redis for the history, HTTP for calls.
    Redis(String),
    /// NATS for both.
    Nats(String),
    /// A Dapr sidecar for both.
    Sidecar(String),
}

impl FromStr for Over {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (kind, at) = text.split_once('=').unwrap_or((text, ""));
        match (kind, at.is_empty()) {
            ("memory", true) => Ok(Self::Memory),
            ("file", false) => Ok(Self::File(at.into())),
            ("redis", false) => Ok(Self::Redis(at.to_owned())),
            ("nats", false) => Ok(Self::Nats(at.to_owned())),
            ("sidecar", false) => Ok(Self::Sidecar(at.to_owned())),
            _ => Err(format!(
                "`{text}` is not known: memory, file=PATH, redis=HOST:PORT, nats=HOST:PORT or \
                 sidecar=http://HOST:PORT"
            )),
        }
    }
}

impl TryFrom<String> for Over {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// How a process runs. Paths are relative to the folder of the file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The services of this process.
    pub services: Vec<Role>,
    /// Where to listen.
    pub listen: SocketAddr,
    /// What is between the services, and keeps the history.
    pub over: Over,
    /// Where services of other processes are called, by name.
    pub peers: BTreeMap<String, String>,
    /// The folder of the guests.
    pub guests: PathBuf,
    /// The model.
    pub model: PathBuf,
    /// A folder for compiled guests, so that the next start need not compile; none keeps nothing.
    pub artefacts: Option<PathBuf>,
    /// What comes in.
    pub incoming: Incoming,
    /// What one guest may use.
    pub guest: Guest,
    /// What may be done with pictures and models.
    pub pictures: Pictures,
    /// Never free the tensors of an inference. The command line says so, not the file.
    #[serde(skip)]
    pub keep_tensors: bool,
}

/// The limits of what comes in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Incoming {
    /// The most connections at a time; more wait to be taken.
    pub connections: usize,
    /// The most pictures that are worked on at a time; more are told to come back.
    pub requests: usize,
    /// The most bytes of a picture.
    pub body_bytes: usize,
    /// How long a client may take to send the head of a request, and to be idle before it.
    pub head_ms: u64,
    /// How long a client may take to send a picture.
    pub body_ms: u64,
    /// How long the last answers are waited for at the end.
    pub shutdown_ms: u64,
}

/// What one guest may use.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Guest {
    /// How long a call of it may take, with all that it waits for.
    pub deadline_ms: u64,
    /// How long a call that it makes may take. The web service makes several in one of its own.
    pub call_ms: u64,
    /// How long a call may wait for an instance.
    pub wait_ms: u64,
    /// The memory of one instance, in MiB.
    pub memory_mib: usize,
    /// How many instances there may be at a time, those of all guests of the process together.
    pub instances: u32,
}

/// What may be done with pictures and models.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Pictures {
    /// The most pixels of a picture.
    pub pixels: u64,
    /// How many pictures are decoded at a time, and how many inferences run; 0 is as many as there
    /// are processors.
    pub at_a_time: usize,
    /// How many may wait for that.
    pub waiting: usize,
    /// How long one may wait for that.
    pub wait_ms: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            services: Role::ALL.to_vec(),
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            over: Over::Memory,
            peers: BTreeMap::new(),
            guests: ".".into(),
            model: "efficientnet_lite0.tflite".into(),
            artefacts: None,
            incoming: Incoming::default(),
            guest: Guest::default(),
            pictures: Pictures::default(),
            keep_tensors: false,
        }
    }
}

impl Default for Incoming {
    fn default() -> Self {
        Self {
            connections: 256,
            requests: 32,
            body_bytes: 8 * MIB,
            head_ms: 10_000,
            body_ms: 30_000,
            shutdown_ms: 10_000,
        }
    }
}

impl Default for Guest {
    fn default() -> Self {
        Self {
            deadline_ms: 25_000,
            call_ms: 10_000,
            wait_ms: 5_000,
            memory_mib: 64,
            instances: 96,
        }
    }
}

impl Default for Pictures {
    fn default() -> Self {
        Self {
            pixels: 24_000_000,
            at_a_time: 0,
            waiting: 32,
            wait_ms: 5_000,
        }
    }
}

impl Config {
    /// What the file says that the options name, and the options over it.
    ///
    /// # Errors
    ///
    /// The file cannot be read, is not understood, or says what makes no sense.
    pub fn new(options: &Options) -> Result<Self> {
        let mut config = match &options.config {
            Some(path) => Self::read(path)?,
            None => Self::default(),
        };
        if !options.services.is_empty() {
            config.services.clone_from(&options.services);
        }
        if let Some(listen) = options.listen {
            config.listen = listen;
        }
        if let Some(over) = &options.over {
            config.over.clone_from(over);
        }
        if let Some(guests) = &options.guests {
            config.guests.clone_from(guests);
        }
        if let Some(model) = &options.model {
            config.model.clone_from(model);
        }
        config.peers.extend(options.peers.iter().cloned());
        config.keep_tensors = options.keep_tensors;
        config.check()?;
        Ok(config)
    }

    fn read(path: &Path) -> Result<Self> {
        let wrong = || format!("the configuration `{}`", path.display());
        let text = fs::read_to_string(path).with_context(wrong)?;
        let mut config: Self = toml::from_str(&text).with_context(wrong)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let inside = |path: &mut PathBuf| *path = folder.join(&*path);
        inside(&mut config.guests);
        inside(&mut config.model);
        config.artefacts.as_mut().map(inside);
        if let Over::File(path) = &mut config.over {
            inside(path);
        }
        Ok(config)
    }

    fn check(&mut self) -> Result<()> {
        self.services.sort();
        self.services.dedup();
        ensure!(!self.services.is_empty(), "there is no service to run");
        let incoming = &self.incoming;
        ensure!(
            incoming.connections > 0 && incoming.requests > 0,
            "`incoming.connections` or `incoming.requests` is 0: nobody would be answered"
        );
        for name in self.peers.keys() {
            if let Err(error) = name.parse::<Role>() {
                bail!("a peer: {error}");
            }
        }
        if let (Over::Sidecar(_), [_, _, ..]) = (&self.over, &*self.services) {
            bail!(
                "a Dapr sidecar has one service beside it: say which by `--service`, and start the others with \
                 sidecars of their own"
            );
        }
        if matches!(self.over, Over::Redis(_)) && self.services.contains(&Role::Web) {
            let away = |role: &&Role| {
                !self.services.contains(role) && !self.peers.contains_key(role.name())
            };
            if let Some(role) = Role::ALL.iter().find(away) {
                bail!(
                    "nobody says where `{name}` is: Redis has no calls, so they go to `--peer {name}=HOST:PORT`",
                    name = role.name()
                );
            }
        }
        Ok(())
    }
}

/// Times are in milliseconds everywhere in the file.
pub(crate) fn ms(number: u64) -> Duration {
    Duration::from_millis(number)
}

#[cfg(test)]
mod tests {
    use super::{Config, Over, Role};
    use crate::options::Options;

    fn checked(text: &str) -> anyhow::Result<Config> {
        let mut config: Config = toml::from_str(text)?;
        config.check()?;
        Ok(config)
    }

    #[test]
    fn what_is_not_said_has_a_default() {
        let config = checked("services = [\"grey\", \"web\", \"grey\"]\n[guest]\nmemory_mib = 3\n");
        let config = config.unwrap();
        assert_eq!(config.services, [Role::Web, Role::Grey]);
        assert_eq!((config.guest.memory_mib, config.over), (3, Over::Memory));
        assert_eq!(config.guest.deadline_ms, 25_000);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for (text, expected) in [
            ("listen = 80", "invalid type: integer `80`"),
            ("listens = 80", "unknown field `listens`"),
            ("services = []", "there is no service"),
            ("services = ['blue']", "unknown variant `blue`"),
            ("over = 'kafka=a:1'", "`kafka=a:1` is not known"),
            ("over = 'redis'", "`redis` is not known"),
            ("over = 'sidecar=http://a:1'", "one service beside it"),
            ("[incoming]\nrequests = 0", "is 0"),
            ("[peers]\nblue = 'a:1'", "`blue` is no service"),
            (
                "services = ['web']\nover = 'redis=a:1'\n[peers]\ngrey = 'a:1'",
                "nobody says where `classify` is",
            ),
        ] {
            let error = format!("{:#}", checked(text).unwrap_err());
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn options_go_before_the_file_whose_paths_are_its_own() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../recognise.toml");
        let options = Options {
            config: Some(file.into()),
            model: Some("here.tflite".into()),
            ..Options::default()
        };
        let config = Config::new(&options).unwrap();
        assert_eq!(config.model.to_str(), Some("here.tflite"));
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
        assert!(config.guests.starts_with(folder), "{:?}", config.guests);
    }
}
