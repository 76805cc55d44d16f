//! What all requests share.

use std::sync::Arc;

use axum::http::StatusCode;
use tokio::sync::Semaphore;

use crate::config::Incoming;
use crate::failure::Failure;
use crate::metrics::Metrics;
use crate::store::Store;
use crate::tenants::{Tenant, Tenants};

/// What all requests share.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) tenants: Tenants,
    pub(crate) store: Store,
    pub(crate) incoming: Incoming,
    /// One for each request that may be worked on at a time.
    pub(crate) room: Semaphore,
    pub(crate) metrics: Metrics,
    /// How many bytes of each request are kept for ever.
    pub(crate) leak: usize,
}

/// What handlers are given.
pub(crate) type Shared = Arc<State>;

impl State {
    /// The tenant of that name.
    pub(crate) fn tenant(&self, name: &str) -> Result<&Tenant, Failure> {
        self.tenants.get(name).ok_or_else(|| {
            Failure::new(
                StatusCode::NOT_FOUND,
                "no-such-tenant",
                "nobody of that name keeps notes here",
            )
        })
    }
}
