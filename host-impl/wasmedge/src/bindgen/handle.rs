//! A loaded guest, and its functions.

use std::path::Path;

use abide::module::{Imports, exports, visit};
use abide::{Builder, CallError, Result};

use super::args::Args;
use super::call::converse;
use super::results::Results;

/// Guests whose functions are those of `wasmedge-bindgen`.
#[abide::module_exports(allocate = ["allocate"])]
pub trait Guest {}

/// A guest whose functions are those of `wasmedge-bindgen`. It is cheap to clone, and can be used from
/// any number of threads.
#[derive(Debug, Clone)]
pub struct Bindgen {
    guest: Guest,
}

impl Bindgen {
    /// Loads a guest from a file. `host` offers what it imports: [`WasmEdge`](crate::WasmEdge), or
    /// [`Nothing`](crate::Nothing).
    ///
    /// # Errors
    /// The file cannot be read or is no module, or the module does not fit the host.
    pub fn load_module(path: impl AsRef<Path>, host: impl Imports) -> Result<Self> {
        Self::load_with(host, |builder| builder.load(path))
    }

    /// Loads a guest with limits, grants and whatever else there is to choose:
    ///
    /// ```no_run
    /// use abide::{Limits, Warm};
    /// use abide_wasmedge::{Bindgen, Nothing};
    ///
    /// # fn main() -> abide::Result<()> {
    /// let guest = Bindgen::load_with(Nothing, |builder| {
    ///     let builder = builder.limits(Limits::strict()).isolation(Warm::new());
    ///     builder.load("guest.wasm")
    /// })?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of [`load_module`](Self::load_module).
    pub fn load_with(
        host: impl Imports,
        load: impl FnOnce(Builder<Guest>) -> Result<Guest>,
    ) -> Result<Self> {
        let guest = load(Guest::builder(host))?;
        Ok(Self { guest })
    }

    /// Calls a function by its name, with a tuple of arguments; see [`Args`] and [`Results`] for their
    /// types.
    ///
    /// # Errors
    /// [`CallError::Guest`] is what the function returned as its error, or what the guest says of a
    /// number of arguments that is not the function's. Otherwise the call failed: with
    /// [`Misuse`](abide::Error::Misuse) if there is no such function, with
    /// [`AbiViolation`](abide::Error::AbiViolation) if it returned other types than asked for, or
    /// nonsense.
    pub fn call<R: Results>(
        &self,
        function: &str,
        args: impl Args,
    ) -> Result<R, CallError<String>> {
        call(&self.guest, function, &args)
    }

    /// Whether the guest exports a function of a name.
    pub fn has(&self, function: &str) -> bool {
        exports(&self.guest, function)
    }

    /// An instance of one's own, which keeps its memory from one call to the next.
    ///
    /// # Errors
    /// No instance could be had, or the guest failed while it started.
    pub fn session(&self) -> Result<Session> {
        let session = self.guest.session()?;
        Ok(Session { session })
    }

    /// The handle on the guest: with its counts, reloading, and whatever else handles have.
    pub fn guest(&self) -> &Guest {
        &self.guest
    }
}

impl From<Guest> for Bindgen {
    /// Calls what a handle is on, such as one that can be cancelled.
    fn from(guest: Guest) -> Self {
        Self { guest }
    }
}

/// One instance of a guest. Its calls come one after the other.
#[derive(Debug)]
pub struct Session {
    session: abide::Session<Guest>,
}

impl Session {
    /// Calls a function, as [`Bindgen::call`] does.
    ///
    /// # Errors
    /// Those of [`Bindgen::call`], or one of the instance's calls failed before: then it is gone.
    pub fn call<R: Results>(
        &self,
        function: &str,
        args: impl Args,
    ) -> Result<R, CallError<String>> {
        call(&self.session, function, &args)
    }

    /// Whether the instance is still there: after a call that failed it is not.
    pub fn is_alive(&self) -> bool {
        self.session.is_alive()
    }

    /// The instance's handle: its host and its memory can be looked at.
    pub fn session(&self) -> &abide::Session<Guest> {
        &self.session
    }
}

fn call<R: Results>(
    guest: &Guest,
    function: &str,
    args: &impl Args,
) -> Result<R, CallError<String>> {
    let args = args.list();
    let answer = visit(guest, function, |visit| converse(visit, function, &args))?;
    answer.map_err(CallError::Guest)
}
