//! One instance and its calls: made, run, ended, and told of.
//!
//! It knows components and limits, and not who keeps an instance or for how long.

pub(crate) mod body;
pub(crate) mod callback;
mod classify;
pub(crate) mod dropped;
pub(crate) mod export;
#[cfg(feature = "async")]
pub(crate) mod fibre;
pub(crate) mod instance;
pub(crate) mod observe;
#[cfg(feature = "async")]
mod on_fibre;
pub(crate) mod passing;
pub(crate) mod raw_type;
pub(crate) mod request;
mod run;
pub(crate) mod stats;
pub(crate) mod visit;
