//! What a filter costs in a proxy: the proxy of `examples/proxy` beside Envoy, with the same filters and
//! without, asked by `wrk`. What is measured is what these programs do, not what is in this one.
//!
//! A proxy has one core for itself. Who asks it and who answers it share another. The proxies run all
//! the time and are asked in turns.

mod check;
mod envoy;
mod load;
mod ours;
mod process;
mod upstream;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::compare::{Comparison, Goal};
use crate::filters::{Files, Kind};
use crate::measure::Samples;
use crate::run::Made;
use crate::stats::Spread;

use self::load::Load;
use self::process::{Process, folder};
pub(crate) use self::upstream::{OPTION, serve};

/// What the cases of proxies are called together.
pub(crate) const NAME: &str = "proxy-…";
pub(crate) const ABOUT: &str = "with --proxies: what a filter costs in a proxy, beside Envoy";

/// Whose proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    Abide,
    Envoy,
}

/// What is in its chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Chain {
    Nothing,
    Module(Kind),
    Component(Kind),
}

/// A proxy that was measured, with a figure for each round.
#[derive(Debug)]
pub(crate) struct Proxied {
    pub(crate) who: Who,
    pub(crate) chain: Chain,
    pub(crate) rounds: Vec<Round>,
}

/// What one round found.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Round {
    pub(crate) per_second: f64,
    /// Processor time of the proxy, in nanoseconds for one request.
    pub(crate) processor: f64,
    /// How much of its core it used.
    pub(crate) busy: f64,
}

/// How thoroughly to measure.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effort {
    pub(crate) rounds: u32,
    pub(crate) each: Duration,
}

impl Effort {
    /// What a result is worth writing down after.
    pub(crate) const THOROUGH: Self = Self {
        rounds: 9,
        each: Duration::from_secs(2),
    };

    /// Enough to see whether something is badly off.
    pub(crate) const QUICK: Self = Self {
        rounds: 3,
        each: Duration::from_secs(1),
    };
}

const ABIDE_NONE: &str = "Abide, no filter";
const ENVOY_NONE: &str = "Envoy, no filter";
const ABIDE_MODULE: &str = "Abide, module";
const ABIDE_COMPONENT: &str = "Abide, component";
const ENVOY_MODULE: &str = "Envoy, module";

/// In how much time a request is through, so the more the slower.
const NONE: &[Comparison] = &[Comparison::new(ENVOY_NONE, ABIDE_NONE).goal(Goal::AtLeast(0.8))];

const ADDED: &[Comparison] = &[
    Comparison::new(ABIDE_MODULE, ENVOY_MODULE).goal(Goal::AtMost(0.3)),
    Comparison::new(ABIDE_COMPONENT, ENVOY_MODULE),
];

impl Proxied {
    /// Spreads of a figure over the rounds.
    pub(crate) fn spread(&self, of: impl Fn(&Round) -> f64) -> Option<Spread> {
        Spread::of(&self.rounds.iter().map(of).collect::<Vec<_>>())
    }

    /// What it is called.
    pub(crate) fn name(&self) -> String {
        let who = match self.who {
            Who::Abide => "Abide",
            Who::Envoy => "Envoy",
        };
        match self.chain {
            Chain::Nothing => format!("{who}, no filter"),
            Chain::Module(kind) => format!("{who}, module `{}`", kind.name()),
            Chain::Component(kind) => format!("{who}, component `{}`", kind.name()),
        }
    }
}

/// A proxy that runs.
struct Running {
    who: Who,
    chain: Chain,
    process: Process,
}

/// Measures all proxies there are. Those that are not to be had are left out, which is said.
pub(crate) fn measure(files: &Files, effort: Effort) -> Result<Vec<Proxied>> {
    let load = Load::find()?;
    let upstream = upstream::start()?;
    let folder = folder()?;
    let mut running = Vec::new();
    for (who, chain) in all() {
        let at = folder.join(format!("{who:?}-{chain:?}").replace(['(', ')'], "-"));
        std::fs::create_dir_all(&at)?;
        let process = match start(who, chain, files, &at, &upstream) {
            Ok(Some(process)) => process,
            Ok(None) => continue,
            Err(error) => return Err(error.context(format!("{who:?} with {chain:?}"))),
        };
        check::right(&process, chain).with_context(|| format!("{who:?} with {chain:?}"))?;
        running.push(Running {
            who,
            chain,
            process,
        });
    }
    let mut proxied: Vec<Proxied> = running
        .iter()
        .map(|running| Proxied {
            who: running.who,
            chain: running.chain,
            rounds: Vec::new(),
        })
        .collect();
    for running in &running {
        // It makes its connections, and what is compiled late.
        load.ask(&running.process, Duration::from_secs(1))?;
    }
    for _ in 0..effort.rounds {
        for (running, proxied) in running.iter().zip(&mut proxied) {
            let round = load.ask(&running.process, effort.each);
            proxied.rounds.push(round.with_context(|| proxied.name())?);
        }
    }
    Ok(proxied)
}

fn all() -> impl Iterator<Item = (Who, Chain)> {
    let modules = [Chain::Nothing]
        .into_iter()
        .chain(Kind::ALL.map(Chain::Module));
    let both = modules.flat_map(|chain| [(Who::Abide, chain), (Who::Envoy, chain)]);
    both.chain(Kind::ALL.map(|kind| (Who::Abide, Chain::Component(kind))))
}

/// Starts a proxy, if it is to be had.
fn start(
    who: Who,
    chain: Chain,
    files: &Files,
    folder: &Path,
    upstream: &Process,
) -> Result<Option<Process>> {
    let filter = match chain {
        Chain::Nothing => None,
        Chain::Module(kind) => Some((files.module.as_path(), kind.name())),
        Chain::Component(kind) => Some((files.component(kind), kind.name())),
    };
    match who {
        Who::Abide => ours::start(folder, upstream.address, filter).map(Some),
        Who::Envoy => envoy::start(folder, upstream.address, filter),
    }
}

/// What comes of it, as cases: without a filter, and what each filter adds.
pub(crate) fn cases(proxied: &[Proxied]) -> Vec<Made> {
    let of = |who, chain| {
        proxied
            .iter()
            .find(|found| found.who == who && found.chain == chain)
    };
    let samples = |name: &str, who, chain, figure: &dyn Fn(&Round, &Round) -> f64| {
        let (with, without) = (of(who, chain)?, of(who, Chain::Nothing)?);
        let rounds = with.rounds.iter().zip(&without.rounds);
        let nanos = rounds.map(|(with, without)| figure(with, without));
        Some(Samples {
            name: name.to_owned(),
            nanos: nanos.collect(),
        })
    };
    let time = |with: &Round, _: &Round| 1e9 / with.per_second;
    let none = [(ABIDE_NONE, Who::Abide), (ENVOY_NONE, Who::Envoy)]
        .map(|(name, who)| samples(name, who, Chain::Nothing, &time));
    let mut cases = vec![Made::new(
        "proxy-none",
        "a request passes a proxy without a filter, one after the other",
        none.into_iter().flatten().collect(),
        NONE,
    )];
    let added = |with: &Round, without: &Round| with.processor - without.processor;
    for (name, about, kind) in [
        (
            "proxy-headers",
            "what the filter that logs all fields adds to a request: processor time",
            Kind::Headers,
        ),
        (
            "proxy-add",
            "what the filter that adds a field adds to a request: processor time",
            Kind::Add,
        ),
        (
            "proxy-body",
            "what the filter that changes the body adds to a request: processor time",
            Kind::Body,
        ),
    ] {
        let measured = [
            (ABIDE_MODULE, Who::Abide, Chain::Module(kind)),
            (ABIDE_COMPONENT, Who::Abide, Chain::Component(kind)),
            (ENVOY_MODULE, Who::Envoy, Chain::Module(kind)),
        ]
        .map(|(name, who, chain)| samples(name, who, chain, &added));
        let measured = measured.into_iter().flatten().collect();
        cases.push(Made::new(name, about, measured, ADDED));
    }
    cases
}
