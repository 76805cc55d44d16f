//! Functions that a host offers to guests which are plain modules of an older ABI.
//!
//! A component says what its arguments are; a module has numbers. What they mean is said here by the
//! types of a method's parameters and result: each is so many raw values ([`Ty`]), is read from them
//! ([`Param`]), and is written where the guest said ([`Out`], [`Value`]). All of these traits are open,
//! so that the crate of an ABI adds its own.
//!
//! One call goes so: all parameters are read, all places for results are looked at, the host's method
//! runs, the result is written. So a bad argument has no effect, and the host never has a reference
//! into memory while the guest runs.

mod answer;
mod bad;
mod guest;
mod link;
pub(crate) mod memory;
mod out;
mod param;
mod raw;
mod refusal;
mod value;

pub use self::answer::Answer;
pub use self::bad::Bad;
pub use self::guest::{Ended, Guest, Stop};
pub(crate) use self::link::Offers;
pub use self::link::{Imports, Linker};
pub use self::out::{Bytes, Out};
pub use self::param::{Buf, Code, Dst, Iovecs, Param};
pub use self::raw::{Raw, Ty};
pub use self::refusal::{Refusal, Status, Trap};
pub use self::value::{Fit, Value, Written};
