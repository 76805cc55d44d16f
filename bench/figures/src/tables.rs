//! Cases as tables of Markdown.

use std::fmt::Write as _;

use crate::made::{Made, word};
use crate::stats::{Nanos, Spread};

/// The goals of cases, and whether they were met.
pub fn goals<'a>(cases: impl IntoIterator<Item = &'a Made>) -> String {
    let mut table =
        String::from("| case | ratio | goal | measured | |\n| --- | --- | --- | --- | --- |\n");
    for made in cases {
        for outcome in &made.outcomes {
            let Some((goal, verdict)) = outcome.goal else {
                continue;
            };
            let _ = writeln!(
                table,
                "| `{}` | {} / {} | {goal} | {} | {} |",
                made.name,
                outcome.comparison.of,
                outcome.comparison.to,
                ratio(outcome.ratio),
                shown(word(verdict))
            );
        }
    }
    table
}

/// What is missed is to be seen.
pub fn shown(word: &str) -> String {
    match word {
        "MISSED" => "**missed**".to_owned(),
        word => word.to_owned(),
    }
}

/// The figures of a case.
pub fn case(made: &Made) -> String {
    let mut text = format!(
        "### `{}`\n\n{}. {} rounds.\n\n| way | median | middle 80 % |\n| --- | --- | --- |\n",
        made.name,
        made.about,
        made.rounds()
    );
    for (name, times) in made.times() {
        let Spread {
            low, median, high, ..
        } = times;
        let (low, median, high) = (Nanos(low), Nanos(median), Nanos(high));
        let _ = writeln!(text, "| {name} | {median} | {low} to {high} |");
    }
    text.push_str("\n| ratio, taken in each round | median (middle 80 %) |\n| --- | --- |\n");
    for outcome in &made.outcomes {
        let (of, to) = (outcome.comparison.of, outcome.comparison.to);
        let _ = writeln!(text, "| {of} / {to} | {} |", ratio(outcome.ratio));
    }
    text
}

fn ratio(spread: Spread) -> String {
    let Spread {
        low, median, high, ..
    } = spread;
    match median >= 10.0 {
        true => format!("{median:.0} ({low:.0} to {high:.0})"),
        false => format!("{median:.2} ({low:.2} to {high:.2})"),
    }
}
