//! What all tests of faults use: the host, a guest that is loaded, and a call that has to fail.

use std::fmt;
use std::sync::{Arc, Barrier, LazyLock, Mutex, OnceLock, PoisonError, Weak};
use std::time::Duration;

use abide::{Error, Limits, Result, Session, TrapKind};
use abide_build::Target;

use crate::host::{self, Faults};
use crate::support;

/// The host of all guests here.
#[derive(Clone, Default)]
pub(crate) struct TestHost {
    /// What guests said.
    pub(crate) heard: Arc<Mutex<Vec<String>>>,
    /// The session that `calls_back` calls.
    pub(crate) session: Arc<Mutex<Weak<Session<Faults>>>>,
    /// What `waits` waits for: the test is told that it waits, and then says when to go on.
    pub(crate) gate: Option<Arc<Barrier>>,
    /// The guest that `calls_another` calls for the very same again.
    pub(crate) again: Arc<OnceLock<Faults>>,
}

/// A host's own error.
#[derive(Debug, PartialEq)]
pub(crate) struct Refused(pub(crate) String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "refused: {}", self.0)
    }
}

impl std::error::Error for Refused {}

impl host::App for TestHost {
    fn panics(&mut self, message: &str) {
        panic!("{message}");
    }

    fn aborts(&mut self, reason: &str) -> Result<u32> {
        Err(Error::host(Refused(reason.to_owned())))
    }

    fn calls_back(&mut self, pass_on: bool) -> Result<u32> {
        let session = self.session.lock().unwrap().upgrade().unwrap();
        match session.add(1, 2) {
            Err(error) if !pass_on => {
                self.hear(&error.to_string());
                Ok(0)
            }
            result => result,
        }
    }

    fn calls_another(&mut self) -> u32 {
        if let Some(again) = self.again.get() {
            return match again.around() {
                Ok(depth) => depth + 1,
                Err(error) => {
                    self.hear(&error.to_string());
                    1
                }
            };
        }
        guest(Target::Wasip2).add(20, 22).unwrap()
    }

    fn waits(&mut self) {
        let gate = self.gate.as_ref().unwrap();
        gate.wait();
        gate.wait();
    }

    fn hear(&mut self, text: &str) {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.push(text.to_owned());
    }
}

/// Limits for calls that are not about time: however busy the machine, they are in time.
pub(crate) fn limits() -> Limits {
    Limits::new()
        .deadline(Duration::from_secs(60))
        .wait(Duration::from_secs(60))
}

/// The guest with a host and limits of its own.
pub(crate) fn builder(host: TestHost, target: Target, limits: Limits) -> Faults {
    Faults::builder(host)
        .limits(limits)
        .name("faults")
        .load(support::guest("faults", target))
        .unwrap()
}

/// A handle on the guest that all tests share: what one of them does to it, the others must not
/// feel.
pub(crate) fn guest(target: Target) -> Faults {
    static WASIP2: LazyLock<Faults> =
        LazyLock::new(|| builder(TestHost::default(), Target::Wasip2, limits()));
    static UNKNOWN: LazyLock<Faults> =
        LazyLock::new(|| builder(TestHost::default(), Target::Unknown, limits()));
    match target {
        Target::Wasip2 => WASIP2.clone(),
        _ => UNKNOWN.clone(),
    }
}

/// The error of a call that fails: on the handle, which works as before, and on a session, which is
/// gone afterwards while another one is still there.
pub(crate) fn failure(
    handle: &Faults,
    function: &str,
    call: impl Fn(&Faults) -> Result<()>,
) -> Error {
    let error = call(handle).unwrap_err();
    assert_eq!(handle.add(1, 2).unwrap(), 3);

    let (session, other) = (handle.session().unwrap(), handle.session().unwrap());
    assert_eq!((session.count().unwrap(), other.count().unwrap()), (1, 1));
    let on_session = call(&session).unwrap_err();
    assert_eq!(error.to_string(), on_session.to_string());
    gone(&session);
    assert!(other.is_alive());
    assert_eq!(other.count().unwrap(), 2);
    assert_eq!(handle.count().unwrap(), 1);

    let (Error::Trap {
        guest,
        function: told,
        ..
    }
    | Error::Timeout {
        guest,
        function: told,
        ..
    }
    | Error::OutOfFuel {
        guest,
        function: told,
        ..
    }
    | Error::Limit {
        guest,
        function: told,
        ..
    }
    | Error::HostPanic {
        guest,
        function: told,
        ..
    }
    | Error::Host {
        guest,
        function: told,
        ..
    }
    | Error::AbiViolation {
        guest,
        function: told,
        ..
    }) = &error
    else {
        panic!("{error}")
    };
    assert_eq!((&**guest, &**told), ("faults", function));
    error
}

/// Asserts that a session has lost its instance and says so.
pub(crate) fn gone(session: &Session<Faults>) {
    assert!(!session.is_alive());
    // Asking does not bring it back.
    for _ in 0..2 {
        let error = session.count().unwrap_err();
        let Error::Discarded { guest, function } = &error else {
            panic!("{error}")
        };
        assert_eq!((&**guest, &**function), ("faults", "count"));
        assert_eq!(
            error.to_string(),
            "guest `faults` cannot be called for `count`: an earlier call on this session failed and \
             the instance and its state are gone; open a new session"
        );
    }
}

/// The fields of [`Error::Trap`] that say why.
pub(crate) struct Trapped<'a> {
    pub(crate) kind: &'a TrapKind,
    pub(crate) panic: Option<&'a str>,
    pub(crate) stderr: &'a str,
}

/// What is in an error that has to be a trap.
pub(crate) fn trap(error: &Error) -> Trapped<'_> {
    let Error::Trap {
        kind,
        panic,
        stderr,
        ..
    } = error
    else {
        panic!("{error}")
    };
    Trapped {
        kind,
        panic: panic.as_deref(),
        stderr,
    }
}
