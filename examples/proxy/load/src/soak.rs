//! Many requests through the proxy, with traps and reloads among them, and whether any is lost or
//! wrong, and whether the process grows.
//!
//! `part` says which filters a part has and what it has to show, `turn` what each number asks for,
//! `worker` asks, `run` has it all done and looks at the memory, `verdict` says what that means.

mod part;
mod run;
mod turn;
mod verdict;
mod worker;

use std::path::Path;

use anyhow::{Context as _, Result};

pub use part::Part;
pub use verdict::Soak;

/// How much is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effort {
    /// How many requests in the first part. The others have a tenth of it, or a few hundred.
    pub requests: u64,
    /// Over how many connections.
    pub connections: u64,
    /// How often the memory is looked at, between requests.
    pub samples: u64,
    /// How often filters and configuration are replaced, in parts in which they are.
    pub reloads: u64,
    /// How many bytes the proxy may have grown after the warm-up in the first two parts; a third of
    /// it in the others, in which nothing is compiled.
    pub allowed: u64,
}

/// One in this many requests is the warm-up, in which the proxy may grow.
pub(crate) const WARM_UP: u64 = 5;

impl Effort {
    /// What a result is worth writing down after.
    pub const FULL: Self = Self {
        requests: 1_000_000,
        connections: 16,
        samples: 200,
        // The engine keeps the memory of a hundred instances that are gone for the next ones. These
        // have been there in the warm-up.
        reloads: 200,
        allowed: 8 << 20,
    };

    /// So few requests that a proxy has hardly found its size: the compiler that a reload runs
    /// leaves more behind than all of them.
    pub const QUICK: Self = Self {
        requests: 1_000,
        connections: 8,
        samples: 20,
        reloads: 3,
        allowed: 24 << 20,
    };

    /// How many bytes the proxy may have grown in a part.
    #[must_use]
    pub fn allowed(&self, part: Part) -> u64 {
        match part.has_both() {
            true => self.allowed,
            false => self.allowed / 3,
        }
    }

    /// How many requests a part has.
    #[must_use]
    pub fn of(&self, part: Part) -> u64 {
        match part {
            Part::Closed => self.requests,
            _ => (self.requests / 10).max(200),
        }
    }
}

/// Asks it all, in a folder that is emptied. `progress` is told how many requests of a part are
/// answered.
///
/// # Errors
///
/// A request is answered wrongly or not at all, or the proxy counted others than were asked.
pub async fn soak(
    folder: &Path,
    effort: &Effort,
    parts: &[Part],
    mut progress: impl FnMut(Part, u64),
) -> Result<Vec<Soak>> {
    let mut all = Vec::new();
    for part in parts.iter().copied() {
        let folder = folder.join(part.name().replace(' ', "-"));
        let done = run::run(&folder, part, effort, |done| progress(part, done)).await;
        all.push(done.with_context(|| format!("the part `{}`", part.name()))?);
    }
    Ok(all)
}
