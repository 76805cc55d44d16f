//! From code to something that instances can be made of: got, checked against its world, linked.
//!
//! A world is here what it says of itself. The handles that serve it are above.

pub(crate) mod check;
pub(crate) mod description;
mod footprint;
mod module;
mod obtain;
mod offer;
pub(crate) mod recipe;
pub(crate) mod world;
