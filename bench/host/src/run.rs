//! What a run of the benchmarks found, as data: what is printed, drawn and written down is made of it.

pub(crate) use abide_figures::made::{Made, word};

use crate::held::Held;
use crate::proxies::Proxied;

/// A run.
#[derive(Debug, Default)]
pub(crate) struct Run {
    /// The machine, in a line.
    pub(crate) machine: String,
    /// Whether wasmtime's default `Config` is here what it is in most programs.
    pub(crate) default_is_concurrent: bool,
    pub(crate) cases: Vec<Made>,
    pub(crate) held: Vec<Held>,
    /// Proxies, of which some of the cases are made.
    pub(crate) proxied: Vec<Proxied>,
}
