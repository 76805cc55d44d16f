//! The exchange of the call that a thread is in.
//!
//! A guest's instance is made, or taken from others, by whoever calls it: it cannot be told before which
//! exchange it is about. The call and all that it imports run on one thread, so the exchange waits
//! there. Calls in calls, of one middleware by another's exchange, stand on top of one another.

use std::any::Any;
use std::cell::Cell;

use abide::module::Trap;

use crate::{Body, Features};

/// How far an exchange is.
#[derive(Debug)]
pub(crate) struct Progress<X> {
    pub(crate) exchange: X,
    /// What is enabled for it.
    pub(crate) features: Features,
    /// Whether the request was passed on.
    pub(crate) is_answered: bool,
    /// Whether the guest began to write the request's body, and the response's, in this call.
    wrote: [bool; 2],
}

impl<X> Progress<X> {
    pub(crate) fn new(exchange: X, features: Features) -> Self {
        Self {
            exchange,
            features,
            is_answered: false,
            wrote: [false; 2],
        }
    }

    /// Notes that the guest writes a body. Whether it begins to.
    pub(crate) fn begins(&mut self, body: Body) -> bool {
        let wrote = match body {
            Body::Request => &mut self.wrote[0],
            Body::Response => &mut self.wrote[1],
        };
        !std::mem::replace(wrote, true)
    }

    /// A call begins.
    pub(crate) fn enter(&mut self) {
        self.wrote = [false; 2];
    }
}

thread_local! {
    static CURRENT: Cell<Option<Box<dyn Any>>> = const { Cell::new(None) };
}

/// Puts back what was there, when it is dropped.
struct PutBack(Option<Box<dyn Any>>);

impl Drop for PutBack {
    fn drop(&mut self) {
        CURRENT.set(self.0.take());
    }
}

/// Lends an exchange to what `call` calls. It comes back from every call.
pub(crate) fn lend<X: 'static, R>(
    progress: Box<Progress<X>>,
    call: impl FnOnce() -> R,
) -> (Option<Box<Progress<X>>>, R) {
    let before = PutBack(CURRENT.replace(Some(progress)));
    let returned = call();
    let lent = CURRENT.take();
    drop(before);
    let lent = lent.and_then(|lent| lent.downcast().ok());
    (lent, returned)
}

/// Works on the exchange of the call that this thread is in.
pub(crate) fn with<X: 'static, R>(
    work: impl FnOnce(&mut Progress<X>) -> Result<R, Trap>,
) -> Result<R, Trap> {
    let mut current = PutBack(CURRENT.take());
    let progress = current.0.as_mut().and_then(|lent| lent.downcast_mut());
    match progress {
        Some(progress) => work(progress),
        None => Err(Trap::new("there is no request while a guest starts")),
    }
}

/// Whether this thread is in a call.
pub(crate) fn is_any() -> bool {
    let current = PutBack(CURRENT.take());
    current.0.is_some()
}
