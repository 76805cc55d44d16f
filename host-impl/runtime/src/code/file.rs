//! Reading files that somebody else may have put there: without waiting, and without taking more
//! than is wanted.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

/// What becomes of a path that ends in a symbolic link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Links {
    Followed,
    /// Opening fails, on Unix.
    Refused,
}

/// Opens a file to read. Does not wait, which opening a named pipe otherwise does.
#[cfg_attr(
    not(unix),
    expect(unused_variables, reason = "there are no such flags")
)]
pub(crate) fn open(path: &Path, links: Links) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        let flags = match links {
            Links::Followed => OFlags::NONBLOCK,
            Links::Refused => OFlags::NONBLOCK | OFlags::NOFOLLOW,
        };
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, flags.bits().cast_signed());
    }
    options.open(path)
}

/// All of a file that says to have `size` bytes, or nothing if there are more than `most` in it.
pub(crate) fn read(file: &File, size: u64, most: u64) -> io::Result<Option<Vec<u8>>> {
    if size > most {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    // One byte more than there should be, so that reading on does not have to make room to find the
    // end.
    let room = usize::try_from(size)
        .unwrap_or(usize::MAX)
        .saturating_add(1);
    bytes.try_reserve_exact(room)?;
    // What its size is said to be may be wrong by now.
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= most).then_some(bytes))
}
