//! What a call lends to the host of whichever instance serves it.
//!
//! An instance is made, or taken from others, by whoever makes the call, so its host cannot be told
//! before what the call is about. The call and all that it imports run on one thread: what is lent
//! waits there. Calls in calls stand on top of one another.

use std::any::Any;
use std::cell::Cell;

thread_local! {
    static LENT: Cell<Option<Box<dyn Any>>> = const { Cell::new(None) };
}

/// Puts back what was there, when it is dropped.
struct PutBack(Option<Box<dyn Any>>);

impl Drop for PutBack {
    fn drop(&mut self) {
        LENT.set(self.0.take());
    }
}

/// Lends a value to the imports of what `call` calls on this thread: of guests that are plain
/// modules. It comes back from every call that returns.
///
/// An ABI that hands a request to its guest piece by piece has its imports find it with [`lent`],
/// in whatever instance the call is served.
///
/// ```
/// use abide_host::module::{lend, lent};
///
/// let asked = |word: &str| {
///     lent(|words: Option<&mut Vec<String>>| words.map(|words| words.push(word.into())))
/// };
/// let (words, _) = lend(Box::new(Vec::<String>::new()), || asked("hello"));
/// assert_eq!(words.map(|words| words.len()), Some(1));
/// assert_eq!(asked("nobody lends any"), None);
/// ```
pub fn lend<T: Any, R>(value: Box<T>, call: impl FnOnce() -> R) -> (Option<Box<T>>, R) {
    let before = PutBack(LENT.replace(Some(value)));
    let returned = call();
    let value = LENT.take();
    drop(before);
    (value.and_then(|value| value.downcast().ok()), returned)
}

/// Works on what the call lends that this thread is in, if it lends a `T`.
pub fn lent<T: Any, R>(work: impl FnOnce(Option<&mut T>) -> R) -> R {
    let mut current = PutBack(LENT.take());
    work(current.0.as_mut().and_then(|value| value.downcast_mut()))
}
