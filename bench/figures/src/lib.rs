//! What the benchmarks of this repository share: a loop that measures ways of doing something in
//! turns, how they compare, and how that is written down. It knows nothing of what is measured.

pub mod compare;
pub mod json;
pub mod lines;
pub mod machine;
pub mod made;
pub mod measure;
pub mod plot;
pub mod stats;
pub mod tables;
