//! Where a server of NATS is, and how long it may take.

use std::fmt;
use std::time::Duration;

use async_nats::ConnectOptions;

use crate::backoff;

/// How often the server is asked whether it is still there.
const PING: Duration = Duration::from_secs(5);

/// Where a server of NATS is, and how long it may take.
#[derive(Clone)]
pub struct NatsOptions {
    pub(super) address: String,
    name: String,
    login: Login,
    pub(super) connecting: Duration,
    pub(super) deadline: Duration,
    pub(super) replicas: usize,
}

#[derive(Clone)]
enum Login {
    Nobody,
    Token(String),
    User(String, String),
}

impl NatsOptions {
    /// The server at that address, such as `nats://localhost:4222`; of a cluster several, with
    /// commas between them.
    pub fn new(address: impl Into<String>) -> Self {
        Self {
            address: address.into(),
            name: "abide".to_owned(),
            login: Login::Nobody,
            connecting: Duration::from_secs(3),
            deadline: Duration::from_secs(5),
            replicas: 1,
        }
    }

    /// What the server calls this connection.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// What lets this in.
    #[must_use]
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.login = Login::Token(token.into());
        self
    }

    /// Who this is.
    #[must_use]
    pub fn user(mut self, user: impl Into<String>, password: impl Into<String>) -> Self {
        self.login = Login::User(user.into(), password.into());
        self
    }

    /// How long connecting may take: three seconds.
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

    /// How many servers of a cluster keep the streams and buckets that are made here: one.
    #[must_use]
    pub fn replicas(mut self, servers: usize) -> Self {
        self.replicas = servers.max(1);
        self
    }

    pub(super) fn connect(&self) -> ConnectOptions {
        let failures = |attempts| u32::try_from(attempts).unwrap_or(u32::MAX);
        let options = ConnectOptions::new()
            .name(&self.name)
            .retry_on_initial_connect()
            .connection_timeout(self.connecting)
            .request_timeout(Some(self.deadline))
            .ping_interval(PING)
            .reconnect_delay_callback(move |attempts| backoff::pause(failures(attempts)));
        match &self.login {
            Login::Nobody => options,
            Login::Token(token) => options.token(token.clone()),
            Login::User(user, password) => {
                options.user_and_password(user.clone(), password.clone())
            }
        }
    }
}

/// Nothing that lets somebody in is told.
impl fmt::Debug for NatsOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NatsOptions")
            .field("name", &self.name)
            .field("replicas", &self.replicas)
            .finish_non_exhaustive()
    }
}
