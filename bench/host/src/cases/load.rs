//! The cases of loading: from the bytes of a component to the result of a first call.
//!
//! Each has an engine of its own, on which nothing else is loaded: guests of one engine share their
//! code.

use anyhow::{Context as _, Result};

use super::calls::{Add, Call};
use super::{Case, Hosts, MILLISECOND, subject};
use crate::by_hand::{self, lost};
use crate::compare::{Comparison, Goal};
use crate::measure::Subject;
use crate::through_abide;

const ABIDE: &str = "Abide, load and call";
const BY_HAND: &str = "bindgen!, tuned, load and call";

pub(super) const ALL: &[Case] = &[
    Case {
        name: "load-bytes",
        about: "a component is compiled, linked and checked, and called for the first time",
        subjects: |hosts| from_bytes(hosts),
        comparisons: &[Comparison::new(ABIDE, BY_HAND)],
    },
    Case {
        name: "load-artefact",
        about: "the same with code that was compiled before and is kept in a folder",
        subjects: |hosts| from_artefact(hosts),
        comparisons: &[
            Comparison::new(ABIDE, MILLISECOND).goal(Goal::AtMost(1.0)),
            Comparison::new(ABIDE, BY_HAND),
        ],
    },
];

fn from_bytes(hosts: &Hosts) -> Result<Vec<Subject<'_>>> {
    let guest = hosts.guest.as_slice();
    let loader = through_abide::Loader::new(None)?;
    let by_hand = by_hand::Loader::new(guest)?;
    Ok(vec![
        subject(ABIDE, Add, move |add| {
            Ok(add.through_abide(&loader.load(guest)?)?)
        })?,
        subject(BY_HAND, Add, move |add| {
            first(add, &by_hand.compile(guest)?)
        })?,
    ])
}

fn from_artefact(hosts: &Hosts) -> Result<Vec<Subject<'_>>> {
    let guest = hosts.guest.as_slice();
    let folder = std::env::temp_dir().join(format!("abide-bench-{}", std::process::id()));
    let loader = through_abide::Loader::new(Some(&folder))?;
    let by_hand = by_hand::Loader::new(guest)?;
    // The first time it is compiled.
    loader.load(guest).context(ABIDE)?;
    Ok(vec![
        subject(ABIDE, Add, move |add| {
            Ok(add.through_abide(&loader.load(guest)?)?)
        })?,
        subject(BY_HAND, Add, move |add| first(add, &by_hand.deserialize()?))?,
    ])
}

fn first(add: &Add, loaded: &by_hand::Loaded<by_hand::Nothing>) -> Result<u32> {
    let mut instance = loaded.instance()?;
    let (guest, store) = instance.parts();
    add.by_hand(guest, store).map_err(lost)
}
