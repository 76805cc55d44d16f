//! What modules of proxy-wasm have of WASI preview 1: a log, a clock, random numbers, and errors. All
//! that Envoy offers is here, with Envoy's answers; nothing of it waits.

use std::time::Instant;

use abide::module::{Dst, Iovecs, Trap, Written};
use abide_proxy::host::{Log, Timer};
use abide_proxy::log::Level;

use crate::env::Env;
use crate::host::Host;
use crate::status::Errno::{
    self, BadFile, Invalid, NoEntry, NoSystemCall, NotADirectory, NotSupported,
};

/// The most random bytes at once.
const MOST_RANDOM: u32 = 64 << 10;

const STDOUT: u32 = 1;
const STDERR: u32 = 2;

const REALTIME: u32 = 0;
const MONOTONIC: u32 = 1;

/// The right to write, which the standard streams have.
const RIGHT_TO_WRITE: u64 = 1 << 6;

#[abide::module("wasi_snapshot_preview1")]
impl<H: Host> Env<H> {
    fn fd_write(&mut self, fd: u32, buffers: Iovecs<'_>) -> Result<u32, Errno> {
        self.write(fd, &buffers)
    }

    fn fd_pwrite(&mut self, fd: u32, buffers: Iovecs<'_>, _offset: u64) -> Result<u32, Errno> {
        self.write(fd, &buffers)
    }

    fn fd_read(&mut self, _fd: u32, _buffers: u32, _count: u32, _read: u32) -> Result<(), Errno> {
        Err(NoSystemCall)
    }

    fn fd_pread(
        &mut self,
        _fd: u32,
        _buffers: u32,
        _count: u32,
        _offset: u64,
        _read: u32,
    ) -> Result<(), Errno> {
        Err(NoSystemCall)
    }

    fn fd_seek(&mut self, _fd: u32, _by: i64, _from: u32, _at: u32) -> Result<(), Errno> {
        Ok(())
    }

    fn fd_tell(&mut self, fd: u32) -> Result<u64, Errno> {
        standard(fd).map(|()| 0)
    }

    fn fd_close(&mut self, _fd: u32) -> Result<(), Errno> {
        Ok(())
    }

    fn fd_fdstat_get(&mut self, fd: u32, into: Dst) -> Result<Written, Errno> {
        standard(fd)?;
        let stat = [0, RIGHT_TO_WRITE, 0].map(u64::to_le_bytes).concat();
        into.room(stat.len())?;
        Ok(Written(into, stat))
    }

    fn fd_fdstat_set_flags(&mut self, _fd: u32, _flags: u32) -> Result<(), Errno> {
        Err(NoSystemCall)
    }

    fn fd_fdstat_set_rights(&mut self, fd: u32, _base: u64, _more: u64) -> Result<(), Errno> {
        standard(fd)
    }

    fn fd_filestat_get(&mut self, _fd: u32, _into: u32) -> Result<(), Errno> {
        Err(BadFile)
    }

    fn fd_filestat_set_size(&mut self, fd: u32, _size: u64) -> Result<(), Errno> {
        standard(fd)
    }

    fn fd_filestat_set_times(
        &mut self,
        fd: u32,
        _accessed: u64,
        _modified: u64,
        _flags: u32,
    ) -> Result<(), Errno> {
        standard(fd)
    }

    fn fd_advise(&mut self, _fd: u32, _offset: u64, _len: u64, _advice: u32) -> Result<(), Errno> {
        Ok(())
    }

    fn fd_allocate(&mut self, fd: u32, _offset: u64, _len: u64) -> Result<(), Errno> {
        standard(fd)
    }

    fn fd_datasync(&mut self, fd: u32) -> Result<(), Errno> {
        standard(fd)
    }

    fn fd_sync(&mut self, fd: u32) -> Result<(), Errno> {
        standard(fd)
    }

    fn fd_readdir(
        &mut self,
        _fd: u32,
        _buffer: u32,
        _len: u32,
        _cookie: u64,
        _read: u32,
    ) -> Result<(), Errno> {
        Err(NotADirectory)
    }

    fn fd_renumber(&mut self, fd: u32, to: u32) -> Result<(), Errno> {
        standard(fd)?;
        standard(to)?;
        Err(NotSupported)
    }

    fn fd_prestat_get(&mut self, _fd: u32, _into: u32) -> Result<(), Errno> {
        Err(BadFile)
    }

    fn fd_prestat_dir_name(&mut self, _fd: u32, _path: u32, _len: u32) -> Result<(), Errno> {
        Err(NoSystemCall)
    }

    #[allow(clippy::too_many_arguments, reason = "it is WASI's")]
    fn path_open(
        &mut self,
        _fd: u32,
        _lookup: u32,
        _path: u32,
        _len: u32,
        _how: u32,
        _rights: u64,
        _more_rights: u64,
        _flags: u32,
        _opened: u32,
    ) -> Result<(), Errno> {
        Err(NoEntry)
    }

    fn path_create_directory(&mut self, _fd: u32, _path: u32, _len: u32) -> Result<(), Errno> {
        Err(NotSupported)
    }

    fn path_filestat_get(
        &mut self,
        _fd: u32,
        _lookup: u32,
        _path: u32,
        _len: u32,
        _into: u32,
    ) -> Result<(), Errno> {
        Err(NotSupported)
    }

    #[allow(clippy::too_many_arguments, reason = "it is WASI's")]
    fn path_filestat_set_times(
        &mut self,
        _fd: u32,
        _lookup: u32,
        _path: u32,
        _len: u32,
        _accessed: u64,
        _modified: u64,
        _flags: u32,
    ) -> Result<(), Errno> {
        Err(NotSupported)
    }

    #[allow(clippy::too_many_arguments, reason = "it is WASI's")]
    fn path_link(
        &mut self,
        _from_fd: u32,
        _lookup: u32,
        _from: u32,
        _from_len: u32,
        _to_fd: u32,
        _to: u32,
        _to_len: u32,
    ) -> Result<(), Errno> {
        Err(NotSupported)
    }

    fn path_readlink(
        &mut self,
        _fd: u32,
        _path: u32,
        _len: u32,
        _buffer: u32,
        _room: u32,
        _read: u32,
    ) -> Result<(), Errno> {
        Err(NotSupported)
    }

    fn path_remove_directory(&mut self, _fd: u32, _path: u32, _len: u32) -> Result<(), Errno> {
        Err(NotSupported)
    }

    fn path_rename(
        &mut self,
        _from_fd: u32,
        _from: u32,
        _from_len: u32,
        _to_fd: u32,
        _to: u32,
        _to_len: u32,
    ) -> Result<(), Errno> {
        Err(NotSupported)
    }

    fn path_symlink(
        &mut self,
        _from: u32,
        _from_len: u32,
        _fd: u32,
        _to: u32,
        _to_len: u32,
    ) -> Result<(), Errno> {
        Err(NotSupported)
    }

    fn path_unlink_file(&mut self, _fd: u32, _path: u32, _len: u32) -> Result<(), Errno> {
        Err(NotSupported)
    }

    fn sock_accept(&mut self, _fd: u32, _flags: u32, _accepted: u32) -> Result<(), Errno> {
        Err(NotSupported)
    }

    fn sock_recv(
        &mut self,
        _fd: u32,
        _buffers: u32,
        _count: u32,
        _flags: u32,
        _read: u32,
        _flags_out: u32,
    ) -> Result<(), Errno> {
        Err(NotSupported)
    }

    fn sock_send(
        &mut self,
        _fd: u32,
        _buffers: u32,
        _count: u32,
        _flags: u32,
        _written: u32,
    ) -> Result<(), Errno> {
        Err(NotSupported)
    }

    fn sock_shutdown(&mut self, _fd: u32, _how: u32) -> Result<(), Errno> {
        Err(NotSupported)
    }

    fn environ_sizes_get(&mut self) -> Result<(u32, u32), Errno> {
        Ok((0, 0))
    }

    fn environ_get(&mut self, _texts: u32, _buffer: u32) -> Result<(), Errno> {
        Ok(())
    }

    fn args_sizes_get(&mut self) -> Result<(u32, u32), Errno> {
        Ok((0, 0))
    }

    fn args_get(&mut self, _texts: u32, _buffer: u32) -> Result<(), Errno> {
        Ok(())
    }

    fn clock_time_get(&mut self, clock: u32, _precision: u64) -> Result<u64, Errno> {
        match clock {
            REALTIME => Ok(self.timer().now()),
            MONOTONIC => {
                let passed = Instant::now().duration_since(self.started);
                Ok(u64::try_from(passed.as_nanos()).unwrap_or(u64::MAX))
            }
            _ => Err(NotSupported),
        }
    }

    fn clock_res_get(&mut self, clock: u32) -> Result<u64, Errno> {
        match clock {
            REALTIME | MONOTONIC => Ok(1),
            _ => Err(NotSupported),
        }
    }

    fn random_get(&mut self, into: Dst, len: u32) -> Result<Written, Errno> {
        if len > MOST_RANDOM {
            return Err(Invalid);
        }
        into.room(len as usize)?;
        let mut random = vec![0; len as usize];
        getrandom::fill(&mut random).map_err(|_| NoSystemCall)?;
        Ok(Written(into, random))
    }

    fn sched_yield(&mut self) -> Result<(), Errno> {
        Ok(())
    }

    /// Go's runtime wants it to go well.
    fn poll_oneoff(&mut self, _wanted: u32, _events: u32, _count: u32) -> Result<u32, Errno> {
        Ok(0)
    }

    fn proc_exit(&mut self, code: u32) -> Result<(), Trap> {
        Err(Trap::new(format_args!("it exited with {code}")))
    }
}

impl<H: Host> Env<H> {
    /// What is written to the standard streams is logged.
    fn write(&mut self, fd: u32, buffers: &Iovecs<'_>) -> Result<u32, Errno> {
        let level = match fd {
            STDOUT => Level::Info,
            STDERR => Level::Error,
            _ => return Err(BadFile),
        };
        let text = buffers.0.concat();
        if !text.is_empty() {
            let line = text.strip_suffix(b"\n").unwrap_or(&text);
            self.log().log(level, &String::from_utf8_lossy(line));
        }
        // It lies in the guest's memory.
        Ok(text.len() as u32)
    }
}

/// Whether a file is one of the standard streams that can be written to.
fn standard(fd: u32) -> Result<(), Errno> {
    match fd {
        STDOUT | STDERR => Ok(()),
        _ => Err(BadFile),
    }
}
