//! What is printed.

use crate::compare::Outcome;
use crate::held::Held;
use crate::proxies::{Proxied, Round};
use crate::run::{Made, Run, word};
use crate::stats::{Nanos, Spread};

/// How to build wasmtime so that its default `Config` is the one that most programs have.
const WITH_CONCURRENCY: &str = "cargo run --release --package abide-bench \
                                --features default-bindgen";

/// What the figures depend on and do not show.
pub(crate) fn conditions(run: &Run) {
    println!("{}\n", run.machine);
    if cfg!(debug_assertions) {
        println!("Compiled without optimisation: the figures mean nothing. Add `--release`.\n");
    }
    if !run.default_is_concurrent {
        println!(
            "This wasmtime is built without `component-model-async`, one of its default features, so \
             the default\nConfig is cheaper here than in most programs. To measure it as they have it \
             (compiles wasmtime again):\n    {WITH_CONCURRENCY}\n"
        );
    }
}

/// One case: the time of each subject, then the ratios.
pub(crate) fn case(made: &Made) {
    let (name, about) = (made.name, made.about);
    println!("{name}: {about} ({} rounds)", made.rounds());
    println!("  {:<28}{:>10}{:>10}", "", "median", "min");
    for (name, Spread { min, median, .. }) in made.times() {
        println!("  {name:<28}{:>10}{:>10}", Nanos(median), Nanos(min));
    }
    println!(
        "  {:<56}{:>8}  middle 80 %",
        "ratio, taken in each round", "median"
    );
    for outcome in &made.outcomes {
        println!("  {}", ratio(outcome));
    }
    println!();
}

/// Components that were loaded by the thousand.
pub(crate) fn held(all: &[Held]) {
    println!("{}: {}", crate::cases::HELD, crate::cases::HELD_ABOUT);
    for held in all {
        println!(
            "  {:>6} {:<6} {:<20}{:>8.0} KiB{:>10}",
            held.count,
            held.what.name(),
            held.who.name(),
            held.bytes / 1024.0,
            Nanos(held.nanos)
        );
    }
    println!();
}

/// Proxies, as they were asked.
pub(crate) fn proxied(all: &[Proxied]) {
    println!(
        "  {:<30}{:>12}{:>16}{:>8}",
        "", "requests/s", "processor", "busy"
    );
    let median = |of: &Proxied, figure: fn(&Round) -> f64| {
        of.spread(figure).map_or(f64::NAN, |spread| spread.median)
    };
    for of in all {
        println!(
            "  {:<30}{:>12.0}{:>16}{:>7.0}%",
            of.name(),
            median(of, |round| round.per_second),
            Nanos(median(of, |round| round.processor)),
            100.0 * median(of, |round| round.busy)
        );
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

/// All goals, in the end.
pub(crate) fn goals(run: &Run) {
    let mut any = false;
    for made in &run.cases {
        for outcome in made
            .outcomes
            .iter()
            .filter(|outcome| outcome.goal.is_some())
        {
            if !any {
                println!("Goals");
                any = true;
            }
            println!("  {:<15} {}", made.name, ratio(outcome));
        }
    }
}
