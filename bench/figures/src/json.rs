//! Cases as JSON, for whoever wants to compare two runs.

use std::fmt::Write as _;

use crate::made::{Made, word};
use crate::stats::Spread;

/// The figures of a case: times in nanoseconds, ratios as numbers.
pub fn case(made: &Made) -> String {
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

/// A text in quotes.
pub fn text(text: &str) -> String {
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
}
