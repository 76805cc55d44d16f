//! A guest that is a module is visited: called by names that are chosen at run time.
//!
//! It knows the order in which that is done, and nothing of what each step does.

use super::handle::Handle;
use super::lease::{Lease, ServedBy};
use super::world_handle::WorldHandle;
use crate::call::visit::Visit;
use crate::error::Result;
use crate::error::fault::Fault;
use crate::load::world::World;
use crate::store::module::Stop;
use crate::values::signature::Function;

/// Calls a guest that is a module by a name which is chosen at run time, as one call: what it exports
/// is called, and its memory read and written, in whatever order the ABI has. There is an example at
/// `abide::module_exports`.
///
/// All of it has the time and the limits of one call, and one instance, as the guest's handle or
/// session has it. `function` is what the call is called in errors, spans and counts.
///
/// # Errors
/// Whatever can happen to a call; [`Misuse`](crate::Error::Misuse) if the guest exports no function of
/// that name, as [`exports`] says before. [`AbiViolation`](crate::Error::AbiViolation) for what the
/// visit finds no good; the instance is gone then, as it is after any other error. An answer that is
/// not to end the guest is a value.
pub fn visit<W: WorldHandle, R>(
    guest: &W,
    function: &str,
    visit: impl FnOnce(&mut Visit<'_>) -> std::result::Result<R, Stop>,
) -> Result<R> {
    guest.handle().visit(function, visit)
}

/// Whether a guest is a module that exports a function of a name. One that takes its place later may
/// not.
pub fn exports<W: WorldHandle>(guest: &W, function: &str) -> bool {
    guest.handle().loaded().plan.exports_function(function)
}

impl<W: World> Handle<W> {
    fn visit<R>(
        &self,
        name: &str,
        visit: impl FnOnce(&mut Visit<'_>) -> std::result::Result<R, Stop>,
    ) -> Result<R> {
        let loaded = self.loaded();
        if !loaded.plan.exports_function(name) {
            let problem = "it exports no function of that name".into();
            return Err(Fault::Misuse { problem }.during(loaded.guest(), &untrusted(name)));
        }
        let function = Function::named(name);
        let mut out = None;
        let mut lease = Lease::take(self, function, ServedBy::Any);
        let outcome = lease.visit(visit, &mut out);
        lease.settle(outcome)?;
        out.ok_or_else(|| self.without_result(function))
    }
}

/// A name that may come from anywhere, as an error shows it.
fn untrusted(name: &str) -> Box<str> {
    crate::error::untrusted::line(name, 100)
}
