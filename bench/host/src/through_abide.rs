//! The calls through Abide, as a user of it writes them: the public API, with the limits that it
//! sets by default.

#[cfg(feature = "async")]
pub(crate) mod awaited;
pub(crate) mod filters;
pub(crate) mod flows;
pub(crate) mod held;
pub(crate) mod modules;

abide::abi!({ wit: "../wit", module: "through_abide" });

use std::path::Path;

use abide::{Artefacts, Builder, Engine, Limits, Warm};
use anyhow::{Context as _, Result};

pub(crate) use host::Bench;

/// The host: counts what it is given, which keeps the compiler from leaving anything out.
#[derive(Debug, Clone, Default)]
struct App {
    seen: u64,
}

impl host::Sink for App {
    fn take(&mut self, bytes: &[u8]) {
        self.seen = self.seen.wrapping_add(crate::cases::glance(bytes));
    }
}

/// Loads the guest.
pub(crate) fn load(guest: &[u8]) -> Result<Bench> {
    with(guest, |builder| builder)
}

/// Loads the guest, to be served by instances that are kept.
pub(crate) fn warm(guest: &[u8]) -> Result<Bench> {
    with(guest, |builder| builder.isolation(bounds()))
}

/// Loads the guest with every limit there is: for instances that are kept, and for new ones.
pub(crate) fn armed(guest: &[u8]) -> Result<(Bench, Bench)> {
    let limits = Limits::new().fuel(crate::by_hand::FUEL);
    let warm = with(guest, |builder| {
        builder.limits(limits.clone()).isolation(bounds())
    })?;
    let fresh = with(guest, |builder| builder.limits(limits))?;
    Ok((warm, fresh))
}

/// Loads the guest again and again, on an engine of its own.
#[derive(Debug)]
pub(crate) struct Loader {
    engine: Engine,
    artefacts: Option<Artefacts>,
}

impl Loader {
    /// With compiled code kept in `folder`, if there is one.
    pub(crate) fn new(folder: Option<&Path>) -> Result<Self> {
        Ok(Self {
            engine: Engine::new()?,
            artefacts: folder.map(Artefacts::in_folder).transpose()?,
        })
    }

    pub(crate) fn load(&self, guest: &[u8]) -> Result<Bench> {
        with(guest, |builder| {
            let builder = builder.engine(&self.engine);
            match &self.artefacts {
                Some(artefacts) => builder.artefacts(artefacts),
                None => builder,
            }
        })
    }
}

/// Instances are replaced as seldom as they can be: what a new one costs is measured by itself.
fn bounds() -> Warm {
    Warm::new().max_calls(u64::MAX)
}

fn with(guest: &[u8], choose: impl FnOnce(Builder<Bench>) -> Builder<Bench>) -> Result<Bench> {
    choose(host::Bench::builder(App::default()).name("bench"))
        .load_bytes(guest)
        .context("Abide cannot load the guest")
}
