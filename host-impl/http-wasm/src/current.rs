//! The exchange of the call that a thread is in.

use abide::module::{Trap, lent};

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

/// Works on the exchange of the call that this thread is in.
pub(crate) fn with<X: 'static, R>(
    work: impl FnOnce(&mut Progress<X>) -> Result<R, Trap>,
) -> Result<R, Trap> {
    lent(|progress| match progress {
        Some(progress) => work(progress),
        None => Err(Trap::new("there is no request while a guest starts")),
    })
}

/// Whether this thread is in a call that is about an exchange.
pub(crate) fn is_any<X: 'static>() -> bool {
    lent(|progress: Option<&mut Progress<X>>| progress.is_some())
}
