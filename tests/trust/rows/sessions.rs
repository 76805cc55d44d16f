//! Sessions that are not to be opened, and resources that take their time to be released.

use std::thread;
use std::time::{Duration, Instant};

use abide::{Blame, Breaker, Error, Result};

use crate::fault::{Act, Fault, faults};
use crate::rogue::{Rogue, Session, Slow};
use crate::setup::{SMALL, Setup, component};

/// Whose destructor never returns.
const FOR_EVER: u32 = u32::MAX;

/// Whose destructor takes more than half of [`DEADLINE`](crate::fault::DEADLINE).
const LONG: u32 = 60;

faults! {
    "Sessions are opened, and resources released";

    cancelled: Fault {
        name: "session of a cancelled handle",
        does: "is not asked: a handle is cancelled, and then a session is to be opened",
        ends: "Cancelled",
        blame: Blame::Caller,
        act: Act::Scene(|setup| {
            let guest = setup.load(|limits| limits, &[SMALL])?;
            let (handle, cancel) = guest.cancellable();
            cancel.cancel();
            let ended = handle.session().map(drop);
            served(setup, &guest)?;
            Ok(ended)
        }),
        times: 10,
        ..Fault::USUAL
    },
    cannot_start: Fault {
        name: "sessions that cannot start",
        does: "stops when it starts; after two sessions a breaker that never closes refuses the third, and calls",
        ends: "BreakerOpen",
        blame: Blame::Resources,
        act: Act::Scene(|setup| {
            let breaker = Breaker::new().failures(2).backoff(Duration::MAX, Duration::MAX);
            let guest = setup.builder(Setup::limits()).breaker(breaker);
            let guest: Result<Rogue> = guest.load_bytes(component(&[("(; START ;)", "(unreachable)")]));
            let guest = guest.map_err(|error| error.to_string())?;
            for _ in 0..2 {
                let stopped = guest.session().map(drop);
                if !matches!(stopped, Err(Error::Trap { .. })) {
                    return Err(format!("a session came to {stopped:?}"));
                }
            }
            let call = guest.count();
            if !matches!(call, Err(Error::BreakerOpen { .. })) {
                return Err(format!("a call came to {call:?}"));
            }
            Ok(guest.session().map(drop))
        }),
        times: 10,
        ..Fault::USUAL
    },
    slow_destructors: Fault {
        name: "slow destructors",
        does: "takes more than half of its deadline for each of ten destructors; three of them are all that it may, \
               then the session is over",
        ends: "Discarded",
        blame: Blame::Caller,
        act: Act::Scene(|setup| {
            let (session, all) = with_resources(setup, Fault::SLOW.limits, LONG)?;
            drop(all);
            Ok(session.count().map(drop))
        }),
        ..Fault::SLOW
    },
    slow_destructors_after_a_call: Fault {
        name: "slow destructors after a call",
        does: "takes more than half of its deadline for each of ten destructors, which run after a call, because \
               another thread drops the resources meanwhile",
        ends: "Discarded",
        blame: Blame::Caller,
        act: Act::Scene(|setup| {
            let (session, all) = with_resources(setup, Fault::SLOW.limits, LONG)?;
            let before = setup.app.naps();
            thread::scope(|scope| {
                scope.spawn(|| {
                    // Not before the call has the session, if it gets so far.
                    let begun = Instant::now();
                    while setup.app.naps() == before && begun.elapsed() < Duration::from_secs(10) {
                        thread::yield_now();
                    }
                    drop(all);
                });
                session.nap_last(5)
            })
            .map_err(|error| format!("the call failed: {error}"))?;
            Ok(session.count().map(drop))
        }),
        ..Fault::SLOW
    },
    endless_destructor: Fault {
        name: "endless destructor, cancelled",
        does: "never returns from a destructor; the handle that the resource came from is cancelled",
        ends: "Discarded",
        blame: Blame::Caller,
        act: Act::Scene(|setup| {
            let guest = setup.load(|limits| limits, &[SMALL])?;
            let session = guest.session().map_err(|error| error.to_string())?;
            let (handle, cancel) = session.cancellable();
            let slow = handle.slow(FOR_EVER).map_err(|error| error.to_string())?;
            thread::scope(|scope| {
                scope.spawn(move || {
                    thread::sleep(Duration::from_millis(10));
                    cancel.cancel();
                });
                slow.release();
            });
            Ok(session.count().map(drop))
        }),
        times: 6,
        ..Fault::USUAL
    },
    destructor_of_a_cancelled_handle: Fault {
        name: "destructor of a cancelled handle",
        does: "would never return from a destructor, but the handle was cancelled before: the session is as it was, \
               and released as a whole later",
        ends: crate::sort::FINE,
        act: Act::Scene(|setup| {
            let guest = setup.load(|limits| limits, &[SMALL])?;
            let session = guest.session().map_err(|error| error.to_string())?;
            let (handle, cancel) = session.cancellable();
            let slow = handle.slow(FOR_EVER).map_err(|error| error.to_string())?;
            cancel.cancel();
            slow.release();
            match session.is_alive() {
                true => Ok(Ok(())),
                false => Err("the session is over".to_owned()),
            }
        }),
        times: 10,
        ..Fault::USUAL
    },
}

/// A session and ten resources of it, whose destructors take so many milliseconds each.
fn with_resources(
    setup: &Setup,
    limits: fn(abide::Limits) -> abide::Limits,
    milliseconds: u32,
) -> Result<(Session, Vec<Slow>), String> {
    let guest = setup.load(limits, &[SMALL])?;
    // A busy machine may be late to start one.
    let mut session = guest.session();
    while let Err(Error::Timeout { .. }) = session {
        session = guest.session();
    }
    let session = session.map_err(|error| error.to_string())?;
    let all: Result<Vec<_>> = (0..10).map(|_| session.slow(milliseconds)).collect();
    Ok((session, all.map_err(|error| error.to_string())?))
}

/// Whether a guest is served as if nothing had been.
fn served(setup: &Setup, guest: &Rogue) -> Result<(), String> {
    let called = setup.first_call(guest);
    called.map_err(|error| format!("the next call failed: {error}"))
}
