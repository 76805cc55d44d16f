//! Measures calls of a guest through Abide, side by side with the same calls through
//! `wasmtime::component::bindgen!`, and prints the ratios.
//!
//! This file reads the command line and puts the others in order. The figures are printed and never
//! judged by the exit status: they depend on what else the machine is doing.

mod awaiting;
mod by_hand;
mod cases;
mod compare;
mod flows;
mod guests;
mod machine;
mod measure;
mod options;
mod report;
mod stats;
mod through_abide;

use std::env;
use std::process::ExitCode;

use anyhow::{Context as _, Result};

use crate::compare::Comparison;
use crate::guests::Guests;
use crate::options::{Command, Options, Usage};

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
        Command::List => {
            for case in cases::all() {
                println!("{:<16} {}", case.name, case.about);
            }
            return Ok(());
        }
        Command::Run(options) => options,
    };
    bench(&options)
}

fn bench(options: &Options) -> Result<()> {
    let chosen = cases::choose(&options.filters)?;
    let guests = Guests::build()?;
    let hosts = cases::Hosts::new(&guests)?;
    report::conditions(&hosts);
    let mut made = Vec::new();
    for case in chosen {
        let mut subjects = (case.subjects)(&hosts)
            .with_context(|| format!("cannot prepare the case `{}`", case.name))?;
        subjects.retain(|subject| subject.name.contains(&options.way));
        let measured = measure::interleaved(subjects, &options.effort)
            .with_context(|| format!("cannot measure the case `{}`", case.name))?;
        let compare =
            |comparison: &Comparison| comparison.make(&measured, hosts.default_is_concurrent());
        let outcomes: Vec<_> = case.comparisons.iter().filter_map(compare).collect();
        report::case(case, &measured, &outcomes);
        made.push((case, outcomes));
    }
    report::goals(&made);
    Ok(())
}
