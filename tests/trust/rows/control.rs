//! Calls that are cancelled, that wait for one another, and whose guest is replaced meanwhile.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use abide::{Blame, CancelHandle, Engine, Error, Result};

use crate::fault::{Act, Fault, faults};
use crate::rogue::{Rogue, Session};
use crate::setup::{Change, Policy, SMALL, Setup, component};

faults! {
    "Calls are cancelled, wait, and have their guest replaced";

    cancelled: Fault {
        name: "10,000 calls cancelled at random points",
        does: "spins, sleeps in the host, works or returns at once, in four threads, while another cancels each \
               call after up to 2 ms; what had an answer by then has the right one",
        ends: "Cancelled",
        blame: Blame::Caller,
        act: Act::Scene(|setup| {
            let guest = setup.load(|limits| limits, &[SMALL])?;
            let ended = thread::scope(|scope| {
                let threads: Vec<_> = (0..THREADS)
                    .map(|seed| scope.spawn({
                        let guest = &guest;
                        move || cancels(setup, guest, seed)
                    }))
                    .collect();
                threads.into_iter().try_for_each(|thread| joined(thread.join()))
            });
            ended?;
            Ok(spins_until_cancelled(setup, &guest))
        }),
        times: 10_000 / (THREADS * CALLS) as usize,
        ..Fault::USUAL
    },
    waiters_cancelled: Fault {
        name: "pool exhausted, waiters cancelled",
        does: "sessions hold all instances; of ten calls that wait for one, every second is cancelled and ends at \
               once, and the others are served when the sessions end",
        ends: "Cancelled",
        blame: Blame::Caller,
        act: Act::Scene(|setup| {
            let guest = setup.load(|limits| limits, &[SMALL])?;
            let all = exhaust(setup, &guest)?;
            thread::scope(|scope| {
                let waiters: Vec<_> = (0..10)
                    .map(|_| {
                        let (waiter, cancel) = guest.cancellable();
                        (scope.spawn(move || setup.first_call(&waiter)), cancel)
                    })
                    .collect();
                thread::sleep(Duration::from_millis(5));
                let (mut cancelled, mut served) = (Vec::new(), Vec::new());
                for (number, (waiter, cancel)) in waiters.into_iter().enumerate() {
                    match number % 2 {
                        0 => {
                            cancel.cancel();
                            cancelled.push(waiter);
                        }
                        _ => served.push(waiter),
                    }
                }
                let mut last = Ok(());
                for waiter in cancelled {
                    last = joined(waiter.join().map(Ok))?;
                    if !matches!(last, Err(Error::Cancelled { .. })) {
                        return Err(format!("a waiter that was cancelled got {last:?}"));
                    }
                }
                drop(all);
                for waiter in served {
                    joined(waiter.join().map(Ok))?.map_err(|error| error.to_string())?;
                }
                Ok(last)
            })
        }),
        times: 10,
        ..Fault::USUAL
    },
    waiters_time_out: Fault {
        name: "pool exhausted, nobody lets go",
        does: "sessions hold all instances; a call waits for one for 50 ms",
        ends: "Busy",
        blame: Blame::Resources,
        act: Act::Scene(|setup| {
            let wait = Duration::from_millis(50);
            let guest = setup.builder(Setup::limits().wait(wait)).load_bytes(component(&[SMALL]));
            let guest = guest.map_err(|error| error.to_string())?;
            let patient = setup.load(|limits| limits, &[SMALL])?;
            let _all = exhaust(setup, &patient)?;
            Ok(setup.first_call(&guest))
        }),
        times: 10,
        ..Fault::USUAL
    },
    many_memories_wait: Fault {
        name: "pool exhausted by guests with many memories",
        does: "two sessions of a guest with six memories hold nearly all that the engine has; a third waits for 50 ms, \
               and a guest with one memory is served",
        ends: "Busy",
        blame: Blame::Resources,
        act: Act::Scene(|setup| {
            let wait = Duration::from_millis(50);
            // Of its own, so that nobody else has any of its room.
            let engine = Engine::builder().instances(8).build().map_err(|error| error.to_string())?;
            let load = |limits, changes: &[Change<'_>]| {
                let guest = setup.builder(limits).engine(&engine).load_bytes(component(changes));
                guest.map_err(|error| error.to_string())
            };
            let memories = ("(; MEMORIES ;)", "(memory 0) (memory 0) (memory 0) (memory 0) (memory 0)");
            let many: Rogue = load(Setup::limits().wait(wait), &[SMALL, memories])?;
            let small: Rogue = load(Setup::limits(), &[SMALL])?;
            let held: Vec<_> = (0..2).map(|_| many.session()).collect::<Result<_>>().map_err(|error| error.to_string())?;
            let third = many.session().map(drop);
            if !matches!(&third, Err(Error::Busy { waited, .. }) if *waited == wait) {
                return Err(format!("the third came to {third:?}"));
            }
            setup.first_call(&small).map_err(|error| error.to_string())?;
            drop(held);
            Ok(third)
        }),
        times: 10,
        ..Fault::USUAL
    },
    reloaded: Fault {
        name: "reload under load",
        does: "is replaced four times, and once by a file that is no guest, while three threads call it: no call is \
               lost, and each that begins after a reload is served by the new guest",
        ends: crate::sort::FINE,
        act: Act::Scene(reloads),
        times: 4,
        ..Fault::USUAL
    },
}

/// How many threads make calls that are cancelled, and how many calls each makes in one go.
const THREADS: u32 = 4;
const CALLS: u32 = 250;

/// Makes calls of all sorts, each of which is cancelled at some point.
fn cancels(setup: &Setup, guest: &Rogue, seed: u32) -> Result<(), String> {
    let (send, receive) = mpsc::channel::<(CancelHandle, Duration)>();
    thread::scope(|scope| {
        scope.spawn(move || {
            for (cancel, delay) in receive {
                thread::sleep(delay);
                cancel.cancel();
            }
        });
        let mut random = Random(seed + 1);
        for number in 0..CALLS {
            let (guest, cancel) = guest.cancellable();
            let delay = Duration::from_micros(random.below(2000).into());
            // The other thread is gone only if it has panicked, which the scope tells.
            let _ = send.send((cancel, delay));
            let kind = random.below(16);
            let ended = match setup.way.policy {
                Policy::Fresh | Policy::Warm => one_of(kind, &guest, number),
                Policy::Session => guest.session().and_then(|own| one_of(kind, &own, number)),
            };
            match ended {
                Ok(true) | Err(Error::Cancelled { .. }) => {}
                other => return Err(format!("a call of the kind {kind} gave {other:?}")),
            }
        }
        drop(send);
        Ok(())
    })
}

/// A call of some sort: whether it gave what it had to.
fn one_of(kind: u32, guest: &Rogue, number: u32) -> Result<bool> {
    match kind {
        // Is right only if it is cancelled.
        0 => guest.spin().map(|()| false),
        1..4 => guest.nap(number % 3).map(|()| true),
        4..8 => guest.pass_same_lists(1000, 100).map(|()| true),
        8..12 => guest.add(number, 1).map(|sum| sum == number + 1),
        _ => guest.echo("echo").map(|text| text == "echo"),
    }
}

/// A call that is cancelled while it runs, in the same way each time.
fn spins_until_cancelled(setup: &Setup, guest: &Rogue) -> Result<()> {
    let (guest, cancel) = guest.cancellable();
    let session = match setup.way.policy {
        Policy::Session => Some(guest.session()?),
        Policy::Fresh | Policy::Warm => None,
    };
    thread::scope(|scope| {
        scope.spawn(move || {
            thread::sleep(Duration::from_millis(20));
            cancel.cancel();
        });
        session.as_deref().unwrap_or(&guest).spin()
    })
}

/// Holds every instance that the engine has, apart from that which the neighbour may hold for good.
fn exhaust(setup: &Setup, guest: &Rogue) -> Result<Vec<Session>, String> {
    let kept = usize::from(setup.way.policy == Policy::Session);
    let all = (kept..Setup::INSTANCES).map(|_| guest.session());
    all.collect::<Result<_>>()
        .map_err(|error| format!("not all instances can be had: {error}"))
}

/// A guest that counts from 1,000 on.
const OTHER: Change<'static> = (
    "(global $count (mut i32) (i32.const 0))",
    "(global $count (mut i32) (i32.const 1000))",
);

fn reloads(setup: &Setup) -> Result<Result<()>, String> {
    let guest = setup.load(|limits| limits, &[SMALL])?;
    let components = [component(&[SMALL]), component(&[SMALL, OTHER])];
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let callers: Vec<_> = (0..3)
            .map(|_| {
                scope.spawn(|| {
                    while !done.load(Ordering::Relaxed) {
                        setup
                            .first_call(&guest)
                            .map_err(|error| error.to_string())?;
                        thread::sleep(Duration::from_micros(200));
                    }
                    Ok(())
                })
            })
            .collect();
        let reloaded = (1..=4).try_for_each(|round| {
            let old = guest.session().map_err(|error| error.to_string())?;
            let new = &components[round % 2];
            guest.reload_bytes(new).map_err(|error| error.to_string())?;
            if let Ok(()) = guest.reload_bytes(&new[..new.len() / 2]) {
                return Err("half a guest was accepted".to_owned());
            }
            let session = guest.session().map_err(|error| error.to_string())?;
            let counts = (guest.count(), session.count(), old.count());
            let is = |count: &Result<u32>, of_other| {
                count
                    .as_ref()
                    .is_ok_and(|count| (*count > 1000) == of_other)
            };
            let of_other = round % 2 == 1;
            match is(&counts.0, of_other) && is(&counts.1, of_other) && is(&counts.2, !of_other) {
                true => Ok(()),
                false => Err(format!("after a reload, counts were {counts:?}")),
            }
        });
        done.store(true, Ordering::Relaxed);
        let callers = callers
            .into_iter()
            .map(|caller| joined(caller.join()))
            .collect::<Result<Vec<()>, String>>();
        reloaded.and(callers).map(|_| Ok(()))
    })
}

/// What a thread returned.
fn joined<T>(thread: thread::Result<Result<T, String>>) -> Result<T, String> {
    thread.unwrap_or_else(|_| Err("a thread panicked".to_owned()))
}

/// Numbers that look random and are the same in each run.
struct Random(u32);

impl Random {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0 % bound
    }
}
