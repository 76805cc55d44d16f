//! The host and the guest of the soak: what is loaded, with which policy, and what the host keeps
//! back in the control.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use abide::{Engine, Isolation, Limits, Warm};
use abide_build::Target;
use anyhow::{Context as _, Result};
use parking_lot::Mutex;

use crate::effort::{Effort, TRAPS};

abide::abi!({ wit: "../wit", module: "host" });

pub(crate) use self::host::Soak as Guest;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Instances that are kept for further calls.
    Warm,
    /// A new instance for each call.
    Fresh,
    /// As warm, with a host that keeps something back on purpose.
    Control,
}

impl Subject {
    /// Its name in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Warm => "warm",
            Self::Fresh => "fresh",
            Self::Control => "control",
        }
    }

    /// How many calls are made of it.
    #[must_use]
    pub fn calls(self, effort: &Effort) -> u64 {
        match self {
            Self::Warm | Self::Control => effort.warm,
            Self::Fresh => effort.fresh,
        }
    }

    /// What the host keeps back in a call, in bytes; 0 unless it is the control.
    #[must_use]
    pub fn kept_in_a_call(self, effort: &Effort) -> f64 {
        match self {
            Self::Warm | Self::Fresh => 0.0,
            Self::Control => effort.kept as f64 / TRAPS as f64,
        }
    }

    fn isolation(self) -> Isolation {
        match self {
            Self::Warm | Self::Control => Warm::new().into(),
            Self::Fresh => Isolation::Fresh,
        }
    }
}

/// The host's state. Every instance has a clone of it, and all clones count in one place.
#[derive(Debug, Clone)]
pub(crate) struct App {
    seen: Arc<AtomicU64>,
    leak: Option<Leak>,
}

/// What the control's host keeps back.
#[derive(Debug, Clone)]
struct Leak {
    bytes: usize,
    kept: Arc<Mutex<Vec<Box<[u8]>>>>,
}

impl App {
    /// How often a guest has handed its payload over.
    pub(crate) fn seen(&self) -> u64 {
        self.seen.load(Ordering::Relaxed)
    }
}

impl host::SoakImports for App {
    fn seen(&mut self, payload: &[u8]) {
        let number = self.seen.fetch_add(1, Ordering::Relaxed);
        if let Some(leak) = &self.leak
            && number.is_multiple_of(TRAPS)
        {
            // The mistake that a host makes: what should end with the call goes where nothing ends.
            let part = payload.get(..leak.bytes).unwrap_or(payload);
            leak.kept.lock().push(part.into());
        }
    }
}

/// Compiles the guest, for the target without WASI.
pub(crate) fn build() -> Result<Vec<u8>> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = package.with_file_name("guest");
    // Where `cargo xtask guests` builds: all guests of the repository share their standard library.
    let shared = package.join("../../target/guests");
    let component = abide_build::guest(&folder)
        .target(Target::Unknown)
        .target_dir(shared)
        .show_output(true)
        .build()
        .with_context(|| format!("cannot build the guest in `{}`", folder.display()))?;
    std::fs::read(&component).with_context(|| format!("cannot read `{}`", component.display()))
}

/// Loads the guest on an engine of its own, so that nothing is left of what was measured before.
pub(crate) fn load(guest: &[u8], subject: Subject, effort: &Effort) -> Result<(Guest, App)> {
    let app = App {
        seen: Arc::default(),
        leak: (subject == Subject::Control).then(|| Leak {
            bytes: effort.kept,
            kept: Arc::default(),
        }),
    };
    // The default limits, but for time: on a machine that is busy with other things a thread may
    // have to wait for its turn, and that is no failure.
    let minute = Duration::from_secs(60);
    let guest = host::Soak::builder(app.clone())
        .name("soak")
        .engine(&Engine::new().context("cannot make an engine")?)
        .isolation(subject.isolation())
        .limits(Limits::default().deadline(minute).wait(minute))
        .load_bytes(guest)
        .context("cannot load the guest")?;
    Ok((guest, app))
}
