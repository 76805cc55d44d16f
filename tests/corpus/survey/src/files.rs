//! Which WIT the corpus is made of: files and folders in the crates of `sources`.

use std::fs;
use std::path::{Path, PathBuf};

use abide_corpus_registry::{self as sources, Source};
use anyhow::{Context, Result};

/// A WIT file, or a folder that is one package with its dependencies.
#[derive(Debug)]
pub(crate) struct WitFile {
    /// The crate, `wit-component 0.258.3`.
    pub(crate) source: String,
    /// The folder of the crate.
    pub(crate) root: PathBuf,
    /// Below `root`, with `/` on every platform.
    pub(crate) shown: String,
    /// Whether the packages in its `deps` are of interest themselves.
    pub(crate) dependencies: bool,
}

impl WitFile {
    pub(crate) fn path(&self) -> PathBuf {
        self.root.join(&self.shown)
    }
}

/// Folders of which every entry is a WIT.
const COLLECTIONS: [(&str, &str); 3] = [
    ("wasmtime-internal-component-macro", "tests/codegen"),
    ("wit-component", "tests/interfaces"),
    ("wit-parser", "tests/ui"),
];

/// Entries of [`COLLECTIONS`] that are left out: WITs that are wrong on purpose, and one whose
/// dependencies are components and not WIT.
const LEFT_OUT: [&str; 2] = ["parse-fail", "kinds-of-deps"];

/// Folders of folders with a WIT of this name in each. (Those with dependencies are left out:
/// beside the world there are others for the same dependencies.)
const FOLDERS: [(&str, &str, &str); 1] = [("wit-component", "tests/components", "module.wit")];

/// Folders that are one WIT, there for the packages in their `deps`: WASI 0.2 first, then what is
/// built on it, then WASI 0.3. A package that several of them have is taken from the first.
const WASI: [(&str, &str); 8] = [
    ("wasmtime-wasi", "src/p2/wit"),
    ("wasmtime-wasi-http", "wit"),
    ("wasmtime-wasi-keyvalue", "wit"),
    ("wasmtime-wasi-config", "wit"),
    ("wasmtime-wasi-nn", "wit"),
    ("wasi", "wit"),
    ("wasmtime-wasi", "src/p3/wit"),
    ("wasmtime-wasi-http", "src/p3/wit"),
];

/// All of the corpus, in the order of the table.
pub(crate) fn find() -> Result<Vec<WitFile>> {
    let sources = sources::find()?;
    let source = |name: &str| {
        let found = sources.get(name);
        found.with_context(|| format!("tests/corpus/sources does not depend on `{name}`"))
    };
    let file = |source: &Source, shown: String, dependencies| WitFile {
        source: source.shown.clone(),
        root: source.folder.clone(),
        shown,
        dependencies,
    };
    let mut files = Vec::new();
    for (name, folder) in COLLECTIONS {
        let source = source(name)?;
        for entry in entries(&source.folder.join(folder))? {
            files.push(file(source, format!("{folder}/{entry}"), false));
        }
    }
    for (name, folder, wit) in FOLDERS {
        let source = source(name)?;
        for entry in entries(&source.folder.join(folder))? {
            let entry = format!("{folder}/{entry}");
            let path = source.folder.join(&entry);
            if path.join(wit).is_file() && !path.join("deps").exists() {
                files.push(file(source, format!("{entry}/{wit}"), false));
            }
        }
    }
    for (name, folder) in WASI {
        files.push(file(source(name)?, folder.to_owned(), true));
    }
    Ok(files)
}

/// The WIT files and folders in `folder`, sorted. Printed WIT and WAT lie beside them.
fn entries(folder: &Path) -> Result<Vec<String>> {
    let failed = || format!("cannot list `{}`", folder.display());
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(failed)? {
        let path = entry.with_context(failed)?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        if let Some(name) = name
            && (path.is_dir() || name.ends_with(".wit"))
            && !LEFT_OUT.contains(&name)
        {
            found.push(name.to_owned());
        }
    }
    found.sort();
    Ok(found)
}
