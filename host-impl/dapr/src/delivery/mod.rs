//! From what happens to whoever is called for it: events, bindings and changes of configuration.

mod bindings;
mod configuration;
mod events;
mod rules;
mod turns;

pub(crate) use bindings::listen;
pub(crate) use configuration::follow;
pub(crate) use events::subscribe;
pub(crate) use turns::Turns;
