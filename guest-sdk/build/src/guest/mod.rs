//! Building a guest: everything that the feature `guest` turns on.

mod cargo;
mod clash;
mod componentize;
mod environment;
mod error;
mod exports;
mod guest;
mod metadata;
mod owner;
mod rerun;
mod toolchain;

pub use error::Error;
pub use guest::{Guest, guest};
pub use toolchain::{Route, Std, Toolchain};
