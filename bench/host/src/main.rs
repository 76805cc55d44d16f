//! Measures calls of a guest through Abide, side by side with the same calls through
//! `wasmtime::component::bindgen!`, and prints the ratios.
//!
//! This file reads the command line and puts the others in order. The figures are printed and never
//! judged by the exit status: they depend on what else the machine is doing.

#[cfg(feature = "async")]
mod awaiting;
mod by_hand;
mod cases;
mod filters;
mod flows;
mod guests;
mod held;
mod json;
mod options;
mod page;
mod peers;
mod processes;
mod proxies;
mod proxy_page;
mod report;
mod run;
mod through_abide;

use std::env;
use std::process::ExitCode;

use abide_figures::{compare, machine, measure, plot, stats};
use anyhow::{Context as _, Result};

use crate::cases::{Case, Hosts};
use crate::filters::Files;
use crate::guests::Guests;
use crate::machine::Machine;
use crate::measure::Samples;
use crate::options::{Command, Options, Usage};
use crate::run::{Made, Run};

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
            println!("{:<16} {}", cases::HELD, cases::HELD_ABOUT);
            println!("{:<16} {}", proxies::NAME, proxies::ABOUT);
            return Ok(());
        }
        Command::Hold(arguments) => return held::here(arguments.into_iter()),
        Command::Answer(address) => return proxies::serve(address),
        Command::Run(options) => options,
    };
    bench(&options)
}

fn bench(options: &Options) -> Result<()> {
    let chosen = cases::choose(&options.filters)?;
    let guests = Guests::build()?;
    let hosts = Hosts::new(&guests)?;
    if options.is_part {
        for case in chosen {
            println!("{}", processes::told(&measured(case, &hosts, options)?));
        }
        return Ok(());
    }
    let mut run = Run {
        machine: Machine::this().to_string(),
        default_is_concurrent: hosts.default_is_concurrent(),
        ..Run::default()
    };
    report::conditions(&run);
    let mut elsewhere = match options.processes {
        1 => Vec::new(),
        _ => processes::measured(&chosen, options)?,
    }
    .into_iter();
    for case in chosen {
        let measured = match elsewhere.next() {
            Some(measured) => measured,
            None => measured(case, &hosts, options)?,
        };
        let made = Made::compared(
            case.name,
            case.about,
            measured,
            case.comparisons,
            run.default_is_concurrent,
        );
        report::case(&made);
        run.cases.push(made);
    }
    if options.is_chosen(cases::HELD) {
        run.held = held::all(options.is_quick)?;
        report::held(&run.held);
    }
    if options.proxies {
        let effort = match options.is_quick {
            true => proxies::Effort::QUICK,
            false => proxies::Effort::THOROUGH,
        };
        run.proxied = proxies::measure(&Files::build()?, effort)?;
        report::proxied(&run.proxied);
        for made in proxies::cases(&run.proxied) {
            report::case(&made);
            run.cases.push(made);
        }
    }
    report::goals(&run);
    match (options.write, options.proxies) {
        (true, true) => proxy_page::write(&run)?,
        (true, false) => page::write(&run)?,
        (false, _) => {}
    }
    Ok(())
}

/// Measures a case in this process.
fn measured(case: &Case, hosts: &Hosts, options: &Options) -> Result<Vec<Samples>> {
    let subjects = (case.subjects)(hosts);
    let mut subjects =
        subjects.with_context(|| format!("cannot prepare the case `{}`", case.name))?;
    subjects.retain(|subject| subject.name.contains(&options.way));
    measure::interleaved(subjects, &options.effort)
        .with_context(|| format!("cannot measure the case `{}`", case.name))
}
