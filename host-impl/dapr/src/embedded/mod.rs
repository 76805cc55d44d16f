//! Backends of this process: nothing outside is needed but files.
//!
//! They know the traits of [`blocks`](crate::blocks), and no guest.

mod broker;
mod configuration;
mod cron;
mod environment;
#[cfg(feature = "redb")]
mod file;
mod folder;
#[cfg(feature = "http")]
mod http;
mod locks;
mod memory;
mod secrets_file;
mod settings_file;
mod versions;

pub use broker::Broker;
pub use configuration::Settings;
pub use cron::{Cron, ScheduleError};
pub use environment::Environment;
#[cfg(feature = "redb")]
pub use file::{File, FileError};
pub use folder::Folder;
#[cfg(feature = "http")]
pub use http::{Http, HttpError};
pub use locks::Locks;
pub use memory::Memory;
pub use secrets_file::{SecretsFile, SecretsFileError};
pub use settings_file::SettingsFileError;
