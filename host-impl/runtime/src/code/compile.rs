//! Running compilations: on threads of their own, a bounded number at a time, waited for no longer
//! than the one who asked has time.
//!
//! A compilation cannot be interrupted, only left alone: so there is a bound.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use parking_lot::{Condvar, Mutex};

use crate::error::panic::message;
use crate::error::untrusted;

/// The stack of a thread that compiles, in bytes.
///
/// How deep the compiler recurses is up to the component. What can be nested, it bounds or keeps on
/// the heap; this leaves it several times what the deepest input of the tests needs. Only what is
/// used is backed by memory.
const STACK: usize = 16 * 1024 * 1024;

/// The most threads that one compilation is spread over.
const MOST_THREADS: usize = 8;

/// How much of the message of a compiler's panic is kept, in bytes: names of the component may be
/// in it.
const LONGEST_PANIC: usize = 2_000;

/// The compilations of this process.
pub(crate) static PROCESS: Compilers = Compilers::new(8, 8);

/// How many compilations may run at the same time, and how many do.
///
/// One that is given up makes room for another one, so that a guest that the compiler does not come
/// to an end with keeps no other from being loaded. It still costs what it costs, so that there is
/// a bound on those too: what is given up beyond it keeps its place until it ends.
pub(crate) struct Compilers {
    counts: Mutex<Counts>,
    returned: Condvar,
    /// How many may run for somebody.
    most: usize,
    /// How many may run beside those for nobody.
    most_given_up: usize,
}

#[derive(Debug, Clone, Copy)]
struct Counts {
    running: usize,
    /// Those of them that nobody waits for any more.
    given_up: usize,
}

/// The answer where no compilation can be started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AllBusy {
    pub(crate) running: usize,
    pub(crate) given_up: usize,
}

impl Compilers {
    const fn new(most: usize, most_given_up: usize) -> Self {
        Self {
            counts: Mutex::new(Counts {
                running: 0,
                given_up: 0,
            }),
            returned: Condvar::new(),
            most,
            most_given_up,
        }
    }

    /// Whether there is no room for another one.
    fn is_full(&self, counts: Counts) -> bool {
        let aside = counts.given_up.min(self.most_given_up);
        counts.running - aside >= self.most
    }

    /// The right to run one compilation, once there is one. It is not waited for later than
    /// `until`, and not at all if it can only come from compilations that were given up.
    pub(crate) fn turn(&'static self, until: Option<Instant>) -> Result<Turn, AllBusy> {
        let mut counts = self.counts.lock();
        while self.is_full(*counts) {
            // Those that are given up may never end.
            let in_time = counts.given_up < counts.running
                && match until {
                    None => {
                        self.returned.wait(&mut counts);
                        true
                    }
                    Some(until) => !self.returned.wait_until(&mut counts, until).timed_out(),
                };
            if !in_time && self.is_full(*counts) {
                return Err(AllBusy {
                    running: counts.running,
                    given_up: counts.given_up,
                });
            }
        }
        counts.running += 1;
        Ok(Turn {
            of: self,
            given_up: false,
        })
    }
}

/// The right to run one compilation, given back when dropped.
pub(crate) struct Turn {
    of: &'static Compilers,
    given_up: bool,
}

impl Turn {
    /// Counts the compilation as one that nobody waits for. It stays so even if somebody waits
    /// again later.
    fn give_up(&mut self) {
        if !self.given_up {
            self.given_up = true;
            self.of.counts.lock().given_up += 1;
            // Whoever waits for a place may have one now, or no reason to wait any more.
            self.of.returned.notify_all();
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut counts = self.of.counts.lock();
        counts.running -= 1;
        counts.given_up -= usize::from(self.given_up);
        self.of.returned.notify_all();
    }
}

/// One compilation, which any number of threads may wait for.
pub(crate) struct Job<T> {
    state: Mutex<JobState<T>>,
    done: Condvar,
}

struct JobState<T> {
    outcome: Option<T>,
    /// Until there is an outcome.
    turn: Option<Turn>,
    waiting: usize,
}

impl<T: Clone> Job<T> {
    pub(crate) fn new(turn: Turn) -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::new(JobState {
                outcome: None,
                turn: Some(turn),
                waiting: 0,
            }),
            done: Condvar::new(),
        })
    }

    /// Hands the outcome to all who wait.
    pub(crate) fn finish(&self, outcome: T) {
        let mut state = self.state.lock();
        state.outcome = Some(outcome);
        state.turn = None;
        self.done.notify_all();
    }

    /// The outcome, or `None` if there is none at `until`. If nobody else waits, the job is then
    /// given up.
    pub(crate) fn wait(&self, until: Option<Instant>) -> Option<T> {
        let mut state = self.state.lock();
        state.waiting += 1;
        let unfinished = |state: &mut JobState<T>| state.outcome.is_none();
        match until {
            None => self.done.wait_while(&mut state, unfinished),
            Some(until) => {
                self.done.wait_while_until(&mut state, unfinished, until);
            }
        }
        state.waiting -= 1;
        let outcome = state.outcome.clone();
        if outcome.is_none()
            && state.waiting == 0
            && let Some(turn) = &mut state.turn
        {
            turn.give_up();
        }
        outcome
    }
}

#[cfg(test)]
impl<T> Job<T> {
    /// How many wait for it.
    pub(crate) fn waiting(&self) -> usize {
        self.state.lock().waiting
    }
}

impl<T> fmt::Debug for Job<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job").finish_non_exhaustive()
    }
}

/// Runs `work` on new threads: on one, and what it does with `rayon` on all of them.
///
/// They are not the ones that rayon shares in the process. There, compilations that were given up
/// would keep all others from getting anywhere.
pub(crate) fn spawn(
    work: impl FnOnce() + Send + 'static,
) -> Result<(), rayon::ThreadPoolBuildError> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads.min(MOST_THREADS))
        .stack_size(STACK)
        .thread_name(|index| format!("abide-compile-{index}"))
        .build()?;
    pool.spawn(work);
    // The threads end once the work is done: dropping a pool does not wait for it and does not stop
    // it.
    Ok(())
}

/// What `work` returns, or the message of its panic.
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, Arc<str>> {
    // What the panic interrupted is dropped with it: nobody sees it half done.
    catch_unwind(AssertUnwindSafe(work))
        .map_err(|panic| Arc::from(untrusted::line(message(&*panic), LONGEST_PANIC)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::time::Duration;

    fn soon() -> Option<Instant> {
        Some(Instant::now() + Duration::from_millis(1))
    }

    #[test]
    fn a_job_that_is_given_up_keeps_its_place_until_it_ends() {
        static TWO: Compilers = Compilers::new(2, 0);
        let turn = || TWO.turn(soon());
        let (first, second) = (Job::new(turn().unwrap()), Job::new(turn().unwrap()));
        let full = |given_up| AllBusy {
            running: 2,
            given_up,
        };
        assert_eq!(turn().err(), Some(full(0)));
        assert_eq!(first.wait(soon()), None);
        assert_eq!(turn().err(), Some(full(1)));
        // Given up once, however often it is waited for.
        assert_eq!(first.wait(soon()), None);
        assert_eq!(second.wait(soon()), None);
        // Now there is nothing to wait for, however much time there is.
        assert_eq!(TWO.turn(None).err(), Some(full(2)));
        first.finish(1);
        assert_eq!(first.wait(None), Some(1));
        assert!(turn().is_ok());
        second.finish(2);
        let Counts { running, given_up } = *TWO.counts.lock();
        assert_eq!((running, given_up), (0, 0));
    }

    #[test]
    fn what_is_given_up_makes_room_up_to_a_bound() {
        static TWO: Compilers = Compilers::new(2, 1);
        let job = || Job::<()>::new(TWO.turn(soon()).unwrap());
        let (first, second) = (job(), job());
        assert!(TWO.turn(soon()).is_err());
        assert_eq!(first.wait(soon()), None);
        let third = job();
        assert!(TWO.turn(soon()).is_err());
        // No room for a second one aside: it keeps its place.
        assert_eq!(second.wait(soon()), None);
        let full = AllBusy {
            running: 3,
            given_up: 2,
        };
        assert_eq!(TWO.turn(soon()).err(), Some(full));
        first.finish(());
        let fourth = job();
        for job in [second, third, fourth] {
            job.finish(());
        }
        assert_eq!(TWO.counts.lock().running, 0);
    }

    #[test]
    fn whoever_waits_for_a_place_gets_that_of_one_that_is_given_up() {
        static ONE: Compilers = Compilers::new(1, 1);
        let job: Arc<Job<()>> = Job::new(ONE.turn(None).unwrap());
        let waiter = std::thread::spawn(|| ONE.turn(None).is_ok());
        assert_eq!(job.wait(soon()), None);
        assert!(waiter.join().unwrap());
    }

    #[test]
    fn whoever_waits_for_a_place_learns_that_none_will_come() {
        static ONE: Compilers = Compilers::new(1, 0);
        let job: Arc<Job<()>> = Job::new(ONE.turn(None).unwrap());
        let waiter = std::thread::spawn(|| ONE.turn(None).err());
        assert_eq!(job.wait(soon()), None);
        let busy = AllBusy {
            running: 1,
            given_up: 1,
        };
        assert_eq!(waiter.join().unwrap(), Some(busy));
    }

    #[test]
    fn a_job_is_not_given_up_while_somebody_has_time() {
        static ONE: Compilers = Compilers::new(1, 0);
        let job = Job::new(ONE.turn(None).unwrap());
        let patient = std::thread::spawn({
            let job = Arc::clone(&job);
            move || job.wait(None)
        });
        while job.waiting() == 0 {
            std::thread::yield_now();
        }
        assert_eq!(job.wait(soon()), None);
        assert_eq!(ONE.counts.lock().given_up, 0);
        job.finish("done");
        assert_eq!(patient.join().unwrap(), Some("done"));
    }

    #[test]
    fn work_runs_on_threads_with_a_name_and_a_panic_is_a_message() {
        let (send, receive) = mpsc::channel();
        spawn(move || {
            let name = std::thread::current().name().map(str::to_owned);
            let panic = caught(|| panic!("too {}", "much"));
            let _ = send.send((name, panic));
        })
        .unwrap();
        let (name, panic): (_, Result<(), _>) = receive.recv().unwrap();
        assert!(name.is_some_and(|name| name.starts_with("abide-compile-")));
        assert_eq!(panic, Err(Arc::from("too much")));
    }
}
