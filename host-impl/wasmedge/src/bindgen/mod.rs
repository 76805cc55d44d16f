//! Functions of the published crate `wasmedge-bindgen`, called with values of Rust's types.
//!
//! Each is exported as `f(params: *const (ptr, len), count) -> *const [u8; 9]`, with `allocate` and
//! `deallocate` beside it. All that is in between is in here; nothing of what the functions do.

mod args;
mod call;
mod handle;
mod results;
mod value;

pub use args::{Arg, Args};
pub use handle::{Bindgen, Guest, Session};
pub use results::{Output, Results};
pub use value::Value;
