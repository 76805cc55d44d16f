//! The log, on standard error: messages, and what filters say among them.

use std::io;

use tracing::level_filters::LevelFilter;

/// Shows what is logged in this process; with `verbose` more of it. Does nothing
/// where the process has a log already.
pub(crate) fn show(json: bool, verbose: bool) {
    let level = if verbose {
        LevelFilter::DEBUG
    } else {
        LevelFilter::INFO
    };
    let log = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(io::stderr)
        // Colours would need another feature of the crate, and it panics without.
        .with_ansi(false);
    // The only error is that there is a log already.
    let _ = if json {
        tracing::subscriber::set_global_default(log.json().finish())
    } else {
        tracing::subscriber::set_global_default(log.finish())
    };
}
