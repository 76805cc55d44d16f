//! What all requests share.

use std::sync::Arc;

use abide_dapr_host::{App, Dapr};
use example_service::Recorder;
use tokio::sync::Semaphore;

use crate::config::{Incoming, Role};
use crate::service::Watched;

/// What all requests share.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) dapr: Dapr,
    /// The services of this process.
    pub(crate) services: Vec<Arc<Watched>>,
    pub(crate) incoming: Incoming,
    /// One for each picture that may be worked on at a time.
    pub(crate) room: Semaphore,
    pub(crate) recorder: Recorder,
}

/// What handlers are given.
pub(crate) type Shared = Arc<State>;

impl State {
    /// A service of this process.
    pub(crate) fn service(&self, role: Role) -> Option<Arc<dyn App>> {
        let found = self.services.iter().find(|service| service.role() == role);
        found.map(|service| Arc::clone(service) as Arc<dyn App>)
    }
}
