//! The page and the picture of a soak, for `docs`. They do not say when and on whose machine the
//! figures came about.

use abide_soak::{COLOURS, Curve, Picture, Verdict, draw, text};

use crate::soak::{Part, Soak, WARM_UP};

/// Draws it.
#[must_use]
pub fn plot(all: &[Soak]) -> String {
    let curves = all.iter().zip(COLOURS);
    draw(&Picture {
        of: "the proxy",
        curves: curves.map(|(soak, colour)| curve(soak, colour)).collect(),
        warm_up: 1.0 / WARM_UP as f64,
        allowed: all.first().map_or(0.0, |soak| soak.effort.allowed as f64),
    })
}

fn curve<'a>(soak: &'a Soak, colour: &'static str) -> Curve<'a> {
    let (growth, bound) = soak.growth();
    let text = format!(
        "{}: {} requests, {} trapped; grown by {} ± {}: {}",
        soak.part.name(),
        text::thousands(soak.requests()),
        text::thousands(soak.tally.trapped),
        text::bytes(growth),
        text::bytes(bound),
        soak.verdict
    );
    Curve {
        text,
        colour,
        samples: &soak.samples,
        trend: &soak.trend,
        is_control: soak.part.expected() == Verdict::Grows,
    }
}

/// What stands above the columns.
const COLUMNS: [&str; 12] = [
    "part",
    "requests",
    "trapped",
    "reloads",
    "VMs failed",
    "VMs recycled",
    "requests/s",
    "p50",
    "p99",
    "RSS at last",
    "grown",
    "verdict",
];

/// Writes the page.
#[must_use]
pub fn page(all: &[Soak]) -> String {
    let row = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let mut table = row(&COLUMNS.map(str::to_owned));
    table += &format!("|{}\n", " --- |".repeat(COLUMNS.len()));
    for soak in all {
        let (growth, bound) = soak.growth();
        let ms = |share| format!("{:.1} ms", soak.within(share).as_secs_f64() * 1e3);
        table += &row(&[
            soak.part.name().to_owned(),
            text::thousands(soak.requests()),
            text::thousands(soak.tally.trapped),
            soak.counts.reloads.to_string(),
            text::thousands(soak.counts.failed),
            text::thousands(soak.counts.recycled),
            text::thousands(soak.per_second().round() as u64),
            ms(0.5),
            ms(0.99),
            text::bytes(soak.samples.last().map_or(0, |sample| sample.bytes) as f64),
            format!("{} ± {}", text::bytes(growth), text::bytes(bound)),
            soak.verdict.to_string(),
        ]);
    }
    let complaints: Vec<String> = all.iter().filter_map(Soak::complaint).collect();
    let outcome = match complaints.is_empty() {
        true => {
            "No request is lost and none is answered wrongly; the proxy does not grow, and the module \
             that leaks is seen."
                .to_owned()
        }
        false => format!("**Not as it has to be:** {}.", complaints.join("; ")),
    };
    let effort = all.first().map(|soak| soak.effort);
    let effort = effort.unwrap_or(crate::Effort::FULL);
    let padding = Part::Leaky.padding(&effort) as f64;
    format!(
        "\
# Soak of the proxy

Whether [the proxy](../examples/proxy/README.md) loses a request, answers one wrongly or grows: {requests} requests
with one in a hundred that traps, while filters and configuration are replaced, and fewer through a module that leaks.
This page and the picture are written by `cargo xtask proxy-soak`.

{outcome}

![The memory of the proxy over the requests](soak-proxy.svg)

{table}
Taken on {machine}, which also runs whoever asks and whoever is asked. RSS is the
resident memory of the proxy's process; ± are two standard errors. Times are of what the upstream answered, and
no benchmark: those who ask wait for one another where the proxy is looked at and where a filter is to trap.

## What is done

- {connections} connections ask two workers. The upstream answers with what it is asked, so that every answer is
  compared with its own request, byte for byte. Proxy and upstream count what was asked, no more and no less.
- *fail closed* and *fail open* have two filters that do the same, a component and a module of proxy-wasm (the crate
  0.2.5), which change fields and bodies both ways. Some requests wait for requests of the filters' own, some are
  answered by a filter. At each reload, both filters' files and their configuration are others, while requests go
  on: all filters of one request are of one configuration, and no connection sees an old one after a new one.
- One request in a hundred traps, by turns in either filter. In *fail closed* it is answered with 503, the cause, and
  the name of the filter; all others are answered rightly. A trap ends all streams of its VM, so nobody else is on the way
  when one comes. In *fail open* others are: they go on, as the one that trapped does, without that filter.
  A VM that has been of no use is not replaced at once: what is to trap before that ends none.
- *0.2.5*, *0.2.3 recycled* and *0.2.3* are one source, compiled with these versions of the crate `proxy-wasm`. Each
  request has the module get all fields, among them one of {padding}. 0.2.3 keeps them for ever.
  *0.2.3 recycled* has `vm_memory_mib = 2`; in the others a VM may grow as it likes. None of their requests fails.

## How it is judged

As in [the soak of the runtime](soak.md): the proxy is looked at {samples} times in each part, while no request is
on its way. Through the samples after the first fifth goes the line of least squares. The proxy may have grown by
{allowed} on it, and by a third of that where no filter is replaced: *flat* is less with the error, *grows* more
without. What has to be flat is flat, and *0.2.3*, the control, grows, or the command fails. In the first fifth,
each reload leaves some memory behind: the engine keeps that of a hundred instances that are gone, for the next
ones.
",
        requests = text::thousands(effort.requests),
        machine = text::machine(),
        connections = effort.connections,
        padding = text::bytes(padding),
        samples = effort.samples,
        allowed = text::bytes(effort.allowed as f64),
    )
}
