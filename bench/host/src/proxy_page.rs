//! The page about the speed of filters: `docs/proxy-speed.md` is what somebody wrote in
//! `bench/proxies.md`, with the figures of a run put in. Beside it are the run as JSON and the plots.

use std::fmt::Write as _;

use anyhow::Result;

use crate::json;
use crate::page::{case, drawn, goals, put};
use crate::proxies::{Proxied, Who};
use crate::run::{Made, Run};
use crate::stats::{Nanos, Spread};

/// What somebody wrote.
const PAGE: &str = include_str!("../../proxies.md");

/// The plots: the names of the files, and of the cases in each.
const PLOTS: &[(&str, &[&str])] = &[
    (
        "proxy-speed-requests.svg",
        &["filter-headers", "filter-add", "filter-body"],
    ),
    (
        "proxy-speed-added.svg",
        &["proxy-none", "proxy-headers", "proxy-add", "proxy-body"],
    ),
];

/// Writes all of it into `docs`.
pub(crate) fn write(run: &Run) -> Result<()> {
    let figures: Vec<_> = run.cases.iter().map(case).collect();
    let page = PAGE
        .replace(
            "<!-- machine -->\n",
            &format!("{}\n{}", run.machine, left_out(run)),
        )
        .replace("<!-- goals -->\n", &goals(run))
        .replace("<!-- proxies -->\n", &proxies(&run.proxied))
        .replace("<!-- figures -->\n", &figures.join("\n"));
    put("proxy-speed.md", &page)?;
    put("proxy-speed.json", &json::of(run))?;
    for (name, cases) in PLOTS {
        put(name, &drawn(run, cases))?;
    }
    Ok(())
}

/// What a run is without, in words.
fn left_out(run: &Run) -> String {
    let mut out = String::new();
    let has_rival = |made: &Made| made.measured.iter().any(|of| of.name == "proxy-wasm-host");
    if !run.cases.iter().any(has_rival) {
        out.push_str("\nThis run was made without `proxy-wasm-host`, which did not compile.\n");
    }
    if !run.proxied.iter().any(|of| of.who == Who::Envoy) {
        out.push_str("\nThis run was made without Envoy, which was not to be had.\n");
    }
    out
}

fn proxies(all: &[Proxied]) -> String {
    let mut table = String::from(
        "| proxy | requests per second | processor time of one | of its core |\n| --- | --- | --- | --- |\n",
    );
    for of in all {
        let (Some(speed), Some(time), Some(busy)) = (
            of.spread(|round| round.per_second),
            of.spread(|round| round.processor),
            of.spread(|round| round.busy),
        ) else {
            continue;
        };
        let Spread {
            low, median, high, ..
        } = speed;
        let _ = writeln!(
            table,
            "| {} | {median:.0} ({low:.0} to {high:.0}) | {} ({} to {}) | {:.0} % |",
            of.name(),
            Nanos(time.median),
            Nanos(time.low),
            Nanos(time.high),
            100.0 * busy.median
        );
    }
    table
}
