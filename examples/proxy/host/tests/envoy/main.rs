//! The same modules and the same requests in Envoy and in the proxy of this example: the calls between
//! host and VM are the same, line by line, and so are the answers.
//!
//! `cargo xtask envoy` gets an Envoy and runs this. Without one nothing is tested, and that is said where
//! nobody can miss it. `ABIDE_SCENARIO` may be the beginning of the names of the scenarios to run.

mod calls;
mod client;
mod compare;
mod envoy;
mod http2;
mod modules;
mod ours;
mod scenarios;
mod trace;
mod upstream;

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use compare::Outcome;
use envoy::Envoy;
use modules::Modules;
use ours::Ours;
use scenarios::Scenario;
use trace::Trace;
use upstream::Upstreams;

/// Where Envoy is.
const PROGRAM: &str = "ABIDE_ENVOY";

/// How long streams may take to be gone after their clients had their answers. Those whose VM has
/// ended never are.
const SETTLED: Duration = Duration::from_millis(400);

/// Does what clients do, and reads what there is in a log then from `from` on.
fn follow(at: SocketAddr, scenario: &Scenario, log: &Path, from: usize, worker: &str) -> Outcome {
    let answers = client::follow(at, &scenario.steps);
    let begun = Instant::now();
    loop {
        let text = fs::read_to_string(log).unwrap();
        let trace = Trace::of(&text[from..], worker);
        if trace.is_over() || begun.elapsed() > SETTLED {
            return Outcome { trace, answers };
        }
        thread::sleep(Duration::from_millis(10));
    }
}

/// What comes of all scenarios in Envoy, one after the other.
fn in_envoy(
    program: &Path,
    folder: &Path,
    scenarios: &[Scenario],
    upstreams: Upstreams,
    modules: &Modules,
) -> Vec<Outcome> {
    let envoy = Envoy::start(program, folder, scenarios, upstreams, modules);
    let log = folder.join("envoy.log");
    let begun = fs::read_to_string(&log).unwrap();
    let worker = trace::worker(&begun).expect("Envoy writes a trace");
    let mut starts = Trace::of(&begun, worker).starts.into_iter();
    let mut outcomes = Vec::new();
    for (scenario, at) in scenarios.iter().zip(&envoy.listens) {
        let before = fs::read_to_string(&log).unwrap().len();
        let mut outcome = follow(*at, scenario, &log, before, worker);
        // Those of its VMs that started with Envoy, in the order of its configuration.
        let first = starts.by_ref().take(scenario.filters);
        outcome.trace.starts.splice(0..0, first);
        outcomes.push(outcome);
    }
    outcomes
}

/// What comes of all scenarios here, each in a proxy of its own.
fn here(
    folder: &Path,
    scenarios: &[Scenario],
    upstreams: Upstreams,
    modules: &Modules,
) -> Vec<Outcome> {
    let each = scenarios.iter().map(|scenario| {
        let ours = Ours::start(folder, scenario, upstreams, modules);
        follow(ours.address, scenario, &ours.trace, 0, "worker 0")
    });
    each.collect()
}

#[test]
fn requests_go_as_in_envoy() {
    let Some(program) = env::var_os(PROGRAM) else {
        // Not by a macro, whose output tests that go well do not show.
        let text =
            format!("\n!!! NOT TESTED: what Envoy does. `{PROGRAM}` does not say where one is\n");
        let _ = std::io::stderr().write_all(text.as_bytes());
        return;
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("envoy");
    fs::create_dir_all(&folder).unwrap();
    let modules = Modules::built(&folder);
    let mut scenarios = scenarios::all();
    if let Ok(wanted) = env::var("ABIDE_SCENARIO") {
        scenarios.retain(|scenario| scenario.name.starts_with(&wanted));
    }
    let upstreams = Upstreams::start();
    let (theirs, ours) = thread::scope(|scope| {
        let ours = scope.spawn(|| here(&folder, &scenarios, upstreams, &modules));
        let theirs = in_envoy(program.as_ref(), &folder, &scenarios, upstreams, &modules);
        (theirs, ours.join().unwrap())
    });
    let mut wrong = String::new();
    let mut lines = 0;
    for ((scenario, theirs), ours) in scenarios.iter().zip(&theirs).zip(&ours) {
        lines += theirs.trace.len();
        wrong += &compare::told(scenario, theirs, ours);
    }
    let differ = scenarios
        .iter()
        .filter(|scenario| scenario.differs.is_some());
    println!(
        "{} scenarios are the same in Envoy, {} differ as they are to; {lines} lines of calls",
        scenarios
            .iter()
            .filter(|scenario| scenario.differs.is_none())
            .count(),
        differ.count(),
    );
    assert!(
        wrong.is_empty(),
        "not as in Envoy, whose log is in {}:\n{wrong}",
        folder.display()
    );
}
