//! Which WIT files there are at a place: one file, or a folder with the packages that it depends on
//! in `deps`. Lists and reads; what is in the files the parser knows.
//!
//! The parser can list folders itself. It would take files along whose names begin with a dot,
//! which editors (`.#world.wit`) and file systems (`._world.wit`) put beside others.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use wit_parser::SourceMap;

/// What was read, and not parsed yet.
#[derive(Default)]
pub(super) struct Sources {
    /// The package at the place.
    pub(super) main: SourceMap,
    /// Those in `deps`, each in a file or a folder of its own.
    pub(super) deps: Vec<SourceMap>,
    /// Every file of them.
    pub(super) files: Vec<PathBuf>,
}

/// A file or folder that could not be read.
#[derive(Debug)]
pub(super) struct Unreadable {
    pub(super) path: PathBuf,
    pub(super) error: io::Error,
}

/// Reads the WIT at `path`.
pub(super) fn read(path: &Path) -> Result<Sources, Unreadable> {
    let mut sources = Sources::default();
    if !path.is_dir() {
        sources.main = package(&[path.to_owned()], &mut sources.files)?;
        return Ok(sources);
    }
    sources.main = package(&wits(path)?, &mut sources.files)?;
    let deps = path.join("deps");
    if !deps.exists() {
        return Ok(sources);
    }
    for entry in entries(&deps)? {
        let of_package = if entry.is_dir() {
            wits(&entry)?
        } else if entry
            .extension()
            .is_some_and(|extension| extension == "wit")
        {
            vec![entry]
        } else {
            continue;
        };
        let read = package(&of_package, &mut sources.files)?;
        sources.deps.push(read);
    }
    Ok(sources)
}

/// The files of one package, read.
fn package(paths: &[PathBuf], files: &mut Vec<PathBuf>) -> Result<SourceMap, Unreadable> {
    let mut sources = SourceMap::default();
    for path in paths {
        let text = fs::read_to_string(path).map_err(unreadable(path))?;
        sources.push(path, text);
        files.push(path.clone());
    }
    Ok(sources)
}

/// The WIT files in a folder, without those in folders below it.
fn wits(folder: &Path) -> Result<Vec<PathBuf>, Unreadable> {
    let mut found = entries(folder)?;
    found.retain(|path| path.extension().is_some_and(|name| name == "wit") && !path.is_dir());
    Ok(found)
}

/// What is in a folder and not hidden, in the order of names.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Unreadable> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable(folder))? {
        let entry = entry.map_err(unreadable(folder))?;
        if !entry.file_name().to_string_lossy().starts_with('.') {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

fn unreadable(path: &Path) -> impl FnOnce(io::Error) -> Unreadable {
    let path = path.to_owned();
    move |error| Unreadable { path, error }
}
