//! The program `recognise`: reads the command line and hands over to the library.

use std::process::ExitCode;

use example_service::run_program;
use recognise::Options;

/// Pictures and tensors are large, and made on many threads. The C library's allocator keeps for each
/// thread what was freed on it: `classify` had 450 MiB after 6,000 pictures and went on growing. This one
/// gives memory back in time; it has 150 MiB, and stays there.
#[cfg(feature = "jemalloc")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let asked = Options::parse(std::env::args_os().skip(1));
    run_program(asked, Options::HELP, recognise::run)
}
