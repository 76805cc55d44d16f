//! What a component needs, and its limits do not allow: all of it at once.

use std::sync::Arc;
use std::time::Duration;

use super::limits::Limits;
use crate::code::survey::Needs;
use crate::error::kinds::{Beyond, LimitKind};
use crate::error::{Error, Result};

/// The size of a page of linear memory, in bytes.
const PAGE: u64 = 64 * 1024;

/// How long the compiler may take for a mebibyte of a large component on two cores, in
/// milliseconds: a guess, so that nobody raises one limit only to run into the next.
const COMPILING: u64 = if cfg!(debug_assertions) { 6_000 } else { 600 };

const MIB: u64 = 1024 * 1024;

/// What is beyond the limits of what an instance needs to start.
pub(crate) fn to_start(needs: &Needs, limits: &Limits) -> Vec<Beyond> {
    let checks = [
        (
            LimitKind::Memory,
            limits.memory,
            needs.pages.saturating_mul(PAGE),
        ),
        (LimitKind::Memories, limits.memories, needs.memories),
        (
            LimitKind::TableElements,
            limits.table_elements,
            needs.elements,
        ),
        (LimitKind::Tables, limits.tables, needs.tables),
        (LimitKind::Instances, limits.instances, needs.instances),
    ];
    let found = checks.map(|(what, limit, wanted)| beyond(what, limit as u64, wanted));
    found.into_iter().flatten().collect()
}

/// What is beyond the limits of what it takes to load a component of so many bytes.
pub(crate) fn to_load(size: u64, limits: &Limits) -> Vec<Beyond> {
    let time = (size / MIB).saturating_mul(COMPILING);
    let found = [
        beyond(LimitKind::ComponentSize, limits.component_size as u64, size),
        beyond(
            LimitKind::CompileTime,
            milliseconds(limits.compile_time),
            time,
        ),
    ];
    found.into_iter().flatten().collect()
}

fn beyond(what: LimitKind, limit: u64, wanted: u64) -> Option<Beyond> {
    (wanted > limit).then_some(Beyond {
        what,
        limit,
        wanted,
    })
}

pub(crate) fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// The error of what is beyond the limits of a guest, found where `function` would have been
/// called.
pub(crate) fn check(guest: &Arc<str>, function: &str, beyond: Vec<Beyond>) -> Result<()> {
    let guest = Arc::clone(guest);
    match beyond[..] {
        [] => Ok(()),
        [
            Beyond {
                what,
                limit,
                wanted,
            },
        ] => Err(Error::Limit {
            guest,
            function: Box::from(function),
            what,
            limit,
            wanted: Some(wanted),
        }),
        _ => Err(Error::Limits { guest, beyond }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_beyond_its_limit_is_told() {
        let needs = Needs {
            instances: 65,
            memories: 16,
            tables: 17,
            pages: 1024,
            elements: 1,
        };
        let limits = Limits::new();
        let kinds = |beyond: Vec<Beyond>| beyond.iter().map(|one| one.what).collect::<Vec<_>>();
        assert_eq!(
            kinds(to_start(&needs, &limits)),
            [LimitKind::Tables, LimitKind::Instances]
        );
        assert_eq!(
            kinds(to_start(&needs, &limits.memory(64 << 20))),
            [LimitKind::Tables, LimitKind::Instances]
        );
        let short = Limits::new()
            .component_size(1 << 20)
            .compile_time(Duration::ZERO);
        assert_eq!(
            kinds(to_load(18 << 20, &short)),
            [LimitKind::ComponentSize, LimitKind::CompileTime]
        );
        assert_eq!(to_load(18 << 20, &Limits::new()), []);
    }

    #[test]
    fn one_is_an_error_of_its_own() {
        let guest = Arc::from("big");
        let one = Beyond {
            what: LimitKind::Tables,
            limit: 4,
            wanted: 5,
        };
        assert!(check(&guest, "start", Vec::new()).is_ok());
        let error = check(&guest, "start", vec![one]).unwrap_err();
        assert!(
            matches!(
                error,
                Error::Limit {
                    wanted: Some(5),
                    ..
                }
            ),
            "{error}"
        );
        let two = Beyond {
            what: LimitKind::CompileTime,
            limit: 10_000,
            wanted: 72_000,
        };
        let error = check(&guest, "load", vec![one, two]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "guest `big` needs more than its limits allow; raise all of them if this is what the guest needs:\n  \
               - 5 tables, and the limit is 4: `Limits::tables`\n  \
               - about 72000 ms to compile it, and the limit is 10000: `Limits::compile_time`\n"
        );
    }
}
