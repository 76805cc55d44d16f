//! Where a guest comes from, and reading it without reading more than it may have.
//!
//! It knows files and bytes, and nothing of what is in them.

use std::borrow::Cow;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::Arc;

/// The name of a guest that was not given one and does not come from a file.
const UNNAMED: &str = "guest";

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
            Some(stem) => Arc::from(stem.to_string_lossy()),
            None => Arc::from(UNNAMED),
        }
    }

    /// All of it, if that is not more than `most` bytes.
    pub(crate) fn read(self, most: u64) -> Result<Cow<'a, [u8]>, Unread> {
        match self {
            Self::Bytes(bytes) => {
                within(bytes.len() as u64, most)?;
                Ok(Cow::Borrowed(bytes))
            }
            Self::File(path) => read_file(&open(path)?, most).map(Cow::Owned),
        }
    }
}

fn within(size: u64, most: u64) -> Result<(), Unread> {
    match size > most {
        true => Err(Unread::TooLarge { size: Some(size) }),
        false => Ok(()),
    }
}

/// Opens a file without waiting, which opening a named pipe otherwise does.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        &mut options,
        rustix::fs::OFlags::NONBLOCK.bits().cast_signed(),
    );
    options.open(path)
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
    let mut bytes = Vec::new();
    // One byte more than there should be, so that reading on does not have to make room to find the end.
    let room = usize::try_from(about.len())
        .unwrap_or(usize::MAX)
        .saturating_add(1);
    bytes.try_reserve_exact(room).map_err(io::Error::from)?;
    // What its size is said to be may be wrong by now.
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > most {
        true => Err(Unread::TooLarge { size: None }),
        false => Ok(bytes),
    }
}
