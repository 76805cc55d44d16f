//! Filters of both kinds at work, through the public API.

mod app;
mod guests;
mod hostile;
mod keeper;
mod odd;
mod same;
mod statuses;
