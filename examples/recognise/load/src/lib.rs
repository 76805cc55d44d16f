//! Sends pictures to the demo of image recognition over loopback, checks every answer, and
//! measures.
//!
//! The way of the data: `guests` are built → `demo` starts the services, in one process or in
//! three → `photos` has what is sent and what it shows → `load` sends it from several clients and
//! looks at the memory of each service → `judged` says what that means → `page` writes it down.
//! `bench` measures the loop that makes grey, and how long a guest takes to answer for the first
//! time.

pub mod bench;
mod demo;
mod guests;
mod judged;
mod load;
mod options;
mod page;
mod photos;

pub use demo::{Beside, Demo, Over};
pub use guests::guests;
pub use judged::{Part, Run};
pub use load::{Effort, load};
pub use options::{Command, HELP, Options};
pub use page::{page, plot};
pub use photos::{Photo, photos};
