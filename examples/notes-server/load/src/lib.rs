//! Sends requests to the notes server over loopback, checks every answer, and measures.
//!
//! The way of the data: `server` starts one → `client` is a connection to it → `asked` says what
//! is asked and what the answer has to be, computed here → `compare` measures guest against
//! native, `soak` mixes in all that can go wrong and looks whether the process grows → `figures`
//! sorts times.

mod asked;
mod client;
mod compare;
mod figures;
mod guest;
mod options;
mod scrape;
mod server;
mod soak;

pub use client::{Answer, Connection};
pub use compare::{Comparison, compare};
pub use figures::Times;
pub use guest::guests;
pub use options::{Command, Options};
pub use scrape::Scrape;
pub use server::Server;
pub use soak::{Effort, Soak, soak};
