//! What a filter is written with: traits whose methods have defaults, and what makes of them what
//! the WIT exports.
//!
//! It knows no proxy.

mod adapter;
mod filter;

pub use crate::guest::callout::Answer;
pub use crate::guest::http::Exchange;
pub use crate::guest::tcp::Connection;
pub use crate::plugin::Phases;
pub use crate::types::{Action, Direction, Field, Part, Peer, Response, Side, Unavailable};

pub use self::adapter::{Plugin, Unused};
pub use self::filter::{Filter, Root, TcpFilter};
