//! Reading and writing, and where in a file.

use wasmtime::component::Resource;
use wasmtime_wasi::filesystem::WasiFilesystemView as _;
use wasmtime_wasi::p2::bindings::sync::filesystem::types::HostDescriptor as _;
use wasmtime_wasi::p2::bindings::sync::io::streams::HostInputStream as _;
use wasmtime_wasi::p2::{DynInputStream, OutputStream as _, StreamError};

use super::descriptors::Descriptor;
use super::errno::{Done, Errno};
use super::memory::{Guest, Part};
use crate::wasi::granted::Grants;
use crate::wasi::in_place::InPlace;
use crate::wasi::waiting::waiting;

impl<T: Grants> Guest<'_, T> {
    pub(super) fn fd_read(&mut self, fd: u32, buffers: u32, count: u32, place: u32) -> Done<()> {
        let buffer = self.buffer(buffers, count)?;
        self.place(place, 4)?;
        let read = match *self.descriptor(fd)? {
            Descriptor::Stdin { stream, .. } => self.read_stdin(stream, buffer)?,
            Descriptor::File { rep, position, .. } => {
                let read = self.read_file(rep, buffer, position)?;
                *self.position(fd)? = after(position, read)?;
                read
            }
            _ => return Err(Errno::Badf.into()),
        };
        self.write_u32(place, read)
    }

    pub(super) fn fd_pread(
        &mut self,
        fd: u32,
        buffers: u32,
        count: u32,
        offset: u64,
        place: u32,
    ) -> Done<()> {
        let buffer = self.buffer(buffers, count)?;
        self.place(place, 4)?;
        let read = match *self.descriptor(fd)? {
            Descriptor::File { rep, .. } => self.read_file(rep, buffer, offset)?,
            Descriptor::Stdin { .. } => return Err(Errno::Spipe.into()),
            _ => return Err(Errno::Badf.into()),
        };
        self.write_u32(place, read)
    }

    /// Waits for input, for no longer than the call may take. No bytes are its end.
    fn read_stdin(&mut self, stream: u32, buffer: Part) -> Done<u32> {
        if buffer.len == 0 {
            return Ok(0);
        }
        let stream = Resource::<DynInputStream>::new_borrow(stream);
        let mut waiting = waiting(self.state);
        let read = match waiting.blocking_read(stream, buffer.len.into()) {
            Ok(read) if read.is_empty() => return Err(Errno::Intr.into()),
            Ok(read) => read,
            Err(StreamError::Closed) => return Ok(0),
            Err(error) => return Err(error.into()),
        };
        self.fill(buffer, &read)
    }

    fn read_file(&mut self, rep: u32, buffer: Part, offset: u64) -> Done<u32> {
        let file = Resource::new_borrow(rep);
        let mut files = self.state.filesystem();
        let (read, _) = files.read(file, buffer.len.into(), offset)?;
        self.fill(buffer, &read)
    }

    /// Writes what was read into its buffer.
    fn fill(&mut self, buffer: Part, read: &[u8]) -> Done<u32> {
        let read = &read[..read.len().min(buffer.len as usize)];
        self.write(buffer.at, read)?;
        Ok(read.len() as u32)
    }

    pub(super) fn fd_write(&mut self, fd: u32, buffers: u32, count: u32, place: u32) -> Done<()> {
        let buffer = self.buffer(buffers, count)?;
        self.place(place, 4)?;
        let written = match *self.descriptor(fd)? {
            Descriptor::Stdout => self.write_out(buffer, false)?,
            Descriptor::Stderr => self.write_out(buffer, true)?,
            Descriptor::File {
                rep, appends: true, ..
            } => {
                let written = self.append(rep, buffer)?;
                let file = Resource::new_borrow(rep);
                *self.position(fd)? = self.state.filesystem().stat(file)?.size;
                written
            }
            Descriptor::File { rep, position, .. } => {
                let written = self.write_file(rep, buffer, position)?;
                *self.position(fd)? = after(position, written)?;
                written
            }
            _ => return Err(Errno::Badf.into()),
        };
        self.write_u32(place, written)
    }

    pub(super) fn fd_pwrite(
        &mut self,
        fd: u32,
        buffers: u32,
        count: u32,
        offset: u64,
        place: u32,
    ) -> Done<()> {
        let buffer = self.buffer(buffers, count)?;
        self.place(place, 4)?;
        let written = match *self.descriptor(fd)? {
            // As on Linux, where what appends does so wherever it is told to write.
            Descriptor::File {
                rep, appends: true, ..
            } => self.append(rep, buffer)?,
            Descriptor::File { rep, .. } => self.write_file(rep, buffer, offset)?,
            Descriptor::Folder { .. } => return Err(Errno::Badf.into()),
            _ => return Err(Errno::Spipe.into()),
        };
        self.write_u32(place, written)
    }

    fn write_out(&mut self, buffer: Part, is_error: bool) -> Done<u32> {
        let bytes = bytes::Bytes::copy_from_slice(self.bytes(buffer.at, buffer.len)?);
        let outputs = self.state.granted().outputs();
        let output = match is_error {
            true => &outputs.stderr,
            false => &outputs.stdout,
        };
        output.clone().write(bytes)?;
        Ok(buffer.len)
    }

    fn write_file(&mut self, rep: u32, buffer: Part, offset: u64) -> Done<u32> {
        let bytes = self.bytes(buffer.at, buffer.len)?.to_vec();
        let file = Resource::new_borrow(rep);
        let written = self.state.filesystem().write(file, bytes, offset)?;
        // No more than was to be written.
        Ok(written as u32)
    }

    fn append(&mut self, rep: u32, buffer: Part) -> Done<u32> {
        let bytes = bytes::Bytes::copy_from_slice(self.bytes(buffer.at, buffer.len)?);
        let file = Resource::new_borrow(rep);
        let stream = self.state.filesystem().append_via_stream(file)?;
        let stream = self.state.granted().table.delete(stream)?;
        let mut stream = InPlace {
            stream,
            _open: None,
        };
        stream.write(bytes)?;
        Ok(buffer.len)
    }

    pub(super) fn fd_seek(&mut self, fd: u32, offset: i64, whence: u32, place: u32) -> Done<()> {
        self.place(place, 8)?;
        let position = *self.position(fd)?;
        let from = match whence {
            0 => 0,
            1 => position,
            2 => {
                let file = self.file(fd)?;
                self.state.filesystem().stat(file)?.size
            }
            _ => return Err(Errno::Inval.into()),
        };
        let to = from.checked_add_signed(offset).ok_or(Errno::Inval)?;
        *self.position(fd)? = to;
        self.write_u64(place, to)
    }

    pub(super) fn fd_tell(&mut self, fd: u32, place: u32) -> Done<()> {
        let position = *self.position(fd)?;
        self.write_u64(place, position)
    }
}

/// Where a guest is in a file that has read or written so much.
fn after(position: u64, count: u32) -> Done<u64> {
    let after = position.checked_add(count.into());
    Ok(after.ok_or(Errno::Overflow)?)
}
