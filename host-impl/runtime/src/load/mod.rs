//! From code to something that instances can be made of: got, checked against its world, linked.
//!
//! It knows worlds by what they say of themselves, and no handles.

pub(crate) mod description;
pub(crate) mod fit;
mod footprint;
mod obtain;
pub(crate) mod recipe;
pub(crate) mod world;
