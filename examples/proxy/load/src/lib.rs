//! Sends requests through the proxy over loopback, checks every answer, and tells whether it grows.
//!
//! The way of the data: `filters` are built → `proxy` runs the program with them → `upstream` is
//! whom it asks → `client` asks it, with the bodies of `frames` → `soak` is what is asked and what
//! comes of it → `page` shows it.
//!
//! The tests of the proxy use the first five, too.

pub mod client;
pub mod filters;
pub mod frames;
mod options;
mod page;
pub mod proxy;
mod soak;
pub mod upstream;

pub use abide_soak::Verdict;
pub use options::{HELP, Options};
pub use page::{page, plot};
pub use soak::{Effort, Part, Soak, soak};
