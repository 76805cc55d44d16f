//! The functions that take paths: in a folder that the guest was granted, or that it opened in one.

use std::ops::BitOr;

use wasmtime_wasi::filesystem::{Descriptor as Open, WasiFilesystemView as _};
use wasmtime_wasi::p2::bindings::sync::filesystem::types::{
    DescriptorFlags, HostDescriptor as _, OpenFlags, PathFlags,
};

use super::descriptors::Descriptor;
use super::errno::Done;
use super::memory::Guest;
use super::opened::times;
use crate::wasi::files;
use crate::wasi::granted::Grants;

/// Whether a link at the end of a path is followed.
fn following(follow: u32) -> PathFlags {
    match follow & 1 {
        0 => PathFlags::empty(),
        _ => PathFlags::SYMLINK_FOLLOW,
    }
}

/// The flags whose bits are set in a number.
fn flags<F: BitOr<Output = F>>(
    number: u64,
    none: F,
    bits: impl IntoIterator<Item = (u64, F)>,
) -> F {
    let set = bits.into_iter().filter(|(bit, _)| number & bit != 0);
    set.fold(none, |all, (_, flag)| all | flag)
}

impl<T: Grants> Guest<'_, T> {
    pub(super) fn path_create_directory(&mut self, fd: u32, path: u32, len: u32) -> Done<()> {
        let (folder, path) = (self.folder(fd)?, self.path(path, len)?);
        let mut files = self.state.filesystem();
        Ok(files.create_directory_at(folder, path)?)
    }

    pub(super) fn path_filestat_get(
        &mut self,
        fd: u32,
        follow: u32,
        path: u32,
        len: u32,
        place: u32,
    ) -> Done<()> {
        let (folder, again) = (self.folder(fd)?, self.folder(fd)?);
        let path = self.path(path, len)?;
        self.place(place, 64)?;
        let follow = following(follow);
        let mut files = self.state.filesystem();
        let found = files.stat_at(folder, follow, path.clone())?;
        let hash = files.metadata_hash_at(again, follow, path)?;
        self.write_stat(place, &found, hash.lower)
    }

    #[expect(clippy::too_many_arguments, reason = "preview 1 has them")]
    pub(super) fn path_filestat_set_times(
        &mut self,
        fd: u32,
        follow: u32,
        path: u32,
        len: u32,
        accessed: u64,
        modified: u64,
        flags: u32,
    ) -> Done<()> {
        let (accessed, modified) = times(accessed, modified, flags)?;
        let (folder, path) = (self.folder(fd)?, self.path(path, len)?);
        let mut files = self.state.filesystem();
        Ok(files.set_times_at(folder, following(follow), path, accessed, modified)?)
    }

    #[expect(clippy::too_many_arguments, reason = "preview 1 has them")]
    pub(super) fn path_link(
        &mut self,
        fd: u32,
        follow: u32,
        path: u32,
        len: u32,
        to: u32,
        to_path: u32,
        to_len: u32,
    ) -> Done<()> {
        let (folder, path) = (self.folder(fd)?, self.path(path, len)?);
        let (to, to_path) = (self.folder(to)?, self.path(to_path, to_len)?);
        let mut files = self.state.filesystem();
        Ok(files.link_at(folder, following(follow), path, to, to_path)?)
    }

    #[expect(clippy::too_many_arguments, reason = "preview 1 has them")]
    pub(super) fn path_open(
        &mut self,
        fd: u32,
        follow: u32,
        path: u32,
        len: u32,
        how: u32,
        rights: u64,
        _inheriting: u64,
        fdflags: u32,
        place: u32,
    ) -> Done<()> {
        let (folder, path) = (self.folder(fd)?, self.path(path, len)?);
        self.place(place, 4)?;
        let how = flags(
            how.into(),
            OpenFlags::empty(),
            [
                (1, OpenFlags::CREATE),
                (2, OpenFlags::DIRECTORY),
                (4, OpenFlags::EXCLUSIVE),
                (8, OpenFlags::TRUNCATE),
            ],
        );
        let rights = flags(
            rights,
            DescriptorFlags::empty(),
            [
                (1 << 1, DescriptorFlags::READ),
                (1 << 6, DescriptorFlags::WRITE),
            ],
        );
        let syncs = flags(
            fdflags.into(),
            DescriptorFlags::empty(),
            [
                (2, DescriptorFlags::DATA_INTEGRITY_SYNC),
                (8, DescriptorFlags::REQUESTED_WRITE_SYNC),
                (16, DescriptorFlags::FILE_INTEGRITY_SYNC),
            ],
        );
        let params = (folder, following(follow), path, how, rights | syncs);
        let opened = files::opened(self.state, params)?;
        let rep = opened.rep();
        let descriptor = match self.state.granted().table.get(&opened)? {
            Open::Dir(_) => Descriptor::Folder {
                rep,
                name: None,
                reading: None,
            },
            Open::File(_) => Descriptor::File {
                rep,
                position: 0,
                appends: fdflags & 1 != 0,
                is_nonblocking: fdflags & 4 != 0,
            },
        };
        let fd = self.descriptors()?.add(descriptor);
        self.write_u32(place, fd)
    }

    pub(super) fn path_readlink(
        &mut self,
        fd: u32,
        path: u32,
        len: u32,
        buffer: u32,
        buffer_len: u32,
        place: u32,
    ) -> Done<()> {
        let (folder, path) = (self.folder(fd)?, self.path(path, len)?);
        self.place(place, 4)?;
        let target = self.state.filesystem().readlink_at(folder, path)?;
        let target = target.as_bytes();
        let target = &target[..target.len().min(buffer_len as usize)];
        self.write(buffer, target)?;
        self.write_u32(place, target.len() as u32)
    }

    pub(super) fn path_remove_directory(&mut self, fd: u32, path: u32, len: u32) -> Done<()> {
        let (folder, path) = (self.folder(fd)?, self.path(path, len)?);
        let mut files = self.state.filesystem();
        Ok(files.remove_directory_at(folder, path)?)
    }

    pub(super) fn path_rename(
        &mut self,
        fd: u32,
        path: u32,
        len: u32,
        to: u32,
        to_path: u32,
        to_len: u32,
    ) -> Done<()> {
        let (folder, path) = (self.folder(fd)?, self.path(path, len)?);
        let (to, to_path) = (self.folder(to)?, self.path(to_path, to_len)?);
        let mut files = self.state.filesystem();
        Ok(files.rename_at(folder, path, to, to_path)?)
    }

    pub(super) fn path_symlink(
        &mut self,
        target: u32,
        target_len: u32,
        fd: u32,
        path: u32,
        len: u32,
    ) -> Done<()> {
        let (folder, path) = (self.folder(fd)?, self.path(path, len)?);
        let target = self.path(target, target_len)?;
        let mut files = self.state.filesystem();
        Ok(files.symlink_at(folder, target, path)?)
    }

    pub(super) fn path_unlink_file(&mut self, fd: u32, path: u32, len: u32) -> Done<()> {
        let (folder, path) = (self.folder(fd)?, self.path(path, len)?);
        let mut files = self.state.filesystem();
        Ok(files.unlink_file_at(folder, path)?)
    }
}
