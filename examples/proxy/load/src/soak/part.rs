//! The parts: which filters they have, what happens in them, and what they have to show.

use std::path::Path;

use abide_soak::Verdict;

use super::Effort;
use crate::filters::{COMPONENT, LEAKY, MODULE};

/// A part of the soak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Filters of both kinds, with traps and reloads: whoever traps is answered with 503, and
    /// nobody else.
    Closed,
    /// The same, but streams go on without a filter that traps, and others are on their way then.
    Open,
    /// A module that does not leak, in a VM that is never replaced.
    Sound,
    /// A module that leaks, in a VM that gives way to another with so much memory.
    Recycled,
    /// The same in a VM that is never replaced: it has to be seen.
    Leaky,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Closed,
        Self::Open,
        Self::Sound,
        Self::Recycled,
        Self::Leaky,
    ];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Closed => "fail closed",
            Self::Open => "fail open",
            Self::Sound => "0.2.5",
            Self::Recycled => "0.2.3 recycled",
            Self::Leaky => "0.2.3",
        }
    }

    /// What its memory has to do.
    #[must_use]
    pub fn expected(self) -> Verdict {
        match self {
            Self::Leaky => Verdict::Grows,
            _ => Verdict::Flat,
        }
    }

    /// Whether it has both filters, which trap and are replaced.
    pub(crate) fn has_both(self) -> bool {
        matches!(self, Self::Closed | Self::Open)
    }

    /// How long a field of each request is, in bytes. What a module leaks of all of them is far
    /// more than may be: that is what the control is for.
    pub(crate) fn padding(self, effort: &Effort) -> usize {
        let least = 3 * effort.allowed(self) / effort.of(self);
        match self.has_both() {
            true => 0,
            false => usize::try_from(least).unwrap_or(usize::MAX).max(100),
        }
    }

    /// The configuration of a round, in this folder.
    pub(super) fn config(self, folder: &Path, upstream: &str, round: u64) -> String {
        let filters = match self {
            Self::Closed => both(folder, round, "closed"),
            Self::Open => both(folder, round, "open"),
            Self::Sound => filter("module", &MODULE, round, "memory_mib = 2048"),
            Self::Recycled => filter("module", &LEAKY, round, RECYCLED),
            Self::Leaky => filter("module", &LEAKY, round, "memory_mib = 2048"),
        };
        format!("workers = 2\naccess_log = false\n{upstream}{filters}")
    }
}

/// When a module that leaks is to give way, well before it has all its memory.
const RECYCLED: &str = "vm_memory_mib = 2\nmemory_mib = 32";

/// A component before a module, of which there are two files each.
fn both(folder: &Path, round: u64, on_failure: &str) -> String {
    let more = format!("on_failure = '{on_failure}'");
    let one = |name: &str| {
        let file = folder.join(version(name, round));
        filter(name, &file, round, &more)
    };
    one("component") + &one("module")
}

fn filter(name: &str, file: &Path, round: u64, more: &str) -> String {
    // Who traps is told by the beginning of its configuration. There is time enough on machines
    // that do much else.
    format!(
        "[[filters]]\nname = {name:?}\nfile = {file:?}\nconfiguration = '{name}-{round}'\n\
         deadline_ms = 10_000\n{more}\n"
    )
}

/// The name of a filter's file in a round.
fn version(name: &str, round: u64) -> String {
    format!("{name}-{}.wasm", round % 2)
}

/// Puts two versions of each filter into a folder, which do the same and are not the same.
pub(super) fn lay_out(folder: &Path) -> std::io::Result<()> {
    for (name, file) in [("component", &COMPONENT), ("module", &MODULE)] {
        let mut bytes = std::fs::read(&**file)?;
        std::fs::write(folder.join(version(name, 0)), &bytes)?;
        // A section that means nothing: its kind, its size, the size of its name, its name.
        bytes.extend_from_slice(b"\0\x07\x06second");
        std::fs::write(folder.join(version(name, 1)), &bytes)?;
    }
    Ok(())
}
