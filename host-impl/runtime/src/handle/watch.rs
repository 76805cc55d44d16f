//! Reloading a guest when its file changes.
//!
//! It knows files and when they are quiet. What reloading is, is the handle's.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::world_handle::WorldHandle;
use crate::error::{Error, Result};

/// How long a file has to stay as it is before it is loaded: whoever writes it may not have
/// finished.
const QUIET: Duration = Duration::from_millis(100);

/// How long a file that is never quiet is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// Keeps watching a file, until it is dropped.
///
/// A reload that has begun by then is still finished.
#[must_use = "the file is watched until this is dropped"]
pub struct Watch {
    path: PathBuf,
    // Only held: with it goes the sender of events, and then the thread ends.
    _watcher: RecommendedWatcher,
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// Reloads a guest, for the handle `world` and all its clones, whenever the file `path` changes
/// from now on.
///
/// A change is noticed whether the file is written to or replaced, and acted on once it has been
/// quiet for a tenth of a second. If what is there then cannot be loaded, such as a file that is
/// half written, the guest stays as it was; `tracing` gets a warning under the target
/// `abide::watch`, and the next change is another chance.
///
/// It is the folder that is watched, and in it the file of that name. If that is a symbolic link,
/// replacing the link is noticed, and writing to the file that it leads to is not.
///
/// # Errors
/// [`Error::Watch`] if the operating system does not watch the folder.
pub fn watch<W: WorldHandle>(world: &W, path: impl AsRef<Path>) -> Result<Watch> {
    let handle = world.handle().clone();
    start(path.as_ref(), move |path| handle.reload(path))
}

fn start(path: &Path, reload: impl Fn(&Path) -> Result<()> + Send + 'static) -> Result<Watch> {
    let refuse = |source: Box<dyn std::error::Error + Send + Sync>| Error::Watch {
        path: path.into(),
        source,
    };
    // A relative path would be another file once the process changes its folder.
    let path = std::path::absolute(path).map_err(|error| refuse(error.into()))?;
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(refuse("it is not the path of a file".into()));
    };
    let (send, changes) = mpsc::channel();
    let name = name.to_owned();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        if concerns(&event, &name) {
            // Nobody listens any more where the thread could not be started.
            let _ = send.send(());
        }
    })
    .map_err(|error| refuse(error.into()))?;
    watcher
        .watch(folder, RecursiveMode::NonRecursive)
        .map_err(|error| refuse(error.into()))?;
    thread::Builder::new()
        .name("abide-watch".to_owned())
        .spawn({
            let path = path.clone();
            move || {
                while has_changed(&changes) {
                    act(&path, &reload);
                }
            }
        })
        .map_err(|error| refuse(error.into()))?;
    Ok(Watch {
        path,
        _watcher: watcher,
    })
}

/// Whether something that was seen in the folder may have changed the file of that name.
fn concerns(event: &notify::Result<Event>, name: &std::ffi::OsStr) -> bool {
    let event = match event {
        Ok(event) => event,
        Err(error) => {
            tracing::warn!(target: "abide::watch", "changes may have been missed: {error}");
            return true;
        }
    };
    let changes = match event.kind {
        // Loading a file reads it, and that must not be a reason to load it.
        EventKind::Access(how) => how == AccessKind::Close(AccessMode::Write),
        _ => true,
    };
    let named = || {
        event
            .paths
            .iter()
            .any(|path| path.file_name() == Some(name))
    };
    event.need_rescan() || (changes && named())
}

/// Waits until the file has changed and is quiet; `false` once nobody watches any more.
fn has_changed(changes: &Receiver<()>) -> bool {
    if changes.recv().is_err() {
        return false;
    }
    let give_up = Instant::now() + PATIENCE;
    while Instant::now() < give_up {
        match changes.recv_timeout(QUIET) {
            Ok(()) => {}
            Err(RecvTimeoutError::Timeout) => return true,
            Err(RecvTimeoutError::Disconnected) => return false,
        }
    }
    true
}

fn act(path: &Path, reload: &impl Fn(&Path) -> Result<()>) {
    if !path.exists() {
        tracing::debug!(target: "abide::watch", path = %path.display(), "the file is gone; the guest stays");
        return;
    }
    match reload(path) {
        Ok(()) => tracing::info!(target: "abide::watch", path = %path.display(), "reloaded"),
        Err(error) => tracing::warn!(
            target: "abide::watch",
            path = %path.display(),
            "the file changed and cannot be loaded; the guest stays as it was: {error}"
        ),
    }
}
