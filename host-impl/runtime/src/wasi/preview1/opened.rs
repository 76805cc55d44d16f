//! What is said of what is open, and changed in it beside its bytes.

use wasmtime::component::Resource;
use wasmtime_wasi::cli::IsTerminal as _;
use wasmtime_wasi::filesystem::WasiFilesystemView as _;
use wasmtime_wasi::p2::bindings::clocks::wall_clock::Datetime;
use wasmtime_wasi::p2::bindings::sync::filesystem::types::{
    Advice, DescriptorFlags, DescriptorStat, DescriptorType, HostDescriptor as _, NewTimestamp,
};

use super::descriptors::Descriptor;
use super::errno::{Done, Errno};
use super::memory::Guest;
use super::system::nanoseconds;
use crate::wasi::granted::Grants;

/// Sorts of files.
const UNKNOWN: u8 = 0;
const CHARACTER_DEVICE: u8 = 2;
const FOLDER: u8 = 3;

/// How something was opened.
const APPEND: u16 = 1;
const NONBLOCK: u16 = 4;
const DATA_SYNC: u16 = 2;
const READ_SYNC: u16 = 8;
const SYNC: u16 = 16;

/// What may be done with something.
const READ: u64 = 1 << 1;
const WRITE: u64 = 1 << 6;
/// What may be done with a folder: everything that has a path, and to read it and its times.
const WITH_FOLDERS: u64 = 0x3ff << 9 | 0b11 << 20 | 0b1111 << 23;
/// What may be done with a file: everything that has none.
const WITH_FILES: u64 = 0x1ff | 0b111 << 21 | 1 << 27;

/// What a guest is told of something that is open.
#[derive(Default)]
struct About {
    sort: u8,
    flags: u16,
    rights: u64,
    /// What may be done with what is opened in it.
    inherited: u64,
}

/// The sort of a file, as preview 1 numbers them.
pub(super) fn sort(ty: DescriptorType) -> u8 {
    match ty {
        DescriptorType::BlockDevice => 1,
        DescriptorType::CharacterDevice => CHARACTER_DEVICE,
        DescriptorType::Directory => FOLDER,
        DescriptorType::RegularFile => 4,
        DescriptorType::SymbolicLink => 7,
        DescriptorType::Fifo | DescriptorType::Socket | DescriptorType::Unknown => UNKNOWN,
    }
}

/// A time that is to be set.
fn time(at: u64, is_set: bool, is_now: bool) -> Done<NewTimestamp> {
    match (is_set, is_now) {
        (true, true) => Err(Errno::Inval.into()),
        (true, false) => Ok(NewTimestamp::Timestamp(Datetime {
            seconds: at / 1_000_000_000,
            nanoseconds: (at % 1_000_000_000) as u32,
        })),
        (false, true) => Ok(NewTimestamp::Now),
        (false, false) => Ok(NewTimestamp::NoChange),
    }
}

/// When something was read and changed last, where that is to be set.
pub(super) fn times(
    accessed: u64,
    modified: u64,
    flags: u32,
) -> Done<(NewTimestamp, NewTimestamp)> {
    let is = |flag| flags & flag != 0;
    Ok((time(accessed, is(1), is(2))?, time(modified, is(4), is(8))?))
}

impl<T: Grants> Guest<'_, T> {
    pub(super) fn fd_fdstat_get(&mut self, fd: u32, place: u32) -> Done<()> {
        self.place(place, 24)?;
        let about = self.about(fd)?;
        self.write(place, &[0; 24])?;
        self.write(place, &[about.sort])?;
        self.write(place + 2, &about.flags.to_le_bytes())?;
        self.write_u64(place + 8, about.rights)?;
        self.write_u64(place + 16, about.inherited)
    }

    fn about(&mut self, fd: u32) -> Done<About> {
        let (mut about, rep) = match self.descriptor(fd)? {
            &mut Descriptor::Stdin { is_terminal, .. } => {
                return Ok(stream(is_terminal, READ));
            }
            Descriptor::Stdout => {
                let is_terminal = self.state.granted().outputs().stdout.is_terminal();
                return Ok(stream(is_terminal, WRITE));
            }
            Descriptor::Stderr => {
                let is_terminal = self.state.granted().outputs().stderr.is_terminal();
                return Ok(stream(is_terminal, WRITE));
            }
            Descriptor::Folder { .. } => {
                return Ok(About {
                    sort: FOLDER,
                    rights: WITH_FOLDERS,
                    inherited: WITH_FOLDERS | WITH_FILES,
                    ..About::default()
                });
            }
            &mut Descriptor::File {
                rep,
                appends,
                is_nonblocking,
                ..
            } => {
                let flag = |is, flag| if is { flag } else { 0 };
                let about = About {
                    flags: flag(appends, APPEND) | flag(is_nonblocking, NONBLOCK),
                    rights: WITH_FILES,
                    ..About::default()
                };
                (about, rep)
            }
        };
        let mut files = self.state.filesystem();
        let flags = files.get_flags(Resource::new_borrow(rep))?;
        about.sort = sort(files.get_type(Resource::new_borrow(rep))?);
        for (has, flag) in [
            (DescriptorFlags::DATA_INTEGRITY_SYNC, DATA_SYNC),
            (DescriptorFlags::REQUESTED_WRITE_SYNC, READ_SYNC),
            (DescriptorFlags::FILE_INTEGRITY_SYNC, SYNC),
        ] {
            if flags.contains(has) {
                about.flags |= flag;
            }
        }
        if !flags.contains(DescriptorFlags::READ) {
            about.rights &= !READ;
        }
        if !flags.contains(DescriptorFlags::WRITE) {
            about.rights &= !WRITE;
        }
        about.inherited = about.rights;
        Ok(about)
    }

    pub(super) fn fd_fdstat_set_flags(&mut self, fd: u32, flags: u32) -> Done<()> {
        let Descriptor::File {
            appends,
            is_nonblocking,
            ..
        } = self.descriptor(fd)?
        else {
            return Err(Errno::Badf.into());
        };
        if flags & u32::from(DATA_SYNC | READ_SYNC | SYNC) != 0 {
            return Err(Errno::Inval.into());
        }
        *appends = flags & u32::from(APPEND) != 0;
        *is_nonblocking = flags & u32::from(NONBLOCK) != 0;
        Ok(())
    }

    pub(super) fn fd_fdstat_set_rights(
        &mut self,
        fd: u32,
        _base: u64,
        _inheriting: u64,
    ) -> Done<()> {
        self.resource(fd)?;
        Err(Errno::Notsup.into())
    }

    pub(super) fn fd_filestat_get(&mut self, fd: u32, place: u32) -> Done<()> {
        self.place(place, 64)?;
        let rep = match self.descriptor(fd)? {
            Descriptor::Folder { rep, .. } | Descriptor::File { rep, .. } => *rep,
            _ => {
                let sort = self.about(fd)?.sort;
                self.write(place, &[0; 64])?;
                return self.write(place + 16, &[sort]);
            }
        };
        let resource = || Resource::new_borrow(rep);
        let mut files = self.state.filesystem();
        let found = files.stat(resource())?;
        let hash = files.metadata_hash(resource())?;
        self.write_stat(place, &found, hash.lower)
    }

    /// Writes what is known of a file.
    pub(super) fn write_stat(&mut self, place: u32, found: &DescriptorStat, id: u64) -> Done<()> {
        self.place(place, 64)?;
        let time = |time: Option<_>| time.map_or(Ok(0), nanoseconds);
        self.write(place, &[0; 64])?;
        // One device, for all there is.
        self.write_u64(place, 1)?;
        self.write_u64(place + 8, id)?;
        self.write(place + 16, &[sort(found.type_)])?;
        self.write_u64(place + 24, found.link_count)?;
        self.write_u64(place + 32, found.size)?;
        self.write_u64(place + 40, time(found.data_access_timestamp)?)?;
        self.write_u64(place + 48, time(found.data_modification_timestamp)?)?;
        self.write_u64(place + 56, time(found.status_change_timestamp)?)
    }

    pub(super) fn fd_filestat_set_size(&mut self, fd: u32, size: u64) -> Done<()> {
        let file = self.file(fd)?;
        Ok(self.state.filesystem().set_size(file, size)?)
    }

    pub(super) fn fd_filestat_set_times(
        &mut self,
        fd: u32,
        accessed: u64,
        modified: u64,
        flags: u32,
    ) -> Done<()> {
        let (accessed, modified) = times(accessed, modified, flags)?;
        let resource = self.resource(fd)?;
        let mut files = self.state.filesystem();
        Ok(files.set_times(resource, accessed, modified)?)
    }

    pub(super) fn fd_advise(&mut self, fd: u32, offset: u64, len: u64, advice: u32) -> Done<()> {
        let advice = match advice {
            0 => Advice::Normal,
            1 => Advice::Sequential,
            2 => Advice::Random,
            3 => Advice::WillNeed,
            4 => Advice::DontNeed,
            5 => Advice::NoReuse,
            _ => return Err(Errno::Inval.into()),
        };
        let file = self.file(fd)?;
        let mut files = self.state.filesystem();
        Ok(files.advise(file, offset, len, advice)?)
    }

    pub(super) fn fd_allocate(&mut self, fd: u32, _offset: u64, _len: u64) -> Done<()> {
        self.file(fd)?;
        Err(Errno::Notsup.into())
    }

    pub(super) fn fd_datasync(&mut self, fd: u32) -> Done<()> {
        let file = self.file(fd)?;
        Ok(self.state.filesystem().sync_data(file)?)
    }

    pub(super) fn fd_sync(&mut self, fd: u32) -> Done<()> {
        let resource = self.resource(fd)?;
        Ok(self.state.filesystem().sync(resource)?)
    }

    /// Where the guest sees a folder that it was granted.
    fn granted_name(&mut self, fd: u32) -> Done<&str> {
        match self.descriptor(fd)? {
            Descriptor::Folder {
                name: Some(name), ..
            } => Ok(name),
            _ => Err(Errno::Badf.into()),
        }
    }

    pub(super) fn fd_prestat_get(&mut self, fd: u32, place: u32) -> Done<()> {
        let len = self.granted_name(fd)?.len();
        let len = u32::try_from(len).map_err(|_| Errno::Overflow)?;
        self.place(place, 8)?;
        self.write_u32(place, 0)?;
        self.write_u32(place + 4, len)
    }

    pub(super) fn fd_prestat_dir_name(&mut self, fd: u32, at: u32, len: u32) -> Done<()> {
        let name = self.granted_name(fd)?.to_owned();
        if name.len() > len as usize {
            return Err(Errno::Nametoolong.into());
        }
        self.write(at, name.as_bytes())
    }
}

/// What there is to say of the standard input and the outputs.
fn stream(is_terminal: bool, rights: u64) -> About {
    About {
        sort: match is_terminal {
            true => CHARACTER_DEVICE,
            false => UNKNOWN,
        },
        rights,
        inherited: rights,
        ..About::default()
    }
}
