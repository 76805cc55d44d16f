//! Tells the cargo that runs a build script which files the guest is made of. It reads cargo's
//! dep-info files.

use std::fs;
use std::path::{Path, PathBuf};

/// What to watch before anything was built: the guest's folder, without what builds leave in it.
pub(crate) fn of_folder(dir: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(dir) else {
        return vec![dir.to_owned()];
    };
    let mut paths: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        // Cargo watches whole folders: a target folder among them would always be new.
        .filter(|path| {
            path.file_name()
                .is_none_or(|name| name != "target" && name != ".git")
        })
        .filter(|path| !path.join("CACHEDIR.TAG").exists())
        .collect();
    paths.sort();
    paths
}

/// What to watch once `artifact` was built: every file that cargo says it was made of, those of
/// other crates on this machine included (an ABI crate and its WIT, say).
pub(crate) fn of_artifact(artifact: &Path) -> Vec<PathBuf> {
    let text = fs::read_to_string(artifact.with_extension("d")).unwrap_or_default();
    // A relative path would be relative to a folder that only the guest's configuration knows.
    parse(&text)
        .into_iter()
        .filter(|path| path.is_absolute())
        .collect()
}

/// Prints the lines that cargo reads from a build script.
pub(crate) fn print(paths: &[PathBuf]) {
    for path in paths {
        println!("cargo::rerun-if-changed={}", path.display());
    }
}

/// The files after the colon of `output: file file`, where spaces in names are escaped.
fn parse(text: &str) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    for line in text.lines() {
        let Some((_, files)) = line.split_once(": ") else {
            continue;
        };
        let mut path = String::new();
        let mut characters = files.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '\\' if characters.next_if_eq(&' ').is_some() => path.push(' '),
                ' ' => paths.push(std::mem::take(&mut path)),
                other => path.push(other),
            }
        }
        paths.push(path);
    }
    paths
        .into_iter()
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::parse;
    use std::path::PathBuf;

    #[test]
    fn dep_info_lists_files_with_escaped_spaces() {
        let found = parse("/t/g.wasm: /a/src/lib.rs /a\\ b/wit/world.wit  C:\\x\\y.rs\n");
        let expected = ["/a/src/lib.rs", "/a b/wit/world.wit", "C:\\x\\y.rs"];
        assert_eq!(found, expected.map(PathBuf::from));
    }
}
