//! One row of the table: a fault, and what has to come of it.

use std::sync::OnceLock;

use abide::{Blame, Limits, Result, Wasi};

use crate::app::App;
use crate::harness::{self, Report};
use crate::rogue::Rogue;
use crate::setup::{Change, Colour, Setup, Way};

/// Something that goes wrong.
pub(crate) struct Fault {
    /// Its name.
    pub(crate) name: &'static str,
    /// What is done, in words.
    pub(crate) does: &'static str,
    /// The sort of the error that it ends in (see `sort`), or [`FINE`](crate::sort::FINE).
    pub(crate) ends: &'static str,
    /// Who is to blame for that, if it is an error.
    pub(crate) blame: Blame,
    /// The two in `host_async`, where they are not the same.
    pub(crate) awaited: Option<(&'static str, Blame)>,
    pub(crate) act: Act,
    /// What is different about the guest.
    pub(crate) guest: &'static [Change<'static>],
    /// What is different about its limits.
    pub(crate) limits: fn(Limits) -> Limits,
    /// What it is granted.
    pub(crate) wasi: fn() -> Wasi,
    /// How often it happens in a row.
    pub(crate) times: usize,
}

/// How a fault is brought about.
#[derive(Clone, Copy)]
pub(crate) enum Act {
    /// A call of the guest. What is returned counts, and what becomes of the instance.
    Call(fn(&Rogue, &App) -> Result<()>),
    /// Anything else; a text says in which way it is wrong altogether.
    Scene(fn(&Setup) -> Result<Result<()>, String>),
}

impl Fault {
    /// The sort of the error that it ends in, and who is to blame.
    pub(crate) fn expected(&self, colour: Colour) -> (&'static str, Blame) {
        match (colour, self.awaited) {
            (Colour::Async, Some(awaited)) => awaited,
            _ => (self.ends, self.blame),
        }
    }

    /// What most have in common.
    pub(crate) const USUAL: Self = Self {
        name: "",
        does: "",
        ends: "",
        blame: Blame::Guest,
        awaited: None,
        act: Act::Call(|_, _| Ok(())),
        guest: &[],
        limits: |limits| limits,
        wasi: Wasi::new,
        times: 40,
    };

    /// What those have in common that last until a deadline.
    pub(crate) const SLOW: Self = Self {
        limits: |limits| limits.deadline(DEADLINE),
        times: 6,
        ..Self::USUAL
    };
}

/// The deadline of faults that last until then: no call that ends by itself takes as long.
pub(crate) const DEADLINE: std::time::Duration = std::time::Duration::from_millis(100);

/// A fault, and what came of it so far.
pub(crate) struct Row {
    pub(crate) fault: Fault,
    reports: [OnceLock<Report>; Way::COUNT],
}

impl Row {
    pub(crate) const fn new(fault: Fault) -> Self {
        Self {
            fault,
            reports: [const { OnceLock::new() }; Way::COUNT],
        }
    }

    /// What comes of it in one way: found out once in a process.
    pub(crate) fn report(&self, way: Way) -> &Report {
        self.reports[way.index()].get_or_init(|| harness::run(&self.fault, way))
    }

    /// The test of this row.
    #[track_caller]
    pub(crate) fn holds(&self, way: Way) {
        let report = self.report(way);
        assert!(report.wrong.is_empty(), "{}", report.wrong.join("\n"));
    }
}

/// A part of the table.
pub(crate) struct Part {
    pub(crate) title: &'static str,
    pub(crate) rows: &'static [Row],
    /// The colours that its guests can have.
    pub(crate) colours: &'static [Colour],
}

impl Part {
    /// How its rows are run: its columns.
    pub(crate) fn ways(&self) -> impl Iterator<Item = Way> {
        Way::all().filter(|way| self.colours.contains(&way.colour))
    }
}

/// Makes a part of the table, `PART`, and a test of each row for each way.
macro_rules! faults {
    ($title:literal; $($test:ident: $fault:expr,)*) => {
        faults!(@part $title, &$crate::setup::Colour::ALL, $($test: $fault,)*);
        faults!(@tests host_async_fresh, Async, Fresh, $($test)*);
        faults!(@tests host_async_warm, Async, Warm, $($test)*);
        faults!(@tests host_async_session, Async, Session, $($test)*);
    };
    // Of guests whose hosts are of `host` only.
    (only host, $title:literal; $($test:ident: $fault:expr,)*) => {
        faults!(@part $title, &[$crate::setup::Colour::Sync], $($test: $fault,)*);
    };
    (@part $title:literal, $colours:expr, $($test:ident: $fault:expr,)*) => {
        #[allow(non_camel_case_types)]
        enum Index { $($test),* }

        static ROWS: [$crate::fault::Row; [$(stringify!($test)),*].len()] =
            [$($crate::fault::Row::new($fault)),*];

        pub(crate) static PART: $crate::fault::Part = $crate::fault::Part {
            title: $title,
            rows: &ROWS,
            colours: $colours,
        };

        faults!(@tests host_fresh, Sync, Fresh, $($test)*);
        faults!(@tests host_warm, Sync, Warm, $($test)*);
        faults!(@tests host_session, Sync, Session, $($test)*);
    };
    (@tests $module:ident, $colour:ident, $policy:ident, $($test:ident)*) => {
        mod $module {
            use super::{Index, ROWS};
            use $crate::setup::{Colour, Policy, Way};

            $(#[test]
            fn $test() {
                ROWS[Index::$test as usize].holds(Way::new(Colour::$colour, Policy::$policy));
            })*
        }
    };
}
pub(crate) use faults;
