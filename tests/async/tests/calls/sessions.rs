//! Sessions: one task at a time, in the order in which they came.

use std::future::{Future as _, pending};
use std::pin::pin;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, OnceLock, Weak, mpsc};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use abide::{Error, Isolation, Session};
use abide_async_tests::host_async::{self, Lab};
use abide_async_tests::{Act, App};

use super::{LAB, PUT, engine, lab, patient, poll, several, single};

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

#[test]
fn a_session_goes_with_the_task_that_ends_itself_in_a_call() {
    let task = Arc::new(OnceLock::<tokio::task::AbortHandle>::new());
    let own = Arc::clone(&task);
    let app = App::calling(move || {
        let own = Arc::clone(&own);
        async move {
            tokio::task::yield_now().await;
            if let Some(own) = own.get() {
                own.abort();
            }
            tokio::task::yield_now().await;
            0
        }
    });
    let lab = lab(&app, patient(), Isolation::Fresh);
    single().block_on(async {
        let session = lab.session().await.unwrap();
        let call = tokio::spawn(async move { session.put_all(100).await });
        let _ = task.set(call.abort_handle());
        assert!(call.await.unwrap_err().is_cancelled());
        assert_eq!(lab.add(1, 2).await.unwrap(), 3);
    });
    assert_eq!(app.called.load(Ordering::Relaxed), 1);
    assert_eq!(lab.stats().instances, 0);
}

/// What calls a session when it is dropped, and tells what comes of that at once.
#[derive(Clone)]
struct Calls(Arc<Mutex<Weak<Session<Lab>>>>, mpsc::Sender<String>);

impl Drop for Calls {
    fn drop(&mut self) {
        let session = self.0.lock().ok().and_then(|session| session.upgrade());
        if let Some(session) = session {
            let mut cx = Context::from_waker(Waker::noop());
            let told = match pin!(session.count()).poll(&mut cx) {
                Poll::Ready(Err(Error::Reentrant { .. })) => "reentrant".to_owned(),
                Poll::Ready(Err(Error::Discarded { .. })) => "discarded".to_owned(),
                other => format!("{other:?}"),
            };
            let _ = self.1.send(told);
        }
    }
}

/// A host that has such a thing itself, and in the future of its import.
#[derive(Clone)]
struct Host(Calls);

impl host_async::Store for Host {
    async fn put(&mut self, _: &str, _: &[u8]) -> u32 {
        let _calls = self.0.clone();
        pending().await
    }

    async fn now(&mut self) -> u64 {
        0
    }
}

#[test]
fn a_session_is_called_while_its_call_and_its_host_are_dropped() {
    let place = Arc::<Mutex<Weak<_>>>::default();
    let (tell, told) = mpsc::channel();
    let host = Host(Calls(Arc::clone(&place), tell));
    let builder = Lab::builder(host).engine(&engine(2)).limits(patient());
    let lab = builder.load_bytes(&*LAB).unwrap();
    let call = |in_import| {
        let session = Arc::new(single().block_on(lab.session()).unwrap());
        *place.lock().unwrap() = Arc::downgrade(&session);
        match in_import {
            // Both are dropped with the guest's stack.
            true => assert!(!poll(session.put_all(1), 1)),
            // The host is dropped with the instance.
            false => assert!(!poll(session.spin(), 1)),
        }
        assert!(!session.is_alive());
        told.try_iter().collect::<Vec<_>>()
    };
    assert_eq!(call(true), ["reentrant", "reentrant"]);
    assert_eq!(call(false), ["discarded"]);
}
