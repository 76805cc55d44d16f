//! The numbers by which a guest knows what it has open.

use wasmtime::component::Resource;
use wasmtime_wasi::filesystem::Descriptor as Open;

use super::errno::{Done, Errno};
use super::reading::Reading;

/// What a number stands for.
pub(crate) enum Descriptor {
    Stdin {
        stream: u32,
        is_terminal: bool,
    },
    Stdout,
    Stderr,
    Folder {
        /// The number of its resource.
        rep: u32,
        /// Where the guest sees it, of one that was granted.
        name: Option<String>,
        /// Where the guest is in it, if it lists it.
        reading: Option<Box<Reading>>,
    },
    File {
        /// The number of its resource.
        rep: u32,
        position: u64,
        appends: bool,
        /// What a guest may set and is told again. Files never have anything to wait for.
        is_nonblocking: bool,
    },
}

impl Descriptor {
    /// What it is a descriptor of, if that is a file or a folder.
    pub(super) fn resource(&self) -> Done<Resource<Open>> {
        match self {
            Self::Folder { rep, .. } | Self::File { rep, .. } => Ok(Resource::new_borrow(*rep)),
            _ => Err(Errno::Badf.into()),
        }
    }
}

/// What a guest has open, by its number.
#[derive(Default)]
pub(crate) struct Descriptors(Vec<Option<Descriptor>>);

impl Descriptors {
    pub(super) fn get(&self, fd: u32) -> Done<&Descriptor> {
        let found = self.0.get(fd as usize).and_then(Option::as_ref);
        found.ok_or(Errno::Badf.into())
    }

    pub(super) fn get_mut(&mut self, fd: u32) -> Done<&mut Descriptor> {
        let found = self.0.get_mut(fd as usize).and_then(Option::as_mut);
        found.ok_or(Errno::Badf.into())
    }

    /// Gives a descriptor the lowest number that is free.
    pub(super) fn add(&mut self, descriptor: Descriptor) -> u32 {
        let free = self.0.iter().position(Option::is_none);
        let fd = free.unwrap_or_else(|| {
            self.0.push(None);
            self.0.len() - 1
        });
        self.0[fd] = Some(descriptor);
        // There are no more than the guest may have files open.
        fd as u32
    }

    pub(super) fn take(&mut self, fd: u32) -> Done<Descriptor> {
        let found = self.0.get_mut(fd as usize).and_then(Option::take);
        found.ok_or(Errno::Badf.into())
    }

    pub(super) fn put(&mut self, fd: u32, descriptor: Descriptor) {
        if let Some(place) = self.0.get_mut(fd as usize) {
            *place = Some(descriptor);
        }
    }
}
