//! Guests are loaded and replaced while the task that wants it waits: reading and compiling block, so
//! they are done on a thread where that hurts nobody.
//!
//! What loading is, is the builder's and the handle's.

use std::path::Path;

use wasmtime_wasi::runtime::spawn_blocking;

use crate::error::Result;
use crate::guard::fork;
use crate::handle::builder::Builder;
use crate::handle::handle::Handle;
use crate::handle::world_handle::WorldHandle;
use crate::load::world::World;

impl<W: WorldHandle> Builder<W> {
    /// Does what [`load`](Self::load) does, on a thread where it may block: one of the tokio runtime
    /// that this is called in, or else of one that the process has for this.
    ///
    /// Dropping the future does not interrupt what has begun; its result is thrown away.
    ///
    /// # Errors
    /// Those of [`load`](Self::load).
    pub async fn load_async(self, path: impl AsRef<Path>) -> Result<W> {
        // There are no other threads in a process that was forked, and so nothing is waited for.
        fork::refuse()?;
        let path = path.as_ref().to_owned();
        spawn_blocking(move || self.load(path)).await
    }

    /// Does what [`load_bytes`](Self::load_bytes) does, on a thread where it may block. See
    /// [`load_async`](Self::load_async).
    ///
    /// # Errors
    /// Those of [`load_bytes`](Self::load_bytes).
    pub async fn load_bytes_async(self, bytes: impl AsRef<[u8]>) -> Result<W> {
        fork::refuse()?;
        let bytes = bytes.as_ref().to_owned();
        spawn_blocking(move || self.load_bytes(bytes)).await
    }
}

impl<W: World> Handle<W> {
    /// Does what [`reload`](Self::reload) does, on a thread where it may block.
    ///
    /// # Errors
    /// Those of [`reload`](Self::reload).
    pub async fn reload_async(&self, path: impl AsRef<Path>) -> Result<()> {
        fork::refuse()?;
        let (handle, path) = (self.clone(), path.as_ref().to_owned());
        spawn_blocking(move || handle.reload(path)).await
    }

    /// Does what [`reload_bytes`](Self::reload_bytes) does, on a thread where it may block.
    ///
    /// # Errors
    /// Those of [`reload_bytes`](Self::reload_bytes).
    pub async fn reload_bytes_async(&self, component: impl AsRef<[u8]>) -> Result<()> {
        fork::refuse()?;
        let (handle, component) = (self.clone(), component.as_ref().to_owned());
        spawn_blocking(move || handle.reload_bytes(component)).await
    }
}
