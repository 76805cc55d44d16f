//! One call, as those who serve it need to know it.

use std::sync::Arc;

use crate::error::fault::Fault;
use crate::error::{Error, boxed};
use crate::guard::cancel::Cancel;
use crate::values::signature::Function;

/// What is called, and whether it can be cancelled.
#[derive(Clone, Copy)]
pub(crate) struct Request<'a> {
    pub(crate) function: Function,
    pub(crate) cancel: Option<&'a Arc<Cancel>>,
}

impl<'a> Request<'a> {
    #[inline]
    pub(crate) fn new(function: Function, cancel: Option<&'a Arc<Cancel>>) -> Self {
        Self { function, cancel }
    }

    /// The name of what is called, for an error.
    pub(crate) fn name(self) -> Box<str> {
        boxed(&self.function)
    }

    pub(crate) fn is_cancelled(self) -> bool {
        self.cancel.is_some_and(|cancel| cancel.is_cancelled())
    }

    /// The error of a call that is cancelled before it is made.
    pub(crate) fn cancelled(self, guest: &Arc<str>) -> Error {
        Fault::Cancelled.during(guest, &self.function)
    }
}
