//! Measures what state and events cost a guest on Dapr, side by side with the same backends called
//! without a guest, and prints the ratios.
//!
//! This file reads the command line and puts the others in order. The figures are printed and never
//! judged by the exit status: they depend on what else the machine is doing.

mod backends;
mod by_hand;
mod events;
mod guests;
mod nothing;
mod options;
mod page;
mod state;
mod steady;

use std::env;
use std::process::ExitCode;

use abide_figures::machine::Machine;
use abide_figures::made::Made;
use abide_figures::{stats, tables};
use anyhow::{Context as _, Result};

use crate::backends::{Backend, Kind};
use crate::options::{Command, Options, Usage};
use crate::steady::Steady;

/// What a run found.
#[derive(Debug, Default)]
struct Run {
    machine: String,
    cases: Vec<Made>,
    steady: Vec<Steady>,
}

fn main() -> ExitCode {
    match run(env::args().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(if error.is::<Usage>() { 2 } else { 1 })
        }
    }
}

fn run(arguments: impl Iterator<Item = String>) -> Result<()> {
    let options = match options::parse(arguments)? {
        Command::Help => {
            print!("{}", options::HELP);
            return Ok(());
        }
        Command::Run(options) => options,
    };
    let guest = guests::build()?;
    // One thread does all of the work, as measuring needs it: what goes from one to another takes as
    // long as it likes.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut run = Run {
        machine: Machine::this().to_string(),
        ..Run::default()
    };
    println!("{}\n", run.machine);
    if cfg!(debug_assertions) {
        println!("Compiled without optimisation: the figures mean nothing. Add `--release`.\n");
    }
    for kind in Kind::ALL {
        if options.is_chosen(kind.name()) {
            measure(&mut run, kind, &options, &runtime, &guest).with_context(|| kind.name())?;
        }
    }
    println!("{}", tables::goals(&run.cases));
    match options.write {
        true => page::write(&run),
        false => Ok(()),
    }
}

/// Measures all that is on one backend.
fn measure(
    run: &mut Run,
    kind: Kind,
    options: &Options,
    runtime: &tokio::runtime::Runtime,
    guest: &std::path::Path,
) -> Result<()> {
    let Some(backend) = runtime.block_on(Backend::start(kind))? else {
        eprintln!(
            "\n!!! NOT MEASURED: {}, which cannot be had here\n",
            kind.name()
        );
        return Ok(());
    };
    if options.state {
        for made in state::measure(&backend, runtime, guest, &options.effort)? {
            println!("{}", tables::case(&made));
            run.cases.push(made);
        }
    }
    if options.events {
        let made = events::measure(&backend, runtime, guest, &options.effort)?;
        println!("{}", tables::case(&made));
        run.cases.push(made);
    }
    if options.steady {
        let steady = steady::measure(&backend, runtime, guest, options.of(kind.events()))?;
        println!("{steady}\n");
        run.steady.push(steady);
    }
    Ok(())
}

/// A number of something in a second, for people.
fn per_second(nanos: stats::Spread) -> f64 {
    1e9 / nanos.median
}
