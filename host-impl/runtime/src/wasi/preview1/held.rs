//! What a guest has open, found by its numbers, and ended.

use wasmtime::component::Resource;
use wasmtime_wasi::cli::WasiCliView as _;
use wasmtime_wasi::filesystem::Descriptor as Open;
use wasmtime_wasi::p2::DynInputStream;
use wasmtime_wasi::p2::bindings::cli::stdin::Host as _;
use wasmtime_wasi::p2::bindings::cli::terminal_stdin::Host as _;

use super::descriptors::{Descriptor, Descriptors};
use super::errno::{Done, Errno};
use super::memory::Guest;
use crate::wasi::granted::Grants;

impl<T: Grants> Guest<'_, T> {
    /// What the guest has open: at first its standard input and outputs and the folders that it was
    /// granted.
    pub(super) fn descriptors(&mut self) -> Done<&mut Descriptors> {
        if self.state.granted().preview1.is_none() {
            let mut cli = self.state.cli();
            let stream = cli.get_stdin()?;
            let terminal = cli.get_terminal_stdin()?;
            let is_terminal = terminal.is_some();
            let granted = self.state.granted();
            if let Some(terminal) = terminal {
                granted.table.delete(terminal)?;
            }
            let mut descriptors = Descriptors::default();
            let stream = stream.rep();
            descriptors.add(Descriptor::Stdin {
                stream,
                is_terminal,
            });
            descriptors.add(Descriptor::Stdout);
            descriptors.add(Descriptor::Stderr);
            for (folder, name) in granted.folders()? {
                descriptors.add(Descriptor::Folder {
                    rep: folder.rep(),
                    name: Some(name),
                    reading: None,
                });
            }
            granted.preview1 = Some(Box::new(descriptors));
        }
        Ok(self.state.granted().preview1.get_or_insert_default())
    }

    pub(super) fn descriptor(&mut self, fd: u32) -> Done<&mut Descriptor> {
        self.descriptors()?.get_mut(fd)
    }

    /// What a number stands for, which is a file or a folder.
    pub(super) fn resource(&mut self, fd: u32) -> Done<Resource<Open>> {
        self.descriptors()?.get(fd)?.resource()
    }

    /// What a number stands for, which is a file.
    pub(super) fn file(&mut self, fd: u32) -> Done<Resource<Open>> {
        match self.descriptors()?.get(fd)? {
            Descriptor::File { rep, .. } => Ok(Resource::new_borrow(*rep)),
            _ => Err(Errno::Badf.into()),
        }
    }

    /// What a number stands for, which is a folder.
    pub(super) fn folder(&mut self, fd: u32) -> Done<Resource<Open>> {
        match self.descriptors()?.get(fd)? {
            Descriptor::Folder { rep, .. } => Ok(Resource::new_borrow(*rep)),
            Descriptor::File { .. } => Err(Errno::Notdir.into()),
            _ => Err(Errno::Badf.into()),
        }
    }

    /// Where the guest is in a file.
    pub(super) fn position(&mut self, fd: u32) -> Done<&mut u64> {
        match self.descriptor(fd)? {
            Descriptor::File { position, .. } => Ok(position),
            Descriptor::Folder { .. } => Err(Errno::Badf.into()),
            _ => Err(Errno::Spipe.into()),
        }
    }

    /// Ends what a number stood for.
    pub(super) fn end(&mut self, descriptor: Descriptor) -> Done<()> {
        let granted = self.state.granted();
        match descriptor {
            Descriptor::Stdin { stream, .. } => {
                let stream = Resource::<DynInputStream>::new_own(stream);
                granted.table.delete(stream)?;
            }
            Descriptor::Stdout | Descriptor::Stderr => {}
            Descriptor::Folder { rep, .. } | Descriptor::File { rep, .. } => {
                granted.closed::<Open>(rep)?;
            }
        }
        Ok(())
    }

    pub(super) fn fd_close(&mut self, fd: u32) -> Done<()> {
        let descriptor = self.descriptors()?.take(fd)?;
        self.end(descriptor)
    }

    pub(super) fn fd_renumber(&mut self, from: u32, to: u32) -> Done<()> {
        let descriptors = self.descriptors()?;
        descriptors.get(to)?;
        if from == to {
            return Ok(());
        }
        let descriptor = descriptors.take(from)?;
        let replaced = descriptors.take(to)?;
        descriptors.put(to, descriptor);
        self.end(replaced)
    }
}
