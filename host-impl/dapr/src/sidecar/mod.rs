//! Any Dapr sidecar, over gRPC.
//!
//! For Dapr, whoever uses a sidecar is one application: that whose id the sidecar has. The sidecar
//! puts that id before keys, and events of a topic go to one of those who have subscribed over it.
//! So an application of this host has a sidecar of its own, as Dapr has it, or shares one with others
//! and says so: with [`KeyPrefix::App`] keys of different applications are different ones, and
//! [`Builder::groups`] is for brokers that let subscriptions say a group.
//!
//! No address is listened at: events come over streams that are opened from here.

mod bindings;
mod configuration;
mod error;
mod events;
mod invocation;
mod lock;
mod secrets;
mod state;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use dapr::dapr::proto::runtime::v1::dapr_client::DaprClient;
use tonic::Request;
use tonic::metadata::{AsciiMetadataKey, AsciiMetadataValue};
use tonic::transport::{Channel, Endpoint};

use crate::blocks::Metadata;
use crate::components::{Block, BlockKind, Component, KeyPrefix, Provider};
use crate::failure::{Error, Result};
use crate::retries::Retries;
use crate::trace::Trace;

/// Where a token goes that the sidecar wants.
const TOKEN: &str = "dapr-api-token";

/// How often it is looked whether an idle connection is still one, and for how long.
const ALIVE: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(10));

/// What stands between an application and its key. Dapr wants that no key has it.
const SEPARATOR: &str = "||";
/// What stands there on the way to a sidecar.
const SENT: &str = "|.|";

/// A sidecar. Clones use one connection, which is opened when it is needed and again when it was
/// lost. It is a [`Provider`] of all components that the sidecar has, and an
/// [`Invoker`](crate::blocks::Invoker).
#[derive(Clone)]
pub struct Sidecar(Arc<Shared>);

struct Shared {
    client: DaprClient<Channel>,
    address: String,
    token: Option<AsciiMetadataValue>,
    groups: Option<String>,
    retries: Retries,
}

/// Says how a sidecar is used.
#[derive(Debug, Clone)]
#[must_use = "nothing is there before `build`"]
pub struct Builder {
    address: String,
    token: Option<String>,
    groups: Option<String>,
    deadline: Duration,
    message: usize,
}

/// Why there is no sidecar.
#[derive(Debug, thiserror::Error)]
pub enum SidecarError {
    /// The address is none.
    #[error("`{0}` is no address of a sidecar")]
    Address(String, #[source] tonic::transport::Error),
    /// The token is none.
    #[error("the token has characters that no token has")]
    Token,
}

impl Sidecar {
    /// A sidecar at an address such as `http://127.0.0.1:50001`, that of its gRPC.
    pub fn builder(address: impl Into<String>) -> Builder {
        Builder {
            address: address.into(),
            token: None,
            groups: None,
            deadline: Duration::from_secs(10),
            message: 64 << 20,
        }
    }

    /// The component that the sidecar has under that name. Keys go there as they are: the sidecar
    /// puts its application before them.
    pub fn component(&self, kind: BlockKind, name: &str) -> Component {
        let named = Named {
            sidecar: self.clone(),
            name: name.to_owned(),
        };
        let block = match kind {
            BlockKind::State => Block::State(Arc::new(named)),
            BlockKind::PubSub => Block::PubSub(Arc::new(named)),
            BlockKind::Secrets => Block::Secrets(Arc::new(named)),
            BlockKind::Binding => Block::Binding(Arc::new(named)),
            BlockKind::Lock => Block::Lock(Arc::new(named)),
            BlockKind::Configuration => Block::Configuration(Arc::new(named)),
        };
        Component::new(name, block).key_prefix(KeyPrefix::None)
    }

    fn client(&self) -> DaprClient<Channel> {
        self.0.client.clone()
    }

    /// A message with what goes along with it.
    fn request<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        if let Some(token) = &self.0.token {
            request.metadata_mut().insert(TOKEN, token.clone());
        }
        let mut trace = Metadata::new();
        Trace::current().put_into(&mut trace);
        put(&mut request, &trace);
        request
    }
}

/// Metadata that gRPC can have beside the message.
fn put<T>(request: &mut Request<T>, metadata: &[(String, String)]) {
    for (name, value) in metadata {
        let name = AsciiMetadataKey::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, AsciiMetadataValue::try_from(value)) {
            request.metadata_mut().insert(name, value);
        }
    }
}

impl Builder {
    /// What the sidecar wants to be shown: its `DAPR_API_TOKEN`.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// The name under which the sidecar's brokers take the group of a subscription from its metadata.
    /// Without it, the applications that share this sidecar cannot subscribe to one topic.
    pub fn groups(mut self, metadata: impl Into<String>) -> Self {
        self.groups = Some(metadata.into());
        self
    }

    /// How long the sidecar may take to be reached and to begin an answer: 10 seconds.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// The bytes of an answer: 64 MiB.
    pub fn message(mut self, bytes: usize) -> Self {
        self.message = bytes;
        self
    }

    /// The sidecar. Nothing is connected yet.
    ///
    /// # Errors
    ///
    /// The address or the token is none.
    pub fn build(self) -> Result<Sidecar, SidecarError> {
        let endpoint = Endpoint::from_shared(self.address.clone());
        let endpoint =
            endpoint.map_err(|error| SidecarError::Address(self.address.clone(), error))?;
        let channel = endpoint
            .connect_timeout(self.deadline)
            .timeout(self.deadline)
            .http2_keep_alive_interval(ALIVE.0)
            .keep_alive_timeout(ALIVE.1)
            .tcp_nodelay(true)
            .connect_lazy();
        let token = self.token.map(AsciiMetadataValue::try_from).transpose();
        let client = DaprClient::new(channel).max_decoding_message_size(self.message);
        Ok(Sidecar(Arc::new(Shared {
            client: client.max_encoding_message_size(usize::MAX),
            address: self.address,
            token: token.map_err(|_| SidecarError::Token)?,
            groups: self.groups,
            retries: Retries::new(),
        })))
    }
}

impl Provider for Sidecar {
    fn component(&self, kind: BlockKind, name: &str) -> Option<Component> {
        Some(Self::component(self, kind, name))
    }
}

impl fmt::Debug for Sidecar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sidecar")
            .field("address", &self.0.address)
            .finish_non_exhaustive()
    }
}

/// One component of a sidecar.
#[derive(Debug, Clone)]
struct Named {
    sidecar: Sidecar,
    name: String,
}

/// A key on its way.
fn sent(key: &str) -> String {
    key.replacen(SEPARATOR, SENT, 1)
}

/// Metadata as messages have it.
fn map(metadata: Metadata) -> HashMap<String, String> {
    metadata.into_iter().collect()
}

/// Checks what a key cannot be here, as the sidecar would.
fn not_empty(what: &str, text: &str) -> Result<()> {
    match text.is_empty() {
        true => Err(Error::Invalid(format!("{what} is empty"))),
        false => Ok(()),
    }
}
