//! A folder of the host that a guest may use: opened once, when it is granted.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use wasmtime_wasi::filesystem::{Descriptor, Dir, WasiFilesystemCtxView};
use wasmtime_wasi::p2::bindings::filesystem::preopens::Host as _;
use wasmtime_wasi::{FsPerms, ResourceTable, WasiCtx};

use crate::error::BoxedError;

/// A granted folder. Clones are the same one.
#[derive(Clone)]
pub(super) struct Folder {
    /// Where it was when it was granted, in full.
    host: PathBuf,
    /// Where the guest sees it.
    pub(super) guest: String,
    opened: Result<Dir, Arc<io::Error>>,
}

impl std::fmt::Debug for Folder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Folder")
            .field("host", &self.host)
            .field("guest", &self.guest)
            .field("opened", &self.opened.is_ok())
            .finish()
    }
}

impl Folder {
    /// Opens a folder. If it cannot be opened, loading a guest says so.
    pub(super) fn grant(host: &Path, guest: String, rights: FsPerms) -> Self {
        let opened = open(host, rights).map_err(Arc::new);
        let host = match &opened {
            Ok(_) => host.canonicalize(),
            Err(_) => std::path::absolute(host),
        }
        .unwrap_or_else(|_| host.to_path_buf());
        Self {
            host,
            guest,
            opened,
        }
    }

    /// Refuses what a guest could not be given.
    pub(super) fn check(&self) -> Result<(), (String, BoxedError)> {
        self.dir()?;
        if self.guest.contains('\0') {
            let reason = format!(
                "the folder `{}` is to be seen under a name that no path can have",
                self.host.display()
            );
            return Err((reason, "there is a NUL in it".into()));
        }
        Ok(())
    }

    /// The open folder, or why there is none.
    pub(super) fn dir(&self) -> Result<&Dir, (String, BoxedError)> {
        self.opened.as_ref().map_err(|error| {
            let reason = format!(
                "the folder `{}`, to be seen as `{}`, cannot be opened; \
                 create it, or grant one that exists and that this process may read",
                self.host.display(),
                self.guest
            );
            (reason, Arc::clone(error).into())
        })
    }

    /// Refuses the folder if it is in a folder that no guest may see, or that folder in it.
    pub(super) fn keeps_apart(&self, hidden: &Path) -> Result<(), (String, BoxedError)> {
        let Ok(dir) = &self.opened else {
            return Ok(());
        };
        let hidden = hidden
            .canonicalize()
            .unwrap_or_else(|_| hidden.to_path_buf());
        let granted = dir.dir.metadata().ok();
        let is_in = if hidden.starts_with(&self.host) || is_below(&hidden, granted) {
            "the folder of compiled code is in it"
        } else if self.host.starts_with(&hidden) || is_below(&self.host, hidden.metadata().ok()) {
            "it is in the folder of compiled code"
        } else {
            return Ok(());
        };
        let reason = format!(
            "the folder `{}`, to be seen as `{}`, is not apart from `{}`, which has compiled code and its key; \
             keep compiled code where no guest is granted anything",
            self.host.display(),
            self.guest,
            hidden.display()
        );
        Err((reason, is_in.into()))
    }
}

/// Opens a folder as wasmtime-wasi does, which then uses it.
fn open(host: &Path, rights: FsPerms) -> io::Result<Dir> {
    let mut builder = WasiCtx::builder();
    // Calls block their thread as it is, so files need no threads of their own.
    builder
        .allow_blocking_current_thread(true)
        .preopened_dir(host, "", rights)
        .map_err(|error| error.downcast().unwrap_or_else(io::Error::other))?;
    let (mut ctx, mut table) = (builder.build(), ResourceTable::new());
    let mut view = WasiFilesystemCtxView {
        ctx: ctx.filesystem(),
        table: &mut table,
    };
    let opened = view.get_directories().map_err(io::Error::other)?;
    for (descriptor, _) in opened {
        if let Ok(Descriptor::Dir(dir)) = table.delete(descriptor) {
            return Ok(dir);
        }
    }
    Err(io::ErrorKind::NotADirectory.into())
}

/// Whether a path leads through a folder, by whatever name that goes there.
#[cfg(unix)]
fn is_below(path: &Path, folder: Option<std::fs::Metadata>) -> bool {
    use std::os::unix::fs::MetadataExt as _;

    let Some(folder) = folder else {
        return false;
    };
    let same = |above: &Path| {
        let above = above.metadata();
        above.is_ok_and(|above| (above.dev(), above.ino()) == (folder.dev(), folder.ino()))
    };
    path.ancestors().any(same)
}

/// Elsewhere a folder is known by its path alone.
#[cfg(not(unix))]
fn is_below(_: &Path, _: Option<std::fs::Metadata>) -> bool {
    false
}
