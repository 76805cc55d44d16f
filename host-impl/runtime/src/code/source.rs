//! Where a guest comes from, and reading it without reading more than it may have.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::Arc;

use super::file::{self, Links};
use crate::error::untrusted;

/// The name of a guest that was not given one and does not come from a file.
const UNNAMED: &str = "guest";

/// How many bytes of a file's name are taken for the name of a guest.
const LONGEST_NAME: usize = 256;

/// Where a component comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Source<'a> {
    File(&'a Path),
    Bytes(&'a [u8]),
}

/// Why a source was not read.
#[derive(Debug)]
pub(crate) enum Unread {
    Failed(io::Error),
    /// It is larger than it may be. How large, is known unless it grew while it was read.
    TooLarge {
        size: Option<u64>,
    },
}

impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

impl<'a> Source<'a> {
    pub(crate) fn path(self) -> Option<&'a Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Bytes(_) => None,
        }
    }

    /// The name of a guest that was not given one.
    pub(crate) fn name(self) -> Arc<str> {
        match self.path().and_then(Path::file_stem) {
            Some(stem) => Arc::from(untrusted::line(stem.display(), LONGEST_NAME)),
            None => Arc::from(UNNAMED),
        }
    }

    /// Its first bytes.
    pub(crate) fn start(self) -> io::Result<Vec<u8>> {
        const SHORT: usize = 64;
        match self {
            Self::Bytes(bytes) => Ok(bytes[..bytes.len().min(SHORT)].to_vec()),
            Self::File(path) => {
                let mut start = Vec::new();
                let file = file::open(path, Links::Followed)?;
                file.take(SHORT as u64).read_to_end(&mut start)?;
                Ok(start)
            }
        }
    }

    /// All of it, if that is not more than `most` bytes.
    pub(crate) fn read(self, most: u64) -> Result<Cow<'a, [u8]>, Unread> {
        match self {
            Self::Bytes(bytes) => {
                within(bytes.len() as u64, most)?;
                Ok(Cow::Borrowed(bytes))
            }
            Self::File(path) => {
                read_file(&file::open(path, Links::Followed)?, most).map(Cow::Owned)
            }
        }
    }
}

fn within(size: u64, most: u64) -> Result<(), Unread> {
    match size > most {
        true => Err(Unread::TooLarge { size: Some(size) }),
        false => Ok(()),
    }
}

fn read_file(file: &File, most: u64) -> Result<Vec<u8>, Unread> {
    let about = file.metadata()?;
    if !about.is_file() {
        let what = match about.is_dir() {
            true => "it is a folder, expected a file",
            false => "it is a device or a pipe, expected a file",
        };
        return Err(Unread::Failed(io::Error::new(
            io::ErrorKind::InvalidInput,
            what,
        )));
    }
    within(about.len(), most)?;
    file::read(file, about.len(), most)?.ok_or(Unread::TooLarge { size: None })
}
