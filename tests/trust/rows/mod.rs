//! The rows of the table.

mod artefacts;
mod control;
mod files;
mod handles;
mod hostile;
mod hosts;
mod modules;
mod modules_files;
mod process;
mod sessions;
mod space;
mod tenants;
mod threads;
mod time;
mod traps;
mod values;

use crate::fault::Part;

/// All parts, in the order of the page.
pub(crate) static PARTS: &[&Part] = &[
    &traps::PART,
    &time::PART,
    &space::PART,
    &process::PART,
    &values::PART,
    &handles::PART,
    &hosts::PART,
    &control::PART,
    &sessions::PART,
    &threads::PART,
    &files::PART,
    &hostile::PART,
    &artefacts::PART,
    &tenants::PART,
    &modules::PART,
    &modules_files::PART,
];
