//! A well-behaved guest on the same engine, which another thread calls while a fault happens.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{Scope, ScopedJoinHandle};
use std::time::{Duration, Instant};

use abide::Result;

use crate::rogue::{Rogue, Session};
use crate::setup::{Policy, Setup};

/// How long a neighbour may take for a call, before it counts as hanging.
const PATIENCE: Duration = Duration::from_secs(120);

/// What a neighbour's thread and the test tell each other.
#[derive(Default)]
pub(crate) struct Calls {
    made: AtomicUsize,
    stop: AtomicBool,
}

/// A thread that calls a guest over and over again.
pub(crate) struct Neighbour<'scope> {
    calls: &'scope Calls,
    thread: ScopedJoinHandle<'scope, Result<(), String>>,
}

impl<'scope> Neighbour<'scope> {
    pub(crate) fn start<'env>(
        scope: &'scope Scope<'scope, 'env>,
        setup: &Setup,
        guest: &Rogue,
        calls: &'scope Calls,
    ) -> Result<Self> {
        let guest = guest.clone();
        let session = match setup.way.policy {
            Policy::Session => Some(guest.session()?),
            Policy::Fresh | Policy::Warm => None,
        };
        let thread = scope.spawn(move || call(&guest, session.as_ref(), calls));
        Ok(Self { calls, thread })
    }

    /// Waits until it has made some more calls, or has ended because of a wrong one.
    pub(crate) fn keeps_calling(&self) -> Result<(), String> {
        let (start, enough) = (Instant::now(), self.calls.made.load(Ordering::Relaxed) + 3);
        while self.calls.made.load(Ordering::Relaxed) < enough && !self.thread.is_finished() {
            if start.elapsed() > PATIENCE {
                return Err("the neighbour hangs".to_owned());
            }
            std::thread::sleep(Duration::from_micros(100));
        }
        Ok(())
    }

    /// Stops the thread: what was wrong with its calls, if anything was.
    pub(crate) fn stop(self) -> Result<(), String> {
        self.calls.stop.store(true, Ordering::Relaxed);
        self.thread
            .join()
            .unwrap_or_else(|_| Err("the neighbour's thread panicked".to_owned()))
    }
}

fn call(guest: &Rogue, session: Option<&Session>, calls: &Calls) -> Result<(), String> {
    let guest = session.map_or(guest, |session| session);
    let mut number = 0;
    while !calls.stop.load(Ordering::Relaxed) {
        number += 1;
        let text = format!("call {number}");
        match (guest.add(number, 2), guest.echo(&text)) {
            (Ok(sum), Ok(answer)) if sum == number + 2 && answer == text => {}
            other => return Err(format!("{text} of the neighbour gave {other:?}")),
        }
        calls.made.fetch_add(1, Ordering::Relaxed);
        // There are few cores, and the fault needs one too.
        std::thread::sleep(Duration::from_micros(50));
    }
    Ok(())
}
