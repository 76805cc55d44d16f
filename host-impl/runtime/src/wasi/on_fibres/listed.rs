//! Folders that are listed on another thread.

use std::vec;

use wasmtime_wasi::p2::bindings::sync::filesystem::types::{DirectoryEntry, ErrorCode};

use super::super::listing::Listing;
use super::apart::Apart;
use crate::guard::quota::Share;

/// How much of a folder is read at once: a thread costs more than a name.
const AT_ONCE: usize = 64;

/// The next thing in a folder, or that there is none.
type Next = Result<Option<DirectoryEntry>, ErrorCode>;

/// A folder that is being listed.
pub(super) struct Listed {
    folder: Apart<Listing, Vec<Next>>,
    /// What was read and not handed out.
    read: vec::IntoIter<Next>,
}

impl Listed {
    pub(super) fn new(folder: Listing, share: &Share) -> Self {
        Self {
            folder: Apart::new(folder, share),
            read: Vec::new().into_iter(),
        }
    }

    /// The next thing in it.
    pub(super) async fn next(&mut self) -> wasmtime::Result<Next> {
        if let Some(next) = self.read.next() {
            return Ok(next);
        }
        self.folder.start(|folder| {
            let mut read = Vec::new();
            while read.len() < AT_ONCE {
                let next = folder.next();
                let is_more = matches!(next, Ok(Some(_)));
                read.push(next);
                if !is_more {
                    break;
                }
            }
            read
        });
        if let Some(read) = self.folder.done().await {
            self.read = read?.into_iter();
        }
        Ok(self.read.next().unwrap_or(Ok(None)))
    }
}
