//! Threads that have little stack, processes without threads, and tenants that hold one another up.

use std::sync::{Arc, RwLock, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use abide::{Engine, Error, Result, TrapKind, Warm};

use crate::app::App;
use crate::fault::{Act, Fault, faults};
use crate::rogue::{Builder, Rogue};
use crate::setup::{Colour, SMALL, Setup, component};

faults! {
    "Threads, processes, and who waits for whom";

    small_stack: Fault {
        name: "thread with a small stack",
        does: "is called on a thread of 128 KiB, and would recurse without end: refused with `SmallStack`, where the \
               system tells how large a stack is; a guest of `host_async` has a stack of its own, and stops at its end",
        ends: crate::sort::FINE,
        act: Act::Scene(|setup| {
            let guest = setup.load(|limits| limits, &[SMALL])?;
            let small = thread::Builder::new().stack_size(128 << 10);
            let ended = small.spawn(move || guest.recurse());
            let ended = ended.map(thread::JoinHandle::join).map_err(|error| error.to_string())?;
            match (ended, setup.way.colour) {
                (Ok(Err(Error::SmallStack { left, needed, .. })), Colour::Sync) if left < needed => Ok(Ok(())),
                (Ok(Err(Error::Trap { kind: TrapKind::StackOverflow, .. })), Colour::Async) => Ok(Ok(())),
                (other, _) => Err(format!("it came to {other:?}")),
            }
        }),
        ..Fault::USUAL
    },
    forked: Fault {
        name: "process forked",
        does: "would never return, in a process that was forked off: refused with `Forked` there, in a session that \
               was open as well",
        ends: crate::sort::FINE,
        act: Act::Scene(|setup| {
            let guest = setup.load(|limits| limits, &[SMALL])?;
            let session = guest.session().map_err(|error| error.to_string())?;
            in_fork(|| {
                let is_refused = |ended: Result<()>| matches!(ended, Err(Error::Forked));
                is_refused(guest.spin())
                    && is_refused(session.spin())
                    && is_refused(guest.session().map(drop))
                    && is_refused(Engine::new().map(drop))
                    && is_refused(guest.reload_bytes(component(&[SMALL])))
            })?;
            Ok(Ok(()))
        }),
        times: 5,
        ..Fault::USUAL
    },
    large_waits: Fault {
        name: "a large guest waits",
        does: "has 14 memories and waits for three sessions to end; other guests, for which there is room, are served \
               meanwhile, and it is when they end",
        ends: crate::sort::FINE,
        act: Act::Scene(|setup| {
            let memories = "(memory 0)".repeat(13);
            let large = setup.load(|limits| limits, &[SMALL, ("(; MEMORIES ;)", &memories)])?;
            let wait = Duration::from_millis(500);
            let small: Result<Rogue> = setup.builder(Setup::limits().wait(wait)).load_bytes(component(&[SMALL]));
            let small = small.map_err(|error| error.to_string())?;
            // With the neighbour's.
            let held: Result<Vec<_>> = (0..3).map(|_| small.session()).collect();
            let held = held.map_err(|error| error.to_string())?;
            thread::scope(|scope| {
                let waiting = scope.spawn(|| large.session().map(drop));
                let begun = Instant::now();
                while begun.elapsed() < Duration::from_millis(60) {
                    setup.first_call(&small).map_err(|error| format!("a small one came to: {error}"))?;
                }
                match waiting.is_finished() {
                    false => drop(held),
                    true => return Err("it did not wait".to_owned()),
                }
                let large = waiting.join().map_err(|_| "a thread panicked".to_owned())?;
                Ok(large)
            })
        }),
        times: 3,
        ..Fault::USUAL
    },
    slow_drop: Fault {
        name: "slow drop of another tenant's state",
        does: "needs room, for which the parked instance of a tenant has to go whose state takes 20 seconds to be \
               dropped; it is served by the room of another",
        ends: crate::sort::FINE,
        act: Act::Scene(|setup| {
            let engine = Engine::builder().instances(2).build().map_err(|error| error.to_string())?;
            let gate = Arc::new(RwLock::new(()));
            let slow = App::slow_to_drop(&gate);
            let _tenants = [parked(setup, &engine, slow)?, parked(setup, &engine, App::default())?];
            let victim = setup.builder(Setup::limits()).engine(&engine).load_bytes(component(&[SMALL]));
            let victim: Rogue = victim.map_err(|error| error.to_string())?;
            let (open, opens) = mpsc::channel();
            thread::scope(|scope| {
                let (closed, is_closed) = mpsc::channel();
                let keeper = scope.spawn(move || {
                    let _closed = gate.write();
                    let _ = closed.send(());
                    // Whether nobody had to wait until it opens by itself.
                    opens.recv_timeout(Duration::from_secs(20)).is_ok()
                });
                is_closed.recv().map_err(|error| error.to_string())?;
                let ended = setup.first_call(&victim);
                let _ = open.send(());
                match keeper.join() {
                    Ok(true) => Ok(ended),
                    _ => Err("it waited for the tenant".to_owned()),
                }
            })
        }),
        times: 3,
        ..Fault::USUAL
    },
}

/// A guest that has a parked instance.
fn parked(setup: &Setup, engine: &Engine, app: App) -> Result<Rogue, String> {
    let guest = Builder::new(setup.way.colour, app)
        .engine(engine)
        .limits(Setup::limits())
        .isolation(Warm::new().max_idle(Duration::MAX).max_age(Duration::MAX))
        .load_bytes(component(&[SMALL]));
    let guest: Rogue = guest.map_err(|error| error.to_string())?;
    guest.count().map_err(|error| error.to_string())?;
    Ok(guest)
}

/// Does something in a process that is forked off for it: whether it is right there, and comes to
/// an end.
#[cfg(unix)]
fn in_fork(right: impl FnOnce() -> bool) -> Result<(), String> {
    const PATIENCE: Duration = Duration::from_secs(20);
    // SAFETY: the new process has this thread only. It allocates, which the C library allows it,
    // calls what is to be refused without a lock, and ends without running anything that is meant
    // for the end of this one.
    let child = unsafe { libc::fork() };
    if child == 0 {
        let is_right = std::panic::catch_unwind(std::panic::AssertUnwindSafe(right));
        // SAFETY: it ends this process and touches nothing.
        unsafe { libc::_exit(i32::from(!is_right.unwrap_or(false))) };
    }
    let begun = Instant::now();
    loop {
        let mut status = 0;
        // SAFETY: it is told a process of ours, and where to write an integer.
        let ended = unsafe { libc::waitpid(child, &raw mut status, libc::WNOHANG) };
        match (ended == child, status) {
            (true, 0) => return Ok(()),
            (true, status) => return Err(format!("the process ended with {status}")),
            (false, _) if child < 0 => return Err("there is no process".to_owned()),
            (false, _) if begun.elapsed() > PATIENCE => {
                // SAFETY: it is told a process of ours that has not been waited for.
                unsafe { libc::kill(child, libc::SIGKILL) };
            }
            (false, _) => thread::sleep(Duration::from_millis(1)),
        }
    }
}

/// Where there is no such thing, there is nothing to refuse.
#[cfg(not(unix))]
fn in_fork(_right: impl FnOnce() -> bool) -> Result<(), String> {
    Ok(())
}
