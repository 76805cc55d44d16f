//! Configuration from a file: an object of JSON with texts. What changes there is told.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use abide_dapr_host::embedded::Settings;
use anyhow::{Context as _, Result};
use tracing::warn;

/// How often it is read.
const LOOK: Duration = Duration::from_millis(200);

type Items = BTreeMap<String, String>;

/// A store of what the file has, now and later.
///
/// # Errors
///
/// It has no such object.
pub(crate) fn read(path: &Path) -> Result<Settings> {
    let (settings, items) = (Settings::new(), items(path)?);
    tell(&settings, &Items::new(), &items);
    tokio::spawn(follow(path.to_owned(), settings.clone(), items));
    Ok(settings)
}

async fn follow(path: PathBuf, settings: Settings, mut known: Items) {
    loop {
        tokio::time::sleep(LOOK).await;
        match items(&path) {
            Ok(items) if items != known => {
                tell(&settings, &known, &items);
                known = items;
            }
            Ok(_) => {}
            // Somebody may be writing it.
            Err(error) => warn!("what it had is kept: {error:#}"),
        }
    }
}

fn items(path: &Path) -> Result<Items> {
    let text = std::fs::read(path).with_context(|| format!("`{}`", path.display()))?;
    serde_json::from_slice(&text)
        .with_context(|| format!("`{}` is no object of JSON with texts", path.display()))
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
