//! A loaded guest, and its calls.

use std::path::Path;

use abide::module::lend;
use abide::{Builder, Result};

use crate::Host;
use crate::exchange::Exchange;
use crate::imports::Env;

/// What guests export.
#[abide::module_exports(init = ["wapc_init"])]
pub trait Guest {
    /// Answers an operation, whose name and payload have these lengths. Whether it did.
    #[required]
    fn __guest_call(operation_len: u32, payload_len: u32) -> bool;
}

/// A guest of waPC. It is cheap to clone, and can be used from any number of threads.
#[derive(Debug, Clone)]
pub struct Wapc {
    guest: Guest,
}

impl Wapc {
    /// Loads a guest from its file, with everything at its default.
    ///
    /// `host` is cloned for every instance and serves what the guest calls.
    ///
    /// # Errors
    /// The file cannot be read or is no module, or the module is none of waPC.
    pub fn load_module(path: impl AsRef<Path>, host: impl Host) -> Result<Self> {
        Self::load_with(host, |builder| builder.load(path))
    }

    /// Loads a guest with limits, grants and whatever else there is to choose:
    ///
    /// ```no_run
    /// # use abide::Limits;
    /// # use abide_wapc::{Host, Wapc};
    /// # fn load(host: impl Host) -> abide::Result<()> {
    /// let guest = Wapc::load_with(host, |builder| builder.limits(Limits::strict()).load("guest.wasm"))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of [`load_module`](Self::load_module).
    pub fn load_with(
        host: impl Host,
        load: impl FnOnce(Builder<Guest>) -> Result<Guest>,
    ) -> Result<Self> {
        let guest = load(Guest::builder(Env(host)))?;
        Ok(Self { guest })
    }

    /// Has the guest answer an operation: its answer, or what it says why there is none.
    ///
    /// # Errors
    /// The call failed.
    pub fn call(
        &self,
        operation: &str,
        payload: &[u8],
    ) -> Result<std::result::Result<Vec<u8>, String>> {
        call(&self.guest, operation, payload)
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
    #[must_use]
    pub fn guest(&self) -> &Guest {
        &self.guest
    }
}

/// One instance of a guest. Its calls come one after the other.
#[derive(Debug)]
pub struct Session {
    session: abide::Session<Guest>,
}

impl Session {
    /// Has the guest answer an operation, as [`Wapc::call`] does.
    ///
    /// # Errors
    /// The call failed, or one before it: then the instance is gone.
    pub fn call(
        &self,
        operation: &str,
        payload: &[u8],
    ) -> Result<std::result::Result<Vec<u8>, String>> {
        call(&self.session, operation, payload)
    }

    /// Whether the instance is still there: after a call that failed it is not.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.session.is_alive()
    }
}

fn call(
    guest: &Guest,
    operation: &str,
    payload: &[u8],
) -> Result<std::result::Result<Vec<u8>, String>> {
    let exchange = Box::new(Exchange {
        operation: operation.as_bytes().to_vec(),
        payload: payload.to_vec(),
        ..Exchange::default()
    });
    // What is longer than that has no place in a guest: it is told when the guest asks for it.
    let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    let (operation_len, payload_len) = (length(&exchange.operation), length(&exchange.payload));
    let (exchange, answered) = lend(exchange, || guest.__guest_call(operation_len, payload_len));
    let Exchange {
        answer, refusal, ..
    } = exchange.map_or_else(Exchange::default, |exchange| *exchange);
    Ok(match answered? {
        true => Ok(answer.unwrap_or_default()),
        false => Err(refusal.unwrap_or_default()),
    })
}
