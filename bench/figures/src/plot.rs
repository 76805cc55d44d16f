//! Times as a picture: bars on a scale of powers of ten, in an SVG that needs no script and no font of
//! its own.

use std::fmt::Write as _;

use crate::made::Made;
use crate::stats::{Nanos, Spread};

const WIDTH: f64 = 900.0;
/// Where bars begin, and where the longest ends.
const LEFT: f64 = 230.0;
const RIGHT: f64 = WIDTH - 90.0;
const ROW: f64 = 24.0;
const TITLE: f64 = 34.0;

pub(crate) const STYLE: &str = "\
text{font:13px system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;fill:#333}\
.title{font-size:14px;font-weight:600;fill:#111}.small{font-size:11px;fill:#666}\
.grid{stroke:#e4e4e4}.spread{stroke:#333;stroke-width:1.2}\
.ours{fill:#0072b2}.theirs{fill:#b5b5b5}";

/// Some cases, one below the other, on one scale.
pub fn bars(cases: &[&Made]) -> String {
    let times = || cases.iter().flat_map(|made| made.times());
    let least = times().map(|(_, times)| times.low).fold(f64::MAX, f64::min);
    let most = times().map(|(_, times)| times.high).fold(1.0, f64::max);
    let scale = Scale::around(least, most);
    let rows: usize = cases.iter().map(|made| made.measured.len()).sum();
    let height = TITLE * cases.len() as f64 + ROW * rows as f64 + 36.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\">\n\
         <style>{STYLE}</style>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
    );
    let bottom = height - 26.0;
    for power in scale.powers() {
        let (x, label) = (scale.at(10_f64.powi(power)), Nanos(10_f64.powi(power)));
        let _ = writeln!(
            svg,
            "<line class=\"grid\" x1=\"{x:.1}\" y1=\"8\" x2=\"{x:.1}\" y2=\"{bottom}\"/>\
             <text class=\"small\" x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{label}</text>",
            bottom + 16.0
        );
    }
    let mut y = 0.0;
    for made in cases {
        let _ = writeln!(
            svg,
            "<text class=\"title\" x=\"12\" y=\"{}\">{}: {}</text>",
            y + 24.0,
            escaped(made.name),
            escaped(made.about)
        );
        y += TITLE;
        for (name, times) in made.times() {
            row(&mut svg, &scale, y, name, times);
            y += ROW;
        }
    }
    svg.push_str("</svg>\n");
    svg
}

fn row(svg: &mut String, scale: &Scale, y: f64, name: &str, times: Spread) {
    let (low, end, high) = (
        scale.at(times.low),
        scale.at(times.median),
        scale.at(times.high),
    );
    let class = match name.starts_with("Abide") {
        true => "ours",
        false => "theirs",
    };
    let middle = y + ROW / 2.0;
    let _ = writeln!(
        svg,
        "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\
         <rect class=\"{class}\" x=\"{LEFT}\" y=\"{}\" width=\"{:.1}\" height=\"{}\"/>\
         <line class=\"spread\" x1=\"{low:.1}\" y1=\"{middle}\" x2=\"{high:.1}\" y2=\"{middle}\"/>\
         <text x=\"{:.1}\" y=\"{}\">{}</text>",
        LEFT - 8.0,
        middle + 4.5,
        escaped(name),
        y + 3.0,
        end - LEFT,
        ROW - 6.0,
        end.max(high) + 7.0,
        middle + 4.5,
        Nanos(times.median)
    );
}

/// Powers of ten, from one to another.
struct Scale {
    from: i32,
    to: i32,
}

impl Scale {
    fn around(least: f64, most: f64) -> Self {
        let from = least.max(0.1).log10().floor() as i32;
        let to = most.max(1.0).log10().ceil() as i32;
        Self {
            from,
            to: to.max(from + 1),
        }
    }

    fn at(&self, nanos: f64) -> f64 {
        let share =
            (nanos.max(0.1).log10() - f64::from(self.from)) / f64::from(self.to - self.from);
        LEFT + share * (RIGHT - LEFT)
    }

    fn powers(&self) -> impl Iterator<Item = i32> + use<> {
        self.from..=self.to
    }
}

pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_goes_from_one_power_of_ten_to_another() {
        let scale = Scale::around(116.0, 6_900.0);
        assert_eq!((scale.from, scale.to), (2, 4));
        assert_eq!(scale.at(100.0), LEFT);
        assert_eq!(scale.at(10_000.0), RIGHT);
    }

    #[test]
    fn names_are_escaped() {
        assert_eq!(escaped("list<u8> & more"), "list&lt;u8&gt; &amp; more");
    }
}
