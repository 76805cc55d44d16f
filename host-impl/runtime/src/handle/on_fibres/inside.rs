//! A call is polled inside of its span, where it has one, and dropped there.
//!
//! It is what `tracing` does for a future that is moved into it; a call is large and stays where it
//! is. It knows nothing of what is called.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tracing::Span;

/// A call and its span.
pub(super) struct Inside<'a, F> {
    span: Option<&'a Span>,
    call: Pin<&'a mut Option<F>>,
}

/// Awaits a call that is pinned by the caller.
#[inline(always)]
pub(super) fn inside<'a, F>(span: Option<&'a Span>, call: Pin<&'a mut Option<F>>) -> Inside<'a, F> {
    Inside { span, call }
}

impl<F: Future> Future for Inside<'_, F> {
    type Output = F::Output;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let Self { span, call } = &mut *self;
        let _entered = span.map(Span::enter);
        match call.as_mut().as_pin_mut() {
            Some(call) => call.poll(cx),
            None => Poll::Pending,
        }
    }
}

impl<F> Drop for Inside<'_, F> {
    #[inline]
    fn drop(&mut self) {
        let _entered = self.span.map(Span::enter);
        self.call.set(None);
    }
}
