//! What all applications of a process share.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use abide_dapr::app::Subscription;
use abide_dapr::invocation::{Request, Response};
use parking_lot::RwLock;

use crate::app::App;
use crate::blocks::Invoker;
use crate::builder::Builder;
use crate::components::{Component, Components};
use crate::delivery;
use crate::failure::{Error, Result, failed, within};
use crate::host::Host;
use crate::limits::Limits;
use crate::retries::Retries;
use crate::running::{Running, Stopping};
use crate::service::Service;
use crate::trace::Trace;

/// Components, the applications that use them, and the ways between them. It is cheap to clone.
#[derive(Debug, Clone)]
pub struct Dapr(Arc<Shared>);

pub(crate) struct Shared {
    pub(crate) components: Components,
    pub(crate) invokers: Vec<Arc<dyn Invoker>>,
    pub(crate) limits: Limits,
    pub(crate) retries: Retries,
    /// How many events of an application are handled at a time.
    pub(crate) concurrency: usize,
    apps: RwLock<BTreeMap<Arc<str>, Arc<dyn App>>>,
    followed: RwLock<BTreeMap<(Arc<str>, String), Running>>,
    next: AtomicU64,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared")
            .field("components", &self.components)
            .field("apps", &self.apps.read().keys())
            .finish_non_exhaustive()
    }
}

impl Dapr {
    /// Says which components there are.
    pub fn builder() -> Builder {
        Builder::default()
    }

    pub(crate) fn new(
        components: Components,
        invokers: Vec<Arc<dyn Invoker>>,
        limits: Limits,
        retries: Retries,
        concurrency: usize,
    ) -> Self {
        Self(Arc::new(Shared {
            components,
            invokers,
            limits,
            retries,
            concurrency,
            apps: RwLock::default(),
            followed: RwLock::default(),
            next: AtomicU64::new(1),
        }))
    }

    /// What an application uses, by its id: the host of its guest.
    pub fn host(&self, app: &str) -> Host {
        Host::new(self.clone(), app.into())
    }

    /// Has an application be called: by others, for events of the topics that it subscribes to, and
    /// by its bindings. It is, until what is returned is stopped or dropped.
    ///
    /// # Errors
    ///
    /// There is one of that id, it fails, or it wants what is not there. Then it is not called at
    /// all.
    pub async fn run(&self, id: &str, app: Arc<dyn App>) -> Result<Service> {
        Service::start(self.clone(), id.into(), app).await
    }

    /// Delivers the events of one topic to an application, until what is returned is stopped or
    /// dropped. [`run`](Self::run) does that for all that the application subscribes to.
    ///
    /// # Errors
    ///
    /// The broker is not there, or refuses.
    pub async fn subscribe(
        &self,
        id: &str,
        subscription: Subscription,
        app: Arc<dyn App>,
    ) -> Result<Running> {
        // Nobody tells its attempts to stop but the broker's own work, which drops them.
        let turns = delivery::Turns::new(self.0.concurrency, Stopping::never());
        delivery::subscribe(self, id, subscription, app, &turns).await
    }

    /// Calls an application: one of this process, or else one that an invoker finds.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is none of that id, and what calling it fails with.
    pub async fn invoke(&self, id: &str, mut request: Request) -> Result<Response> {
        let trace = Trace::of(&request.metadata);
        if trace == Trace::default() {
            Trace::current().put_into(&mut request.metadata);
        }
        let response = within(self.0.limits.deadline, self.invoke_any(id, request)).await?;
        match response.status {
            200..=599 => Ok(response),
            status => Err(failed(
                "INTERNAL",
                format!("{status} is no status of an answer"),
            )),
        }
    }

    async fn invoke_any(&self, id: &str, request: Request) -> Result<Response> {
        if let Some(app) = self.app(id) {
            let trace = Trace::of(&request.metadata);
            return trace.scope(app.on_invoke(&request)).await;
        }
        for invoker in &self.0.invokers {
            match invoker.invoke(id, request.clone()).await {
                Err(Error::NotFound(_)) => {}
                other => return other,
            }
        }
        Err(Error::NotFound(id.to_owned()))
    }

    /// The application of that id in this process.
    pub fn app(&self, id: &str) -> Option<Arc<dyn App>> {
        self.0.apps.read().get(id).cloned()
    }

    /// The ids of the applications of this process.
    pub fn apps(&self) -> Vec<Arc<str>> {
        self.0.apps.read().keys().cloned().collect()
    }

    /// The components that have been named, whoever may use them.
    pub fn components(&self) -> impl Iterator<Item = &Component> {
        self.0.components.all()
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.0
    }

    /// False is that there is one of that id.
    pub(crate) fn add_app(&self, id: &Arc<str>, app: &Arc<dyn App>) -> bool {
        let mut apps = self.0.apps.write();
        if apps.contains_key(id) {
            return false;
        }
        apps.insert(Arc::clone(id), Arc::clone(app));
        true
    }

    /// Nobody calls it any more, and nothing is told to it.
    pub(crate) fn remove_app(&self, id: &str) {
        self.0.apps.write().remove(id);
        self.0.followed.write().retain(|(app, _), _| **app != *id);
    }

    /// A name for a subscription of configuration that no other has.
    pub(crate) fn next_id(&self) -> String {
        self.0.next.fetch_add(1, Ordering::Relaxed).to_string()
    }

    pub(crate) fn follow(&self, app: Arc<str>, id: String, running: Running) -> Result<()> {
        let mut followed = self.0.followed.write();
        let has = followed.keys().filter(|(other, _)| *other == app).count();
        self.0.limits.check_subscriptions(has + 1)?;
        followed.insert((app, id), running);
        Ok(())
    }

    /// False is that there is no such subscription.
    pub(crate) fn unfollow(&self, app: &Arc<str>, id: &str) -> bool {
        let key = (Arc::clone(app), id.to_owned());
        self.0.followed.write().remove(&key).is_some()
    }
}
