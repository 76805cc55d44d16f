//! Executors that are not tokio's: all that a call needs of one is that it polls when it is woken.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use abide::{Error, Isolation, Warm};
use abide_async_tests::{Act, App};

use super::{PUT, lab, patient, within};

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// An executor in ten lines.
fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut cx = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut cx) {
            Poll::Ready(done) => return done,
            Poll::Pending => thread::park(),
        }
    }
}

#[test]
fn calls_are_made_on_any() {
    let lab = lab(&App::new(Act::Yield), patient(), Warm::new());
    assert_eq!(block_on(lab.add(1, 2)).unwrap(), 3);
    assert_eq!(block_on(lab.put_all(3)).unwrap(), 3 * PUT);
}

#[test]
fn deadlines_hold_on_any() {
    let lab = lab(&App::new(Act::Never), within(60), Isolation::Fresh);
    for error in [
        block_on(lab.spin()).unwrap_err(),
        block_on(lab.put_all(1)).unwrap_err(),
    ] {
        assert!(matches!(error, Error::Timeout { .. }), "{error}");
    }
}
