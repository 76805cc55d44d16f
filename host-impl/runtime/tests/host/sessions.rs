//! Sessions: state that lasts, who may use it, and when it ends.

use std::sync::{Arc, Barrier};
use std::time::Duration;

use abide_host::{Error, Session};
use parking_lot::Mutex;

use crate::kit::{App, Fail, KIT, Kit, component, kit, limits};

#[test]
fn state_lasts_from_call_to_call_and_is_ones_own() {
    let (kit, _app) = kit();
    let one = kit.session().unwrap();
    let other = kit.session().unwrap();
    assert_eq!(one.count().unwrap(), 1);
    assert_eq!(one.count().unwrap(), 2);
    assert_eq!(other.count().unwrap(), 1);
    // A clone of the handle inside is the same session.
    assert_eq!((*one).clone().count().unwrap(), 3);
    // A session of a session is a new one.
    assert_eq!(one.session().unwrap().count().unwrap(), 1);
}

#[test]
fn the_guests_own_error_keeps_the_instance() {
    let (kit, _app) = kit();
    let session = kit.session().unwrap();
    session.count().unwrap();
    session.halve(7).unwrap_err();
    assert!(session.is_alive());
    assert_eq!(session.count().unwrap(), 2);
}

#[test]
fn any_failure_discards_the_instance() {
    let (kit, _app) = kit();
    type Failure = fn(&Session<Kit>) -> Error;
    let failures: [Failure; 5] = [
        |session| session.bad().fail(Fail::Unreachable).unwrap_err(),
        |session| session.bad().fail(Fail::HostPanic).unwrap_err(),
        |session| session.bad().fail(Fail::HostRefuses).unwrap_err(),
        |session| session.bad().fail(Fail::LogInvalidText).unwrap_err(),
        |session| session.bad().text().unwrap_err(),
    ];
    for failure in failures {
        let session = kit.session().unwrap();
        failure(&session);
        assert!(!session.is_alive());
        let error = session.count().unwrap_err();
        assert!(matches!(error, Error::Discarded { .. }), "{error}");
        assert_eq!(
            error.to_string(),
            "guest `kit` cannot be called for `count`: an earlier call on this session failed and the \
             instance and its state are gone; open a new session"
        );
        assert_eq!(kit.session().unwrap().count().unwrap(), 1);
    }
}

/// What calls from inside of an import came to.
type Answers = Arc<Mutex<Vec<Result<u32, Error>>>>;

/// Lets the host's `again` call `count` on a session, and returns both.
fn session_that_calls_back() -> (Arc<Session<Kit>>, Answers) {
    let (kit, app) = kit();
    let session = Arc::new(kit.session().unwrap());
    let answers = Answers::default();
    let (same, record) = (Arc::downgrade(&session), Arc::clone(&answers));
    *app.again.lock() = Some(Arc::new(move |what| {
        let session = same.upgrade().expect("the session is being called");
        record.lock().push(session.count());
        what + 1
    }));
    (session, answers)
}

#[test]
fn a_call_back_into_the_same_session_is_refused() {
    let (session, answers) = session_that_calls_back();
    assert_eq!(session.again(5).unwrap(), 6);
    let answers = answers.lock();
    let error = answers[0].as_ref().unwrap_err();
    assert!(matches!(error, Error::Reentrant { .. }), "{error}");
    assert_eq!(
        error.to_string(),
        "guest `kit` cannot be called for `count` from inside one of its own imports; return from the \
         import first, or use another session"
    );
    // The refusal is no failure of the session.
    assert!(session.is_alive());
    assert_eq!(session.count().unwrap(), 1);
}

#[test]
fn an_import_may_call_the_handle_and_other_sessions() {
    let (kit, app) = kit();
    let other = Arc::new(kit.session().unwrap());
    let (handle, session) = (kit.clone(), Arc::clone(&other));
    *app.again.lock() = Some(Arc::new(move |what| {
        handle.count().unwrap() + session.count().unwrap() + what
    }));
    assert_eq!(kit.session().unwrap().again(10).unwrap(), 12);
    assert_eq!(kit.again(10).unwrap(), 13);
    *app.again.lock() = None;
}

#[test]
fn another_thread_waits_its_turn_and_not_for_ever() {
    let app = App::default();
    let kit = Kit::builder(app.clone())
        .name("kit")
        .limits(
            limits()
                .deadline(Duration::from_secs(60))
                .wait(Duration::from_millis(50)),
        )
        .load_bytes(component(KIT))
        .unwrap();
    let session = kit.session().unwrap();
    let (entered, leave) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
    let (tell, wait) = (Arc::clone(&entered), Arc::clone(&leave));
    *app.again.lock() = Some(Arc::new(move |what| {
        tell.wait();
        wait.wait();
        what
    }));
    std::thread::scope(|scope| {
        let busy = scope.spawn(|| session.again(1));
        entered.wait();
        let error = session.count().unwrap_err();
        assert!(
            matches!(error, Error::Busy { session: true, .. }),
            "{error}"
        );
        assert_eq!(
            error.to_string(),
            "guest `kit` could not be called for `count`: its session was still in use by another \
             thread after 50ms of waiting; call it less often at the same time, or wait longer with \
             `Limits::wait`"
        );
        leave.wait();
        assert_eq!(busy.join().unwrap().unwrap(), 1);
    });
    // The one that was refused changed nothing.
    assert_eq!(session.count().unwrap(), 1);
}

#[test]
fn an_engine_without_a_free_instance_is_busy_and_recovers() {
    let engine = abide_host::Engine::new().unwrap();
    let kit = Kit::builder(App::default())
        .name("kit")
        .engine(&engine)
        .limits(limits().wait(Duration::from_millis(20)))
        .load_bytes(component(KIT))
        .unwrap();
    let mut sessions = Vec::new();
    let error = loop {
        match kit.session() {
            Ok(session) => sessions.push(session),
            Err(error) => break error,
        }
    };
    assert_eq!(sessions.len(), 256);
    assert!(
        matches!(error, Error::Busy { session: false, .. }),
        "{error}"
    );
    let error = kit.count().unwrap_err();
    assert!(matches!(error, Error::Busy { .. }), "{error}");
    sessions.pop();
    assert_eq!(kit.count().unwrap(), 1);
    // A session that failed gives its place back at once.
    sessions[0].bad().fail(Fail::Unreachable).unwrap_err();
    let replacement = kit.session().unwrap();
    assert_eq!(replacement.count().unwrap(), 1);
}
