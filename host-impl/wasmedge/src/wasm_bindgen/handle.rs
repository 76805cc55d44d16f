//! A loaded module, and its functions.

use std::path::Path;

use abide::module::{exports, visit};
use abide::{Builder, CallError, Result};

use super::args::Args;
use super::call::converse;
use super::javascript::JavaScript;
use super::output::Output;

/// Modules after wasm-bindgen's command line.
#[abide::module_exports(allocate = ["__wbindgen_malloc"], init = ["__wbindgen_start"])]
pub trait Guest {}

/// A module after wasm-bindgen's command line, of its targets `web`, `nodejs`, `bundler` and the like.
/// It is cheap to clone, and can be used from any number of threads.
///
/// ```no_run
/// use abide_wasmedge::WasmBindgen;
/// use abide_wasmedge::wasm_bindgen::Js;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let brotli = WasmBindgen::load_module("brotli_wasm_bg.wasm")?;
/// let options = Js::Json(r#"{"quality": 5}"#.to_owned());
/// let small: Vec<u8> = brotli.call("compress", (&b"aaaaaaaa"[..], options))?;
/// let large: Vec<u8> = brotli.call("decompress", (&small,))?;
/// # Ok(())
/// # }
/// ```
///
/// What a module imports is offered as far as errors and options need it. All else that it imports is
/// a stub: a module that calls one is ended, with an error that names it.
#[derive(Debug, Clone)]
pub struct WasmBindgen {
    guest: Guest,
}

impl WasmBindgen {
    /// Loads a module from a file.
    ///
    /// # Errors
    /// The file cannot be read or is no module, or the module imports what is no function.
    pub fn load_module(path: impl AsRef<Path>) -> Result<Self> {
        Self::load_with(|builder| builder.load(path))
    }

    /// Loads a module with limits and whatever else there is to choose.
    ///
    /// # Errors
    /// Those of [`load_module`](Self::load_module).
    pub fn load_with(load: impl FnOnce(Builder<Guest>) -> Result<Guest>) -> Result<Self> {
        let guest = load(Guest::builder(JavaScript::default()))?;
        Ok(Self { guest })
    }

    /// Calls a function by the name that it is exported under, with a tuple of arguments; see
    /// [`Args`] and [`Output`] for their types.
    ///
    /// # Errors
    /// [`CallError::Guest`] is the text of what the function throws: of its `Err`, where it returns a
    /// `Result`. Otherwise the call failed: with [`Misuse`](abide::Error::Misuse) if there is no such
    /// function, or one of another type.
    pub fn call<R: Output>(&self, function: &str, args: impl Args) -> Result<R, CallError<String>> {
        call(&self.guest, function, &args)
    }

    /// Whether the module exports a function of a name.
    pub fn has(&self, function: &str) -> bool {
        exports(&self.guest, function)
    }

    /// An instance of one's own, which keeps its memory from one call to the next.
    ///
    /// # Errors
    /// No instance could be had, or the module failed while it started.
    pub fn session(&self) -> Result<Session> {
        let session = self.guest.session()?;
        Ok(Session { session })
    }

    /// The handle on the module: with its counts, reloading, and whatever else handles have.
    pub fn guest(&self) -> &Guest {
        &self.guest
    }
}

impl From<Guest> for WasmBindgen {
    /// Calls what a handle is on, such as one that can be cancelled.
    fn from(guest: Guest) -> Self {
        Self { guest }
    }
}

/// One instance of a module. Its calls come one after the other.
#[derive(Debug)]
pub struct Session {
    session: abide::Session<Guest>,
}

impl Session {
    /// Calls a function, as [`WasmBindgen::call`] does.
    ///
    /// # Errors
    /// Those of [`WasmBindgen::call`], or one of the instance's calls failed before: then it is gone.
    pub fn call<R: Output>(&self, function: &str, args: impl Args) -> Result<R, CallError<String>> {
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

fn call<R: Output>(
    guest: &Guest,
    function: &str,
    args: &impl Args,
) -> Result<R, CallError<String>> {
    let args = args.list();
    let answer = visit(guest, function, |visit| converse(visit, function, &args))?;
    answer.map_err(CallError::Guest)
}
