//! The list that a phase collects its errors in, so that all of them are said at once.

use super::message::Message;
use proc_macro2::{Span, TokenStream};
use std::thread;

/// The errors of one phase, each with the place in the macro's input that it belongs to.
///
/// A list that is dropped has to be read before: in debug builds it panics otherwise, because the
/// user would never see what is in it.
#[derive(Debug)]
pub(crate) struct Errors(Option<Vec<(Span, Message)>>);

impl Errors {
    pub(crate) fn push(&mut self, span: Span, message: impl Into<Message>) {
        let all = self.0.get_or_insert_default();
        all.push((span, message.into()));
    }

    /// Takes over what another list has, behind what is here already.
    pub(crate) fn extend(&mut self, more: impl Into<Self>) {
        let mut more = more.into();
        let all = self.0.get_or_insert_default();
        all.extend(more.0.take().into_iter().flatten());
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.as_ref().map_or(0, Vec::len)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.as_ref().is_none_or(Vec::is_empty)
    }

    /// `Ok` where nothing was pushed.
    pub(crate) fn finish(mut self) -> Result<(), Self> {
        match self.0.take() {
            Some(all) if !all.is_empty() => Err(Self(Some(all))),
            _ => Ok(()),
        }
    }

    /// One `compile_error!` per error.
    pub(crate) fn into_tokens(mut self) -> TokenStream {
        let all = self.0.take().into_iter().flatten();
        all.map(|(span, message)| syn::Error::new(span, message).into_compile_error())
            .collect()
    }
}

impl Default for Errors {
    fn default() -> Self {
        Self(Some(Vec::new()))
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        let is_unread = self.0.is_some() && !thread::panicking();
        debug_assert!(!is_unread, "errors are dropped that nobody has read");
    }
}

impl From<(Span, Message)> for Errors {
    fn from(one: (Span, Message)) -> Self {
        Self(Some(vec![one]))
    }
}

impl From<syn::Error> for Errors {
    fn from(error: syn::Error) -> Self {
        let each = error.into_iter();
        let each = each.map(|e| (e.span(), Message::Syntax(e.to_string())));
        Self(Some(each.collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::Errors;
    use crate::error::message::Message;
    use proc_macro2::Span;

    #[test]
    fn errors_that_are_read_are_dropped_in_peace() {
        assert!(Errors::default().finish().is_ok());
        let mut errors = Errors::from((Span::call_site(), Message::NoSource));
        errors.extend((Span::call_site(), Message::NoSource));
        let text = errors.finish().unwrap_err().into_tokens().to_string();
        assert_eq!(text.matches("no WIT given").count(), 2, "{text}");
    }

    #[test]
    #[cfg(debug_assertions)]
    #[should_panic = "nobody has read"]
    fn errors_that_nobody_reads_are_a_mistake() {
        drop(Errors::default());
    }

    #[test]
    #[should_panic = "the first panic"]
    fn a_panic_is_not_made_worse() {
        let _errors = Errors::default();
        panic!("the first panic");
    }
}
