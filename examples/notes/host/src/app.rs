//! What this host offers its guests: the time, and a log. Knows nothing of files and documents.

use std::time::{SystemTime, UNIX_EPOCH};

use notes_abi::host;
use notes_abi::log::Level;

/// The host state: one value of it is cloned for every instance of the guest.
#[derive(Debug, Clone, Copy, Default)]
pub struct App;

impl host::Clock for App {
    fn now_ms(&mut self) -> u64 {
        // A clock set to before 1970 reads as 1970.
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        since.map_or(0, |time| {
            u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
        })
    }
}

impl host::Log for App {
    fn write(&mut self, level: Level, message: &str) {
        match level {
            Level::Debug => tracing::debug!("{message}"),
            Level::Info => tracing::info!("{message}"),
            Level::Warn => tracing::warn!("{message}"),
            Level::Error => tracing::error!("{message}"),
        }
    }
}
