//! Functions that a host offers to guests which are plain modules of an older ABI.
//!
//! What is public of it is in the crate's module `module`, with how a call goes.

mod answer;
mod bad;
mod guest;
mod lent;
mod link;
pub(crate) mod memory;
mod others;
mod out;
mod param;
mod raw;
mod refusal;
mod stubs;
pub(crate) mod told;
mod value;
pub(crate) mod watch;

pub use self::answer::Answer;
pub use self::bad::Bad;
pub use self::guest::{Ended, Guest, Stop};
pub(crate) use self::guest::{allocate, write};
pub use self::lent::{lend, lent};
pub use self::link::{Imports, Linker};
pub(crate) use self::link::{Offers, too_much};
pub use self::others::Others;
pub use self::out::{Bytes, Out};
pub(crate) use self::param::part;
pub use self::param::{Buf, Code, Dst, Iovecs, Param};
pub use self::raw::{Raw, Ty};
pub use self::refusal::{Refusal, Status, Trap};
pub use self::value::{Fit, Value, Written};
