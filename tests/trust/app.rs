//! The host of all guests here, of both colours: its functions are written once.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use abide::{Error, Result};

use crate::rogue::{Rogue, Twin};
use crate::{host, host_async};

#[derive(Clone, Default)]
pub(crate) struct App {
    again: Arc<Mutex<Option<Rogue>>>,
    /// How often `nap` was called.
    naps: Arc<AtomicU32>,
    /// Only dropped, with the state of an instance.
    _lag: Lag,
}

/// What takes its time to be dropped: for as long as somebody else writes to what it shares.
#[derive(Clone, Default)]
struct Lag(Option<Arc<RwLock<()>>>);

impl Drop for Lag {
    fn drop(&mut self) {
        if let Some(gate) = &self.0 {
            drop(gate.read());
        }
    }
}

impl App {
    /// One whose clones cannot be dropped while somebody writes to `gate`.
    pub(crate) fn slow_to_drop(gate: &Arc<RwLock<()>>) -> Self {
        Self {
            _lag: Lag(Some(Arc::clone(gate))),
            ..Self::default()
        }
    }

    /// How often a guest has begun to sleep in the host.
    pub(crate) fn naps(&self) -> u32 {
        self.naps.load(Ordering::SeqCst)
    }

    /// The handle that the import `calls-back` calls.
    pub(crate) fn again(&self) -> MutexGuard<'_, Option<Rogue>> {
        self.again.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A resource of the host.
pub(crate) struct Thing;

/// Implements a colour's traits. `$waited` comes behind what is awaited, and `$sleep` sleeps.
macro_rules! of_colour {
    ($module:ident, $colour:ident, ($($async:ident)?), ($($waited:tt)*), $sleep:path) => {
        impl $module::App for App {
            type Thing = Thing;

            $($async)? fn thing_new(&mut self) -> Thing {
                Thing
            }

            $($async)? fn nap(&mut self, milliseconds: u32) {
                self.naps.fetch_add(1, Ordering::SeqCst);
                $sleep(Duration::from_millis(milliseconds.into())) $($waited)*;
            }

            $($async)? fn errs(&mut self) -> Result<()> {
                Err(Error::host("not on a Sunday"))
            }

            $($async)? fn panics(&mut self) {
                panic!("the clock fell off the wall");
            }

            $($async)? fn calls_back(&mut self) -> Result<()> {
                let again = self.again().clone();
                match again {
                    Some(Rogue(Twin::$colour(again))) => again.calls_back() $($waited)*,
                    _ => Ok(()),
                }
            }

            $($async)? fn hear(&mut self, _text: &str) {}

            $($async)? fn numbers(&mut self, _numbers: &[u32]) {}

            $($async)? fn lists(&mut self, _lists: Vec<Vec<u8>>) {}

            $($async)? fn words(&mut self, _words: Vec<&str>) {}
        }

        impl $module::app::Thing for Thing {
            $($async)? fn touch(&mut self) {}
        }
    };
}

of_colour!(host, Sync, (), (), std::thread::sleep);
of_colour!(host_async, Async, (async), (.await), tokio::time::sleep);
