//! Sessions: one task at a time, in the order in which they came.

use std::pin::pin;
use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Waker};
use std::time::Duration;

use abide::{Error, Isolation, Session};
use abide_async_tests::host_async::Lab;
use abide_async_tests::{Act, App};

use super::{PUT, lab, patient, several, single};

#[test]
fn state_is_kept_and_tasks_take_turns() {
    let app = App::new(Act::Sleep(Duration::from_millis(1)));
    let lab = lab(&app, patient(), Isolation::Fresh);
    several().block_on(async {
        let session = Arc::new(lab.session().await.unwrap());
        for n in 1..=3 {
            assert_eq!(session.count().await.unwrap(), n);
        }
        let calls = (0..5).map(|_| {
            let session = Arc::clone(&session);
            tokio::spawn(async move {
                assert_eq!(session.put_all(2).await.unwrap(), 2 * PUT);
                session.count().await.unwrap()
            })
        });
        let mut counts = Vec::new();
        for call in calls.collect::<Vec<_>>() {
            counts.push(call.await.unwrap());
        }
        counts.sort_unstable();
        assert_eq!(counts, [4, 5, 6, 7, 8]);
        assert!(session.is_alive());
    });
}

#[test]
fn giving_up_while_waiting_costs_nothing() {
    let app = App::new(Act::Sleep(Duration::from_millis(20)));
    let lab = lab(&app, patient(), Isolation::Fresh);
    single().block_on(async {
        let session = Arc::new(lab.session().await.unwrap());
        let first = {
            let session = Arc::clone(&session);
            tokio::spawn(async move { session.put_all(1).await })
        };
        tokio::task::yield_now().await;
        let time = Duration::from_millis(2);
        assert!(tokio::time::timeout(time, session.count()).await.is_err());
        assert_eq!(first.await.unwrap().unwrap(), PUT);
        assert_eq!(session.count().await.unwrap(), 1);
    });
}

#[test]
fn dropping_a_call_whose_guest_ran_ends_the_session() {
    let app = App::new(Act::Never);
    let lab = lab(&app, patient(), Isolation::Fresh);
    single().block_on(async {
        let session = lab.session().await.unwrap();
        let mut cx = Context::from_waker(Waker::noop());
        assert!(pin!(session.put_all(1)).as_mut().poll(&mut cx).is_pending());
        assert!(!session.is_alive());
        let error = session.count().await.unwrap_err();
        assert!(matches!(error, Error::Discarded { .. }), "{error}");
    });
    assert_eq!(lab.stats().instances, 0);
}

#[test]
fn a_session_is_told_that_it_calls_itself() {
    let session = Arc::new(OnceLock::<Session<Lab>>::new());
    let again = Arc::downgrade(&session);
    let app = App::calling(move || {
        let session = again.upgrade();
        async move {
            tokio::task::yield_now().await;
            match session.as_ref().and_then(|session| session.get()) {
                Some(session) => match session.count().await {
                    Err(Error::Reentrant { .. }) => 7,
                    other => panic!("{other:?}"),
                },
                None => 0,
            }
        }
    });
    let lab = lab(&app, patient(), Isolation::Fresh);
    several().block_on(async {
        let opened = lab.session().await.unwrap();
        let session = session.get_or_init(|| opened);
        assert_eq!(session.put_all(1).await.unwrap(), 7);
        assert_eq!(session.count().await.unwrap(), 1, "it is as it was");
    });
    assert_eq!(app.called.load(Ordering::Relaxed), 1);
}

#[test]
fn a_task_that_its_import_spawned_waits_in_vain() {
    let session = Arc::new(OnceLock::<Session<Lab>>::new());
    let again = Arc::downgrade(&session);
    let app = App::calling(move || {
        let session = again.upgrade();
        async move {
            let call = tokio::spawn(async move {
                let session = session.as_ref().and_then(|session| session.get());
                let counted = session.map(|session| session.count());
                matches!(
                    counted.unwrap().await,
                    Err(Error::Busy { session: true, .. })
                )
            });
            u32::from(call.await.unwrap())
        }
    });
    let limits = patient().wait(Duration::from_millis(30));
    let lab = lab(&app, limits, Isolation::Fresh);
    several().block_on(async {
        let opened = lab.session().await.unwrap();
        let session = session.get_or_init(|| opened);
        assert_eq!(session.put_all(1).await.unwrap(), 1);
    });
}
