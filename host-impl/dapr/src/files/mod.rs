//! Component files of Dapr: YAML that chooses backends and names them.
//!
//! What is not known is refused by its name, and all that is wrong is told at once, each with its
//! file and line. Metadata of a type is read in `types`, everything else here.

mod declared;
#[cfg(feature = "nats")]
mod nats;
mod problem;
#[cfg(feature = "redis")]
mod redis;
mod settings;
mod types;
mod yaml;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tracing::warn;

pub use self::problem::{Problem, Problems};

use self::declared::{Declared, Value};
use self::settings::Settings;
use self::types::Shared;
use crate::blocks::SecretStore;
use crate::components::{Block, Component};
use crate::metadata;

/// Where the values of secrets come from that no store is named for.
type Stores = BTreeMap<String, Arc<dyn SecretStore>>;

/// Reads the components of a file, or those of the `.yaml` and `.yml` files of a folder, by their
/// names' order. Files are relative to where they are named.
///
/// # Errors
///
/// Everything that is wrong.
pub async fn read(path: impl AsRef<Path>) -> Result<Vec<Component>, Problems> {
    let mut problems = Problems::default();
    let mut declared = Vec::new();
    for file in problems.keep(files(path.as_ref())).unwrap_or_default() {
        match fs::read_to_string(&file) {
            Ok(text) => declared.extend(declared::parse(&file, &text, &mut problems)),
            Err(error) => problems.add(&file, 0, format!("it cannot be read: {error}")),
        }
    }
    // Others may take secrets from these.
    declared.sort_by_key(|declared| !declared.type_.starts_with("secretstores."));
    let (mut components, mut stores) = (Vec::new(), Stores::new());
    let mut shared = Shared::default();
    for declared in declared {
        let mut own = Problems::default();
        let component = component(&declared, &stores, &mut shared, &mut own).await;
        if declared.ignore_errors && !own.is_empty() {
            warn!("a component is left out: {own}");
            continue;
        }
        problems.extend(own);
        let Some(component) = component else {
            continue;
        };
        if let Block::Secrets(store) = component.block() {
            stores.insert(declared.name.clone(), Arc::clone(store));
        }
        components.push(component);
    }
    problems.or(components)
}

fn files(path: &Path) -> Result<Vec<PathBuf>, Problem> {
    let wrong = |error| Problem::new(path, 0, format!("it cannot be read: {error}"));
    if !fs::metadata(path).map_err(wrong)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(wrong)? {
        let file = entry.map_err(wrong)?.path();
        let extension = file.extension().and_then(|extension| extension.to_str());
        if matches!(extension, Some("yaml" | "yml")) {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

/// Makes what a file declares. None is that there are problems.
async fn component(
    declared: &Declared,
    stores: &Stores,
    shared: &mut Shared,
    problems: &mut Problems,
) -> Option<Component> {
    let mut values = Vec::new();
    for (name, line, value) in &declared.metadata {
        match resolve(value, declared, stores).await {
            Ok(value) => values.push((name.clone(), *line, value)),
            Err(text) => problems.add(&declared.file, *line, format!("`{name}`: {text}")),
        }
    }
    if !problems.is_empty() {
        return None;
    }
    if declared.version != "v1" {
        let (type_, version) = (&declared.type_, &declared.version);
        let text = format!("`{type_}` has no version `{version}` here");
        problems.add(&declared.file, declared.line, text);
        return None;
    }
    let mut settings = Settings::new(declared, values, problems);
    let prefix = settings.key_prefix();
    let block = types::make(&declared.type_, &mut settings, shared);
    settings.finish();
    let component = Component::new(&declared.name, block?)
        .of_type(&declared.type_, &declared.version)
        .key_prefix(prefix)
        .scopes(declared.scopes.clone());
    problems.is_empty().then_some(component)
}

async fn resolve(value: &Value, declared: &Declared, stores: &Stores) -> Result<String, String> {
    match value {
        Value::Text(text) => Ok(text.clone()),
        Value::Environment(name) => {
            std::env::var(name).map_err(|_| format!("there is no variable `{name}`"))
        }
        Value::Secret { name, key } => {
            let Some(store) = &declared.secret_store else {
                return Err("`auth.secretStore` does not say where the secret is".to_owned());
            };
            let found = stores.get(store);
            let found = found.ok_or_else(|| format!("there is no secret store `{store}`"))?;
            let secret = found.get(name, &Vec::new()).await;
            let secret = secret.map_err(|error| error.to_string())?;
            let value = metadata::value(&secret, key).map(str::to_owned);
            value.ok_or_else(|| format!("the secret `{name}` has no `{key}`"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::{BlockKind, KeyPrefix};
    use std::fs;
    use std::path::PathBuf;

    fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
        let folder = format!("abide-dapr-files-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(folder);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        for (name, text) in files {
            fs::write(folder.join(name), text).unwrap();
        }
        folder
    }

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        runtime.unwrap().block_on(future)
    }

    #[test]
    fn files_choose_and_name_backends() {
        let folder = folder(
            "good",
            &[
                ("a.yaml", include_str!("../../tests/components/good.yaml")),
                ("secrets.json", r#"{"crontab": {"every": "@every 1h"}}"#),
                ("readme.txt", "no YAML: {"),
            ],
        );
        let components = block_on(read(&folder)).unwrap_or_else(|error| panic!("{error}"));
        let names: Vec<_> = components
            .iter()
            .map(|component| (component.block().kind(), component.name()))
            .collect();
        assert_eq!(
            names,
            [
                (BlockKind::Secrets, "secrets"),
                (BlockKind::Secrets, "environment"),
                (BlockKind::State, "store"),
                (BlockKind::PubSub, "pubsub"),
                (BlockKind::Binding, "hourly"),
                (BlockKind::Binding, "files"),
            ]
        );
        assert!(components[2].is_for("shop") && !components[2].is_for("other"));
        assert_eq!(components[2].prefix, KeyPrefix::Custom("shared".to_owned()));
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let folder = folder(
            "bad",
            &[
                ("a.yaml", include_str!("../../tests/components/bad.yaml")),
                ("b.yaml", "a: [1, 2"),
                ("c.yaml", "- 1\n"),
                (
                    "d.yaml",
                    &include_str!("../../tests/components/good.yaml")
                        .split_once("---")
                        .unwrap()
                        .0
                        .replace("version: v1", "version: v7"),
                ),
            ],
        );
        let problems = block_on(read(&folder)).unwrap_err().to_string();
        let problems = problems.replace(&format!("{}/", folder.display()), "");
        let (broken, problems): (Vec<_>, Vec<_>) = problems
            .lines()
            .partition(|problem| problem.starts_with("b.yaml:"));
        assert!(broken[0].contains("this is no YAML"), "{broken:?}");
        let expected = include_str!("../../tests/components/bad.txt");
        assert_eq!(problems.join("\n"), expected.trim());
        let missing = block_on(read(folder.join("nowhere"))).unwrap_err();
        assert!(
            missing.to_string().contains("nowhere: it cannot be read"),
            "{missing}"
        );
        fs::remove_dir_all(folder).unwrap();
    }
}
