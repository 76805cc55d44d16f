//! A host that has nothing to offer.

use abide::module::{Imports, Linker};

/// A host of guests that import nothing of it: what they have of WASI is granted as ever.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Nothing;

impl Imports for Nothing {
    fn offer(_: &mut Linker<'_, Self>) {}
}
