//! What is printed.

use crate::cases::{Case, Hosts};
use crate::compare::{Outcome, Verdict};
use crate::machine::Machine;
use crate::measure::Samples;
use crate::stats::{Nanos, Spread};

/// How to build wasmtime so that its default `Config` is the one that most programs have.
const WITH_CONCURRENCY: &str = "cargo run --release --package abide-bench \
                                --features default-bindgen";

/// What the figures depend on and do not show.
pub(crate) fn conditions(hosts: &Hosts) {
    println!("{}\n", Machine::this());
    if cfg!(debug_assertions) {
        println!("Compiled without optimisation: the figures mean nothing. Add `--release`.\n");
    }
    if !hosts.default_is_concurrent() {
        println!(
            "This wasmtime is built without `component-model-async`, one of its default features, so \
             the default\nConfig is cheaper here than in most programs. To measure it as they have it \
             (compiles wasmtime again):\n    {WITH_CONCURRENCY}\n"
        );
    }
}

/// One case: the time of each subject, then the ratios.
pub(crate) fn case(case: &Case, measured: &[Samples], outcomes: &[Outcome]) {
    let rounds = measured.first().map_or(0, |samples| samples.nanos.len());
    println!("{}: {} ({rounds} rounds)", case.name, case.about);
    println!("  {:<28}{:>10}{:>10}", "", "median", "min");
    for samples in measured {
        if let Some(Spread { min, median, .. }) = Spread::of(&samples.nanos) {
            println!(
                "  {:<28}{:>10}{:>10}",
                samples.name,
                Nanos(median),
                Nanos(min)
            );
        }
    }
    println!(
        "  {:<56}{:>8}  middle 80 %",
        "ratio, taken in each round", "median"
    );
    for outcome in outcomes {
        println!("  {}", ratio(outcome));
    }
    println!();
}

fn ratio(outcome: &Outcome) -> String {
    let Spread {
        low, median, high, ..
    } = outcome.ratio;
    let what = format!("{} / {}", outcome.comparison.of, outcome.comparison.to);
    let goal = match outcome.goal {
        Some((goal, verdict)) => format!("  goal {goal}: {}", word(verdict)),
        None => String::new(),
    };
    format!("{what:<56}{median:>8.2}  {low:.2} to {high:.2}{goal}")
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Met => "met",
        Verdict::Missed => "MISSED",
        Verdict::Unknown => "cannot be told in this build, see above",
    }
}

/// All goals, in the end.
pub(crate) fn goals(made: &[(&Case, Vec<Outcome>)]) {
    let mut any = false;
    for (case, outcomes) in made {
        for outcome in outcomes.iter().filter(|outcome| outcome.goal.is_some()) {
            if !any {
                println!("Goals");
                any = true;
            }
            println!("  {:<12} {}", case.name, ratio(outcome));
        }
    }
}
