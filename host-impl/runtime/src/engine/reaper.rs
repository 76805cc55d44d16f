//! Takes parked instances away: those that were idle for too long, and others where there is no
//! room.

use std::fmt;
use std::sync::{Arc, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

use parking_lot::{Condvar, Mutex};

use super::dropper::Dropper;
use crate::error::{Error, Result};
use crate::guard::fork;

/// How often idle instances are looked for.
const ROUND: Duration = Duration::from_millis(250);

/// A place where instances are parked.
pub(crate) trait Parking: Send + Sync {
    /// Takes out the instances that were parked for too long.
    fn reap(&self) -> Vec<Box<dyn Send>>;

    /// Takes out one parked instance, if there is one, to make room.
    fn evict(&self) -> Option<Box<dyn Send>>;
}

/// All that is parked on one engine.
#[derive(Default)]
pub(crate) struct Reaper {
    known: Arc<Known>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct Known {
    parkings: Mutex<Vec<Weak<dyn Parking>>>,
    /// Dropping an instance runs code of its host. Others are not to wait for that.
    dropper: Dropper,
    stopped: Mutex<bool>,
    stop: Condvar,
}

impl Known {
    /// Those that are still there. They are used without the lock.
    fn alive(&self) -> Vec<Arc<dyn Parking>> {
        let mut parkings = self.parkings.lock();
        parkings.retain(|parking| parking.strong_count() > 0);
        parkings.iter().filter_map(Weak::upgrade).collect()
    }

    fn reap(&self) {
        for parking in self.alive() {
            let instances = parking.reap();
            instances
                .into_iter()
                .for_each(|instance| self.dropper.take(instance));
        }
    }
}

impl Reaper {
    /// Looks after `parking` for as long as it is there.
    ///
    /// # Errors
    /// [`Error::Engine`] if the thread for it cannot be started.
    pub(crate) fn add(&self, parking: Weak<dyn Parking>) -> Result<()> {
        self.known.parkings.lock().push(parking);
        let mut thread = self.thread.lock();
        if thread.is_some() {
            return Ok(());
        }
        let known = Arc::clone(&self.known);
        let started = std::thread::Builder::new()
            .name("abide-reaper".to_owned())
            .spawn(move || {
                let mut stopped = known.stopped.lock();
                while !*stopped {
                    known.stop.wait_for(&mut stopped, ROUND);
                    if !*stopped {
                        // An engine that ends has to be able to say so.
                        parking_lot::MutexGuard::unlocked(&mut stopped, || {
                            known.reap();
                        });
                    }
                }
            })
            .map_err(|error| Error::Engine {
                reason: Box::from(
                    "the thread that ends idle instances could not be started; \
                     check the limit on threads of this process (`ulimit -u`)",
                ),
                source: Box::new(error),
            })?;
        *thread = Some(started);
        Ok(())
    }

    /// Ends one parked instance of whatever guest has one, soon, and says whether there was one.
    pub(crate) fn make_room(&self) -> bool {
        let alive = self.known.alive();
        match alive.iter().find_map(|parking| parking.evict()) {
            Some(instance) => {
                self.known.dropper.take(instance);
                true
            }
            None => false,
        }
    }
}

impl Drop for Reaper {
    fn drop(&mut self) {
        // The thread is not in a process that was forked, and would be waited for in vain.
        if fork::has_happened() {
            return std::mem::forget(self.thread.get_mut().take());
        }
        *self.known.stopped.lock() = true;
        self.known.stop.notify_one();
        if let Some(thread) = self.thread.get_mut().take()
            // The last of an engine may go with the last parked instance, on the very thread.
            && thread.thread().id() != std::thread::current().id()
        {
            // What runs there catches the panics of what it drops, and a drop could not report one.
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Reaper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reaper").finish_non_exhaustive()
    }
}
