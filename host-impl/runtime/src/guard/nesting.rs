//! How much of its stack a thread has left, and how much of it is promised to guests that it is in
//! the middle of calling.
//!
//! A host may call a guest from inside of an import of another. Every such call may stack up to the
//! engine's limit of guest frames on the thread's own stack, and a stack that overflows takes the
//! process down; so there is an end to it. Whatever else forbids a thread to call guests is found
//! here too, by the same comparison, so that it costs calls nothing.

use std::cell::Cell;
use std::marker::PhantomData;

use super::fork;
use super::thread_stack::{self, Bounds};

/// The most that guests may have of a thread's stack in all, in bytes. It leaves a quarter of the 2
/// MiB that Rust gives a thread to the host.
pub(crate) const MOST: usize = 1536 * 1024;

/// What is to be left for the host's functions that a guest calls when it has used all of its own,
/// in bytes.
const MARGIN: usize = 256 * 1024;

/// No address is as high.
const NOWHERE: usize = usize::MAX;

thread_local! {
    static THREAD: Thread = const {
        Thread {
            promised: Cell::new(0),
            floor: Cell::new(NOWHERE),
            bounds: Cell::new(None),
        }
    };
}

/// What is known of a thread.
struct Thread {
    /// What it has promised to guests, in bytes.
    promised: Cell<usize>,
    /// The lowest address that guests may get to; [`NOWHERE`] until that is known, and for good in
    /// a process that was forked.
    floor: Cell<usize>,
    /// Where its stack is: `None` if that is not known, or not yet.
    bounds: Cell<Option<Bounds>>,
}

/// Why a thread cannot call a guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// So many calls are all that may be inside of one another.
    TooDeep { limit: usize },
    /// It has too little of its stack left.
    SmallStack { left: usize, needed: usize },
    /// It is one of a process that was forked.
    Forked,
}

/// One call that this thread is in the middle of.
#[derive(Debug)]
pub(crate) struct Nested {
    stack: usize,
    // Counted on this thread, so it has to end on this thread.
    not_send: PhantomData<*const ()>,
}

impl Nested {
    /// One more call, of a guest that may have `stack` bytes, unless there is no room for it.
    #[inline]
    pub(crate) fn enter(stack: usize) -> Result<Self, Refused> {
        THREAD.with(|thread| {
            let with_this = thread.promised.get() + stack;
            let lowest = thread.floor.get().saturating_add(stack);
            if with_this > MOST || here() < lowest {
                thread.look_closely(stack, with_this)?;
            }
            thread.promised.set(with_this);
            Ok(Self {
                stack,
                not_send: PhantomData,
            })
        })
    }
}

impl Drop for Nested {
    #[inline]
    fn drop(&mut self) {
        THREAD.with(|thread| thread.promised.set(thread.promised.get() - self.stack));
    }
}

/// What is true for the code that is polled on a stack of its own, for the time of one poll: the
/// next may be on another thread.
///
/// Such a stack is that of one guest and 1.5 MiB more, like that of a thread. So what guests may
/// have of it in all is the same, and it is counted from there: what its thread has promised and
/// how deep it is do not matter here.
#[cfg(feature = "async")]
#[derive(Debug)]
pub(crate) struct Polling {
    promised: usize,
    floor: usize,
    // It is this thread's values that are put back.
    not_send: PhantomData<*const ()>,
}

#[cfg(feature = "async")]
impl Polling {
    /// A guest that may have `stack` bytes of a stack of its own goes on there.
    #[inline]
    pub(crate) fn enter(stack: usize) -> Self {
        THREAD.with(|thread| {
            let floor = match fork::has_happened() {
                true => NOWHERE,
                false => 0,
            };
            Self {
                promised: thread.promised.replace(stack),
                floor: thread.floor.replace(floor),
                not_send: PhantomData,
            }
        })
    }
}

#[cfg(feature = "async")]
impl Drop for Polling {
    #[inline]
    fn drop(&mut self) {
        THREAD.with(|thread| {
            thread.promised.set(self.promised);
            if !fork::has_happened() {
                thread.floor.set(self.floor);
            }
        });
    }
}

#[cfg(feature = "async")]
thread_local! {
    /// The sessions whose calls are being polled on this thread, the innermost last.
    static SESSIONS: std::cell::RefCell<Vec<usize>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// That a call of a session is being polled on this thread.
#[cfg(feature = "async")]
#[derive(Debug)]
pub(crate) struct Inside {
    // Counted on this thread, so it has to end on this thread.
    not_send: PhantomData<*const ()>,
}

#[cfg(feature = "async")]
impl Inside {
    /// A session is known by its address.
    pub(crate) fn enter(session: usize) -> Self {
        SESSIONS.with(|sessions| sessions.borrow_mut().push(session));
        let not_send = PhantomData;
        Self { not_send }
    }

    /// Whether what runs here was called by this session's guest, directly or through others.
    pub(crate) fn is(session: usize) -> bool {
        SESSIONS.with(|sessions| sessions.borrow().contains(&session))
    }
}

#[cfg(feature = "async")]
impl Drop for Inside {
    fn drop(&mut self) {
        SESSIONS.with(|sessions| sessions.borrow_mut().pop());
    }
}

impl Thread {
    /// Asks where the stack is, unless that is known.
    fn look(&self) {
        if self.floor.get() == NOWHERE {
            self.bounds.set(thread_stack::bounds());
            let floor = self.bounds.get().map_or(0, |bounds| bounds.low + MARGIN);
            self.floor.set(floor);
        }
    }

    /// Whether a call is to be refused that may be.
    #[cold]
    fn look_closely(&self, stack: usize, with_this: usize) -> Result<(), Refused> {
        if fork::has_happened() {
            return Err(Refused::Forked);
        }
        if with_this > MOST {
            let limit = MOST / stack;
            return Err(Refused::TooDeep { limit });
        }
        self.look();
        let here = here();
        match self.bounds.get() {
            // Who runs on a stack of their own making know how large it is.
            Some(Bounds { low, high }) if (low..high).contains(&here) => {
                let (left, needed) = (here - low, stack + MARGIN);
                match left < needed {
                    true => Err(Refused::SmallStack { left, needed }),
                    false => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }
}

/// Asks where this thread's stack is, while that is cheap: on Linux the C library reads through all
/// that a process has mapped to find that of its main thread, which takes 5 to 10 ms where an
/// engine has mapped its instances.
pub(crate) fn prepare() {
    if !fork::has_happened() {
        THREAD.with(Thread::look);
    }
}

/// An address in the frame of the caller: where its thread's stack has got to.
#[inline(always)]
fn here() -> usize {
    let local = 0_u8;
    std::ptr::from_ref(&local).addr()
}

/// Forbids this thread to call guests, in the process that was forked off with it. It runs between
/// `fork` and whatever comes next, where neither a lock may be taken nor memory be allocated.
pub(crate) extern "C" fn forbid_here() {
    // A thread that is about to end has no such values any more, and calls no guest.
    let _ = THREAD.try_with(|thread| thread.floor.set(NOWHERE));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_nest_up_to_a_limit_and_unnest() {
        // Rust's own default, whatever the environment says.
        let thread = std::thread::Builder::new().stack_size(2 * 1024 * 1024);
        let thread = thread.spawn(|| {
            let inside: Vec<_> = (0..3).map(|_| Nested::enter(MOST / 3)).collect();
            assert!(inside.iter().all(Result::is_ok));
            let limit = 3;
            assert_eq!(
                Nested::enter(MOST / 3).err(),
                Some(Refused::TooDeep { limit })
            );
            drop(inside);
            assert!(Nested::enter(MOST).is_ok());
        });
        assert!(thread.is_ok_and(|thread| thread.join().is_ok()));
    }

    #[cfg(any(target_os = "linux", target_os = "macos"))]
    #[test]
    fn a_thread_without_room_for_a_guest_calls_none() {
        const KIB: usize = 1024;
        // Threads may be given the stack of one that has ended, which may be up to four times as
        // large.
        for (stack, calls) in [
            (128, Some(false)),
            (512, None),
            (768, None),
            (1024, Some(true)),
        ] {
            let thread = std::thread::Builder::new().stack_size(stack * KIB);
            let thread = thread.spawn(move || {
                let entered = Nested::enter(512 * KIB).map(drop);
                let Some(bounds) = thread_stack::bounds() else {
                    panic!("it is not told");
                };
                let is_room = here() - bounds.low >= 512 * KIB + MARGIN;
                assert!(calls.is_none_or(|calls| calls == is_room));
                match entered {
                    Ok(()) => assert!(is_room),
                    Err(Refused::SmallStack { left, needed }) => {
                        assert!(!is_room && left < needed, "{left} {needed}");
                    }
                    Err(other) => panic!("{other:?}"),
                }
            });
            assert!(thread.is_ok_and(|thread| thread.join().is_ok()));
        }
    }
}
