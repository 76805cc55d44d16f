//! Where a guest is in a folder that it lists.

use wasmtime_wasi::p2::bindings::sync::filesystem::types::DirectoryEntry;

use super::errno::{Done, Errno};
use crate::wasi::listing::Listing;

/// Where a guest is in a folder that it lists.
pub(crate) struct Reading {
    pub(super) listing: Listing,
    /// How many entries were read, without dots.
    pub(super) count: u64,
    /// The last of them, which a guest asks for again that had no room for all of it.
    pub(super) last: Option<DirectoryEntry>,
}

impl Reading {
    /// The entry of a number, if it is the last one that was read or the next one; otherwise
    /// nothing can be said.
    pub(super) fn next(&mut self, number: u64) -> Done<Option<&DirectoryEntry>> {
        if number == self.count {
            let read = self.listing.next().map_err(Errno::from)?;
            if read.is_none() {
                return Ok(None);
            }
            self.last = read;
            self.count += 1;
        }
        Ok(self.last.as_ref())
    }

    /// Whether the entry of a number can be had without reading the folder from its start.
    pub(super) fn is_at(&self, number: u64) -> bool {
        number == self.count || number + 1 == self.count && self.last.is_some()
    }
}
