//! The log's levels, by the names that Dapr has for them.

use anyhow::{Context as _, Result};
use example_service::LevelFilter;

/// The level that Dapr's name means.
///
/// # Errors
///
/// There is no such level.
pub(crate) fn level(name: &str) -> Result<LevelFilter> {
    let ours = match name {
        "fatal" => "error",
        "warning" => "warn",
        other => other,
    };
    ours.parse()
        .with_context(|| format!("`{name}` is no level of a log"))
}
