//! What becomes of functions that a guest imports and its host's ABI does not have.
//!
//! Tools that build modules have them import more than is used. What is not there is told when a guest
//! is loaded, or, where that would refuse guests that do well without, when it is called.

/// What becomes of a function that a guest imports and its host does not offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Others {
    /// The guest is refused when it is loaded.
    Refused,
    /// The guest is ended if it calls the function, with
    /// [`AbiViolation`](crate::Error::AbiViolation) that says which it was.
    Stubs,
    /// It is the function of that name in another module; if there is none either, it is a
    /// [stub](Self::Stubs).
    Of(&'static str),
}
