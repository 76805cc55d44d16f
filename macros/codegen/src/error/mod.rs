//! What the macros say where something is wrong: the catalogue of messages, and the list that
//! collects them.

mod derive;
mod list;
mod message;
mod module;

pub(crate) use derive::DeriveMessage;
pub(crate) use list::Errors;
pub(crate) use message::Message;
pub(crate) use module::ModuleMessage;
