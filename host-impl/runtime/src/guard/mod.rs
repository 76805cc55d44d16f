//! What keeps guests within bounds: what they may use, what they used, and what ends or refuses a
//! call.
//!
//! What is counted here is done elsewhere.

#[cfg(feature = "async")]
pub(crate) mod alarms;
pub(crate) mod allowance;
pub(crate) mod breaker;
pub(crate) mod cancel;
pub(crate) mod clock;
pub(crate) mod fork;
pub(crate) mod limits;
pub(crate) mod meter;
pub(crate) mod nesting;
pub(crate) mod quota;
mod thread_stack;
pub(crate) mod waking;
