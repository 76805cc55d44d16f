//! Keeps two guests of one name from sharing a target folder. Knows one small file per guest there.
//!
//! Cargo names a cdylib's file after the library alone, without the hash that keeps other outputs
//! apart. With two guests of one name it calls the second build fresh while the file is still the
//! first one's, and nobody would notice that the wrong guest is loaded.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::componentize::write_atomically;
use crate::Error;

/// What backup programs (and this crate) know a folder by that holds nothing of lasting worth.
const CACHE_TAG: &[u8] = b"Signature: 8a477f597d28d172789f06886806bc55\n";

/// Claims the name `library` in `target_dir` for the guest with this manifest.
///
/// A guest that has moved, or is gone, loses its claim.
pub(crate) fn claim(target_dir: &Path, library: &str, manifest: &Path) -> Result<(), Error> {
    let folder = target_dir.join(".abide-guests");
    let is_new = !target_dir.exists();
    fs::create_dir_all(&folder).map_err(|source| Error::Io {
        action: "create the folder",
        path: folder.clone(),
        source,
    })?;
    if is_new {
        // Cargo marks only folders that it makes itself.
        write_atomically(&target_dir.join("CACHEDIR.TAG"), CACHE_TAG)?;
    }
    let file = folder.join(library);
    let io_error = |source| Error::Io {
        action: "write",
        path: file.clone(),
        source,
    };
    let manifest = fs::canonicalize(manifest).unwrap_or_else(|_| manifest.to_owned());
    let Some(text) = manifest.to_str() else {
        // Cargo's own JSON cannot carry such a path either; there is nothing to compare.
        return Ok(());
    };

    match OpenOptions::new().write(true).create_new(true).open(&file) {
        Ok(mut new) => return new.write_all(text.as_bytes()).map_err(io_error),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(io_error(error)),
    }
    let other = PathBuf::from(fs::read_to_string(&file).unwrap_or_default());
    if other == manifest {
        return Ok(());
    }
    if other.is_file() {
        return Err(Error::NameTaken {
            name: library.to_owned(),
            manifest,
            other,
            target_dir: target_dir.to_owned(),
        });
    }
    write_atomically(&file, text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::claim;
    use crate::Error;
    use std::fs;

    #[test]
    fn the_second_guest_of_a_name_is_refused_while_the_first_exists() {
        let root = std::env::temp_dir().join(format!("abide-owner-{}", std::process::id()));
        let (one, two) = (root.join("one.toml"), root.join("two.toml"));
        fs::create_dir_all(&root).unwrap();
        fs::write(&one, "").unwrap();
        fs::write(&two, "").unwrap();

        let target = root.join("target");

        claim(&target, "guest", &one).unwrap();
        assert!(target.join("CACHEDIR.TAG").is_file());
        claim(&target, "guest", &one).unwrap();
        claim(&target, "other", &two).unwrap();
        let error = claim(&target, "guest", &two).unwrap_err();
        assert!(matches!(error, Error::NameTaken { .. }), "{error}");

        fs::remove_file(&one).unwrap();
        claim(&target, "guest", &two).unwrap();
        fs::remove_dir_all(&root).unwrap();
    }
}
