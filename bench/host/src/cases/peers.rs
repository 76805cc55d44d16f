//! The cases that compare Abide with other ways of having code that is not part of the program. Knows
//! them all, but not how any is set up.

use std::hint::black_box;
use std::path::PathBuf;

use anyhow::Result;

use super::calls::{Add, Call, Echo};
use super::{Case, HANDLE, Hosts, WARM, handle, subject, warm};
use crate::compare::{Comparison, Goal};
use crate::measure::Subject;
use crate::peers::child::{self, Called};
use crate::peers::core_module::CoreModule;
use crate::peers::extism;
#[cfg(unix)]
use crate::peers::library::Library;

const CORE: &str = "core module, no components";
const LIBRARY: &str = "shared library";
const CHILD: &str = "child process, pipe";
const EXTISM: &str = "Extism";
const EXTISM_FRESH: &str = "Extism, new plug-in each";
const CHILD_FRESH: &str = "child process, new each";

const MIB: usize = 1024 * 1024;

pub(super) const ALL: &[Case] = &[
    Case {
        name: "peers-add",
        about: "add(u32, u32) -> u32, beside other ways of having such code",
        subjects: |hosts| kept(hosts, Add, "add", &Ways::ADD),
        comparisons: &[
            Comparison::new(EXTISM, WARM).goal(Goal::AtLeast(22.0)),
            Comparison::new(CHILD, WARM),
            Comparison::new(WARM, CORE),
            Comparison::new(WARM, LIBRARY),
        ],
    },
    Case {
        name: "peers-echo-1m",
        about: "1 MiB in and out, beside other ways of having such code",
        subjects: |hosts| kept(hosts, Echo::of(MIB), "echo", &Ways::ECHO),
        comparisons: &[
            Comparison::new(EXTISM, WARM).goal(Goal::AtLeast(12.0)),
            Comparison::new(CHILD, WARM),
            Comparison::new(WARM, CORE),
            Comparison::new(WARM, LIBRARY),
        ],
    },
    Case {
        name: "peers-fresh",
        about: "something new for each call, add, and its end",
        subjects: fresh,
        comparisons: &[
            Comparison::new(EXTISM_FRESH, HANDLE).goal(Goal::AtLeast(15.0)),
            Comparison::new(CHILD_FRESH, HANDLE),
        ],
    },
];

/// What else there is, compiled.
#[derive(Debug)]
pub(super) struct Peers {
    child: PathBuf,
    extism: Option<extism::Built>,
}

impl Peers {
    /// Compiles them. Without Extism the rest is measured all the same.
    pub(super) fn build() -> Result<Self> {
        let extism = extism::build();
        if let Err(error) = &extism {
            eprintln!("warning: Extism is not measured: {error:#}");
        }
        Ok(Self {
            child: child::program()?,
            extism: extism.ok(),
        })
    }
}

/// A call of each of the others that keeps what it calls.
struct Ways<C: Call> {
    core: fn(&mut CoreModule, &C) -> Result<C::Output>,
    #[cfg(unix)]
    library: fn(&Library, &C) -> C::Output,
    child: fn(&mut Called, &C) -> Result<C::Output>,
}

impl Ways<Add> {
    const ADD: Self = Self {
        core: |core, _| core.add(black_box(2), black_box(3)),
        #[cfg(unix)]
        library: |library, _| library.add(black_box(2), black_box(3)),
        child: |child, _| child.add(black_box(2), black_box(3)),
    };
}

impl Ways<Echo> {
    const ECHO: Self = Self {
        core: |core, echo| core.echo(black_box(echo.bytes())),
        #[cfg(unix)]
        library: |library, echo| library.echo(black_box(echo.bytes())),
        child: |child, echo| child.echo(black_box(echo.bytes())),
    };
}

fn kept<'a, C: Call>(
    hosts: &'a Hosts,
    call: C,
    of_extism: &'static str,
    ways: &'static Ways<C>,
) -> Result<Vec<Subject<'a>>> {
    let peers = hosts.peers()?;
    let mut subjects = vec![warm(&hosts.warm, call.clone())?];
    let mut core = CoreModule::new()?;
    subjects.push(subject(CORE, call.clone(), move |call| {
        (ways.core)(&mut core, call)
    })?);
    #[cfg(unix)]
    {
        let library = Library::open()?;
        subjects.push(subject(LIBRARY, call.clone(), move |call| {
            Ok((ways.library)(&library, call))
        })?);
    }
    let mut child = Called::start(&peers.child)?;
    subjects.push(subject(CHILD, call, move |call| {
        (ways.child)(&mut child, call)
    })?);
    if let Some(built) = &peers.extism {
        subjects.push(through_extism(EXTISM, built, of_extism)?);
    }
    Ok(subjects)
}

fn fresh(hosts: &Hosts) -> Result<Vec<Subject<'_>>> {
    let peers = hosts.peers()?;
    let mut subjects = vec![handle(&hosts.abide, Add)?];
    subjects.push(subject(CHILD_FRESH, Add, |_| {
        Called::start(&peers.child)?.add(black_box(2), black_box(3))
    })?);
    if let Some(built) = &peers.extism {
        subjects.push(through_extism(EXTISM_FRESH, built, "fresh")?);
    }
    Ok(subjects)
}

fn through_extism(
    name: &'static str,
    built: &extism::Built,
    way: &'static str,
) -> Result<Subject<'static>> {
    let mut extism = built.start()?;
    Ok(Subject::timed(name, 1, move |calls| {
        extism.calls(way, calls)
    }))
}
