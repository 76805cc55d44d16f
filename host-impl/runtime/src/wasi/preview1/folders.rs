//! Listing folders: as many entries as fit into a guest's buffer are read, and no more.

use std::time::Instant;

use wasmtime::Trap;
use wasmtime::component::Resource;
use wasmtime_wasi::filesystem::WasiFilesystemView as _;
use wasmtime_wasi::p2::bindings::sync::filesystem::types::{
    DirectoryEntry, HostDescriptor as _, PathFlags,
};

use super::descriptors::Descriptor;
use super::errno::{Done, Errno};
use super::memory::Guest;
use super::opened::sort;
use super::reading::Reading;
use crate::wasi::files;
use crate::wasi::granted::Grants;
use crate::wasi::listing::Listing;

/// What every folder has in it beside its entries.
const DOTS: [&str; 2] = [".", ".."];

/// The size of an entry before its name.
const ENTRY: usize = 24;

impl<T: Grants> Guest<'_, T> {
    pub(super) fn fd_readdir(
        &mut self,
        fd: u32,
        buffer: u32,
        len: u32,
        cookie: u64,
        place: u32,
    ) -> Done<()> {
        self.place(place, 4)?;
        self.place(buffer, len as usize)?;
        let folder = self.folder(fd)?.rep();
        let mut reading = match self.descriptor(fd)? {
            Descriptor::Folder { reading, .. } => reading.take(),
            _ => None,
        };
        let listed = self.list(
            folder,
            &mut reading,
            Room {
                at: buffer,
                len,
                used: 0,
            },
            cookie,
        );
        if let Descriptor::Folder { reading: kept, .. } = self.descriptor(fd)? {
            *kept = reading;
        }
        let used = listed?;
        self.write_u32(place, used)
    }

    /// Writes entries from the one of a number on, until there is no more room or none is left.
    fn list(
        &mut self,
        folder: u32,
        reading: &mut Option<Box<Reading>>,
        mut room: Room,
        first: u64,
    ) -> Done<u32> {
        let dots = DOTS.len() as u64;
        let mut number = first;
        while number < dots && room.is_left() {
            let hash = self
                .state
                .filesystem()
                .metadata_hash(Resource::new_borrow(folder))?;
            let name = DOTS[number as usize];
            number += 1;
            self.entry(&mut room, number, hash.lower, 3, name)?;
        }
        while room.is_left() {
            let reading = self.reading(folder, reading, number - dots)?;
            let Some(DirectoryEntry { type_, name }) = reading.next(number - dots)? else {
                break;
            };
            let (sort, name) = (sort(*type_), name.clone());
            number += 1;
            let mut files = self.state.filesystem();
            let hash = files.metadata_hash_at(
                Resource::new_borrow(folder),
                PathFlags::empty(),
                name.clone(),
            );
            // What is gone by now was there when it was listed.
            let hash = hash.map_or(0, |hash| hash.lower);
            self.entry(&mut room, number, hash, sort, &name)?;
            self.in_time()?;
        }
        Ok(room.used)
    }

    /// A listing from which the entry of a number can be had next.
    fn reading<'r>(
        &mut self,
        folder: u32,
        reading: &'r mut Option<Box<Reading>>,
        number: u64,
    ) -> Done<&'r mut Reading> {
        if !reading
            .as_ref()
            .is_some_and(|reading| reading.is_at(number))
        {
            // The one before is closed first: it counts.
            *reading = None;
            let granted = self.state.granted();
            let (dir, ticket) = files::may_list(granted, &Resource::new_borrow(folder))?;
            let mut again = Reading {
                listing: Listing::new(&dir, ticket).map_err(Errno::from)?,
                count: 0,
                last: None,
            };
            while again.count < number && again.next(again.count)?.is_some() {
                self.in_time()?;
            }
            // Behind the end there is nothing, wherever a guest thinks that it is.
            again.count = number.max(again.count);
            *reading = Some(Box::new(again));
        }
        match reading {
            Some(reading) => Ok(reading),
            None => Err(Errno::Io.into()),
        }
    }

    /// Ends a guest whose time is up.
    fn in_time(&mut self) -> Done<()> {
        let until = self.state.granted().until;
        match until.is_some_and(|until| until <= Instant::now()) {
            true => Err(wasmtime::Error::from(Trap::Interrupt).into()),
            false => Ok(()),
        }
    }

    /// Writes as much of an entry as there is room for.
    fn entry(&mut self, room: &mut Room, next: u64, id: u64, sort: u8, name: &str) -> Done<()> {
        let mut head = [0; ENTRY];
        let len = u32::try_from(name.len()).map_err(|_| Errno::Overflow)?;
        head[..8].copy_from_slice(&next.to_le_bytes());
        head[8..16].copy_from_slice(&id.to_le_bytes());
        head[16..20].copy_from_slice(&len.to_le_bytes());
        head[20] = sort;
        for part in [&head[..], name.as_bytes()] {
            let fits = part.len().min((room.len - room.used) as usize);
            if fits == 0 {
                break;
            }
            self.write(room.at + room.used, &part[..fits])?;
            room.used += fits as u32;
        }
        Ok(())
    }
}

/// A guest's buffer, and how much of it is full.
struct Room {
    at: u32,
    len: u32,
    used: u32,
}

impl Room {
    fn is_left(&self) -> bool {
        self.used < self.len
    }
}
