//! Compiled code kept on disk, so that a component is compiled once on a machine and not once a
//! process.
//!
//! What is kept is machine code, and whoever can change it runs what he likes in this process. So
//! it is sealed, and anything that is not exactly what was sealed is compiled anew. `folder` keeps
//! the files, `format` seals them, and `secret` is the key of the seal.

mod code;
mod folder;
mod format;
mod secret;
mod stats;

use std::fmt;
use std::hash::{Hash as _, Hasher};
use std::io;
use std::path::Path;
use std::sync::Arc;

use blake3::Hash;

use crate::code::form::{Compiled, Form};
use crate::error::artefacts::ArtefactsError;
use crate::error::{BoxedError, Error, Result};
use folder::{Folder, Others};
use format::Secret;
pub use stats::ArtefactStats;
use stats::Counters;

/// The end of an artefact's name. Before it stands its key.
const EXTENSION: &str = ".artefact";

/// The most bytes that a folder keeps unless something else is chosen.
const MAX_BYTES: u64 = 1024 * 1024 * 1024;

/// A folder that keeps the compiled code of guests, so that loading one again, also in another
/// process, does not compile it again.
///
/// ```no_run
/// # fn main() -> abide_host::Result<()> {
/// use abide_host::Artefacts;
///
/// let artefacts = Artefacts::in_folder("/var/cache/my-program/guests")?.max_bytes(256 * 1024 * 1024);
/// // Notes::builder(app).artefacts(&artefacts).load("notes.wasm")?;
/// assert_eq!(artefacts.stats().hits, 0);
/// # Ok(())
/// # }
/// ```
///
/// # What is trusted
///
/// Compiled code is run as it is found, so the folder has to be private: it is refused if it
/// belongs to another user or others can write to it. What is in it is sealed with a key that is
/// made for the folder and kept there, for this user's eyes only. An artefact that was changed, cut
/// short, copied from another machine or folder, put behind a symbolic link, or made by another
/// version or for another engine is never used: the component is compiled, the artefact replaced,
/// and `tracing` gets a warning.
///
/// Whoever may act as this user may read the key and run what he likes; that is no different
/// without the folder. On systems other than Unix owners and modes are not looked at: choose a
/// folder below the user's own, such as the one for local application data.
///
/// No guest may get at it either: loading one fails that is granted a folder in which this one is,
/// or one that is in this one ([`Error::Wasi`]), also by way of links. That is looked at when a
/// guest is loaded with both. It does not cover what is moved, linked or mounted there later, nor
/// the folders of other guests: keep compiled code where no guest is granted anything.
///
/// # What fails
///
/// Only [`in_folder`](Self::in_folder). A disk that is full or cannot be written to afterwards
/// costs time: the guest is compiled and loaded, and `tracing` gets a warning.
///
/// A clone is the same folder.
#[derive(Clone)]
pub struct Artefacts {
    vault: Arc<Vault>,
    max_bytes: u64,
}

/// The folder, and what it takes to trust what is in it.
struct Vault {
    folder: Folder,
    secret: Secret,
    counters: Counters,
}

impl Artefacts {
    /// Keeps compiled code in a folder, which is created if it is not there. Several processes may
    /// share it.
    ///
    /// # Errors
    /// [`Error::Artefacts`] if the folder or its key cannot be made or read, is a symbolic link,
    /// belongs to another user, or is open to others.
    pub fn in_folder(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let refuse = |reason| Error::Artefacts {
            path: path.into(),
            reason: Box::new(reason),
        };
        let folder = Folder::open(path).map_err(refuse)?;
        let secret = secret::of(&folder).map_err(refuse)?;
        Ok(Self {
            vault: Arc::new(Vault {
                folder,
                secret,
                counters: Counters::default(),
            }),
            max_bytes: MAX_BYTES,
        })
    }

    /// The most bytes of compiled code that the folder keeps. Default: 1 GiB. When there are more,
    /// what has not been used for the longest time is removed.
    ///
    /// An artefact is some three to ten times as large as its component.
    #[must_use]
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// What was found, kept and refused so far, by this value and its clones.
    #[must_use]
    pub fn stats(&self) -> ArtefactStats {
        self.vault.counters.read()
    }

    /// Where the folder is.
    pub(crate) fn path(&self) -> &Path {
        self.vault.folder.path()
    }

    /// The code of that key, if it is kept and can be trusted.
    pub(crate) fn find(
        &self,
        engine: &wasmtime::Engine,
        key: &Hash,
        form: Form,
    ) -> Option<Compiled> {
        let counters = &self.vault.counters;
        match self.look(engine, key, form) {
            Ok(Some(compiled)) => {
                counters.hit();
                Some(compiled)
            }
            Ok(None) => {
                counters.missed();
                None
            }
            Err(reason) => {
                counters.refused();
                tracing::warn!(
                    target: "abide::artefacts",
                    folder = %self.vault.folder.path().display(),
                    file = name(key),
                    "an artefact is not used, and its component is compiled anew: {reason}"
                );
                None
            }
        }
    }

    fn look(
        &self,
        engine: &wasmtime::Engine,
        key: &Hash,
        form: Form,
    ) -> Result<Option<Compiled>, BoxedError> {
        let Vault { folder, secret, .. } = &*self.vault;
        let what = "the artefact";
        let Some(bytes) = folder.read(&name(key), what, Others::MayRead, self.max_bytes)? else {
            return Ok(None);
        };
        let code = code::Trusted::opened(secret, key, &bytes)?;
        Ok(Some(code.code(engine, form)?))
    }

    /// Whether there is something under that key, which may be of no use.
    pub(crate) fn has(&self, key: &Hash) -> bool {
        self.vault.folder.has(&name(key))
    }

    /// Keeps the code of a component, in place of what may be there. If that fails, it says so and
    /// does nothing more.
    pub(crate) fn keep(&self, key: &Hash, compiled: &Compiled) {
        if let Err(error) = self.try_keep(key, compiled) {
            tracing::warn!(
                target: "abide::artefacts",
                folder = %self.vault.folder.path().display(),
                "the compiled code of a component could not be kept, and will be compiled again: {error}"
            );
        }
    }

    /// Keeps the code of a component, in place of what may be there.
    pub(crate) fn try_keep(&self, key: &Hash, compiled: &Compiled) -> io::Result<()> {
        let kept = self.write(key, compiled);
        match &kept {
            Ok(()) => self.vault.counters.kept(),
            Err(_) => self.vault.counters.failed(),
        }
        kept
    }

    fn write(&self, key: &Hash, compiled: &Compiled) -> io::Result<()> {
        let Vault { folder, secret, .. } = &*self.vault;
        let code = compiled.serialize().map_err(io::Error::other)?;
        let (header, seal) = format::seal(secret, key, &code);
        let size = header.len() + code.len() + seal.len();
        if size as u64 > self.max_bytes {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                format!(
                    "it has {size} bytes, and the folder may keep {}; allow more with \
                     `Artefacts::max_bytes`",
                    self.max_bytes
                ),
            ));
        }
        folder.replace(&name(key), &[&header, &code, &seal])?;
        folder.trim(EXTENSION, self.max_bytes);
        Ok(())
    }

    /// The error of a component whose code should have been kept and could not be.
    pub(crate) fn not_kept(&self, error: io::Error) -> Error {
        Error::Artefacts {
            path: self.vault.folder.path().into(),
            reason: Box::new(ArtefactsError::Io {
                what: "the compiled code",
                doing: "written",
                error,
            }),
        }
    }
}

impl fmt::Debug for Artefacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Artefacts")
            .field("folder", &self.vault.folder.path())
            .field("max_bytes", &self.max_bytes)
            .field("stats", &self.stats())
            .finish()
    }
}

fn name(key: &Hash) -> String {
    format!("{}{EXTENSION}", key.to_hex())
}

/// The key of a component's code: of what it was compiled from, by what, and for what.
pub(crate) fn key(engine: &wasmtime::Engine, content: &Hash) -> Hash {
    let mut hasher = KeyHasher(blake3::Hasher::new());
    hasher.write(concat!("abide ", env!("CARGO_PKG_VERSION"), "\0").as_bytes());
    // Has wasmtime's version, the machine that code is made for, and all of the configuration that
    // matters.
    engine.precompile_compatibility_hash().hash(&mut hasher);
    hasher.write(content.as_bytes());
    hasher.0.finalize()
}

/// Lets what can be hashed for a table be hashed for good.
struct KeyHasher(blake3::Hasher);

impl Hasher for KeyHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = *self.0.finalize().as_bytes();
        u64::from_le_bytes([a, b, c, d, e, f, g, h])
    }
}
