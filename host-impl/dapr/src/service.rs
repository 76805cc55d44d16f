//! An application at work: all that it is called for, from its start to its end.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use abide_dapr::invocation::{Request, Response};
use async_trait::async_trait;

use crate::app::App;
use crate::blocks::Invoked;
use crate::dapr::Dapr;
use crate::delivery::{self, Turns};
use crate::failure::{Error, Result};
use crate::running::{Running, StopHandle};
use crate::trace::Trace;

/// An application that is called. Dropping it ends that at once: what was being handled comes
/// again.
#[must_use = "dropping it ends the service"]
pub struct Service {
    dapr: Dapr,
    id: Arc<str>,
    stop: StopHandle,
    running: Vec<Running>,
}

impl Service {
    pub(crate) async fn start(dapr: Dapr, id: Arc<str>, app: Arc<dyn App>) -> Result<Self> {
        dapr.shared()
            .limits
            .check_name("an application's id", &id)?;
        if !dapr.add_app(&id, &app) {
            return Err(Error::Invalid(format!(
                "there is an application `{id}` already"
            )));
        }
        let (stop, stopping) = StopHandle::new();
        // From here on dropping it takes everything back.
        let mut service = Self {
            dapr,
            id,
            stop,
            running: Vec::new(),
        };
        let turns = Turns::new(service.dapr.shared().concurrency, stopping);
        service.begin(&app, &turns).await?;
        Ok(service)
    }

    async fn begin(&mut self, app: &Arc<dyn App>, turns: &Turns) -> Result<()> {
        let limits = &self.dapr.shared().limits;
        let subscriptions = app.subscriptions().await?;
        let bindings = app.bindings().await?;
        limits.check_subscriptions(subscriptions.len() + bindings.len())?;
        for subscription in subscriptions {
            let app = Arc::clone(app);
            let running =
                delivery::subscribe(&self.dapr, &self.id, subscription, app, turns).await?;
            self.running.push(running);
        }
        for binding in bindings {
            let app = Arc::clone(app);
            let running = delivery::listen(&self.dapr, &self.id, &binding, app, turns).await?;
            self.running.push(running);
        }
        for invoker in &self.dapr.shared().invokers {
            let called = Arc::new(Called(Arc::clone(app)));
            self.running.extend(invoker.serve(&self.id, called).await?);
        }
        Ok(())
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Ends it: nothing more begins, and what has begun may end, but takes no longer than that.
    pub async fn stop(mut self, patience: Duration) {
        self.stop.set();
        let running = std::mem::take(&mut self.running);
        for work in &running {
            work.begin_to_stop();
        }
        let all = running.into_iter().map(|work| work.stop(patience));
        futures_util::future::join_all(all).await;
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.dapr.remove_app(&self.id);
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = self.running.len();
        f.debug_struct("Service")
            .field("id", &self.id)
            .field("parts", &parts)
            .finish_non_exhaustive()
    }
}

/// An application as it is called from elsewhere.
struct Called(Arc<dyn App>);

#[async_trait]
impl Invoked for Called {
    async fn invoked(&self, request: Request) -> Result<Response> {
        let trace = Trace::of(&request.metadata);
        trace.scope(self.0.on_invoke(&request)).await
    }
}
