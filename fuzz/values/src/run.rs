//! The program that tests a batch of worlds: one function per world, one line of output each.
//!
//! `abide-fuzz` starts it and reads its lines.

use std::cell::RefCell;
use std::env;
use std::error::Error;
use std::fmt;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What a test reports where something went wrong.
pub type Failure = Box<dyn Error>;

/// One world: its number, the file name of its component, and the function that tests a component
/// in so many rounds.
#[derive(Clone, Copy)]
pub struct Test {
    /// The world's number.
    pub world: u64,
    /// Its component's file name.
    pub component: &'static str,
    /// Loads the component and calls everything there is, a number of times.
    pub run: fn(&Path, u64) -> Result<(), Failure>,
}

impl fmt::Debug for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Test")
            .field("world", &self.world)
            .finish_non_exhaustive()
    }
}

thread_local! {
    /// A guest's imports run on the thread of its caller.
    static CALLS: RefCell<(u64, Vec<u64>)> = const { RefCell::new((0, Vec::new())) };
}

/// What the imports of a host share with whoever calls the guest: the round, and which of them were
/// called in it. There is one for each thread.
#[derive(Debug)]
pub struct Calls(());

impl Calls {
    /// Begins a round.
    pub fn begin(round: u64) {
        CALLS.set((round, Vec::new()));
    }

    /// The round there is.
    #[must_use]
    pub fn round() -> u64 {
        CALLS.with_borrow(|(round, _)| *round)
    }

    /// Notes that the import of this number was called.
    pub fn note(function: u64) {
        CALLS.with_borrow_mut(|(_, seen)| seen.push(function));
    }

    /// Fails unless exactly these imports were called since the last look, in this order.
    ///
    /// # Errors
    ///
    /// Others were, or in another order; `place` says what should have called them.
    pub fn expect(place: &str, functions: &[u64]) -> Result<(), Failure> {
        let seen = CALLS.with_borrow_mut(|(_, seen)| std::mem::take(seen));
        if seen == functions {
            return Ok(());
        }
        let text = format!("{place}: expected calls of the imports {functions:?}, got {seen:?}");
        Err(text.into())
    }
}

/// Tests all `tests` with the components in the folder and the number of rounds that the command
/// line gives. Prints `passed 17` or `failed 17: …` for each, on one line.
pub fn main(tests: &[Test]) -> ExitCode {
    let mut arguments = env::args_os().skip(1);
    let folder = arguments.next().map(PathBuf::from);
    let rounds = arguments
        .next()
        .and_then(|word| word.to_str()?.parse().ok());
    let (Some(folder), Some(rounds)) = (folder, rounds) else {
        eprintln!("error: expected the folder of the components and a number of rounds");
        return ExitCode::from(2);
    };
    // A panic in an import reaches its caller as an error, with its text.
    panic::set_hook(Box::new(|_| {}));
    let mut all = true;
    for test in tests {
        match outcome(test, &folder, rounds) {
            Ok(()) => println!("passed {}", test.world),
            Err(text) => {
                all = false;
                println!("failed {}: {}", test.world, text.escape_debug());
            }
        }
    }
    ExitCode::from(if all { 0 } else { 1 })
}

fn outcome(test: &Test, folder: &Path, rounds: u64) -> Result<(), String> {
    let run = AssertUnwindSafe(|| (test.run)(&folder.join(test.component), rounds));
    match panic::catch_unwind(run) {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(chain(&*error)),
        Err(payload) => Err(text_of(&*payload)),
    }
}

/// An error with its causes.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text += &format!(": {error}");
        cause = error.source();
    }
    text
}

fn text_of(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| payload.downcast_ref::<&str>().copied());
    text.unwrap_or("a panic without a text").to_owned()
}
