//! What a call is part of, in W3C's words, from whoever calls to whoever is called.
//!
//! It is carried as it is: no spans are made here.

use std::future::Future;

use crate::blocks::Metadata;

/// The names under which it stands in metadata, in events and in heads of HTTP.
const PARENT: &str = "traceparent";
const STATE: &str = "tracestate";

tokio::task_local! {
    static CURRENT: Trace;
}

/// What a call is part of, if that is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trace {
    parent: Option<String>,
    state: Option<String>,
}

impl Trace {
    /// What metadata says.
    pub fn of(metadata: &[(String, String)]) -> Self {
        let value = |wanted: &str| {
            let found = metadata
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(wanted));
            found.map(|(_, value)| value.clone())
        };
        Self {
            parent: value(PARENT),
            state: value(STATE),
        }
    }

    /// The `traceparent`, for logs.
    pub fn parent(&self) -> Option<&str> {
        self.parent.as_deref()
    }

    /// That of the call which this task serves. What a guest calls while it is called is part of
    /// it: its functions are awaited by the task that awaits the guest.
    pub fn current() -> Self {
        CURRENT.try_with(Clone::clone).unwrap_or_default()
    }

    /// Has what is called in there be part of it.
    pub async fn scope<T>(self, call: impl Future<Output = T>) -> T {
        CURRENT.scope(self, call).await
    }

    /// Puts it where there is none.
    pub fn put_into(&self, metadata: &mut Metadata) {
        if Self::of(metadata).parent.is_some() {
            return;
        }
        let parent = self.parent.as_ref().map(|parent| (PARENT, parent));
        let state = self.state.as_ref().map(|state| (STATE, state));
        for (name, value) in [parent, state].into_iter().flatten() {
            metadata.push((name.to_owned(), value.clone()));
        }
    }
}
