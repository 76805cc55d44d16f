//! The log, on standard error.

use std::io;

use anyhow::{Context as _, Result};
use tracing::level_filters::LevelFilter;

/// Shows what is logged in this process, from a level on that has Dapr's name. Does nothing where
/// the process has a log already.
///
/// # Errors
///
/// There is no such level.
pub(crate) fn show(json: bool, level: &str) -> Result<()> {
    let level = match level {
        "fatal" => "error",
        "warning" => "warn",
        other => other,
    };
    let level: LevelFilter = level
        .parse()
        .with_context(|| format!("`{level}` is no level of a log"))?;
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
    Ok(())
}
