//! The guest's file, replaced while it is called.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

/// The name of the file in the server's folder.
const NAME: &str = "guest.wasm";

/// A guest that there are two of, which do the same and are not the same.
#[derive(Debug)]
pub(super) struct Replaced {
    folder: PathBuf,
    /// The first is the one that is there.
    versions: [Vec<u8>; 2],
}

impl Replaced {
    /// Puts the guest into an emptied folder.
    pub(super) fn new(guest: &Path, folder: &Path) -> Result<Self> {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        fs::create_dir_all(folder)?;
        let first = fs::read(guest)?;
        let mut second = first.clone();
        // A section that means nothing: its kind, its size, the size of its name, its name.
        second.extend_from_slice(b"\0\x07\x06second");
        fs::write(folder.join(NAME), &first)?;
        Ok(Self {
            folder: folder.to_owned(),
            versions: [first, second],
        })
    }

    /// Puts the other version in the place of the one that is there, at once.
    pub(super) fn replace(&mut self) -> Result<()> {
        self.versions.swap(0, 1);
        let beside = self.folder.join("next.wasm");
        fs::write(&beside, &self.versions[0])?;
        fs::rename(beside, self.folder.join(NAME))?;
        Ok(())
    }
}
