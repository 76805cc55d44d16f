//! What can go wrong, how it reads, and the texts of others that it quotes.
//!
//! What failed is known above. The engine's errors are only texts here.

pub(crate) mod abort;
pub(crate) mod artefacts;
pub(crate) mod backtrace;
pub(crate) mod blame;
pub(crate) mod call;
pub(crate) mod engine_text;
mod error;
pub(crate) mod fault;
pub(crate) mod kinds;
pub(crate) mod load;
pub(crate) mod outcome;
pub(crate) mod panic;
pub(crate) mod problem;
mod report;
mod text;
pub(crate) mod untrusted;

pub(crate) use self::error::{BoxedError, boxed};
pub use self::error::{Error, Result};
