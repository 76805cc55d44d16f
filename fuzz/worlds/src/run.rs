//! One run: which worlds are compiled when, and what came of each. Guests of one batch are compiled
//! while the host of the batch before is.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};

use crate::compile::Compiler;
use crate::crates::{self, Folders};
use crate::model::World;
use crate::options::Options;
use crate::{generate, wit};

/// What came of a run.
#[derive(Debug)]
pub struct Report {
    /// How many worlds were compiled for both sides and had all their values compared.
    pub passed: usize,
    /// The worlds of which something went wrong.
    pub failed: Vec<Failed>,
    /// How many functions the worlds that passed have, and how many types.
    pub functions: usize,
    /// How many types they define.
    pub types: usize,
    /// What they were made from.
    pub seed: u64,
    /// How long it took.
    pub time: Duration,
}

/// A world of which something went wrong.
#[derive(Debug)]
pub struct Failed {
    /// What the run's worlds were made from.
    pub seed: u64,
    /// Its number in the run.
    pub number: u64,
    /// What was done with it: which step of the way failed.
    pub step: &'static str,
    /// What the compiler or the test said.
    pub text: String,
    /// Its WIT.
    pub wit: String,
    /// Where its WIT and its guest are, and the last host.
    pub folders: [PathBuf; 3],
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [wit, guest, host] = &self.folders;
        let (seed, number) = (self.seed, self.number);
        writeln!(f, "world {number} failed: {}\n", self.step)?;
        writeln!(f, "{}\n", self.text.trim_end())?;
        writeln!(f, "its WIT, from {}:\n\n{}", wit.display(), self.wit)?;
        writeln!(f, "its guest: {}", guest.display())?;
        writeln!(f, "its host, after the command below: {}", host.display())?;
        writeln!(
            f,
            "only this world: cargo xtask fuzz --seed {seed} --only {number}"
        )
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (passed, failed) = (self.passed, self.failed.len());
        write!(
            f,
            "{} worlds of seed {} tested in {} s: {passed} passed ({} types, {} functions), {failed} \
             failed",
            passed + failed,
            self.seed,
            self.time.as_secs(),
            self.types,
            self.functions
        )?;
        let numbers: Vec<String> = self
            .failed
            .iter()
            .map(|world| world.number.to_string())
            .collect();
        if numbers.is_empty() {
            Ok(())
        } else {
            write!(f, ": {}", numbers.join(", "))
        }
    }
}

/// Makes worlds, compiles them in `target/<name>` of the repository at `root`, and tests them.
/// Prints to standard error how far it is, and everything about a world that failed.
///
/// # Errors
///
/// The crates cannot be written, or nothing here can compile guests. What goes wrong with a world
/// is in the report.
pub fn run(root: &Path, name: &str, options: &Options) -> Result<Report> {
    let start = Instant::now();
    let folders = Folders::new(root, name);
    eprintln!(
        "seed {}; crates go to {}",
        options.seed,
        folders.run.display()
    );
    let numbers = options.numbers();
    let worlds: Vec<World> = numbers
        .iter()
        .map(|number| generate::world(options.seed, *number))
        .collect();
    crates::write_guests(&folders, &worlds)?;
    let compiler = Compiler::new(&folders, options.jobs)?;
    let mut report = Report {
        passed: 0,
        failed: Vec::new(),
        functions: 0,
        types: 0,
        seed: options.seed,
        time: Duration::ZERO,
    };

    let (done, compiled) = mpsc::sync_channel(1);
    thread::scope(|scope| -> Result<()> {
        scope.spawn(|| {
            for batch in worlds.chunks(options.batch) {
                let batch: Vec<&World> = batch.iter().collect();
                let failed = compile_guests(&compiler, &batch);
                if done.send((batch, failed)).is_err() {
                    return; // the other side has ended with an error
                }
            }
            drop(done);
        });
        let mut tester = Tester {
            folders: &folders,
            compiler: &compiler,
            rounds: options.rounds,
            report: &mut report,
        };
        for (batch, failed) in compiled {
            let refused: Vec<u64> = failed.iter().map(|(world, _)| world.number).collect();
            for (world, text) in failed {
                tester.fail(world, "the guest does not compile", text);
            }
            let rest: Vec<&World> = batch
                .into_iter()
                .filter(|world| !refused.contains(&world.number))
                .collect();
            tester.test(&rest)?;
            eprintln!(
                "{} of {} worlds tested, {} failed, {} s",
                tester.report.passed + tester.report.failed.len(),
                worlds.len(),
                tester.report.failed.len(),
                start.elapsed().as_secs()
            );
        }
        Ok(())
    })?;
    report.failed.sort_by_key(|failed| failed.number);
    report.time = start.elapsed();
    Ok(report)
}

/// The worlds whose guests do not compile, each with what cargo said.
fn compile_guests<'w>(compiler: &Compiler, batch: &[&'w World]) -> Vec<(&'w World, String)> {
    if compiler.guests(batch).is_ok() {
        return Vec::new();
    }
    // Those that compile are compiled by now: asking again for each costs little.
    let each = batch
        .iter()
        .map(|world| (*world, compiler.guests(&[world])));
    each.filter_map(|(world, outcome)| Some((world, outcome.err()?)))
        .collect()
}

struct Tester<'a> {
    folders: &'a Folders,
    compiler: &'a Compiler,
    rounds: u64,
    report: &'a mut Report,
}

impl Tester<'_> {
    /// Compiles a host for these worlds and runs it; where that fails, one for each half of them.
    fn test(&mut self, worlds: &[&World]) -> Result<()> {
        if worlds.is_empty() {
            return Ok(());
        }
        crates::write_host(self.folders, worlds)?;
        let compiled = self.compiler.host();
        match (compiled, worlds) {
            (Ok(()), _) => {}
            (Err(text), [world]) => {
                self.fail(world, "the host does not compile", text);
                return Ok(());
            }
            (Err(_), worlds) => {
                let (one, other) = worlds.split_at(worlds.len() / 2);
                self.test(one)?;
                return self.test(other);
            }
        }
        let outcomes = self.compiler.run(self.rounds)?;
        for (number, failure) in &outcomes {
            let mut worlds = worlds.iter();
            let world = worlds.find(|world| world.number == *number);
            let world = world.ok_or_else(|| anyhow!("the host tested a world {number}"))?;
            match failure {
                Some(text) => self.fail(world, "values do not come through", text.clone()),
                None => self.pass(world),
            }
        }
        let mut rest = worlds.iter().skip(outcomes.len());
        if let Some(world) = rest.next() {
            let text = "the host ended while it tested this world, without a word".to_owned();
            self.fail(world, "the host broke down", text);
            self.test(&rest.copied().collect::<Vec<_>>())?;
        }
        Ok(())
    }

    fn pass(&mut self, world: &World) {
        self.report.passed += 1;
        self.report.types += world.types.len();
        self.report.functions += world.functions().count();
    }

    fn fail(&mut self, world: &World, step: &'static str, text: String) {
        let number = world.number;
        let failed = Failed {
            seed: world.seed,
            number,
            step,
            text,
            wit: wit::inline(world),
            folders: [
                self.folders.wit(number),
                self.folders.guests().join(format!("w{number}")),
                self.folders.host(),
            ],
        };
        eprintln!("{failed}");
        self.report.failed.push(failed);
    }
}
