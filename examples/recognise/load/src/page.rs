//! The page and the picture of the load, for `docs`. They do not say when and on whose machine the
//! figures came about.

use abide_soak::{COLOURS, Curve, Picture, draw, text};

use crate::demo::Over;
use crate::judged::{ALLOWED, Part, Run, WARM_UP};

/// Draws both runs.
#[must_use]
pub fn plot(sound: &Run, faulty: &Run) -> String {
    let parts = sound
        .parts
        .iter()
        .chain(faulty.parts.iter().filter(|part| part.is_faulty));
    draw(&Picture {
        of: "each service",
        curves: parts
            .zip(COLOURS)
            .map(|(part, colour)| curve(part, colour))
            .collect(),
        warm_up: 1.0 / WARM_UP as f64,
        allowed: ALLOWED,
    })
}

fn curve<'a>(part: &'a Part, colour: &'static str) -> Curve<'a> {
    let (growth, bound) = part.growth();
    let fault = match part.is_faulty {
        true => " that never frees a tensor",
        false => "",
    };
    let text = format!(
        "{}{fault}: {} pictures; grown by {} ± {}: {}",
        part.service,
        text::thousands(part.trend.to),
        text::bytes(growth),
        text::bytes(bound),
        part.verdict
    );
    Curve {
        text,
        colour,
        samples: &part.samples,
        trend: &part.trend,
        is_control: part.is_faulty,
    }
}

/// What stands above the columns.
const COLUMNS: [&str; 6] = [
    "service",
    "pictures",
    "RSS at last",
    "grown",
    "bytes for each picture",
    "verdict",
];

fn table(sound: &Run, faulty: &Run) -> String {
    let row = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let mut table = row(&COLUMNS.map(str::to_owned));
    table += &row(&COLUMNS.map(|_| "---".to_owned()));
    for part in sound.parts.iter().chain(&faulty.parts) {
        let (growth, bound) = part.growth();
        let is_of_faulty = faulty.parts.iter().any(|other| std::ptr::eq(other, part));
        let name = match (part.is_faulty, is_of_faulty) {
            (true, _) => format!("{}, which never frees a tensor", part.service),
            (false, true) => format!("{}, beside it", part.service),
            (false, false) => part.service.clone(),
        };
        table += &row(&[
            name,
            text::thousands(part.trend.to),
            text::bytes(part.samples.last().map_or(0, |sample| sample.bytes) as f64),
            format!("{} ± {}", text::bytes(growth), text::bytes(bound)),
            format!("{:.0} ± {:.0}", part.trend.slope, part.trend.bound),
            part.verdict.to_string(),
        ]);
    }
    table
}

/// Writes the page.
#[must_use]
pub fn page(sound: &Run, faulty: &Run, over: &Over) -> String {
    let complaints = [sound.complaints(), faulty.complaints()].concat();
    let outcome = match complaints.is_empty() {
        true => {
            "No picture is lost and none is answered wrongly; no service grows, and the one with the fault is \
             seen."
                .to_owned()
        }
        false => format!("**Not as it has to be:** {}.", complaints.join("; ")),
    };
    let between = match over {
        Over::Process => "all in one process",
        Over::Http => "three processes that call one another over HTTP",
        Over::Redis(_) => {
            "three processes that call one another over HTTP, with the history in Redis"
        }
        Over::Sidecars(_) => "three processes, each with a Dapr sidecar",
        Over::Nats(_) => "three processes that call one another over NATS, with the history there",
    };
    format!(
        "\
# Load of the recognition demo

Whether [the demo of image recognition](../examples/recognise/README.md) loses a picture, answers one wrongly or
grows: {pictures} pictures to the page's own endpoint from {clients} clients, {between}. Then fewer with
`--keep-tensors`, the fault of the system that this is made after: its host kept each tensor until the process ended.
This page and the picture are written by `cargo xtask recognise --load`.

{outcome}

![The memory of each service over the pictures](recognise-load.svg)

{table}
{pictures} pictures took {time}: {rate:.1} in a second, p50 {p50:.0} ms, p99 {p99:.0} ms. Taken on {machine},
which has the clients, all services and other programs; RSS is the resident memory of a service's process; ± are two
standard errors.

## What is done

- Each client sends the four photos in turn and waits for each answer. Every answer is compared: the word that comes
  first, that there is a grey twin, and that the history has the picture.
- The memory of each service is what it says of itself at `/api/figures`, as the page shows it, {samples} times, while
  no picture is on its way. Services count what was sent, and none of it failed.
- The history has 24 places, which are used again.

## How it is judged

As in [the soak of the runtime](soak.md): through the samples after the first fifth goes the line of least squares. A
service may have grown by {allowed} on it: *flat* is less with the error, *grows* more without. What has to be flat is
flat, and the one with the fault grows, or the command fails. Its tensors are 151,528 bytes for each picture.
",
        pictures = text::thousands(sound.effort.pictures),
        clients = sound.effort.clients,
        table = table(sound, faulty),
        time = text::time(sound.time),
        rate = sound.per_second(),
        p50 = sound.within(0.5).as_secs_f64() * 1e3,
        p99 = sound.within(0.99).as_secs_f64() * 1e3,
        machine = text::machine(),
        samples = sound.effort.samples,
        allowed = text::bytes(ALLOWED),
    )
}
