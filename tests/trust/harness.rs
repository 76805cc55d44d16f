//! Runs one row of the table, and finds out whether everything holds that has to hold of every
//! fault.
//!
//! - It ends in the error that it has to end in, each time in the same words.
//! - The instance is gone afterwards, and the next call is served.
//! - Another guest on the same engine, called by another thread meanwhile, gets all its answers.
//! - Afterwards all instances that the engine can hold can be had at once.
//! - The process does not grow, however often the fault happens.
//!
//! A fault that takes the process down takes this test with it.

use std::sync::{Mutex, PoisonError};

use abide::{Blame, Error, Result};

use crate::app::App;
use crate::fault::{Act, Fault};
use crate::neighbour::{Calls, Neighbour};
use crate::process::Usage;
use crate::rogue::{Rogue, Session};
use crate::setup::{Policy, SMALL, Setup, Way, component};
use crate::sort::{FINE, sort};

/// What came of a fault.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// The error, as [`sort`] calls it.
    pub(crate) sort: String,
    /// Who is to blame for it.
    pub(crate) blame: Option<Blame>,
    /// The error in words.
    pub(crate) text: String,
    /// Everything that is not as it has to be.
    pub(crate) wrong: Vec<String>,
}

/// How often the process may grow while a fault is repeated. Compilers run on threads of their own,
/// each of which may find an allocator that has not seen as much yet.
const ROUNDS: usize = 4;

/// Runs a row. One at a time: the memory of the process is everybody's.
pub(crate) fn run(fault: &Fault, way: Way) -> Report {
    static ALONE: Mutex<()> = Mutex::new(());
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let mut report = Report::default();
    if let Err(problem) = try_run(fault, way, &mut report) {
        report.wrong.push(problem);
    }
    report
}

fn try_run(fault: &Fault, way: Way, report: &mut Report) -> Result<(), String> {
    let setup = Setup::new(way).map_err(said("there is no engine"))?;
    let guest = setup.builder((fault.limits)(Setup::limits()));
    let guest = guest.wasi((fault.wasi)());
    let guest = match fault.act {
        Act::Call(_) => Some(
            guest
                .load_bytes(component(fault.guest))
                .map_err(said("the guest cannot be loaded"))?,
        ),
        Act::Scene(_) => None,
    };
    let other = setup.builder(Setup::limits()).name("neighbour");
    let other = other
        .load_bytes(component(&[SMALL]))
        .map_err(said("the neighbour cannot be loaded"))?;

    let calls = Calls::default();
    std::thread::scope(|scope| {
        let neighbour = Neighbour::start(scope, &setup, &other, &calls)
            .map_err(said("the neighbour cannot be called"))?;
        let mut run = || {
            // Everything that is made once is there after this.
            for _ in 0..fault.times.min(2) {
                attempt(fault, &setup, guest.as_ref(), report)?;
            }
            fill(&setup, &other)?;
            let mut grown = Vec::new();
            // What leaks grows each time, what only had to warm up does not.
            for _ in 0..ROUNDS {
                let before = Usage::now();
                for _ in 0..fault.times {
                    attempt(fault, &setup, guest.as_ref(), report)?;
                }
                neighbour.keeps_calling()?;
                fill(&setup, &other)?;
                grown = Usage::now().grown_since(before);
                if grown.is_empty() {
                    break;
                }
            }
            report.wrong.append(&mut grown);
            if let Some(left) = guest.as_ref().map(|guest| guest.stats().instances)
                && left > 0
            {
                report.wrong.push(format!("{left} instances are left"));
            }
            Ok(())
        };
        // The thread has to be stopped in any case, or the scope would not end.
        let ran = run();
        let stopped = neighbour.stop();
        ran.and(stopped)
    })
}

/// Brings the fault about once, and looks at what it ended in.
fn attempt(
    fault: &Fault,
    setup: &Setup,
    guest: Option<&Rogue>,
    report: &mut Report,
) -> Result<(), String> {
    let ended = match (fault.act, guest) {
        (Act::Call(call), Some(guest)) => called(call, setup, guest)?,
        (Act::Call(_), None) => return Err("there is no guest to call".to_owned()),
        (Act::Scene(scene), _) => scene(setup)?,
    };
    let (sort, blame, text) = match ended {
        Ok(()) => (FINE.to_owned(), None, String::new()),
        Err(error) => (sort(&error), Some(error.blame()), error.to_string()),
    };
    let (expected, at_fault) = fault.expected(setup.way.colour);
    if sort != expected {
        return Err(format!(
            "it ended in `{sort}` and not in `{expected}`: {text}"
        ));
    }
    if let Some(blame) = blame.filter(|blame| *blame != at_fault) {
        return Err(format!("{blame} is blamed for it: {text}"));
    }
    if !report.sort.is_empty() && report.text != text {
        let before = &report.text;
        return Err(format!("it ended in `{text}`, and before in `{before}`"));
    }
    (report.sort, report.blame, report.text) = (sort, blame, text);
    Ok(())
}

/// A call that fails, and what comes after it.
fn called(
    call: fn(&Rogue, &App) -> Result<()>,
    setup: &Setup,
    guest: &Rogue,
) -> Result<Result<()>, String> {
    match setup.way.policy {
        Policy::Fresh => {
            let ended = call(guest, &setup.app);
            match guest.count() {
                Ok(1) => Ok(ended),
                other => Err(format!("the next call gave {other:?}")),
            }
        }
        Policy::Warm => {
            let before = guest.count();
            let ended = call(guest, &setup.app);
            let after = guest.count();
            match (&ended, &before, &after) {
                (Ok(()), Ok(before), Ok(after)) if *after == before + 1 => Ok(ended),
                (Err(_), Ok(_), Ok(1)) => Ok(ended),
                _ => Err(format!(
                    "the calls before and after gave {before:?} and {after:?}"
                )),
            }
        }
        Policy::Session => {
            let session = open(guest)?;
            let ended = call(&session, &setup.app);
            let next = session.count();
            match (&ended, &next, session.is_alive()) {
                (Ok(()), Ok(1), true) | (Err(_), Err(Error::Discarded { .. }), false) => Ok(ended),
                _ => Err(format!("the next call of the session gave {next:?}")),
            }
        }
    }
}

/// A session of a guest, which may have little time and so may be late to start on a busy machine.
fn open(guest: &Rogue) -> Result<Session, String> {
    let mut opened = guest.session();
    for _ in 0..10 {
        match opened {
            Err(Error::Timeout { .. }) => opened = guest.session(),
            _ => break,
        }
    }
    opened.map_err(said("no session opens"))
}

/// Has as many instances at once as the engine can hold.
fn fill(setup: &Setup, other: &Rogue) -> Result<(), String> {
    let mut all = Vec::new();
    let kept = usize::from(setup.way.policy == Policy::Session); // by the neighbour
    while all.len() < Setup::INSTANCES - kept {
        match other.session() {
            Ok(session) => all.push(session),
            Err(error) => {
                let had = all.len();
                return Err(format!("only {had} instances can be had: {error}"));
            }
        }
    }
    Ok(())
}

/// Puts what was not possible before what was said about it.
fn said(what: &str) -> impl Fn(Error) -> String {
    move |error| format!("{what}: {error}")
}
