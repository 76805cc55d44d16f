//! The names and raw types of preview 1's functions, and what happens around each call of one.

use wasmtime::{Caller, Extern, FuncType, Linker, ValType, WasmTy};

use super::errno::{Done, Stop};
use super::memory::Guest;
use super::system;
use crate::code::preview1::PREVIEW1;
use crate::wasi::granted::Grants;

/// What is exported to be read and written, as preview 1 has it.
const MEMORY: &str = "memory";

/// Calls a function for the guest that imports it. The number of what went wrong, or zero.
fn called<T: Grants>(
    caller: &mut Caller<'_, T>,
    function: impl FnOnce(&mut Guest<'_, T>) -> Done<()>,
) -> wasmtime::Result<u32> {
    let memory = match caller.get_export(MEMORY) {
        Some(Extern::Memory(memory)) => Some(memory),
        _ => None,
    };
    let (memory, state) = match memory {
        Some(memory) => memory.data_and_store_mut(caller),
        None => (&mut [][..], caller.data_mut()),
    };
    match function(&mut Guest { memory, state }) {
        Ok(()) => Ok(0),
        Err(Stop::Errno(errno)) => Ok(errno as u32),
        Err(Stop::Ended(error)) => Err(error),
    }
}

macro_rules! functions {
    ($($name:ident($($arg:ident: $ty:ty),*);)*) => {
        /// Adds those functions that are `wanted` by their names. What was added, with its type.
        pub(crate) fn link<T: Grants>(
            linker: &mut Linker<T>,
            wanted: impl Fn(&str) -> bool,
        ) -> wasmtime::Result<Vec<(&'static str, FuncType)>> {
            let mut added = Vec::new();
            $(if wanted(stringify!($name)) {
                linker.func_wrap(
                    PREVIEW1,
                    stringify!($name),
                    |mut caller: Caller<'_, T>, $($arg: $ty),*| {
                        called(&mut caller, |guest| guest.$name($($arg),*))
                    },
                )?;
                let params = [$(<$ty as WasmTy>::valtype()),*];
                let ty = FuncType::new(linker.engine(), params, [ValType::I32]);
                added.push((stringify!($name), ty));
            })*
            if wanted("proc_exit") {
                linker.func_wrap(PREVIEW1, "proc_exit", |_: Caller<'_, T>, code: u32| {
                    system::exit(code)
                })?;
                let ty = FuncType::new(linker.engine(), [ValType::I32], []);
                added.push(("proc_exit", ty));
            }
            Ok(added)
        }
    };
}

functions! {
    args_get(places: u32, text: u32);
    args_sizes_get(count: u32, bytes: u32);
    clock_res_get(clock: u32, place: u32);
    clock_time_get(clock: u32, precision: u64, place: u32);
    environ_get(places: u32, text: u32);
    environ_sizes_get(count: u32, bytes: u32);
    fd_advise(fd: u32, offset: u64, len: u64, advice: u32);
    fd_allocate(fd: u32, offset: u64, len: u64);
    fd_close(fd: u32);
    fd_datasync(fd: u32);
    fd_fdstat_get(fd: u32, place: u32);
    fd_fdstat_set_flags(fd: u32, flags: u32);
    fd_fdstat_set_rights(fd: u32, base: u64, inheriting: u64);
    fd_filestat_get(fd: u32, place: u32);
    fd_filestat_set_size(fd: u32, size: u64);
    fd_filestat_set_times(fd: u32, accessed: u64, modified: u64, flags: u32);
    fd_pread(fd: u32, buffers: u32, count: u32, offset: u64, place: u32);
    fd_prestat_dir_name(fd: u32, name: u32, len: u32);
    fd_prestat_get(fd: u32, place: u32);
    fd_pwrite(fd: u32, buffers: u32, count: u32, offset: u64, place: u32);
    fd_read(fd: u32, buffers: u32, count: u32, place: u32);
    fd_readdir(fd: u32, buffer: u32, len: u32, cookie: u64, place: u32);
    fd_renumber(from: u32, to: u32);
    fd_seek(fd: u32, offset: i64, whence: u32, place: u32);
    fd_sync(fd: u32);
    fd_tell(fd: u32, place: u32);
    fd_write(fd: u32, buffers: u32, count: u32, place: u32);
    path_create_directory(fd: u32, path: u32, len: u32);
    path_filestat_get(fd: u32, follow: u32, path: u32, len: u32, place: u32);
    path_filestat_set_times(
        fd: u32, follow: u32, path: u32, len: u32, accessed: u64, modified: u64, flags: u32
    );
    path_link(fd: u32, follow: u32, path: u32, len: u32, to: u32, to_path: u32, to_len: u32);
    path_open(
        fd: u32, follow: u32, path: u32, len: u32, how: u32, rights: u64, inheriting: u64, flags: u32,
        place: u32
    );
    path_readlink(fd: u32, path: u32, len: u32, buffer: u32, buffer_len: u32, place: u32);
    path_remove_directory(fd: u32, path: u32, len: u32);
    path_rename(fd: u32, path: u32, len: u32, to: u32, to_path: u32, to_len: u32);
    path_symlink(target: u32, target_len: u32, fd: u32, path: u32, len: u32);
    path_unlink_file(fd: u32, path: u32, len: u32);
    poll_oneoff(subscriptions: u32, events: u32, count: u32, place: u32);
    proc_raise(signal: u32);
    random_get(buffer: u32, len: u32);
    sched_yield();
    sock_accept(fd: u32, flags: u32, place: u32);
    sock_recv(fd: u32, buffers: u32, count: u32, flags: u32, place: u32, flags_place: u32);
    sock_send(fd: u32, buffers: u32, count: u32, flags: u32, place: u32);
    sock_shutdown(fd: u32, how: u32);
}
