//! What there is, said before anybody uses it.

use std::sync::Arc;

use crate::blocks::Invoker;
use crate::components::{Component, Components, Provider};
use crate::dapr::Dapr;
use crate::limits::Limits;
use crate::retries::Retries;

/// How many events of an application are handled at a time where nobody says.
const CONCURRENCY: usize = 16;

/// Why nothing was built.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum BuildError {
    /// Two components of a kind have one name.
    #[error("there are two components of the kind {kind:?} that are called `{name}`")]
    Twice {
        /// Their kind.
        kind: crate::BlockKind,
        /// Their name.
        name: String,
    },
}

/// Says which components there are, and what holds for all who use them.
#[derive(Debug, Default)]
#[must_use = "nothing is there before `build`"]
pub struct Builder {
    components: Vec<Component>,
    provider: Option<Arc<dyn Provider>>,
    invokers: Vec<Arc<dyn Invoker>>,
    limits: Limits,
    retries: Retries,
    concurrency: Option<usize>,
}

impl Builder {
    /// Adds a component.
    pub fn component(mut self, component: Component) -> Self {
        self.components.push(component);
        self
    }

    /// Adds components, such as those of [files](crate::files::read).
    pub fn components(mut self, components: impl IntoIterator<Item = Component>) -> Self {
        self.components.extend(components);
        self
    }

    /// Who has the components whose names are not said here.
    pub fn provider(mut self, provider: Arc<dyn Provider>) -> Self {
        self.provider = Some(provider);
        self
    }

    /// Who calls applications that are not in this process. Several are asked in their order.
    pub fn invoker(mut self, invoker: Arc<dyn Invoker>) -> Self {
        self.invokers.push(invoker);
        self
    }

    /// What guests may send at once, and how long calls out may take.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// How often events are tried.
    pub fn retries(mut self, retries: Retries) -> Self {
        self.retries = retries;
        self
    }

    /// How many events each application handles at a time: 16. Its guest needs as many instances.
    pub fn concurrency(mut self, events: usize) -> Self {
        self.concurrency = Some(events.max(1));
        self
    }

    /// Builds it.
    ///
    /// # Errors
    ///
    /// Two components have one name.
    pub fn build(self) -> Result<Dapr, BuildError> {
        let mut components = Components::default();
        for component in self.components {
            let (kind, name) = (component.block.kind(), component.name.clone());
            if !components.add(component) {
                return Err(BuildError::Twice { kind, name });
            }
        }
        if let Some(provider) = self.provider {
            components.provided_by(provider);
        }
        let concurrency = self.concurrency.unwrap_or(CONCURRENCY);
        let (invokers, limits) = (self.invokers, self.limits);
        Ok(Dapr::new(
            components,
            invokers,
            limits,
            self.retries,
            concurrency,
        ))
    }
}
