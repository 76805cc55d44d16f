//! Runs a target without a fuzzer: its seeds, then as many others as there is time for. Keeps the
//! input that is being run in a file, so that it is not lost if the process ends.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use std::{fs, process};

use abide_fuzz_values::Rng;
use anyhow::{Context as _, Result};

use crate::mutate::{mutated, random};
use crate::{LONGEST, Target};

/// The stack that the targets run on, in bytes: as much as rustc gives a macro, and a `main` has.
const STACK: usize = 8 << 20;

/// When to stop.
#[derive(Debug, Clone, Copy)]
pub struct Until {
    /// After so many inputs.
    pub inputs: u64,
    /// After this time, once the seeds were run.
    pub time: Duration,
}

/// Runs the seeds of a target and inputs made from them, always the same ones for the same `seed`.
/// The input that is run is kept in a file in `folder`. Returns how many were run.
///
/// # Errors
/// If the seeds or the file cannot be had.
///
/// # Panics
/// As the target does, after it was said which input it was.
pub fn drive(target: &Target, seed: u64, until: Until, folder: &Path) -> Result<u64> {
    let work = || run(target, seed, until, folder);
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK);
        let thread = thread
            .name(target.name.to_owned())
            .spawn_scoped(scope, work)?;
        thread.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}

fn run(target: &Target, seed: u64, until: Until, folder: &Path) -> Result<u64> {
    let kept = folder.join(format!("{}.input", target.name));
    fs::create_dir_all(folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    let seeds = (target.seeds)()?;
    println!("{}: seed {seed}, {} seeds", target.name, seeds.len());
    let watch = Watch::start(target.name, &kept)?;
    let mut count = 0;
    let mut run = |input: &[u8]| -> Result<()> {
        fs::write(&kept, input).with_context(|| format!("cannot write `{}`", kept.display()))?;
        watch.begin();
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| (target.run)(input))) {
            eprintln!(
                "{}: a finding, with seed {seed}, in input {count}; it is in {}",
                target.name,
                kept.display()
            );
            resume_unwind(panic);
        }
        count += 1;
        Ok(())
    };
    for input in &seeds {
        run(input)?;
    }
    let start = Instant::now();
    let mut rng = Rng::new(&[seed]);
    for _ in seeds.len() as u64..until.inputs {
        if start.elapsed() > until.time {
            break;
        }
        let input = match rng.once_in(8) || seeds.is_empty() {
            true => random(2048, &mut rng),
            false => mutated(&seeds, target.words, &mut rng),
        };
        run(&input)?;
    }
    drop(watch);
    let _ = fs::remove_file(&kept);
    println!("{}: {count} inputs in {:.1?}", target.name, start.elapsed());
    Ok(count)
}

/// Ends the process if an input takes so long that it will not end by itself.
struct Watch {
    begun: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Watch {
    fn start(name: &'static str, kept: &Path) -> Result<Self> {
        let (begun, each) = channel();
        let kept: PathBuf = kept.to_owned();
        let watch = move || {
            loop {
                match each.recv_timeout(LONGEST * 6) {
                    Ok(()) => {}
                    Err(RecvTimeoutError::Disconnected) => return,
                    Err(RecvTimeoutError::Timeout) => {
                        eprintln!("{name}: a hang; the input is in {}", kept.display());
                        process::abort();
                    }
                }
            }
        };
        let thread = thread::Builder::new()
            .name("watch".to_owned())
            .spawn(watch)?;
        Ok(Self {
            begun: Some(begun),
            thread: Some(thread),
        })
    }

    fn begin(&self) {
        if let Some(begun) = &self.begun {
            // The thread is there until `begun` is dropped.
            let _ = begun.send(());
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.begun = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
