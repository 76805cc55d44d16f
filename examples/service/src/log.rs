//! The log, on standard error: messages, and for each the spans that it stands in.

use std::io;

use tracing::level_filters::LevelFilter;

/// Shows what is logged in this process, from a level on. Does nothing where the process has a log
/// already.
pub fn show_log(json: bool, level: LevelFilter) {
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
