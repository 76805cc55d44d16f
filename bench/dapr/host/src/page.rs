//! The page about a run: `docs/dapr-speed.md` is what somebody wrote in `bench/dapr/page.md`, with the
//! figures of a run put in. Beside it are the run as JSON and the plots.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use abide_figures::lines::{self, Line};
use abide_figures::made::Made;
use abide_figures::stats::Spread;
use abide_figures::{json, plot, tables};
use anyhow::{Context as _, Result};

use crate::steady::Steady;
use crate::{Run, per_second};

/// What somebody wrote.
const PAGE: &str = include_str!("../../page.md");

const MIB: f64 = 1_048_576.0;

/// Writes all of it into `docs`.
pub(crate) fn write(run: &Run) -> Result<()> {
    let figures: Vec<_> = run.cases.iter().map(tables::case).collect();
    let page = PAGE
        .replace("<!-- machine -->\n", &format!("{}\n", run.machine))
        .replace("<!-- goals -->\n", &tables::goals(&run.cases))
        .replace("<!-- events -->\n", &events(run))
        .replace("<!-- steady -->\n", &steady(&run.steady))
        .replace("<!-- figures -->\n", &figures.join("\n"));
    put("dapr-speed.md", &page)?;
    put("dapr-speed.json", &as_json(run))?;
    let of = |is: fn(&str) -> bool| {
        let cases = run.cases.iter().filter(|made| is(made.name));
        cases.collect::<Vec<&Made>>()
    };
    let state = of(|name| !name.ends_with("-events"));
    put("dapr-speed-state.svg", &plot::bars(&state))?;
    let events = of(|name| name.ends_with("-events"));
    put("dapr-speed-events.svg", &plot::bars(&events))?;
    let lines: Vec<_> = run.steady.iter().map(line).collect();
    let title = "Memory of the host while a guest handles events";
    let drawn = lines::drawn(title, "% of the events", "MiB resident", &lines);
    put("dapr-speed-memory.svg", &drawn)
}

fn put(name: &str, text: &str) -> Result<()> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs");
    let file = docs.join(name);
    fs::write(&file, text).with_context(|| format!("cannot write `{}`", file.display()))
}

/// How many events in a second, by backend and by who handles them.
fn events(run: &Run) -> String {
    let mut table =
        String::from("| backend | who handles them | events per second |\n| --- | --- | --- |\n");
    for made in run
        .cases
        .iter()
        .filter(|made| made.name.ends_with("-events"))
    {
        for (name, times) in made.times() {
            let Spread { low, high, .. } = times;
            let _ = writeln!(
                table,
                "| {} | {name} | {:.0} ({:.0} to {:.0}) |",
                made.name.trim_end_matches("-events"),
                per_second(times),
                1e9 / high,
                1e9 / low
            );
        }
    }
    table
}

fn steady(all: &[Steady]) -> String {
    let mut table = String::from(
        "| backend | events | per second | resident, second tenth | resident, last tenth |\n\
         | --- | --- | --- | --- | --- |\n",
    );
    for of in all {
        let Some((begin, end)) = of.resident() else {
            continue;
        };
        let _ = writeln!(
            table,
            "| {} | {} | {:.0} | {:.1} MiB | {:.1} MiB |",
            of.kind.about(),
            of.events,
            of.per_second(),
            begin / MIB,
            end / MIB
        );
    }
    table
}

fn line(of: &Steady) -> Line {
    let points = of.samples.iter().map(|sample| {
        let share = 100.0 * sample.events as f64 / of.events as f64;
        (share, sample.resident as f64 / MIB)
    });
    Line {
        name: format!("{}, {} events", of.kind.about(), of.events),
        points: points.collect(),
    }
}

fn as_json(run: &Run) -> String {
    let cases: Vec<_> = run.cases.iter().map(json::case).collect();
    let steady = run.steady.iter().map(|of| {
        let samples = of.samples.iter();
        let samples = samples.map(|sample| format!("[{}, {}]", sample.events, sample.resident));
        format!(
            "{{\"backend\": {}, \"events\": {}, \"seconds\": {:.3}, \"resident\": [{}]}}",
            json::text(of.kind.name()),
            of.events,
            of.took.as_secs_f64(),
            samples.collect::<Vec<_>>().join(", ")
        )
    });
    format!(
        "{{\n  \"machine\": {},\n  \"cases\": [\n    {}\n  ],\n  \"steady\": [\n    {}\n  ]\n}}\n",
        json::text(&run.machine),
        cases.join(",\n    "),
        steady.collect::<Vec<_>>().join(",\n    ")
    )
}
