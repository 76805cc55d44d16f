//! A folder of the host that a guest may use.
//!
//! It knows how one is opened, and how it reads when that fails.

use std::path::{Path, PathBuf};

use wasmtime_wasi::{FsPerms, WasiCtxBuilder};

use crate::error::BoxedError;

#[derive(Debug, Clone)]
pub(super) struct Folder {
    pub(super) host: PathBuf,
    /// Where the guest sees it.
    pub(super) guest: String,
    pub(super) rights: FsPerms,
}

impl Folder {
    /// Opens the folder for the instance that is being built, or says why it cannot be.
    pub(super) fn grant(&self, builder: &mut WasiCtxBuilder) -> Result<(), (String, BoxedError)> {
        let opened = builder.preopened_dir(&self.host, &self.guest, self.rights);
        opened.map(|_| ()).map_err(|error| {
            let reason = format!(
                "the folder `{}`, to be seen as `{}`, cannot be opened; \
                 create it, or grant one that exists and that this process may read",
                absolute(&self.host).display(),
                self.guest
            );
            (reason, error.into())
        })
    }
}

/// The path in full where that can be found out: a relative one says little in an error.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}
