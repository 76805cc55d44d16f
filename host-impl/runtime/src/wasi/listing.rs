//! What is in a folder, read as a guest asks for it.
//!
//! wasmtime-wasi reads a folder as a whole before it tells of the first name, which takes memory
//! for all of them, and a time that no deadline interrupts. Here a folder is open for as long as it
//! is listed, and costs a buffer.

use wasmtime_wasi::filesystem::Dir;
use wasmtime_wasi::p2::bindings::filesystem::types as async_types;
use wasmtime_wasi::p2::bindings::sync::filesystem::types::{
    DescriptorType, DirectoryEntry, ErrorCode,
};

use crate::guard::quota::Ticket;

/// A folder that is being listed.
pub(super) struct Listing {
    entries: Entries,
    _open: Ticket,
}

impl Listing {
    pub(super) fn new(dir: &Dir, open: Ticket) -> Result<Self, ErrorCode> {
        let entries = read(dir).map_err(async_types::ErrorCode::from)?;
        Ok(Self {
            entries,
            _open: open,
        })
    }

    /// The next thing in it.
    pub(super) fn next(&mut self) -> Result<Option<DirectoryEntry>, ErrorCode> {
        next(&mut self.entries)
    }
}

#[cfg(unix)]
type Entries = rustix::fs::Dir;

#[cfg(unix)]
fn read(dir: &Dir) -> std::io::Result<Entries> {
    use rustix::fs::{Mode, OFlags};

    // Opened once more: where somebody is in a folder belongs to who has it open, and guests share
    // theirs.
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let again = rustix::fs::openat(&*dir.dir, ".", flags, Mode::empty())?;
    Ok(rustix::fs::Dir::new(again)?)
}

#[cfg(unix)]
fn next(entries: &mut Entries) -> Result<Option<DirectoryEntry>, ErrorCode> {
    let failed = |error: rustix::io::Errno| {
        ErrorCode::from(async_types::ErrorCode::from(std::io::Error::from(error)))
    };
    while let Some(entry) = entries.read() {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_bytes();
        if name == b"." || name == b".." {
            continue;
        }
        let sort = match entry.file_type() {
            // Some file systems do not say.
            rustix::fs::FileType::Unknown => {
                let at = rustix::fs::AtFlags::SYMLINK_NOFOLLOW;
                let about = entries
                    .fd()
                    .and_then(|folder| rustix::fs::statat(folder, entry.file_name(), at));
                about.map_or(rustix::fs::FileType::Unknown, |about| {
                    rustix::fs::FileType::from_raw_mode(about.st_mode)
                })
            }
            sort => sort,
        };
        let name = std::str::from_utf8(name).map_err(|_| ErrorCode::IllegalByteSequence)?;
        return Ok(Some(DirectoryEntry {
            type_: kind(sort),
            name: name.to_owned(),
        }));
    }
    Ok(None)
}

#[cfg(unix)]
fn kind(sort: rustix::fs::FileType) -> DescriptorType {
    use rustix::fs::FileType;

    match sort {
        FileType::RegularFile => DescriptorType::RegularFile,
        FileType::Directory => DescriptorType::Directory,
        FileType::Symlink => DescriptorType::SymbolicLink,
        FileType::BlockDevice => DescriptorType::BlockDevice,
        FileType::CharacterDevice => DescriptorType::CharacterDevice,
        // What wasmtime-wasi says of these, too.
        FileType::Fifo | FileType::Socket | FileType::Unknown => DescriptorType::Unknown,
    }
}

/// Elsewhere a folder has to be read by wasmtime-wasi, as a whole.
#[cfg(not(unix))]
type Entries = std::vec::IntoIter<Result<DirectoryEntry, ErrorCode>>;

#[cfg(not(unix))]
fn read(dir: &Dir) -> std::io::Result<Entries> {
    use wasmtime_wasi::filesystem::{Descriptor, WasiFilesystemCtx, WasiFilesystemCtxView};
    use wasmtime_wasi::p2::bindings::sync::filesystem::types::{Host as _, HostDescriptor as _};

    let (mut ctx, mut table) = (
        WasiFilesystemCtx::default(),
        wasmtime_wasi::ResourceTable::new(),
    );
    let failed = std::io::Error::other;
    let descriptor = table.push(Descriptor::Dir(dir.clone())).map_err(failed)?;
    let mut view = WasiFilesystemCtxView {
        ctx: &mut ctx,
        table: &mut table,
    };
    let listed = view.read_directory(descriptor).map_err(failed)?;
    let mut entries = Vec::new();
    for entry in view.table.delete(listed).map_err(failed)? {
        entries.push(match entry {
            Ok(entry) => Ok(entry.into()),
            Err(error) => Err(view.convert_error_code(error).map_err(failed)?),
        });
    }
    Ok(entries.into_iter())
}

#[cfg(not(unix))]
fn next(entries: &mut Entries) -> Result<Option<DirectoryEntry>, ErrorCode> {
    entries.next().transpose()
}
