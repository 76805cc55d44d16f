//! Drops things on threads of its own: what they keep of a host may take its time to be dropped,
//! and whoever wants them gone belongs to somebody else.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Condvar, Mutex, MutexGuard};

/// How long a thread stays that has nothing to drop.
const IDLE: Duration = Duration::from_millis(100);

/// What is to be dropped, and the threads that do so: as many as are held up at the same time.
#[derive(Default)]
pub(crate) struct Dropper {
    backlog: Arc<Backlog>,
}

#[derive(Default)]
struct Backlog {
    queue: Mutex<Queue>,
    more: Condvar,
}

#[derive(Default)]
struct Queue {
    things: VecDeque<Box<dyn Send>>,
    /// How many threads wait for something.
    idle: usize,
}

impl Dropper {
    /// Has something dropped, and does not wait for that.
    pub(crate) fn take(&self, thing: Box<dyn Send>) {
        let mut queue = self.backlog.queue.lock();
        queue.things.push_back(thing);
        if queue.idle >= queue.things.len() {
            self.backlog.more.notify_one();
            return;
        }
        drop(queue);
        let backlog = Arc::clone(&self.backlog);
        let thread = std::thread::Builder::new().name("abide-dropper".to_owned());
        if thread.spawn(move || backlog.work()).is_err() {
            // Where there are no more threads, it is better late than never.
            let thing = self.backlog.queue.lock().things.pop_front();
            drop(thing);
        }
    }
}

impl Backlog {
    fn work(&self) {
        let mut queue = self.queue.lock();
        loop {
            if let Some(thing) = queue.things.pop_front() {
                MutexGuard::unlocked(&mut queue, || drop(thing));
                continue;
            }
            queue.idle += 1;
            let timed_out = self.more.wait_for(&mut queue, IDLE).timed_out();
            queue.idle -= 1;
            if timed_out && queue.things.is_empty() {
                return;
            }
        }
    }
}

impl fmt::Debug for Dropper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dropper").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{self, Receiver, Sender};

    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    /// Tells when it is dropped, and stays until it may go.
    struct Thing(Sender<u32>, u32, Option<Receiver<()>>);

    impl Drop for Thing {
        fn drop(&mut self) {
            if let Some(may_go) = &self.2 {
                let _ = may_go.recv_timeout(LONG);
            }
            let _ = self.0.send(self.1);
        }
    }

    #[test]
    fn what_is_slow_to_drop_holds_up_nothing_else() {
        let dropper = Dropper::default();
        let (tell, told) = mpsc::channel();
        let (let_go, may_go) = mpsc::channel();
        dropper.take(Box::new(Thing(tell.clone(), 0, Some(may_go))));
        for number in 1..100 {
            dropper.take(Box::new(Thing(tell.clone(), number, None)));
        }
        let mut dropped: Vec<_> = (1..100).map(|_| told.recv_timeout(LONG)).collect();
        dropped.sort_by_key(|number| number.unwrap_or(0));
        assert!(dropped.iter().copied().eq((1..100).map(Ok)));
        assert!(let_go.send(()).is_ok());
        assert_eq!(told.recv_timeout(LONG), Ok(0));
    }
}
