//! Filters of both kinds at work, through the public API.

mod app;
mod assemblyscript;
mod guests;
mod hostile;
mod keeper;
mod odd;
mod same;
mod statuses;
mod trace;
