//! The page about a soak, for `docs`. It does not say when and on whose machine the figures came
//! about.

use crate::effort::{PAYLOAD, THREADS, TRAPS, WARM_UP};
use crate::report::{self, COLUMNS};
use crate::soak::Soak;
use crate::text;

/// Writes the page.
#[must_use]
pub fn page(soak: &Soak) -> String {
    let row = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let mut table = row(&COLUMNS.map(str::to_owned));
    table += &format!("|{}\n", " --- |".repeat(COLUMNS.len()));
    for cells in report::rows(soak) {
        table += &row(&cells);
    }
    let mut growth = String::new();
    for part in &soak.parts {
        let trend = &part.trend;
        let calls = trend.calls();
        let traps = calls / TRAPS as f64;
        growth += &row(&[
            part.outcome.subject.name().to_owned(),
            text::thousands(part.outcome.instances),
            text::thousands(trend.to - trend.from),
            format!(
                "{} ± {}",
                text::bytes(trend.slope * calls),
                text::bytes(trend.bound * calls)
            ),
            text::bytes(part.allowed),
            format!("{:.2}", part.allowed / calls),
            text::thousands((part.allowed / traps).round() as u64),
            text::bytes(part.kept * calls),
        ]);
    }
    let effort = &soak.effort;
    let instance = soak.parts.first().map_or(0, |part| part.outcome.instance);
    let outcome = match soak.complaints() {
        none if none.is_empty() => {
            "The process does not grow, and the leak of the control is seen.".to_owned()
        }
        some => format!("**Not as it has to be:** {}.", some.join("; ")),
    };
    format!(
        "\
# Soak

Whether a host that calls guests for a long time grows: {warm} warm and {fresh} fresh calls with
{payload} in and as much out, of which one in {TRAPS} traps, on {THREADS} threads. This page and the picture are
written by `cargo xtask soak`. [The proxy](soak-proxy.md) has a soak of its own.

{outcome}

![The memory of the process over the calls](soak.svg)

{table}
Taken on {machine}. RSS is the resident memory of the process; ± are two standard errors.
In the picture, what comes and goes in *warm* is a second parked instance, which is there in some samples and not in
others; single steps are pages that an allocator has taken and keeps. Steps come seldom and then no more, a leak goes
on: `cargo xtask soak -- --times 8` makes eight times as many calls with the same growth allowed.

| | instances | calls after the warm-up | grown in them | allowed | in bytes a call | in bytes a trap | kept back on purpose |
| --- | --- | --- | --- | --- | --- | --- | --- |
{growth}
## What is done

- Each call gives the guest a payload of {payload}. The guest hands it to an import of the host, and answers with as
  many bytes of its own. Every byte of every answer is compared.
- One call in {TRAPS} traps with the payload in hand: by turns with a panic and with `unreachable`. It has to end with
  that error and no other call with any, or the soak ends at once. Afterwards the counts of the handle (`stats`)
  and of the host have to agree with what was done to the call.
- *warm* keeps instances with the default bounds; *fresh* has a new instance for each call. Limits are the default ones,
  but for time: a busy machine is no failure.
- *control* is *warm* with a host that keeps {kept} of one call in {TRAPS} in a list. It has to show as growth, by
  half to twice of what is kept, or the measurement is worth nothing and the command fails.

## How it is judged

The process is looked at before the first call and then {samples} times in each part, while no call runs, so that
what is there is what is kept. Each part has an engine of its own, and all are in one process, one after the other.

The first {warm_up} % are the warm-up. Through the samples after it goes the line of least squares. Memory that is high
in one sample is high in the next one too; the error of the slope is corrected for that (with the correlation `r` of
neighbours, `n` samples count as `n (1 - r) / (1 + r)`), and is never taken to be less than a page in all the calls.

- **flat**: the growth after the warm-up plus its error stays below {share} % of the memory of *one* instance
  ({instance} of linear memory).
- **grows**: the growth less its error is above that.
- **unclear**: neither. Then the command fails too.

Why this bound: what a runtime can lose is an instance, a payload, an error with its texts, an entry in a list. One
instance is beyond the bound by itself, and so is what is lost with every call or with every trap, as soon as it is
more than the table says. What stays below the bound is what allocators do with the pages that they have. The control
keeps {ratio:.0} times as much as is allowed.
",
        warm = text::thousands(effort.warm),
        fresh = text::thousands(effort.fresh),
        payload = text::bytes(PAYLOAD as f64),
        machine = text::machine(),
        kept = text::bytes(effort.kept as f64),
        samples = effort.samples,
        warm_up = 100 / WARM_UP,
        share = effort.allowed * 100.0,
        instance = text::bytes(instance as f64),
        ratio = soak
            .parts
            .iter()
            .map(|part| part.kept * part.trend.calls() / part.allowed)
            .fold(0.0, f64::max),
    )
}
