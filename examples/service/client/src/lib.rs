//! Starts services of the examples and asks them as their clients, operators and browsers do: for
//! tests and for programs that measure.
//!
//! It knows no service. A service prints `listening on http://ADDRESS` when it is ready, and has
//! `/metrics`.

mod client;
mod figures;
mod scrape;
mod server;
mod webdriver;

pub use client::{Answer, Connection, go_away};
pub use figures::{Times, median};
pub use hyper::Method;
pub use hyper::body::Bytes;
pub use scrape::Scrape;
pub use server::Server;
pub use webdriver::Browser;
