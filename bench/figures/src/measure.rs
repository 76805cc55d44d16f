//! The measuring loop: how long a call takes, for several subjects side by side. Knows no wasm.
//!
//! The subjects of a case take turns, A B C A B C …, for short batches of calls. What disturbs the
//! machine then disturbs all of them alike, and the ratio of two subjects is taken within each
//! round.

use std::fmt;
use std::hint::black_box;
use std::ops::RangeInclusive;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

/// Runs the call so many times and says how long that took.
type Batch<'a> = Box<dyn FnMut(u64) -> Result<Duration> + 'a>;

/// One way of making a call.
pub struct Subject<'a> {
    /// What it is called.
    pub name: &'static str,
    batch: Batch<'a>,
    /// How many operations one call is: figures are for one operation.
    operations: u32,
}

impl fmt::Debug for Subject<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subject")
            .field("name", &self.name)
            .field("operations", &self.operations)
            .finish_non_exhaustive()
    }
}

impl<'a> Subject<'a> {
    /// A subject whose call does the operation `operations` times.
    pub fn new<T>(
        name: &'static str,
        operations: u32,
        mut call: impl FnMut() -> Result<T> + 'a,
    ) -> Self {
        // The loop is inside of the box, so that a call of the box is paid once for a batch.
        let batch = move |calls| {
            let start = Instant::now();
            for _ in 0..calls {
                black_box(call()?);
            }
            Ok(start.elapsed())
        };
        Self::timed(name, operations, batch)
    }

    /// A subject that takes its own time of a number of calls.
    pub fn timed(
        name: &'static str,
        operations: u32,
        batch: impl FnMut(u64) -> Result<Duration> + 'a,
    ) -> Self {
        Self {
            name,
            batch: Box::new(batch),
            operations: operations.max(1),
        }
    }
}

/// How thoroughly to measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effort {
    /// How long a batch of calls has to take at least.
    pub batch: Duration,
    /// How long a case should take, within the bounds of `rounds`.
    pub case: Duration,
    /// How many rounds a case has.
    pub rounds: RangeInclusive<u32>,
}

impl Effort {
    /// What a result is worth writing down after.
    pub const THOROUGH: Self = Self {
        batch: Duration::from_millis(5),
        case: Duration::from_secs(10),
        rounds: 40..=200,
    };

    /// Enough to see whether something is badly off.
    pub const QUICK: Self = Self {
        batch: Duration::from_millis(1),
        case: Duration::from_secs(1),
        rounds: 9..=50,
    };

    /// What each of so many processes does of it. Each has some rounds at least, for its first one
    /// may be disturbed.
    pub fn divided(self, processes: u32) -> Self {
        let processes = processes.max(1);
        let share = |rounds: u32| (rounds / processes).max(5).min(rounds);
        Self {
            batch: self.batch,
            case: self.case / processes,
            rounds: share(*self.rounds.start())..=share(*self.rounds.end()),
        }
    }
}

/// What was measured of one subject: nanoseconds for one operation, a figure for each round.
#[derive(Debug)]
pub struct Samples {
    /// What the subject is called.
    pub name: String,
    /// The figures.
    pub nanos: Vec<f64>,
}

/// Measures the subjects in turns.
///
/// # Errors
///
/// A call fails, which is named.
pub fn interleaved(mut subjects: Vec<Subject<'_>>, effort: &Effort) -> Result<Vec<Samples>> {
    let mut round = Duration::ZERO;
    let mut calls = Vec::with_capacity(subjects.len());
    for subject in &mut subjects {
        let (count, took) = calibrate(subject, effort.batch).context(subject.name)?;
        calls.push(count);
        round += took;
    }
    let rounds = effort.case.as_nanos() / round.as_nanos().max(1);
    let rounds = u32::try_from(rounds)
        .unwrap_or(u32::MAX)
        .clamp(*effort.rounds.start(), *effort.rounds.end());

    let mut measured: Vec<Samples> = subjects
        .iter()
        .map(|subject| Samples {
            name: subject.name.to_owned(),
            nanos: Vec::new(),
        })
        .collect();
    for _ in 0..rounds {
        for ((subject, calls), samples) in subjects.iter_mut().zip(&calls).zip(&mut measured) {
            let took = (subject.batch)(*calls).context(subject.name)?;
            let operations = *calls as f64 * f64::from(subject.operations);
            samples.nanos.push(took.as_nanos() as f64 / operations);
        }
    }
    Ok(measured)
}

/// How many calls take at least as long as `batch`, and how long they took. Warms up on the way:
/// what the first call takes longer than others says nothing of how many are needed.
fn calibrate(subject: &mut Subject<'_>, batch: Duration) -> Result<(u64, Duration)> {
    (subject.batch)(1)?;
    let mut calls = 1;
    loop {
        let took = (subject.batch)(calls)?;
        if took >= batch {
            return Ok((calls, took));
        }
        calls *= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EFFORT: Effort = Effort {
        batch: Duration::from_micros(10),
        case: Duration::ZERO,
        rounds: 3..=5,
    };

    #[test]
    fn every_subject_has_a_figure_for_every_round() -> Result<()> {
        let mut count = 0_u64;
        let subjects = vec![
            Subject::new("one", 1, || Ok(())),
            Subject::new("ten", 10, || {
                count += 10;
                Ok(())
            }),
        ];
        let measured = interleaved(subjects, &EFFORT)?;
        assert_eq!(measured.len(), 2);
        assert!(measured.iter().all(|samples| samples.nanos.len() == 3));
        assert!(count > 0);
        Ok(())
    }

    #[test]
    fn a_call_that_fails_ends_the_measurement_and_is_named() {
        let subjects = vec![Subject::new("broken", 1, || -> Result<()> {
            anyhow::bail!("no")
        })];
        let Err(error) = interleaved(subjects, &EFFORT) else {
            panic!("a failing call must not be measured");
        };
        assert_eq!(format!("{error:#}"), "broken: no");
    }
}
