//! What is printed when a soak is over.

use std::fmt;

use crate::soak::Soak;
use crate::text;

/// The columns, which `page` has too.
pub(crate) const COLUMNS: [&str; 9] = [
    "",
    "calls",
    "trapped",
    "time",
    "RSS at first",
    "at last",
    "highest",
    "bytes per 1,000 calls",
    "verdict",
];

/// A row of the table for each part.
pub(crate) fn rows(soak: &Soak) -> Vec<[String; 9]> {
    let row = |part: &crate::Judged| {
        let samples = part.outcome.samples.iter().map(|sample| sample.bytes);
        let memory = |bytes: Option<u64>| text::bytes(bytes.unwrap_or_default() as f64);
        [
            part.outcome.subject.name().to_owned(),
            text::thousands(part.outcome.calls),
            text::thousands(part.outcome.traps),
            text::time(part.outcome.time),
            memory(samples.clone().next()),
            memory(samples.clone().next_back()),
            memory(samples.max()),
            text::slope(part.trend.slope, part.trend.bound),
            part.verdict.to_string(),
        ]
    };
    soak.parts.iter().map(row).collect()
}

impl fmt::Display for Soak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = vec![COLUMNS.map(str::to_owned)];
        table.extend(rows(self));
        let width = |column: usize| {
            let cells = table.iter().map(|row| row[column].chars().count());
            cells.max().unwrap_or_default()
        };
        let widths: [usize; 9] = std::array::from_fn(width);
        for row in &table {
            let mut line = format!("{:<1$}", row[0], widths[0]);
            for (cell, width) in row.iter().zip(widths).skip(1) {
                line += &format!("  {cell:>width$}");
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        writeln!(f)?;
        for part in &self.parts {
            let (trend, kept) = (&part.trend, part.kept);
            write!(
                f,
                "{}: after the warm-up {} ± {} in {} calls; allowed {}",
                part.outcome.subject.name(),
                text::bytes(trend.slope * trend.calls()),
                text::bytes(trend.bound * trend.calls()),
                text::thousands(trend.to - trend.from),
                text::bytes(part.allowed),
            )?;
            if kept > 0.0 {
                write!(f, "; kept back {}", text::bytes(kept * trend.calls()))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
