//! All parts of a soak, one after the other.

use anyhow::Result;

use crate::effort::Effort;
use crate::host::{self, Subject};
use crate::run;
use crate::verdict::Judged;

/// What came of a soak.
#[derive(Debug, Clone)]
pub struct Soak {
    /// How much was done.
    pub effort: Effort,
    /// Warm, fresh, and last the control, which leaves the process large.
    pub parts: Vec<Judged>,
}

impl Soak {
    /// What is wrong; nothing if the parts are flat and the control is not.
    #[must_use]
    pub fn complaints(&self) -> Vec<String> {
        self.parts.iter().filter_map(Judged::complaint).collect()
    }
}

/// Builds the guest and makes all calls. `progress` gets each part and how many of its calls are
/// made.
///
/// # Errors
/// The guest cannot be built, the memory of this process cannot be measured, or a call ended in
/// another way than it was told to. That the process grows is no error here: see
/// [`Soak::complaints`].
pub fn soak(effort: &Effort, mut progress: impl FnMut(Subject, u64)) -> Result<Soak> {
    // Before the guest is built, which takes longer than to find out that there is nothing to
    // measure with.
    crate::memory::resident()?;
    let guest = host::build()?;
    let mut parts = Vec::new();
    for subject in [Subject::Warm, Subject::Fresh, Subject::Control] {
        let outcome = run::run(&guest, subject, effort, |calls| progress(subject, calls))?;
        parts.push(Judged::new(outcome, effort)?);
    }
    Ok(Soak {
        effort: *effort,
        parts,
    })
}
