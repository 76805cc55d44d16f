//! What generated code says about a world: its description, and how its exports are looked up.
//!
//! It describes what guests import and export. How they are called is up to a handle.

use super::check::Check;
use super::description::Description;

/// A world that guests are made for, implemented by the handle that `abide::abi!` generates for it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a world",
    note = "worlds are the handles that `abide::abi!` generates in its module `host`"
)]
pub trait World: Sized + Send + Sync + 'static {
    /// Its exports in one loaded component; in generated code a struct with an
    /// [`Export`](crate::__private::Export) each.
    type Exports: Send + Sync + 'static;

    /// What it is.
    const DESCRIPTION: &'static Description;

    /// Looks up the exports; `None` if one of them is missing or of another type.
    fn exports(check: &mut Check<'_>) -> Option<Self::Exports>;
}
