//! Builds the guests of the features, each when its test asks for it, and once.
//!
//! Cargo builds packages, and a feature has no manifest. So a workspace is written into the target
//! folder, with a package per feature whose library is the feature's `guest.rs` and which has a
//! copy of its `test.wit`. Knows where features are; knows nothing of their worlds.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use abide::Limits;
use abide_build::Target;

/// Time enough for a debug build on a busy machine, otherwise the default.
pub(crate) fn limits() -> Limits {
    Limits::default()
        .deadline(Duration::from_secs(60))
        .wait(Duration::from_secs(60))
}

/// The component of the feature that `module` (a `module_path!()`) belongs to.
///
/// It is compiled for `wasm32-unknown-unknown`, or for what `ABIDE_RUNTIME_TARGET` names.
pub(crate) fn component(module: &str) -> PathBuf {
    static TARGET: LazyLock<Target> =
        LazyLock::new(|| match std::env::var("ABIDE_RUNTIME_TARGET") {
            Ok(triple) => triple.parse().unwrap_or_else(|error| panic!("{error}")),
            Err(_) => Target::Unknown,
        });
    component_for(module, *TARGET)
}

/// What was built, and what could not be: one error is enough for all tests of a feature.
type Built = HashMap<(String, Target), Option<PathBuf>>;

/// The component of the feature that `module` belongs to, for one target.
pub(crate) fn component_for(module: &str, target: Target) -> PathBuf {
    static BUILT: Mutex<Option<Built>> = Mutex::new(None);
    static WORKSPACE: LazyLock<PathBuf> = LazyLock::new(|| {
        workspace().unwrap_or_else(|error| panic!("the workspace of the guests: {error}"))
    });
    let mut modules = module.split("::").skip(1);
    let feature = modules.find(|name| *name != "sync").unwrap_or(module);
    let key = (feature.to_owned(), target);
    // A test that failed here has said so; the others may still try.
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    let built = built.get_or_insert_default();
    if let Some(before) = built.get(&key) {
        let Some(component) = before else {
            panic!("the guest of `{feature}` cannot be built; another of its tests says why")
        };
        return component.clone();
    }
    let component = abide_build::guest(WORKSPACE.join(feature))
        .target(target)
        .target_dir(root().join("target/guests"))
        .build();
    built.insert(key, component.as_ref().ok().cloned());
    component.unwrap_or_else(|error| panic!("{error}"))
}

/// The root of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Writes the workspace; returns its folder.
fn workspace() -> std::io::Result<PathBuf> {
    let root = root().canonicalize()?;
    let features = root.join("tests/runtime");
    let workspace = root.join("target/runtime");
    for feature in crate::FEATURES {
        let package = workspace.join(feature);
        fs::create_dir_all(&package)?;
        let guest = features.join(feature).join("guest.rs");
        let manifest = format!(
            "[package]\nname = \"runtime-{feature}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             [lib]\npath = {guest:?}\ncrate-type = [\"cdylib\"]\n\n\
             [dependencies]\nabide.workspace = true\n\n[lints]\nworkspace = true\n"
        );
        write(&package.join("Cargo.toml"), manifest.as_bytes())?;
        let wit = fs::read(features.join(feature).join("test.wit"))?;
        write(&package.join("test.wit"), &wit)?;
    }
    // The profile is the one of all guests in this repository, so that they share what they depend
    // on.
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = {:?}\n\n\
         [workspace.dependencies]\nabide = {{ path = {root:?} }}\n\n\
         [workspace.lints.rust]\nwarnings = \"deny\"\n\n\
         [profile.release]\nopt-level = \"s\"\nstrip = true\n",
        crate::FEATURES
    );
    write(&workspace.join("Cargo.toml"), manifest.as_bytes())?;
    let lock = workspace.join("Cargo.lock");
    if !lock.exists() {
        // The same versions as in the other guests, and no question to the network.
        fs::copy(root.join("tests/fixtures/Cargo.lock"), lock)?;
    }
    Ok(workspace)
}

/// Writes what is not there already: cargo compiles again what has been written again.
fn write(path: &Path, content: &[u8]) -> std::io::Result<()> {
    match fs::read(path) {
        Ok(old) if old == content => Ok(()),
        _ => fs::write(path, content),
    }
}
