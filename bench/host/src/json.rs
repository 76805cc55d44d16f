//! A run as JSON, for whoever wants to compare two of them.

use abide_figures::json::{case, text};

use crate::proxies::Proxied;
use crate::run::Run;

/// The whole run: times in nanoseconds, ratios as numbers.
pub(crate) fn of(run: &Run) -> String {
    let cases: Vec<_> = run.cases.iter().map(case).collect();
    let held = run.held.iter().map(|held| {
        format!(
            "{{\"who\": {}, \"what\": {}, \"count\": {}, \"bytes_each\": {:.0}, \"load_ns_each\": {:.0}}}",
            text(held.who.name()),
            text(held.what.name()),
            held.count,
            held.bytes,
            held.nanos
        )
    });
    let proxied = run.proxied.iter().map(proxied);
    format!(
        "{{\n  \"machine\": {},\n  \"default_config_is_concurrent\": {},\n  \"cases\": [\n    {}\n  ],\n  \
         \"held\": [\n    {}\n  ],\n  \"proxies\": [\n    {}\n  ]\n}}\n",
        text(&run.machine),
        run.default_is_concurrent,
        cases.join(",\n    "),
        held.collect::<Vec<_>>().join(",\n    "),
        proxied.collect::<Vec<_>>().join(",\n    ")
    )
}

fn proxied(proxied: &Proxied) -> String {
    let rounds = proxied.rounds.iter().map(|round| {
        format!(
            "{{\"requests_per_second\": {:.1}, \"processor_ns\": {:.1}, \"busy\": {:.3}}}",
            round.per_second, round.processor, round.busy
        )
    });
    format!(
        "{{\"proxy\": {}, \"rounds\": [\n      {}\n      ]}}",
        text(&proxied.name()),
        rounds.collect::<Vec<_>>().join(",\n      ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_without_cases_is_json() {
        let run = Run {
            machine: "some".to_owned(),
            ..Run::default()
        };
        assert!(of(&run).contains("\"machine\": \"some\""));
    }
}
