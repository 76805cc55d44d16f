//! The key of a folder: made when it is first used, and kept in a file that only its owner can
//! read.

use std::io;

use super::folder::{Folder, Others, random};
use super::format::Secret;
use crate::error::artefacts::ArtefactsError;

/// The file's name.
const NAME: &str = "key";

/// What the file is called in errors.
const KEY: &str = "its key";

const LENGTH: u64 = blake3::KEY_LEN as u64;

/// The key that is in the folder, or a new one that is there from now on.
pub(super) fn of(folder: &Folder) -> Result<Secret, ArtefactsError> {
    if let Some(secret) = read(folder)? {
        return Ok(secret);
    }
    let failed = |doing, error| ArtefactsError::Io {
        what: KEY,
        doing,
        error,
    };
    let new: [u8; blake3::KEY_LEN] = random().map_err(|error| failed("made", error))?;
    folder
        .add(NAME, &[&new])
        .map_err(|error| failed("written", error))?;
    // Another process may have been faster, and then its key is the one.
    match read(folder)? {
        Some(secret) => Ok(secret),
        None => Err(failed("read", io::ErrorKind::NotFound.into())),
    }
}

fn read(folder: &Folder) -> Result<Option<Secret>, ArtefactsError> {
    // A byte more than it should have, to tell its length from a longer one.
    let Some(bytes) = folder.read(NAME, KEY, Others::MayNothing, LENGTH + 1)? else {
        return Ok(None);
    };
    match <[u8; blake3::KEY_LEN]>::try_from(bytes.as_slice()) {
        Ok(secret) => Ok(Some(Secret(secret))),
        Err(_) => Err(ArtefactsError::Key {
            found: bytes.len() as u64,
            expected: LENGTH,
        }),
    }
}
