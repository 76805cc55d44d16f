//! How much of pictures a guest may have: numbers and their defaults, and what says that they are
//! reached.

use abide_blocking::Bounds;

use crate::{Error, Size};

const MIB: usize = 1024 * 1024;

/// What pictures may cost. `pixels`, `bytes` and `memory` are for one instance of a guest each,
/// `memory_of_all` and `work` for all that share an [`Images`](crate::Images).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// How many pixels one picture may have, and any that is made on the way to it. Default: 50
    /// million.
    pub pixels: u64,
    /// How many bytes it may have as it is written down. Default: 32 MiB.
    pub bytes: usize,
    /// How many pictures an instance may have at a time. Default: 16.
    pub pictures: usize,
    /// How many bytes these may have in the host's memory, and what is read of one at once. A photo
    /// has three for a pixel. Default: 256 MiB.
    pub memory: usize,
    /// The same for all guests together: beyond it they are told `busy`. Default: 1 GiB.
    pub memory_of_all: usize,
    /// How much is decoded, resized and written at a time.
    pub work: Bounds,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            pixels: 50_000_000,
            bytes: 32 * MIB,
            pictures: 16,
            memory: 256 * MIB,
            memory_of_all: 1024 * MIB,
            work: Bounds::default(),
        }
    }
}

impl Limits {
    pub(crate) fn check_pixels(&self, size: Size) -> Result<(), Error> {
        match pixels(size) <= self.pixels {
            true => Ok(()),
            false => Err(Error::TooLarge(size)),
        }
    }

    pub(crate) fn check_encoded(&self, bytes: usize) -> Result<(), Error> {
        match bytes <= self.bytes {
            true => Ok(()),
            false => Err(Error::Limit(format!(
                "a file may have {} bytes, and this one has {bytes}",
                self.bytes
            ))),
        }
    }

    /// Bytes of one picture.
    pub(crate) fn check_memory(&self, bytes: u64) -> Result<(), Error> {
        match bytes <= self.memory as u64 {
            true => Ok(()),
            false => Err(Error::Limit(format!(
                "pictures may have {} bytes of memory, and this one wants {bytes}",
                self.memory
            ))),
        }
    }
}

/// How many pixels that is. It cannot be more than a number has room for.
pub(crate) fn pixels(size: Size) -> u64 {
    u64::from(size.width) * u64::from(size.height)
}
