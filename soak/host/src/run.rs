//! One part of the soak: calls from several threads in rounds, and a sample of the memory between
//! rounds.
//!
//! Samples are taken while no call runs: what is there then is what is kept.

use std::ops::Range;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use abide::{Error, Stats, TrapKind};
use anyhow::{Context as _, Result, anyhow, bail, ensure};

use crate::effort::{Effort, PAYLOAD, THREADS, TRAPS};
use crate::host::{self, Ending, Guest, Subject};
use crate::memory;

/// The memory of the process after some calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    /// How many calls were made.
    pub calls: u64,
    /// How many bytes were resident.
    pub bytes: u64,
}

/// What came of a part.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// What was called.
    pub subject: Subject,
    /// How many calls were made.
    pub calls: u64,
    /// How many of them trapped, which is exactly those that were told to.
    pub traps: u64,
    /// How long it took.
    pub time: Duration,
    /// The first is from before the first call.
    pub samples: Vec<Sample>,
    /// The linear memory of one instance, in bytes.
    pub instance: u64,
    /// How many instances were made.
    pub instances: u64,
}

/// What a thread did in a round.
#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    calls: u64,
    traps: u64,
}

/// Makes the calls of a part. `progress` gets how many are made.
///
/// # Errors
/// A call ended in another way than it was told to, the counts of the handle or of the host differ
/// from what was done, or the memory of the process cannot be read.
pub(crate) fn run(
    guest: &[u8],
    subject: Subject,
    effort: &Effort,
    mut progress: impl FnMut(u64),
) -> Result<Outcome> {
    let calls = subject.calls(effort);
    let start = Instant::now();
    let (guest, app) = host::load(guest, subject, effort)?;
    // Room for all of them now: what measures must not grow.
    let mut samples = Vec::with_capacity(usize::try_from(effort.samples)? + 1);
    let mut total = Tally::default();
    samples.push(Sample {
        calls: 0,
        bytes: memory::resident()?,
    });
    thread::scope(|scope| -> Result<()> {
        let workers: Vec<_> = (0..THREADS)
            .map(|thread| {
                let (go, rounds) = mpsc::channel::<Range<u64>>();
                let (reply, replies) = mpsc::channel();
                let mut caller = Caller::new(guest.clone(), thread);
                scope.spawn(move || {
                    // Until the other side has gone, which it does at the end and when something
                    // failed.
                    for round in rounds {
                        if reply.send(caller.round(round)).is_err() {
                            break;
                        }
                    }
                });
                (go, replies)
            })
            .collect();
        for round in 1..=effort.samples {
            let end = calls * round / effort.samples;
            for (go, _) in &workers {
                go.send(total.calls..end).map_err(|_| broke_down())?;
            }
            for (_, replies) in &workers {
                let done = replies.recv().map_err(|_| broke_down())??;
                total.calls += done.calls;
                total.traps += done.traps;
            }
            ensure!(
                total.calls == end,
                "{} calls were made where {end} were to be made",
                total.calls
            );
            samples.push(Sample {
                calls: total.calls,
                bytes: memory::resident()?,
            });
            progress(total.calls);
        }
        Ok(())
    })
    .with_context(|| format!("the part `{}`", subject.name()))?;
    let stats = guest.stats();
    check(&stats, total, app.seen())?;
    Ok(Outcome {
        subject,
        calls: total.calls,
        traps: total.traps,
        time: start.elapsed(),
        samples,
        instance: stats.memory_peak,
        instances: stats.started,
    })
}

fn broke_down() -> anyhow::Error {
    anyhow!("a thread that calls has panicked; its message is above")
}

/// Whether the handle and the host counted what was done.
fn check(stats: &Stats, done: Tally, seen: u64) -> Result<()> {
    ensure!(
        done.traps == done.calls / TRAPS,
        "{} of {} calls trapped, and one in {TRAPS} was told to",
        done.traps,
        done.calls
    );
    ensure!(
        seen == done.calls,
        "the host was handed {seen} payloads in {} calls",
        done.calls
    );
    let others = stats.failed_by_host + stats.failed_by_caller + stats.failed_by_resources;
    ensure!(
        stats.calls == done.calls && stats.failed_by_guest == done.traps && others == 0,
        "{} calls were made, of which {} trapped, and the handle counted: {stats:?}",
        done.calls,
        done.traps
    );
    Ok(())
}

/// One thread's calls.
struct Caller {
    guest: Guest,
    thread: u64,
    payload: Vec<u8>,
    /// What the guest is to answer.
    answer: Vec<u8>,
}

impl Caller {
    fn new(guest: Guest, thread: u64) -> Self {
        let payload: Vec<u8> = (0..PAYLOAD).map(|index| (index % 251) as u8).collect();
        let (first, second) = payload.split_at(PAYLOAD / 2);
        let answer = [second, first].concat();
        Self {
            guest,
            thread,
            payload,
            answer,
        }
    }

    /// Makes this thread's calls of a round.
    fn round(&mut self, round: Range<u64>) -> Result<Tally> {
        let mut tally = Tally::default();
        let own = self.thread;
        for number in round.filter(|number| thread(*number) == own) {
            let ending = ending(number);
            self.call(number, ending)
                .with_context(|| format!("call {number}, which was to end with `{ending:?}`"))?;
            tally.calls += 1;
            tally.traps += u64::from(ending != Ending::Answer);
        }
        Ok(tally)
    }

    /// Makes one call and looks whether it ends as it has to.
    fn call(&mut self, number: u64, ending: Ending) -> Result<()> {
        // Every call has a payload of its own, so that an answer to another one is seen.
        let number = number.to_le_bytes();
        self.payload[..number.len()].copy_from_slice(&number);
        self.answer[PAYLOAD / 2..][..number.len()].copy_from_slice(&number);
        match (ending, self.guest.work(&self.payload, ending)) {
            (Ending::Answer, Ok(answer)) => {
                ensure!(
                    answer == self.answer,
                    "the answer has {} bytes and is not the payload's",
                    answer.len()
                );
            }
            (Ending::Answer, Err(error)) => return Err(error.into()),
            (_, Ok(answer)) => bail!("the guest answered with {} bytes", answer.len()),
            (
                told,
                Err(Error::Trap {
                    kind: TrapKind::Unreachable,
                    panic,
                    ..
                }),
            ) => {
                let expected = format!("told to, with {PAYLOAD} bytes in hand");
                let said = panic.as_deref().unwrap_or_default();
                ensure!(
                    said.contains(&expected) == (told == Ending::Panic),
                    "the guest's panic message is `{said}`"
                );
            }
            (_, Err(error)) => return Err(error.into()),
        }
        Ok(())
    }
}

/// How a call has to end: one in a hundred traps, in both ways by turns.
///
/// Not the last one of a hundred: the memory is sampled after that, and would always be short of an
/// instance.
fn ending(number: u64) -> Ending {
    if number % TRAPS != TRAPS / 3 {
        Ending::Answer
    } else if (number / TRAPS).is_multiple_of(2) {
        Ending::Panic
    } else {
        Ending::Unreachable
    }
}

/// Which thread makes a call: by turns, and so that each has traps of both kinds.
fn thread(number: u64) -> u64 {
    (number + number / (TRAPS * THREADS)) % THREADS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_have_the_same_to_do() {
        for thread in 0..THREADS {
            let calls = || (0..40_000).filter(|n| self::thread(*n) == thread);
            assert_eq!(calls().count(), 20_000);
            for kind in [Ending::Panic, Ending::Unreachable] {
                assert_eq!(calls().filter(|n| ending(*n) == kind).count(), 100);
            }
        }
    }

    #[test]
    fn one_call_in_a_hundred_traps() {
        let of = |ending| (0..10_000).filter(|n| self::ending(*n) == ending).count();
        assert_eq!(of(Ending::Panic), 50);
        assert_eq!(of(Ending::Unreachable), 50);
        assert_eq!(of(Ending::Answer), 9_900);
    }

    #[test]
    fn counts_that_differ_are_errors() {
        let done = Tally {
            calls: 200,
            traps: 2,
        };
        let mut stats = Stats::default();
        assert!(check(&stats, done, 200).is_err());
        (stats.calls, stats.failed_by_guest) = (200, 2);
        check(&stats, done, 200).unwrap();
        assert!(check(&stats, done, 199).is_err());
        assert!(check(&stats, Tally { traps: 3, ..done }, 200).is_err());
        stats.failed_by_resources = 1;
        assert!(check(&stats, done, 200).is_err());
    }
}
