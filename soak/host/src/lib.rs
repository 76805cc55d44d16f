//! Calls a guest again and again, some calls failing on purpose, and tells whether the process has
//! grown.
//!
//! The way of the data: `effort` says how much is done → `host` loads the guest with a policy →
//! `run` calls it from several threads and samples the process's `memory` → `trend` is a line
//! through the samples → `verdict` says what it means → `report`, `plot` and `page` show it.
//!
//! The same is measured with a host that keeps something back on purpose. If that does not show,
//! nothing that is measured here means anything.

mod effort;
mod host;
mod memory;
mod options;
mod page;
mod plot;
mod report;
mod run;
mod soak;
pub mod text;
mod trend;
mod verdict;

pub use effort::Effort;
pub use host::Subject;
pub use options::{HELP, Options, Usage};
pub use page::page;
pub use plot::{COLOURS, Curve, Picture, draw, plot};
pub use run::{Outcome, Sample};
pub use soak::{Soak, soak};
pub use trend::Trend;
pub use verdict::{Judged, Verdict};
