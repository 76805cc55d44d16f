//! Configuration from a file of JSON. What changes there is told.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;
use tracing::warn;

use super::configuration::{Settings, WeakSettings};

/// How often the file is read.
const LOOK: Duration = Duration::from_millis(200);

/// Why a file is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum SettingsFileError {
    /// It cannot be read.
    #[error("the configuration in `{}` cannot be read", .0.display())]
    Read(PathBuf, #[source] io::Error),
    /// It is something else.
    #[error("`{}` is no object of JSON with texts", .0.display())]
    Json(PathBuf),
}

type Items = BTreeMap<String, String>;

impl Settings {
    /// What a file has, now and later: an object of JSON with texts. It is read again five times a
    /// second for as long as somebody has the store, and what is no such object meanwhile changes
    /// nothing. Has to be called on a runtime.
    ///
    /// # Errors
    ///
    /// It has no such object.
    pub fn of_file(path: impl AsRef<Path>) -> Result<Self, SettingsFileError> {
        let path = path.as_ref();
        let (settings, items) = (Self::new(), items(path)?);
        tell(&settings, &Items::new(), &items);
        tokio::spawn(follow(path.to_owned(), settings.downgrade(), items));
        Ok(settings)
    }
}

async fn follow(path: PathBuf, settings: WeakSettings, mut known: Items) {
    loop {
        tokio::time::sleep(LOOK).await;
        let file = path.clone();
        let read = tokio::task::spawn_blocking(move || items(&file)).await;
        let Some(settings) = settings.upgrade() else {
            return;
        };
        match read {
            Ok(Ok(items)) if items != known => {
                tell(&settings, &known, &items);
                known = items;
            }
            Ok(Ok(_)) => {}
            // Somebody may be writing it.
            Ok(Err(error)) => warn!("what it had is kept: {error}"),
            // The runtime ends.
            Err(_) => return,
        }
    }
}

fn items(path: &Path) -> Result<Items, SettingsFileError> {
    let text = fs::read(path);
    let text = text.map_err(|error| SettingsFileError::Read(path.to_owned(), error))?;
    let wrong = || SettingsFileError::Json(path.to_owned());
    let Ok(Value::Object(object)) = serde_json::from_slice(&text) else {
        return Err(wrong());
    };
    let items = object.into_iter().map(|(name, value)| match value {
        Value::String(text) => Ok((name, text)),
        _ => Err(wrong()),
    });
    items.collect()
}

fn tell(settings: &Settings, old: &Items, new: &Items) {
    for (key, value) in new {
        if old.get(key) != Some(value) {
            settings.set(key, value);
        }
    }
    for key in old.keys().filter(|key| !new.contains_key(*key)) {
        settings.remove(key);
    }
}
