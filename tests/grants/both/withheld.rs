//! Every part of WASI, and what a guest sees of it to which nothing was granted.
//!
//! The guest is `tests/fixtures/withheld/guest`. HTTP has a package of its own, `tests/http`.

use std::time::Duration;

use abide::{Error, LimitKind, Limits, TrapKind, Wasi};
use abide_build::Target;
use tracing::Level;

use super::{Looking, wait};
use crate::listener::heard;
use crate::{NoHost, support};

fn guest(wasi: Option<Wasi>) -> Looking {
    let builder = Looking::builder(NoHost)
        .limits(Limits::new().deadline(Duration::from_secs(60)))
        .name("looking");
    let builder = match wasi {
        Some(wasi) => builder.wasi(wasi),
        None => builder,
    };
    builder
        .load(support::guest("withheld", Target::Unknown))
        .unwrap()
}

/// What there is to see by default, in the order in which the guest looks.
const NOTHING: [(&str, &str); 16] = [
    ("wasi:cli/environment", "0 variables, 0 arguments, in None"),
    ("wasi:cli/stdin", "closed"),
    ("wasi:cli/stdout", "taken"),
    ("wasi:cli/stderr", "taken"),
    ("wasi:cli/terminal-stdin", "no terminal"),
    ("wasi:cli/terminal-stdout", "no terminal"),
    ("wasi:cli/terminal-stderr", "no terminal"),
    ("wasi:clocks/wall-clock", "0.0 s in steps of 1.0 s"),
    (
        "wasi:clocks/monotonic-clock",
        "0 ns in steps of 1000000000 ns",
    ),
    ("wasi:filesystem/preopens", "0 folders"),
    // The same for every guest, and so nobody's secret.
    ("wasi:random/random", "e28d1b985d5e4ddd"),
    ("wasi:random/insecure", "e28d1b985d5e4ddd"),
    ("wasi:random/insecure-seed", "0 0"),
    ("wasi:sockets/tcp-create-socket", "AccessDenied"),
    ("wasi:sockets/udp-create-socket", "AccessDenied"),
    ("wasi:sockets/ip-name-lookup", "PermanentResolverFailure"),
];

fn sights(guest: &Looking) -> Vec<(String, String)> {
    let sights = wait(guest.look().around()).unwrap().into_iter();
    sights.map(|sight| (sight.of, sight.seen)).collect()
}

#[test]
fn nothing_is_granted_by_default() {
    let expected = NOTHING.map(|(of, seen)| (of.to_owned(), seen.to_owned()));
    for guest in [guest(None), guest(Some(Wasi::new()))] {
        let lines = heard(|| {
            assert_eq!(sights(&guest), expected);
            assert_eq!(sights(&guest), expected);
        });
        // What is written is heard, and nowhere else.
        let level = |stream: &str| match stream {
            "stdout" => Level::INFO,
            _ => Level::WARN,
        };
        assert_eq!(lines.len(), 4);
        for line in lines {
            assert_eq!((line.level, &*line.text), (level(&line.stream), "hello"));
        }
    }
}

#[test]
fn a_guest_that_ends_its_process_ends_its_call() {
    let guest = guest(None);
    for (well, expected) in [(true, 0), (false, 1)] {
        let error = wait(guest.look().leave(well)).unwrap_err();
        assert!(
            matches!(&error, Error::Trap { kind: TrapKind::Exit { code }, .. } if *code == expected),
            "{error}"
        );
    }
}

#[test]
fn random_bytes_are_limited_of_either_sort() {
    let guest = guest(None);
    for secure in [true, false] {
        assert_eq!(
            wait(guest.look().random(secure, 64 << 10)).unwrap(),
            64 << 10
        );
        for length in [(64 << 10) + 1, 1 << 40, u64::MAX] {
            let error = wait(guest.look().random(secure, length)).unwrap_err();
            assert!(
                matches!(
                    &error,
                    Error::Limit {
                        what: LimitKind::Random,
                        limit: 65_536,
                        ..
                    }
                ),
                "{error}"
            );
        }
    }
}
