//! The connection to a server. The client of NATS finds it again by itself; meanwhile nobody is
//! kept waiting for it.

use std::time::Duration;

use async_nats::connection::State;
use async_nats::jetstream::{self, Context};
use async_nats::{Client, ServerAddr};
use tokio::sync::OnceCell;
use tokio::time::{Instant, sleep};

use super::options::NatsOptions;
use crate::failure::{Error, Result};

/// How often a connection that is being made is looked at.
const LOOK: Duration = Duration::from_millis(5);

/// The connection to a server.
pub(super) struct Connection {
    pub(super) options: NatsOptions,
    client: OnceCell<Client>,
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.options.fmt(f)
    }
}

impl Connection {
    pub(super) fn new(options: NatsOptions) -> Self {
        let client = OnceCell::new();
        Self { options, client }
    }

    /// The client, if it has a server. It would keep what is sent otherwise until there is one, and
    /// whoever waits could not be told.
    pub(super) async fn client(&self) -> Result<Client> {
        let client = self.client.get_or_try_init(|| self.connect()).await?;
        let until = Instant::now() + self.options.connecting;
        loop {
            match client.connection_state() {
                State::Connected => return Ok(client.clone()),
                State::Pending if Instant::now() < until => sleep(LOOK).await,
                State::Pending | State::Disconnected => {
                    return Err(Error::Unavailable("NATS: no connection".to_owned()));
                }
            }
        }
    }

    pub(super) async fn jetstream(&self) -> Result<Context> {
        let client = self.client().await?;
        let mut context = jetstream::new(client);
        context.set_timeout(self.options.deadline);
        Ok(context)
    }

    async fn connect(&self) -> Result<Client> {
        let invalid = |error| Error::Invalid(format!("NATS: {error}"));
        let addresses = self.options.address.split(',').map(str::trim);
        let addresses = addresses.map(str::parse::<ServerAddr>);
        let addresses = addresses.collect::<Result<Vec<_>, _>>();
        let addresses = addresses.map_err(|error| invalid(error.to_string()))?;
        let client = self.options.connect().connect(addresses).await;
        client.map_err(|error| invalid(error.to_string()))
    }
}
