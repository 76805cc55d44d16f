//! What guests import, on whatever stands behind it: names, limits, prefixes of keys, deadlines and
//! traces are seen to here, once for all backends.

mod bindings;
mod configuration;
mod invocation;
mod lock;
mod pubsub;
mod secrets;
mod state;

use std::future::Future;
use std::sync::Arc;

use crate::blocks::Metadata;
use crate::components::{BlockKind, Component};
use crate::dapr::Dapr;
use crate::failure::{Error, Result, within};
use crate::limits::Limits;
use crate::trace::Trace;

/// What one application uses: the host of its guests, and of whoever else speaks for it. It
/// implements the traits of [`abide_dapr::host_async`], and is cheap to clone.
#[derive(Debug, Clone)]
pub struct Host {
    dapr: Dapr,
    app: Arc<str>,
}

impl Host {
    pub(crate) fn new(dapr: Dapr, app: Arc<str>) -> Self {
        Self { dapr, app }
    }

    /// The id of the application.
    pub fn app(&self) -> &str {
        &self.app
    }

    /// What it shares with others.
    pub fn dapr(&self) -> &Dapr {
        &self.dapr
    }

    fn limits(&self) -> &Limits {
        &self.dapr.shared().limits
    }

    fn find(&self, kind: BlockKind, name: &str) -> Result<Arc<Component>> {
        self.dapr.shared().components.find(kind, &self.app, name)
    }

    /// Waits for a call out.
    async fn call<T>(&self, call: impl Future<Output = Result<T>> + Send) -> Result<T> {
        within(self.limits().deadline, call).await
    }

    /// Metadata to go with a call out: checked, and with what the call is part of.
    fn carried(&self, mut metadata: Metadata) -> Result<Metadata> {
        self.limits().check_metadata(&metadata)?;
        Trace::current().put_into(&mut metadata);
        Ok(metadata)
    }
}

/// A component of another kind than it was asked for cannot be found by that kind.
fn other_kind(component: &Component) -> Error {
    Error::NoComponent(component.name.clone())
}
