//! The samples as a picture: an SVG that needs no script and no font of its own.
//!
//! Above, all parts at one scale, so that the leak shows for what it is; below, those without a
//! leak, at a scale at which every page shows.

use std::fmt::Write as _;

use crate::host::Subject;
use crate::run::Sample;
use crate::soak::Soak;
use crate::text;
use crate::trend::Trend;
use crate::verdict::Judged;

const WIDTH: f64 = 900.0;
const HEIGHT: f64 = 640.0;
/// The panels' sides.
const LEFT: f64 = 84.0;
const RIGHT: f64 = WIDTH - 24.0;
const STYLE: &str = "\
text{font:13px system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;fill:#333}\
.title{font-size:15px;font-weight:600;fill:#111}.small{font-size:12px;fill:#666}\
.grid{stroke:#e4e4e4}.zero{stroke:#999}.allowed{stroke:#333;stroke-dasharray:6 4}\
.fit{stroke-width:1.5;stroke-dasharray:2 3}\
polyline{fill:none;stroke-width:1.8;stroke-linejoin:round}";

/// Colours of parts, which also differ in brightness.
pub const COLOURS: [&str; 5] = ["#0072b2", "#009e73", "#d55e00", "#cc79a7", "#e69f00"];

/// What is drawn.
#[derive(Debug)]
pub struct Picture<'a> {
    /// Whose memory it is.
    pub of: &'static str,
    /// What has a line.
    pub curves: Vec<Curve<'a>>,
    /// The warm-up, as a share of the calls.
    pub warm_up: f64,
    /// How much growth is allowed after it, in bytes.
    pub allowed: f64,
}

/// The samples of a part.
#[derive(Debug)]
pub struct Curve<'a> {
    /// What is said of it.
    pub text: String,
    /// Its colour.
    pub colour: &'static str,
    /// The samples.
    pub samples: &'a [Sample],
    /// The line through them.
    pub trend: &'a Trend,
    /// Whether it has to grow.
    pub is_control: bool,
}

/// One co-ordinate system.
struct Panel {
    top: f64,
    bottom: f64,
    /// The bytes at the bottom and at the top.
    low: f64,
    high: f64,
}

impl Panel {
    /// A panel in which all the figures have room, and zero.
    fn around(figures: impl Iterator<Item = f64>, top: f64, bottom: f64) -> Self {
        let (low, high) = figures.fold((0.0_f64, 0.0_f64), |(low, high), figure| {
            (low.min(figure), high.max(figure))
        });
        // Not all zero: a panel has a height.
        let room = ((high - low) * 0.08).max(1024.0);
        Self {
            top,
            bottom,
            low: low - room,
            high: high + room,
        }
    }

    fn x(share: f64) -> f64 {
        LEFT + share * (RIGHT - LEFT)
    }

    fn y(&self, bytes: f64) -> f64 {
        self.bottom - (bytes - self.low) / (self.high - self.low) * (self.bottom - self.top)
    }

    /// The grid with its figures.
    fn frame(&self, svg: &mut String, warm_up: f64) {
        let (top, bottom) = (self.top, self.bottom);
        let step = step((self.high - self.low) / 7.0);
        let mut tick = (self.low / step).ceil();
        while tick * step <= self.high {
            let y = self.y(tick * step);
            let class = if tick == 0.0 { "zero" } else { "grid" };
            line(svg, class, (LEFT, y), (RIGHT, y));
            put(svg, "", "end", (LEFT - 8.0, y + 4.0), &label(tick, step));
            tick += 1.0;
        }
        for tenth in (0..=10).step_by(2) {
            let x = Self::x(f64::from(tenth) / 10.0);
            line(svg, "grid", (x, top), (x, bottom));
            put(
                svg,
                "",
                "middle",
                (x, bottom + 18.0),
                &format!("{}%", tenth * 10),
            );
        }
        let width = Self::x(warm_up) - LEFT;
        svg.push_str(&format!(
            "<rect x=\"{LEFT}\" y=\"{top}\" width=\"{width:.1}\" height=\"{:.1}\" fill=\"#000\" \
             opacity=\".05\"/>\n",
            bottom - top
        ));
        put(svg, "small", "start", (LEFT + 6.0, bottom - 8.0), "warm-up");
    }

    /// A part's samples.
    fn curve(&self, svg: &mut String, curve: &Curve<'_>) {
        let mut points = String::new();
        for (share, bytes) in grown(curve) {
            // Within the panel: what lies outside is cut off by it.
            let y = self.y(bytes).clamp(-1000.0, 2.0 * HEIGHT);
            // Writing to a string does not fail.
            let _ = write!(points, "{:.1},{y:.1} ", Self::x(share));
        }
        svg.push_str(&format!(
            "<polyline stroke=\"{}\" points=\"{}\"/>\n",
            curve.colour,
            points.trim_end()
        ));
    }

    /// A part's line of least squares.
    fn fit(&self, svg: &mut String, curve: &Curve<'_>, warm_up: f64) {
        let growth = curve.trend.slope * curve.trend.calls();
        svg.push_str(&format!(
            "<line class=\"fit\" stroke=\"{}\" x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\"/>\n",
            curve.colour,
            Self::x(warm_up),
            self.y(0.0),
            Self::x(1.0),
            self.y(growth)
        ));
    }
}

/// By how much the process was larger than after the warm-up, by the share of the calls.
fn grown(curve: &Curve<'_>) -> impl Iterator<Item = (f64, f64)> {
    let calls = curve.trend.to.max(1) as f64;
    curve.samples.iter().map(move |sample| {
        let share = sample.calls as f64 / calls;
        (share, sample.bytes as f64 - curve.trend.start)
    })
}

const KIB: f64 = 1024.0;
const MIB: f64 = 1024.0 * KIB;

/// A round number of bytes that is no less than this: a power of two, as all the units are.
fn step(least: f64) -> f64 {
    let mut step = KIB;
    while step < least {
        step *= 2.0;
    }
    step
}

/// The figure at a line of the grid.
fn label(tick: f64, step: f64) -> String {
    let bytes = tick * step;
    if tick == 0.0 {
        "0".to_owned()
    } else if step >= MIB {
        format!("{:.0} MiB", bytes / MIB)
    } else {
        format!("{:.0} KiB", bytes / KIB)
    }
}

fn line(svg: &mut String, class: &str, from: (f64, f64), to: (f64, f64)) {
    svg.push_str(&format!(
        "<line class=\"{class}\" x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\"/>\n",
        from.0, from.1, to.0, to.1
    ));
}

/// Text without a character that XML would take for its own.
fn put(svg: &mut String, class: &str, anchor: &str, at: (f64, f64), text: &str) {
    svg.push_str(&format!(
        "<text class=\"{class}\" text-anchor=\"{anchor}\" x=\"{:.1}\" y=\"{:.1}\">{text}</text>\n",
        at.0, at.1
    ));
}

/// A part's colour and text in one line.
fn legend(svg: &mut String, curve: &Curve<'_>, y: f64) {
    svg.push_str(&format!(
        "<rect x=\"{LEFT}\" y=\"{:.1}\" width=\"22\" height=\"4\" fill=\"{}\"/>\n",
        y - 6.0,
        curve.colour
    ));
    put(svg, "", "start", (LEFT + 32.0, y), &curve.text);
}

/// Draws a soak.
#[must_use]
pub fn plot(soak: &Soak) -> String {
    let flat = soak.parts.iter().filter(|part| part.kept == 0.0);
    draw(&Picture {
        of: "the host",
        curves: soak.parts.iter().map(curve).collect(),
        warm_up: 1.0 / crate::effort::WARM_UP as f64,
        allowed: flat.map(|part| part.allowed).fold(0.0, f64::max),
    })
}

/// A part with its calls and its slope.
fn curve(part: &Judged) -> Curve<'_> {
    let (outcome, trend) = (&part.outcome, &part.trend);
    let leak = if part.kept > 0.0 {
        let kept = text::thousands((part.kept * 1000.0).round() as u64);
        format!(" (keeps back {kept})")
    } else {
        String::new()
    };
    let text = format!(
        "{}: {} calls, {} trapped; {} bytes per 1,000 calls{leak}: {}",
        outcome.subject.name(),
        text::thousands(outcome.calls),
        text::thousands(outcome.traps),
        text::slope(trend.slope, trend.bound),
        part.verdict
    );
    Curve {
        text,
        colour: match outcome.subject {
            Subject::Warm => COLOURS[0],
            Subject::Fresh => COLOURS[1],
            Subject::Control => COLOURS[2],
        },
        samples: &outcome.samples,
        trend,
        is_control: part.kept > 0.0,
    }
}

/// Draws it.
#[must_use]
pub fn draw(picture: &Picture<'_>) -> String {
    let Picture {
        of,
        curves,
        warm_up,
        allowed,
    } = picture;
    let (warm_up, allowed) = (*warm_up, *allowed);
    let flat: Vec<&Curve<'_>> = curves.iter().filter(|curve| !curve.is_control).collect();
    // The legend is above it.
    let top = 53.0 + 19.0 * curves.len() as f64;
    let above = Panel::around(curves.iter().flat_map(grown).map(|(_, y)| y), top, 330.0);
    let settled = flat.iter().flat_map(|curve| grown(curve));
    let settled = settled
        .filter(|(share, _)| *share >= warm_up)
        .map(|(_, y)| y);
    let below = Panel::around(settled.chain([allowed, -allowed / 2.0]), 400.0, 590.0);

    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" \
         height=\"{HEIGHT}\" role=\"img\">\n<title>Resident memory of {of} during the soak</title>\n\
         <style>{STYLE}</style>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
         <clipPath id=\"below\"><rect x=\"{LEFT}\" y=\"{}\" width=\"{}\" height=\"{}\"/></clipPath>\n",
        below.top,
        RIGHT - LEFT,
        below.bottom - below.top
    );
    let title = format!("Resident memory of {of}, compared with the end of the warm-up");
    put(&mut svg, "title", "start", (LEFT, 26.0), &title);
    for (index, curve) in curves.iter().enumerate() {
        legend(&mut svg, curve, 50.0 + 19.0 * index as f64);
    }
    above.frame(&mut svg, warm_up);
    for curve in curves.iter().rev() {
        above.curve(&mut svg, curve);
    }
    let title = "The same without the control, enlarged; dotted: the slope";
    put(&mut svg, "title", "start", (LEFT, 388.0), title);
    below.frame(&mut svg, warm_up);
    svg.push_str("<g clip-path=\"url(#below)\">\n");
    for curve in &flat {
        below.curve(&mut svg, curve);
        below.fit(&mut svg, curve, warm_up);
    }
    svg.push_str("</g>\n");
    let y = below.y(allowed);
    line(&mut svg, "allowed", (LEFT, y), (RIGHT, y));
    let label = format!("allowed growth: {}", text::bytes(allowed));
    put(&mut svg, "small", "end", (RIGHT - 6.0, y + 15.0), &label);
    put(
        &mut svg,
        "small",
        "end",
        (RIGHT, HEIGHT - 12.0),
        "share of the calls",
    );
    svg.push_str("</svg>\n");
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grid_has_round_figures() {
        assert_eq!(step(1.0), KIB);
        assert_eq!(step(70_000.0), 128.0 * KIB);
        assert_eq!(step(1_500_000.0), 2.0 * MIB);
        assert_eq!(label(0.0, KIB), "0");
        assert_eq!(label(-3.0, 128.0 * KIB), "-384 KiB");
        assert_eq!(label(3.0, 2.0 * MIB), "6 MiB");
    }

    #[test]
    fn a_panel_has_room_for_its_figures() {
        let panel = Panel::around([-50_000.0, 300_000.0].into_iter(), 10.0, 110.0);
        for figure in [-50_000.0, 0.0, 300_000.0] {
            let y = panel.y(figure);
            assert!(y > 10.0 && y < 110.0, "{figure} is drawn at {y}");
        }
        let empty = Panel::around(std::iter::empty(), 10.0, 110.0);
        assert!(empty.y(0.0).is_finite());
    }
}
