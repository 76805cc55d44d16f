//! What the demo's guests have in common: refusals, and where the time of an answer went.

mod refusal;
mod timing;

pub use self::refusal::Refusal;
pub use self::timing::{Parts, Timing};
