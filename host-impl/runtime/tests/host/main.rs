//! The runtime from outside: guests written as WebAssembly text, worlds written out by hand as
//! `abide::abi!` generates them.

mod borrowed;
mod calls;
mod control;
mod faults;
mod flat;
mod hostile;
mod kit;
mod load;
mod observed;
mod process;
mod sessions;
mod settings;
mod sizes;
mod system;
mod threads;
mod values;
mod warm;
