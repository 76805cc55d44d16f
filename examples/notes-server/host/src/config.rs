//! The configuration: what is in the file, what is there without one, and what makes no sense.

use std::collections::BTreeMap;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::options::Options;

const MIB: usize = 1 << 20;

/// How the server runs. Paths are relative to the folder of the file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The guest's component.
    pub guest: PathBuf,
    /// The database.
    pub database: PathBuf,
    /// A folder for compiled guests, so that the next start need not compile; none keeps nothing.
    pub artefacts: Option<PathBuf>,
    /// How many instances of guests there may be at a time, those of all tenants together.
    pub instances: u32,
    /// How much of the database is kept in memory, in MiB.
    pub cache_mib: usize,
    /// What comes in.
    pub incoming: Incoming,
    /// Who keeps notes here, by name, and what each may use.
    pub tenants: BTreeMap<String, Tenant>,
    /// Answer with the logic that is compiled in. The command line says so, not the file.
    #[serde(skip)]
    pub native: bool,
    /// How many bytes of each request are kept for ever. The command line says so, not the file.
    #[serde(skip)]
    pub leak: usize,
}

/// The limits of what comes in, whatever it asks for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Incoming {
    /// The most connections at a time; more wait to be taken.
    pub connections: usize,
    /// The most requests that are worked on at a time; more are told to come back.
    pub requests: usize,
    /// The most bytes of a request's body.
    pub body_bytes: usize,
    /// How long a client may take to send the head of a request, and to be idle before it.
    pub head_ms: u64,
    /// How long a client may take to send the body of a request.
    pub body_ms: u64,
    /// How long the server waits for its last answers when it ends.
    pub shutdown_ms: u64,
}

/// What one tenant may use.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Tenant {
    /// How long a call of the guest may take.
    pub deadline_ms: u64,
    /// How long a call may wait for an instance.
    pub wait_ms: u64,
    /// The memory of one instance, in MiB.
    pub memory_mib: usize,
    /// How many calls may run at a time; more are told to come back.
    pub calls: usize,
    /// How many notes may be kept.
    pub notes: u32,
    /// A new instance for each call, rather than one that is kept for the tenant.
    pub fresh: bool,
    /// After how many failures in a row the guest is given time; 0 is never.
    pub breaker: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            guest: "notebook_guest.wasm".into(),
            database: "notes.redb".into(),
            artefacts: None,
            instances: 128,
            cache_mib: 16,
            incoming: Incoming::default(),
            tenants: BTreeMap::from([("demo".to_owned(), Tenant::default())]),
            native: false,
            leak: 0,
        }
    }
}

impl Default for Incoming {
    fn default() -> Self {
        Self {
            connections: 512,
            requests: 256,
            body_bytes: 2 * MIB,
            head_ms: 10_000,
            body_ms: 10_000,
            shutdown_ms: 10_000,
        }
    }
}

impl Default for Tenant {
    fn default() -> Self {
        Self {
            deadline_ms: 1_000,
            wait_ms: 200,
            memory_mib: 32,
            calls: 64,
            notes: 1_000,
            fresh: false,
            breaker: 20,
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
        if let Some(listen) = options.listen {
            config.listen = listen;
        }
        if let Some(guest) = &options.guest {
            config.guest.clone_from(guest);
        }
        if let Some(database) = &options.database {
            config.database.clone_from(database);
        }
        config.native = options.native;
        config.leak = options.leak;
        Ok(config)
    }

    fn read(path: &Path) -> Result<Self> {
        let wrong = || format!("the configuration `{}`", path.display());
        let text = fs::read_to_string(path).with_context(wrong)?;
        let mut config = Self::parse(&text).with_context(wrong)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let inside = |path: &mut PathBuf| *path = folder.join(&*path);
        inside(&mut config.guest);
        inside(&mut config.database);
        config.artefacts.as_mut().map(inside);
        Ok(config)
    }

    fn parse(text: &str) -> Result<Self> {
        let config: Self = toml::from_str(text)?;
        ensure!(
            !config.tenants.is_empty(),
            "there is no tenant: nobody could keep notes"
        );
        for (name, tenant) in &config.tenants {
            ensure!(
                notebook_logic::is_name(name),
                "`{name}` cannot be a tenant: letters, digits, `-` and `_`, at most {} of them",
                notebook_logic::MAX_NAME
            );
            ensure!(tenant.calls > 0, "tenant `{name}` may make no calls");
        }
        let incoming = &config.incoming;
        ensure!(
            incoming.connections > 0,
            "`incoming.connections` is 0: nobody could connect"
        );
        ensure!(
            incoming.requests > 0,
            "`incoming.requests` is 0: nobody would be answered"
        );
        Ok(config)
    }
}

/// Times are in milliseconds everywhere in the file.
pub(crate) fn ms(number: u64) -> Duration {
    Duration::from_millis(number)
}

#[cfg(test)]
mod tests {
    use super::{Config, MIB};
    use crate::options::Options;

    #[test]
    fn what_is_not_said_has_a_default() {
        let config = Config::parse("listen = \"[::1]:80\"\n[tenants.ada]\nnotes = 3\n").unwrap();
        assert_eq!(config.listen.port(), 80);
        assert_eq!(config.tenants.len(), 1);
        assert_eq!(config.tenants["ada"].notes, 3);
        assert_eq!(config.tenants["ada"].memory_mib, 32);
        assert_eq!(config.incoming.body_bytes, 2 * MIB);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for (text, expected) in [
            ("listen = 80", "invalid type: integer `80`"),
            ("listens = 80", "unknown field `listens`"),
            ("[tenants]", "there is no tenant"),
            ("[tenants.'a/b']", "`a/b` cannot be a tenant"),
            ("[tenants.a]\ncalls = 0", "tenant `a` may make no calls"),
            ("[incoming]\nrequests = 0", "`incoming.requests` is 0"),
        ] {
            let error = format!("{:#}", Config::parse(text).unwrap_err());
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn options_go_before_the_file_whose_paths_are_its_own() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../notes-server.toml");
        let options = Options {
            config: Some(file.into()),
            database: Some("here.redb".into()),
            ..Options::default()
        };
        let config = Config::new(&options).unwrap();
        assert_eq!(config.database.to_str(), Some("here.redb"));
        assert!(
            config
                .guest
                .starts_with(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        );
    }
}
