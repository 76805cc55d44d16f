//! Something over something else as a picture: lines from zero, in an SVG that needs no script and no
//! font of its own.

use std::fmt::Write as _;

use crate::plot::{STYLE, escaped};

const WIDTH: f64 = 900.0;
const HEIGHT: f64 = 380.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = WIDTH - 20.0;
const TOP: f64 = 44.0;
const BOTTOM: f64 = HEIGHT - 40.0;
/// How many parts an axis has.
const PARTS: u32 = 4;

/// Colours that all can tell apart.
const COLOURS: [&str; 6] = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9",
];

/// A line.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// What it is called.
    pub name: String,
    /// From left to right.
    pub points: Vec<(f64, f64)>,
}

/// Lines on one pair of axes. `across` and `up` are what the axes are.
pub fn drawn(title: &str, across: &str, up: &str, lines: &[Line]) -> String {
    let points = || lines.iter().flat_map(|line| &line.points);
    let most_x = points().map(|(x, _)| *x).fold(1.0, f64::max);
    let most_y = round(points().map(|(_, y)| *y).fold(1.0, f64::max));
    let x_at = |x: f64| LEFT + x / most_x * (RIGHT - LEFT);
    let y_at = |y: f64| BOTTOM - y / most_y * (BOTTOM - TOP);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\">\n\
         <style>{STYLE}</style>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
         <text class=\"title\" x=\"12\" y=\"24\">{}</text>\n",
        escaped(title)
    );
    for part in 0..=PARTS {
        let share = f64::from(part) / f64::from(PARTS);
        let (x, y) = (x_at(share * most_x), y_at(share * most_y));
        let (down, left) = (BOTTOM + 16.0, LEFT - 6.0);
        let _ = writeln!(
            svg,
            "<line class=\"grid\" x1=\"{LEFT}\" y1=\"{y:.1}\" x2=\"{RIGHT}\" y2=\"{y:.1}\"/>\
             <text class=\"small\" x=\"{left}\" y=\"{:.1}\" text-anchor=\"end\">{:.0}</text>\
             <text class=\"small\" x=\"{x:.1}\" y=\"{down}\" text-anchor=\"middle\">{:.0}</text>",
            y + 4.0,
            share * most_y,
            share * most_x
        );
    }
    let _ = writeln!(
        svg,
        "<text class=\"small\" x=\"{RIGHT}\" y=\"{}\" text-anchor=\"end\">{}</text>\
         <text class=\"small\" x=\"12\" y=\"{}\">{}</text>",
        HEIGHT - 8.0,
        escaped(across),
        TOP - 6.0,
        escaped(up)
    );
    for (index, (line, colour)) in lines.iter().zip(COLOURS.iter().cycle()).enumerate() {
        let points = line.points.iter();
        let points: Vec<_> = points
            .map(|(x, y)| format!("{:.1},{:.1}", x_at(*x), y_at(*y)))
            .collect();
        let _ = writeln!(
            svg,
            "<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.6\" points=\"{}\"/>\
             <text x=\"{}\" y=\"{}\" style=\"fill:{colour}\">{}</text>",
            points.join(" "),
            LEFT + 12.0,
            BOTTOM - 12.0 - 18.0 * index as f64,
            escaped(&line.name)
        );
    }
    svg.push_str("</svg>\n");
    svg
}

/// The next number that is easy to divide.
fn round(most: f64) -> f64 {
    let power = 10_f64.powf(most.log10().floor());
    let steps = [1.0, 2.0, 4.0, 8.0, 10.0];
    let next = steps.iter().map(|step| step * power);
    next.into_iter().find(|step| *step >= most).unwrap_or(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_end_at_easy_numbers() {
        assert_eq!(
            [3.0, 41.0, 100.0, 999.0].map(round),
            [4.0, 80.0, 100.0, 1000.0]
        );
    }

    #[test]
    fn a_line_goes_from_corner_to_corner() {
        let line = Line {
            name: "a<b".to_owned(),
            points: vec![(0.0, 0.0), (10.0, 100.0)],
        };
        let svg = drawn("t", "x", "y", &[line]);
        assert!(
            svg.contains(&format!("{LEFT:.1},{BOTTOM:.1} {RIGHT:.1},{TOP:.1}")),
            "{svg}"
        );
        assert!(svg.contains("a&lt;b"));
    }
}
