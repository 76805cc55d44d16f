//! Files and folders: everything that asks the system is done on another thread.
//!
//! There it is what wasmtime-wasi does for guests that may block, with the same file under another
//! number. A file is counted until that is done, also if the call is dropped meanwhile.

use std::future::Future;

use wasmtime::StoreContextMut;
use wasmtime::component::{Linker, LinkerInstance, Resource, ResourceTable, ResourceType};
use wasmtime_wasi::filesystem::{Descriptor, WasiFilesystemCtxView};
use wasmtime_wasi::p2::FsError;
use wasmtime_wasi::p2::FsResult;
use wasmtime_wasi::p2::bindings::sync::filesystem::types::{
    DirectoryEntry, ErrorCode, HostDescriptor as _,
};

use super::super::files::{
    OpenAt, Streams, TYPES, answer, link_granted, link_streams, may_list, ticket,
};
use super::super::granted::{Granted, Grants, close};
use super::super::listing::Listing;
use super::apart::on_thread;
use super::listed::Listed;
use super::streams::{reads, writes};

type Cx<'a, T> = StoreContextMut<'a, T>;
type File = Resource<Descriptor>;
type Fs<'a> = WasiFilesystemCtxView<'a>;
type Awaited<'a, T> = Box<dyn Future<Output = wasmtime::Result<T>> + Send + 'a>;

/// What takes the place of the functions of wasmtime-wasi.
pub(super) fn link<T: Grants>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    link_granted(linker)?;
    let mut types = linker.instance(TYPES)?;
    link_streams(&mut types, &Streams { reads, writes })?;
    link_listing(&mut types)?;
    link_opening(&mut types)?;
    link_files(&mut types)?;
    link_folders(&mut types)?;
    link_pairs(&mut types)
}

fn link_listing<T: Grants>(types: &mut LinkerInstance<'_, T>) -> wasmtime::Result<()> {
    let listed = ResourceType::host::<Listed>();
    types.resource("directory-entry-stream", listed, close::<T, Listed>)?;
    types.func_wrap_async(
        "[method]descriptor.read-directory",
        |mut cx: Cx<'_, T>, (folder,): (File,)| -> Awaited<'_, (Result<Resource<Listed>, _>,)> {
            Box::new(async move {
                let state = cx.data_mut();
                let listed = may_list(state.granted(), &folder);
                let (dir, ticket) = match answer(state, listed)? {
                    (Ok(listed),) => listed,
                    (Err(code),) => return Ok((Err(code),)),
                };
                let granted = state.granted();
                let listing = on_thread(granted.share(), move || Listing::new(&dir, ticket));
                match listing.await? {
                    Ok(listing) => {
                        let listed = Listed::new(listing, granted.share());
                        Ok((Ok(granted.table.push(listed)?),))
                    }
                    Err(code) => Ok((Err(code),)),
                }
            })
        },
    )?;
    types.func_wrap_async(
        "[method]directory-entry-stream.read-directory-entry",
        |mut cx: Cx<'_, T>, (listed,): (Resource<Listed>,)| -> Awaited<'_, _> {
            Box::new(async move {
                let listed = cx.data_mut().granted().table.get_mut(&listed)?;
                let next: Result<Option<DirectoryEntry>, _> = listed.next().await?;
                Ok((next,))
            })
        },
    )
}

fn link_opening<T: Grants>(types: &mut LinkerInstance<'_, T>) -> wasmtime::Result<()> {
    types.func_wrap_async(
        "[method]descriptor.open-at",
        |mut cx: Cx<'_, T>, (folder, how, path, open, flags): OpenAt| -> Awaited<'_, _> {
            Box::new(async move {
                let state = cx.data_mut();
                let opened = async {
                    let granted = state.granted();
                    let ticket = ticket(granted)?;
                    let opened = apart(granted, &folder, move |fs, folder| -> FsResult<_> {
                        let opened = fs.open_at(folder, how, path, open, flags)?;
                        Ok((fs.table.delete(opened)?, ticket))
                    });
                    let (opened, ticket) = opened.await.map_err(FsError::trap)??;
                    let opened = granted.table.push(opened)?;
                    granted.opened(opened.rep(), ticket);
                    Ok(opened)
                };
                let opened = opened.await;
                answer(state, opened)
            })
        },
    )
}

/// Has something done with an open file or folder.
async fn apart<R: Send + 'static>(
    granted: &mut Granted,
    file: &File,
    work: impl FnOnce(&mut Fs<'_>, File) -> R + Send + 'static,
) -> wasmtime::Result<R> {
    let descriptor = granted.table.get(file)?.clone();
    let open = granted.ticket_of(file.rep());
    let mut ctx = granted.view().ctx.filesystem().clone();
    let done = on_thread(granted.share(), move || {
        let mut table = ResourceTable::new();
        let file = table.push(descriptor)?;
        let mut fs = WasiFilesystemCtxView {
            ctx: &mut ctx,
            table: &mut table,
        };
        let done = work(&mut fs, file);
        drop((table, open));
        Ok(done)
    });
    done.await?
}

/// What a guest gets that has something done with an open file or folder.
fn done<'a, T: Grants, R: Send + 'static>(
    mut cx: Cx<'a, T>,
    file: File,
    work: impl FnOnce(&mut Fs<'_>, File) -> FsResult<R> + Send + 'static,
) -> Awaited<'a, (Result<R, ErrorCode>,)> {
    Box::new(async move {
        let state = cx.data_mut();
        let done = apart(state.granted(), &file, work).await?;
        answer(state, done)
    })
}

fn link_files<T: Grants>(types: &mut LinkerInstance<'_, T>) -> wasmtime::Result<()> {
    types.func_wrap_async(
        "[method]descriptor.advise",
        |cx: Cx<'_, T>, (file, offset, len, advice)| {
            done(cx, file, move |fs, file| {
                fs.advise(file, offset, len, advice)
            })
        },
    )?;
    types.func_wrap_async("[method]descriptor.sync-data", |cx: Cx<'_, T>, (file,)| {
        done(cx, file, |fs, file| fs.sync_data(file))
    })?;
    types.func_wrap_async("[method]descriptor.get-flags", |cx: Cx<'_, T>, (file,)| {
        done(cx, file, |fs, file| fs.get_flags(file))
    })?;
    types.func_wrap_async("[method]descriptor.get-type", |cx: Cx<'_, T>, (file,)| {
        done(cx, file, |fs, file| fs.get_type(file))
    })?;
    types.func_wrap_async(
        "[method]descriptor.set-size",
        |cx: Cx<'_, T>, (file, size)| done(cx, file, move |fs, file| fs.set_size(file, size)),
    )?;
    types.func_wrap_async(
        "[method]descriptor.set-times",
        |cx: Cx<'_, T>, (file, accessed, modified)| {
            done(cx, file, move |fs, file| {
                fs.set_times(file, accessed, modified)
            })
        },
    )?;
    types.func_wrap_async(
        "[method]descriptor.read",
        |cx: Cx<'_, T>, (file, len, offset)| {
            done(cx, file, move |fs, file| fs.read(file, len, offset))
        },
    )?;
    types.func_wrap_async(
        "[method]descriptor.write",
        |cx: Cx<'_, T>, (file, bytes, offset)| {
            done(cx, file, move |fs, file| fs.write(file, bytes, offset))
        },
    )?;
    types.func_wrap_async("[method]descriptor.sync", |cx: Cx<'_, T>, (file,)| {
        done(cx, file, |fs, file| fs.sync(file))
    })?;
    types.func_wrap_async("[method]descriptor.stat", |cx: Cx<'_, T>, (file,)| {
        done(cx, file, |fs, file| fs.stat(file))
    })?;
    types.func_wrap_async(
        "[method]descriptor.metadata-hash",
        |cx: Cx<'_, T>, (file,)| done(cx, file, |fs, file| fs.metadata_hash(file)),
    )
}

fn link_folders<T: Grants>(types: &mut LinkerInstance<'_, T>) -> wasmtime::Result<()> {
    types.func_wrap_async(
        "[method]descriptor.create-directory-at",
        |cx: Cx<'_, T>, (folder, path)| {
            done(cx, folder, move |fs, folder| {
                fs.create_directory_at(folder, path)
            })
        },
    )?;
    types.func_wrap_async(
        "[method]descriptor.stat-at",
        |cx: Cx<'_, T>, (folder, how, path)| {
            done(cx, folder, move |fs, folder| fs.stat_at(folder, how, path))
        },
    )?;
    types.func_wrap_async(
        "[method]descriptor.set-times-at",
        |cx: Cx<'_, T>, (folder, how, path, accessed, modified)| {
            done(cx, folder, move |fs, folder| {
                fs.set_times_at(folder, how, path, accessed, modified)
            })
        },
    )?;
    types.func_wrap_async(
        "[method]descriptor.readlink-at",
        |cx: Cx<'_, T>, (folder, path)| {
            done(cx, folder, move |fs, folder| fs.readlink_at(folder, path))
        },
    )?;
    types.func_wrap_async(
        "[method]descriptor.remove-directory-at",
        |cx: Cx<'_, T>, (folder, path)| {
            done(cx, folder, move |fs, folder| {
                fs.remove_directory_at(folder, path)
            })
        },
    )?;
    types.func_wrap_async(
        "[method]descriptor.symlink-at",
        |cx: Cx<'_, T>, (folder, to, path)| {
            done(cx, folder, move |fs, folder| {
                fs.symlink_at(folder, to, path)
            })
        },
    )?;
    types.func_wrap_async(
        "[method]descriptor.unlink-file-at",
        |cx: Cx<'_, T>, (folder, path)| {
            done(cx, folder, move |fs, folder| {
                fs.unlink_file_at(folder, path)
            })
        },
    )?;
    types.func_wrap_async(
        "[method]descriptor.metadata-hash-at",
        |cx: Cx<'_, T>, (folder, how, path)| {
            done(cx, folder, move |fs, folder| {
                fs.metadata_hash_at(folder, how, path)
            })
        },
    )
}

/// Adds the functions that use two files or folders.
fn link_pairs<T: Grants>(types: &mut LinkerInstance<'_, T>) -> wasmtime::Result<()> {
    types.func_wrap_async(
        "[method]descriptor.link-at",
        |mut cx: Cx<'_, T>, (folder, how, path, other, to): (File, _, _, File, _)| {
            let other = cx.data_mut().granted().table.get(&other).cloned();
            done(cx, folder, move |fs, folder| {
                let other = fs.table.push(other?)?;
                fs.link_at(folder, how, path, other, to)
            })
        },
    )?;
    types.func_wrap_async(
        "[method]descriptor.rename-at",
        |mut cx: Cx<'_, T>, (folder, path, other, to): (File, _, File, _)| {
            let other = cx.data_mut().granted().table.get(&other).cloned();
            done(cx, folder, move |fs, folder| {
                let other = fs.table.push(other?)?;
                fs.rename_at(folder, path, other, to)
            })
        },
    )?;
    types.func_wrap_async(
        "[method]descriptor.is-same-object",
        |mut cx: Cx<'_, T>, (file, other): (File, File)| -> Awaited<'_, _> {
            Box::new(async move {
                let granted = cx.data_mut().granted();
                let other = granted.table.get(&other)?.clone();
                let same = apart(granted, &file, move |fs, file| {
                    let other = fs.table.push(other)?;
                    fs.is_same_object(file, other)
                });
                Ok((same.await??,))
            })
        },
    )
}
