//! The types of components, each with what its metadata says.

#[cfg(feature = "redb")]
use std::collections::BTreeMap;
#[cfg(feature = "redb")]
use std::path::PathBuf;
use std::sync::Arc;

use super::settings::Settings;
use crate::components::Block;
use crate::embedded;
#[cfg(feature = "redb")]
use crate::embedded::File;
use crate::embedded::{Broker, Cron, Environment, Folder, Locks, Memory, SecretsFile};

/// What components of one reading share.
#[derive(Default)]
pub(super) struct Shared {
    /// A file is opened once, whatever is in it.
    #[cfg(feature = "redb")]
    files: BTreeMap<PathBuf, File>,
}

/// Makes a backend of a type. None is that something is wrong, which is told.
pub(super) fn make(type_: &str, settings: &mut Settings<'_>, shared: &mut Shared) -> Option<Block> {
    Some(match type_ {
        "state.in-memory" => Block::State(Arc::new(Memory::new())),
        "pubsub.in-memory" => Block::PubSub(Arc::new(Broker::new())),
        "lock.in-memory" => Block::Lock(Arc::new(Locks::new())),
        "secretstores.local.env" => {
            let prefix = settings.text("prefix").unwrap_or_default();
            Block::Secrets(Arc::new(Environment::with_prefix(prefix)))
        }
        "secretstores.local.file" => secrets_file(settings)?,
        "configuration.local.file" => {
            let path = settings.path("path")?;
            let items = embedded::Settings::of_file(path);
            let items = items.map_err(|error| settings.wrong(error.to_string()));
            Block::Configuration(Arc::new(items.ok()?))
        }
        "bindings.cron" => {
            // Dapr's word for which way it goes.
            settings.text("direction");
            let schedule = settings.required("schedule")?;
            let cron = Cron::new(&schedule).map_err(|error| settings.wrong(error.to_string()));
            Block::Binding(Arc::new(cron.ok()?))
        }
        "bindings.localstorage" => {
            settings.text("direction");
            let root = settings.path("rootPath")?;
            let folder = Folder::new(&root);
            let folder = folder.map_err(|error| {
                settings.wrong(format!("the folder `{}`: {error}", root.display()));
            });
            Block::Binding(Arc::new(folder.ok()?))
        }
        #[cfg(feature = "http")]
        "bindings.http" => Block::Binding(Arc::new(http(settings)?)),
        #[cfg(feature = "redb")]
        "state.redb" => Block::State(Arc::new(file(settings, shared)?)),
        #[cfg(feature = "redb")]
        "pubsub.redb" => {
            let broker = file(settings, shared)?.broker();
            let broker = broker.map_err(|error| settings.wrong(error.to_string()));
            Block::PubSub(Arc::new(broker.ok()?))
        }
        #[cfg(feature = "redis")]
        "state.redis" | "pubsub.redis" | "lock.redis" | "configuration.redis" => {
            super::redis::make(type_, settings)?
        }
        #[cfg(feature = "nats")]
        "state.jetstream" | "pubsub.jetstream" | "lock.jetstream" => {
            super::nats::make(type_, settings)?
        }
        other => {
            // Only files are shared, and there may be none.
            let _ = shared;
            settings.wrong(match feature(other) {
                Some(feature) => format!("`{other}` needs the feature `{feature}`, which is off"),
                None => format!("the type `{other}` is not known here"),
            });
            return None;
        }
    })
}

/// The feature that a type comes with.
fn feature(type_: &str) -> Option<&'static str> {
    match type_.split_once('.')?.1 {
        "http" => Some("http"),
        "redb" => Some("redb"),
        "redis" => Some("redis"),
        "jetstream" => Some("nats"),
        _ => None,
    }
}

fn secrets_file(settings: &mut Settings<'_>) -> Option<Block> {
    let path = settings.path("secretsFile")?;
    let separator = settings.text("nestedSeparator");
    let separator = separator.unwrap_or_else(|| ":".to_owned());
    let multi_valued = settings.truth("multiValued").unwrap_or(false);
    let secrets = SecretsFile::read(path, &separator, multi_valued);
    let secrets = secrets.map_err(|error| settings.wrong(error.to_string()));
    Some(Block::Secrets(Arc::new(secrets.ok()?)))
}

#[cfg(feature = "http")]
fn http(settings: &mut Settings<'_>) -> Option<crate::embedded::Http> {
    use crate::embedded::Http;
    settings.text("direction");
    let url = settings.required("url")?;
    let is_error = settings.truth("errorIfNot2XX").unwrap_or(true);
    let (token, name) = (
        settings.text("securityToken"),
        settings.text("securityTokenHeader"),
    );
    let http = Http::new(&url).map(|http| http.error_if_not_2xx(is_error));
    let http = match (token, name) {
        (Some(token), Some(name)) => http.and_then(|http| http.field(&name, &token)),
        (None, None) => http,
        _ => {
            settings.wrong("`securityToken` and `securityTokenHeader` belong together".to_owned());
            return None;
        }
    };
    http.map_err(|error| settings.wrong(error.to_string())).ok()
}

#[cfg(feature = "redb")]
fn file(settings: &mut Settings<'_>, shared: &mut Shared) -> Option<File> {
    let path = settings.path("path")?;
    if let Some(file) = shared.files.get(&path) {
        return Some(file.clone());
    }
    let file = File::open(&path);
    let file = file.map_err(|error| settings.wrong(format!("`{}`: {error}", path.display())));
    let file = file.ok()?;
    shared.files.insert(path, file.clone());
    Some(file)
}
