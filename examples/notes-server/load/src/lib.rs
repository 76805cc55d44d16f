//! Sends requests to the notes server over loopback, checks every answer, and measures.
//!
//! The way of the data: `example-client` starts a server and connects to it → `asked` says what is
//! asked and what the answer has to be, computed here → `compare` measures guest against native,
//! `soak` mixes in all that can go wrong and looks whether the process grows.

mod asked;
mod compare;
mod guest;
mod options;
mod soak;

pub use compare::{Comparison, compare};
pub use example_client::{Answer, Connection, Scrape, Server, Times};
pub use guest::guests;
pub use options::{Command, Options};
pub use soak::{Effort, Soak, soak};
