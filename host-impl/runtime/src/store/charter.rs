//! What all instances of one loaded guest have in common and need at hand.
//!
//! It is one shared value and not three: every new instance counts that it holds it, and threads
//! that make instances at the same time wait for one another's counts.

use std::sync::Arc;

use crate::guard::clock::Clock;
use crate::guard::limits::Limits;
use crate::guard::quota::Quota;

/// Who a guest is to its host, and what it may use up.
#[derive(Debug)]
pub(crate) struct Charter {
    /// The name that errors and logs have for it.
    pub(crate) guest: Arc<str>,
    pub(crate) limits: Arc<Limits>,
    /// Its engine's.
    pub(crate) clock: Arc<Clock>,
    /// Its engine's.
    pub(crate) quota: Arc<Quota>,
}
