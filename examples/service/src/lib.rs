//! What services among the examples have in common: connections and bodies with limits, failures as
//! answers, the files of a page, the end of a process, its log, what Prometheus reads, and what its
//! `main` does with options.
//!
//! It knows no service, and nothing of guests. It is linked on Unix only, for its signals.

mod connections;
mod failure;
mod incoming;
mod log;
mod metrics;
mod page;
mod program;
mod shutdown;
mod watched;

pub use connections::{Bounds, serve};
pub use failure::Failure;
pub use incoming::{body, room};
pub use log::show_log;
pub use metrics::{Recorder, TIMES, resident};
pub use page::page_file;
pub use program::{Asked, run_program};
pub use shutdown::Signals;
pub use tracing::level_filters::LevelFilter;
pub use watched::watched;
