//! What calls share: nothing by default, an instance within a session.

use std::sync::OnceLock;
use std::thread;

use abide::{Error, Session};
use abide_build::Target;

use crate::{seconds, support};

abide::abi!({ wit: "tests/fixtures/sessions/wit", module: "sessions" });

/// Counts the tickets that one instance of the guest took.
#[derive(Clone)]
struct Tickets(u32);

impl host::SessionsImports for Tickets {
    fn ticket(&mut self) -> u32 {
        self.0 += 1;
        self.0
    }
}

fn guest() -> &'static host::Sessions {
    static GUEST: OnceLock<host::Sessions> = OnceLock::new();
    GUEST.get_or_init(|| {
        host::Sessions::builder(Tickets(100))
            .limits(seconds(60).wait(std::time::Duration::from_secs(60)))
            .load(support::guest("sessions", Target::Wasip2))
            .unwrap()
    })
}

/// The guest's `work`, done here.
fn work(seed: u64, rounds: u32) -> u64 {
    (0..rounds).fold(seed, |value, round| {
        value
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(u64::from(round))
    })
}

#[test]
fn calls_of_a_handle_share_nothing() {
    for _ in 0..3 {
        assert_eq!(guest().next().unwrap(), 1);
        assert_eq!(guest().remember("word").unwrap(), "word");
        // The host is cloned for every instance.
        assert_eq!(guest().take_ticket().unwrap(), 101);
    }
}

#[test]
fn a_session_keeps_its_state() {
    let session = guest().session().unwrap();
    for count in 1..=3 {
        assert_eq!(session.next().unwrap(), count);
        assert_eq!(session.take_ticket().unwrap(), 100 + count);
    }
    assert_eq!(session.remember("a").unwrap(), "a");
    assert_eq!(session.remember("b").unwrap(), "ab");
    // The handle it came from, and another session, know nothing of it.
    assert_eq!(guest().next().unwrap(), 1);
    let other = guest().session().unwrap();
    assert_eq!(other.next().unwrap(), 1);
    assert_eq!(session.next().unwrap(), 4);
}

#[test]
fn a_clone_from_a_session_is_of_that_session() {
    let session = guest().session().unwrap();
    let clone: host::Sessions = (*session).clone();
    assert_eq!(session.next().unwrap(), 1);
    assert_eq!(clone.next().unwrap(), 2);
}

#[test]
fn an_error_that_the_guest_returns_keeps_the_session() {
    let session = guest().session().unwrap();
    assert_eq!(session.even(3).unwrap_err().guest().unwrap(), "3 is odd");
    assert_eq!(session.even(4).unwrap(), 4);
    assert!(session.is_alive());
    assert_eq!(session.next().unwrap(), 3);
}

#[test]
fn a_failed_call_ends_the_session_and_nothing_else() {
    let session = guest().session().unwrap();
    session.next().unwrap();
    assert!(matches!(session.fail().unwrap_err(), Error::Trap { .. }));
    assert!(!session.is_alive());
    assert!(matches!(
        session.next().unwrap_err(),
        Error::Discarded { .. }
    ));
    assert_eq!(guest().session().unwrap().next().unwrap(), 1);
}

#[test]
fn eight_threads_get_right_answers() {
    thread::scope(|scope| {
        for number in 0..8 {
            let guest = guest().clone();
            scope.spawn(move || {
                for round in 0..50 {
                    let seed = u64::from(number * 1000 + round);
                    assert_eq!(guest.work(seed, round).unwrap(), work(seed, round));
                    assert_eq!(guest.next().unwrap(), 1);
                }
            });
        }
    });
}

#[test]
fn eight_threads_share_a_session() {
    let session: Session<host::Sessions> = guest().session().unwrap();
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..50 {
                    session.next().unwrap();
                }
            });
        }
    });
    assert_eq!(session.next().unwrap(), 8 * 50 + 1);
}

#[test]
fn handles_and_sessions_go_where_they_are_needed() {
    fn anywhere<T: Send + Sync + std::fmt::Debug + 'static>(value: &T) -> String {
        format!("{value:?}")
    }
    assert_ne!(anywhere(guest()), "");
    assert_ne!(anywhere(&guest().session().unwrap()), "");
}
