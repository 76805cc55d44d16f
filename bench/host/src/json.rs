//! A run as JSON, for whoever wants to compare two of them.

use std::fmt::Write as _;

use crate::proxies::Proxied;
use crate::run::{Made, Run, word};
use crate::stats::Spread;

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

fn case(made: &Made) -> String {
    let times = made
        .times()
        .map(|(name, times)| format!("{{\"way\": {}, {}}}", text(name), spread(times)));
    let ratios = made.outcomes.iter().map(|outcome| {
        let mut ratio = format!(
            "{{\"of\": {}, \"to\": {}, {}",
            text(outcome.comparison.of),
            text(outcome.comparison.to),
            spread(outcome.ratio)
        );
        if let Some((goal, verdict)) = outcome.goal {
            let (goal, verdict) = (text(&goal.to_string()), text(word(verdict)));
            let _ = write!(ratio, ", \"goal\": {goal}, \"verdict\": {verdict}");
        }
        ratio.push('}');
        ratio
    });
    format!(
        "{{\"name\": {}, \"about\": {}, \"rounds\": {},\n      \"times_ns\": [\n        {}\n      ],\n      \
         \"ratios\": [\n        {}\n      ]}}",
        text(made.name),
        text(made.about),
        made.rounds(),
        times.collect::<Vec<_>>().join(",\n        "),
        ratios.collect::<Vec<_>>().join(",\n        ")
    )
}

fn spread(spread: Spread) -> String {
    let Spread {
        min,
        low,
        median,
        high,
    } = spread;
    format!("\"min\": {min:.3}, \"low\": {low:.3}, \"median\": {median:.3}, \"high\": {high:.3}")
}

fn text(text: &str) -> String {
    let mut quoted = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            letter if letter < ' ' => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(letter));
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_quoted() {
        assert_eq!(text("a \"b\" \\ µ\n"), "\"a \\\"b\\\" \\\\ µ\\u000a\"");
    }

    #[test]
    fn a_run_without_cases_is_json() {
        let run = Run {
            machine: "some".to_owned(),
            ..Run::default()
        };
        assert!(of(&run).contains("\"machine\": \"some\""));
    }
}
