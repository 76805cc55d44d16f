//! Folders of one test each, and loading the usual guest with one.

use std::fs;
use std::path::{Path, PathBuf};

use abide_host::{ArtefactStats, Artefacts, Builder, Engine, Result};

use crate::kit::{App, KIT, Kit, component};

/// The path of a folder that is not there yet.
pub(crate) fn place(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("artefacts")
        .join(name);
    if path.exists() {
        fs::remove_dir_all(&path).unwrap();
    }
    path
}

/// On an engine of its own, so that it shares code with nobody and has to get it from somewhere.
pub(crate) fn builder(artefacts: &Artefacts) -> Builder<Kit> {
    let engine = Engine::new().unwrap();
    Kit::builder(App::default())
        .engine(&engine)
        .artefacts(artefacts)
}

/// Loads the usual guest and calls it.
pub(crate) fn load(artefacts: &Artefacts) -> Result<()> {
    let kit = builder(artefacts).load_bytes(component(KIT))?;
    assert_eq!(kit.add(2, 3)?, 5);
    Ok(())
}

/// What a folder was good for so far: hits, misses, refused, kept and failed.
pub(crate) fn counts(artefacts: &Artefacts) -> [u64; 5] {
    let ArtefactStats {
        hits,
        misses,
        refused,
        kept,
        failed,
        ..
    } = artefacts.stats();
    [hits, misses, refused, kept, failed]
}

/// The artefacts in a folder.
pub(crate) fn artefacts_in(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "artefact"))
        .collect();
    all.sort();
    all
}

/// The only artefact in a folder.
pub(crate) fn the_artefact_in(folder: &Path) -> PathBuf {
    let mut all = artefacts_in(folder);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}
