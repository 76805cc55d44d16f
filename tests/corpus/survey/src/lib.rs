//! The corpus: every WIT that some crates of the registry ship, and what `abi!` makes of each of
//! its worlds.
//!
//! Shared by the build script that compiles those worlds for hosts and the test that compiles them
//! for guests and compares the table. It runs the macro as the library it is, so it knows before
//! any compiler which worlds are refused. It knows nothing of how the others are compiled.

mod beyond;
mod files;
mod modules;
mod table;
mod verdict;
mod worlds;

use std::collections::HashSet;

use anyhow::Result;

pub use modules::{Side, modules};
pub use table::table;
pub use verdict::{Outcome, Verdict};
pub use worlds::World;

/// A world of the corpus and what came of it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The world and the WIT it stands in.
    pub world: World,
    /// What `abi!` says to it.
    pub verdict: Verdict,
}

/// Finds every WIT of the corpus and expands every world in it.
///
/// # Errors
///
/// A crate that cannot be downloaded, and a WIT that cannot be read. A world that `abi!` refuses is
/// no error but an [`Outcome`].
///
/// ```no_run
/// for entry in abide_corpus_survey::survey()? {
///     println!("{}: {:?}", entry.world.id, entry.verdict.host);
/// }
/// # Ok::<(), anyhow::Error>(())
/// ```
pub fn survey() -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    let mut seen = HashSet::new();
    for file in files::find()? {
        for world in worlds::of(&file, &mut seen)? {
            let verdict = verdict::of(&world);
            entries.push(Entry { world, verdict });
        }
    }
    Ok(entries)
}
