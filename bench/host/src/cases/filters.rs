//! The cases about filters of a proxy: all that a proxy calls of one for a request, and what the
//! filter calls meanwhile. Knows every way of running them, but not how any is set up.

use anyhow::{Context as _, Result, ensure};

use super::{Case, Hosts};
use crate::by_hand::Setup;
use crate::by_hand::filters as by_hand;
use crate::compare::{Comparison, Goal};
use crate::filters::{Files, Kind, blotted, read};
use crate::measure::Subject;
use crate::peers::proxy_wasm_host;
use crate::through_abide::filters as through_abide;

/// The module, through `abide-proxy-wasm`.
const MODULE: &str = "Abide, module";
/// The same filter as a component.
const COMPONENT: &str = "Abide, component";
/// The calls of a proxy and the functions of a `Linker`, and nothing else.
const BARE: &str = "bare loop, no limits";
/// The same with Abide's limits.
const TUNED: &str = "bare loop, tuned";
/// The crate of that name. The exchange is lent for each callback.
const RIVAL: &str = "proxy-wasm-host";
/// The same, with the exchange lent for the callbacks of one moment.
const RIVAL_LENT: &str = "proxy-wasm-host, lent longer";

const COMPARISONS: &[Comparison] = &[
    Comparison::new(MODULE, BARE).goal(Goal::AtMost(1.4)),
    Comparison::new(MODULE, TUNED),
    Comparison::new(MODULE, RIVAL).goal(Goal::AtMost(0.55)),
    Comparison::new(MODULE, RIVAL_LENT),
    Comparison::new(COMPONENT, MODULE).goal(Goal::AtMost(3.0)),
];

pub(super) const ALL: &[Case] = &[
    Case {
        name: "filter-headers",
        about: "a request and its response pass a filter that logs all of their fields",
        subjects: |hosts| every_way(hosts, Kind::Headers),
        comparisons: COMPARISONS,
    },
    Case {
        name: "filter-add",
        about: "a request passes a filter that adds a field, reads another and logs it",
        subjects: |hosts| every_way(hosts, Kind::Add),
        comparisons: COMPARISONS,
    },
    Case {
        name: "filter-body",
        about: "a request and its response pass a filter that changes a body of 1 KiB",
        subjects: |hosts| every_way(hosts, Kind::Body),
        comparisons: COMPARISONS,
    },
];

/// The filters, built, and who else runs them.
#[derive(Debug)]
pub(super) struct Loaded {
    files: Files,
    rival: Option<proxy_wasm_host::Built>,
}

impl Loaded {
    /// Builds them. Without the other host the rest is measured all the same.
    pub(super) fn build() -> Result<Self> {
        let files = Files::build()?;
        let rival = proxy_wasm_host::build();
        if let Err(error) = &rival {
            eprintln!("warning: {RIVAL} is not measured: {error:#}");
        }
        Ok(Self {
            files,
            rival: rival.ok(),
        })
    }
}

fn every_way(hosts: &Hosts, kind: Kind) -> Result<Vec<Subject<'_>>> {
    let loaded = hosts.filters()?;
    let module = read(&loaded.files.module)?;
    let component = read(loaded.files.component(kind))?;
    let mut subjects = Vec::new();
    for (name, filter) in [
        (MODULE, through_abide::Filter::module(&module, kind)),
        (
            COMPONENT,
            through_abide::Filter::component(&component, kind),
        ),
    ] {
        let mut filter = filter.context(name)?;
        filter.request().context(name)?;
        let agent = filter.field("x-filter");
        right(kind, filter.logged(), agent, filter.body()).context(name)?;
        subjects.push(Subject::new(name, 1, move || filter.request()));
    }
    for (name, setup) in [(BARE, Setup::Unlimited), (TUNED, Setup::Tuned)] {
        let mut filter = by_hand::Filter::new(&module, kind, setup).context(name)?;
        filter.request().context(name)?;
        let agent = filter.field("x-filter");
        right(kind, filter.logged(), agent, filter.body()).context(name)?;
        subjects.push(Subject::new(name, 1, move || filter.request()));
    }
    if let Some(built) = &loaded.rival {
        // It looks itself whether the filter does what it should.
        for (name, way) in [(RIVAL, " apart"), (RIVAL_LENT, "")] {
            let mut rival = built.start(&loaded.files.module)?;
            let way = format!("{}{way}", kind.name());
            subjects.push(Subject::timed(name, 1, move |calls| {
                rival.calls(&way, calls)
            }));
        }
    }
    Ok(subjects)
}

/// Whether a filter did what it should with a request.
fn right(kind: Kind, logged: u64, added: Option<Vec<u8>>, body: Vec<u8>) -> Result<()> {
    ensure!(logged == kind.messages(), "{logged} messages were logged");
    let is_added = added.as_deref() == Some(b"abide");
    ensure!(is_added == (kind == Kind::Add), "the field is wrong");
    let is_blotted = body == blotted();
    ensure!(is_blotted == (kind == Kind::Body), "the body is wrong");
    Ok(())
}
