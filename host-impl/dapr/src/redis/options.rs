//! Where a server of Redis is, and how long it may take.

use std::fmt;
use std::time::Duration;

use redis::RedisConnectionInfo;

#[cfg(feature = "tls")]
use crate::tls::Tls;

/// Where a server of Redis is, and how long it may take.
#[derive(Clone)]
pub struct RedisOptions {
    /// Host and port.
    pub(super) address: String,
    username: Option<String>,
    password: Option<String>,
    pub(super) database: u32,
    pub(super) connecting: Duration,
    pub(super) deadline: Duration,
    #[cfg(feature = "tls")]
    pub(super) tls: Option<Tls>,
}

impl RedisOptions {
    /// The server at that host and port, such as `localhost:6379`. Without a port it is 6379.
    pub fn new(address: impl Into<String>) -> Self {
        let mut address = address.into();
        let has_port = address
            .rsplit_once(':')
            .is_some_and(|(host, port)| port.parse::<u16>().is_ok() && !host.ends_with(':'));
        if !has_port {
            address.push_str(":6379");
        }
        Self {
            address,
            username: None,
            password: None,
            database: 0,
            connecting: Duration::from_secs(3),
            deadline: Duration::from_secs(5),
            #[cfg(feature = "tls")]
            tls: None,
        }
    }

    /// Who this is, for a server that asks.
    #[must_use]
    pub fn password(mut self, password: impl Into<String>) -> Self {
        self.password = Some(password.into());
        self
    }

    /// The user whose password that is; without one, it is `default`.
    #[must_use]
    pub fn username(mut self, username: impl Into<String>) -> Self {
        self.username = Some(username.into());
        self
    }

    /// The number of the database: 0.
    #[must_use]
    pub fn database(mut self, number: u32) -> Self {
        self.database = number;
        self
    }

    /// How long connecting may take: three seconds. A connection that is waited for counts towards
    /// the deadline of whoever waits.
    #[must_use]
    pub fn connecting(mut self, limit: Duration) -> Self {
        self.connecting = limit;
        self
    }

    /// How long a call may take: five seconds.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// The server is reached over TLS, and has to be who its address says.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// The host of the address.
    #[cfg(feature = "tls")]
    pub(super) fn host(&self) -> &str {
        let host = self.address.rsplit_once(':').map_or("", |(host, _)| host);
        host.trim_matches(['[', ']'])
    }

    /// What the server is told first.
    pub(super) fn greeting(&self) -> RedisConnectionInfo {
        let mut info = RedisConnectionInfo::default().set_db(self.database.into());
        if let Some(username) = &self.username {
            info = info.set_username(username);
        }
        if let Some(password) = &self.password {
            info = info.set_password(password);
        }
        info
    }
}

/// No password is told.
impl fmt::Debug for RedisOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisOptions")
            .field("address", &self.address)
            .field("username", &self.username)
            .field("database", &self.database)
            .finish_non_exhaustive()
    }
}
