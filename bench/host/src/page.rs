//! The page about a run: `docs/benchmarks.md` is what somebody wrote in `bench/page.md`, with the
//! figures of a run put in. Beside it are the run as JSON and the plots.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

pub(crate) use abide_figures::tables::case;
use abide_figures::tables::{self, shown};
use anyhow::{Context as _, Result};

use crate::held::{MOST, What, Who};
use crate::run::{Made, Run};
use crate::stats::Nanos;
use crate::{json, plot};

/// What somebody wrote.
const PAGE: &str = include_str!("../../page.md");

/// What is said of a run in which Extism did not compile.
const WITHOUT_EXTISM: &str =
    "\nThis run was made without Extism, which did not compile in time or at all.\n";

/// The plots: the names of the files, and of the cases in each.
const PLOTS: &[(&str, &[&str])] = &[
    ("benchmarks-calls.svg", &["add", "echo-1m"]),
    (
        "benchmarks-async.svg",
        &["async-add", "async-import", "async-fresh"],
    ),
    (
        "benchmarks-peers.svg",
        &["peers-add", "peers-echo-1m", "peers-fresh"],
    ),
];

/// Writes a file of `docs`.
pub(crate) fn put(name: &str, text: &str) -> Result<()> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    let file = docs.join(name);
    fs::write(&file, text).with_context(|| format!("cannot write `{}`", file.display()))
}

/// Writes all of it into `docs`.
pub(crate) fn write(run: &Run) -> Result<()> {
    put("benchmarks.md", &page(run))?;
    put("benchmarks.json", &json::of(run))?;
    for (name, cases) in PLOTS {
        put(name, &drawn(run, cases))?;
    }
    Ok(())
}

/// The plot of some cases.
pub(crate) fn drawn(run: &Run, names: &[&str]) -> String {
    let cases = run.cases.iter();
    let cases: Vec<_> = cases.filter(|made| names.contains(&made.name)).collect();
    plot::bars(&cases)
}

fn page(run: &Run) -> String {
    let figures: Vec<_> = run.cases.iter().map(case).collect();
    PAGE.replace(
        "<!-- machine -->\n",
        &format!("{}\n{}", run.machine, left_out(run)),
    )
    .replace("<!-- goals -->\n", &goals(run))
    .replace("<!-- held -->\n", &held(run))
    .replace("<!-- figures -->\n", &figures.join("\n"))
}

/// What a run is without, in words.
fn left_out(run: &Run) -> &'static str {
    let has_extism = |made: &Made| made.measured.iter().any(|of| of.name.starts_with("Extism"));
    match run.cases.iter().any(has_extism) {
        true => "",
        false => WITHOUT_EXTISM,
    }
}

/// The goals of a run, and whether they were met.
pub(crate) fn goals(run: &Run) -> String {
    let mut table = tables::goals(&run.cases);
    let small = run.held.iter();
    for held in small.filter(|held| held.who == Who::Abide && held.what == What::Small) {
        let verdict = if held.bytes <= MOST { "met" } else { "MISSED" };
        let _ = writeln!(
            table,
            "| {} small components | memory of one more | ≤ 200 KiB | {:.0} KiB | {} |",
            held.count,
            held.bytes / 1024.0,
            shown(verdict)
        );
    }
    table
}

fn held(run: &Run) -> String {
    let mut table = String::from(
        "| components | loaded by | memory of one more | time to load one more |\n| --- | --- | --- | --- |\n",
    );
    for held in &run.held {
        let what = match held.what {
            What::Small => "of one function",
            What::Rust => "in Rust, the guest of the other cases",
        };
        let _ = writeln!(
            table,
            "| {}, {what} | {} | {:.0} KiB | {} |",
            held.count,
            held.who.name(),
            held.bytes / 1024.0,
            Nanos(held.nanos)
        );
    }
    table
}
