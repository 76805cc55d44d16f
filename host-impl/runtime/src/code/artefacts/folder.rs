//! A private folder: made, checked, read from and written to so that nobody else can put anything
//! in.

use std::fs::{self, Metadata, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::code::file::{self, Links};
use crate::error::artefacts::ArtefactsError;

/// How the folder is called in errors.
const FOLDER: &str = "the folder";

/// The start of the names of files that are not yet whole.
const UNFINISHED: &str = ".unfinished-";

/// How old a file that is not whole has to be before it is certain that nobody still writes it.
const ABANDONED: Duration = Duration::from_secs(60 * 60);

/// A folder that only this user can write to.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
}

/// What another user may do with a file that is trusted.
#[derive(Debug, Clone, Copy)]
pub(super) enum Others {
    MayRead,
    MayNothing,
}

impl Folder {
    /// Makes the folder if it is not there, and checks that nobody else can write to it.
    pub(super) fn open(path: &Path) -> Result<Self, ArtefactsError> {
        match create(path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(failed(FOLDER, "created", error));
            }
            Ok(()) | Err(_) => {}
        }
        let about =
            fs::symlink_metadata(path).map_err(|error| failed(FOLDER, "looked at", error))?;
        if about.is_symlink() {
            return Err(ArtefactsError::Symlink { what: FOLDER });
        }
        if !about.is_dir() {
            return Err(ArtefactsError::Kind {
                what: FOLDER,
                expected: "a folder",
            });
        }
        check(FOLDER, &about, 0o022, 0o700)?;
        // A relative path would be another folder once the process changes its own.
        let path = std::path::absolute(path).map_err(|error| failed(FOLDER, "found", error))?;
        Ok(Self { path })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether there is anything of that name.
    pub(super) fn has(&self, name: &str) -> bool {
        fs::symlink_metadata(self.path.join(name)).is_ok()
    }

    /// All of a file, if it is one of this user's own and has no more than `most` bytes. `None` if
    /// there is none. `what` is how it is called in errors.
    pub(super) fn read(
        &self,
        name: &str,
        what: &'static str,
        others: Others,
        most: u64,
    ) -> Result<Option<Vec<u8>>, ArtefactsError> {
        let path = self.path.join(name);
        let failed = |doing, error| failed(what, doing, error);
        match fs::symlink_metadata(&path) {
            Ok(about) if about.is_symlink() => return Err(ArtefactsError::Symlink { what }),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed("looked at", error)),
        }
        // Opened so that it cannot have become a link since.
        let file = file::open(&path, Links::Refused).map_err(|error| failed("opened", error))?;
        let about = file
            .metadata()
            .map_err(|error| failed("looked at", error))?;
        if !about.is_file() {
            let expected = "a file";
            return Err(ArtefactsError::Kind { what, expected });
        }
        match others {
            Others::MayRead => check(what, &about, 0o022, 0o600)?,
            Others::MayNothing => check(what, &about, 0o077, 0o600)?,
        }
        let too_large = || failed("read", io::ErrorKind::FileTooLarge.into());
        let bytes = file::read(&file, about.len(), most)
            .map_err(|error| failed("read", error))?
            .ok_or_else(too_large)?;
        // So that what is used stays longest. It is only for that, so it may fail.
        let _ = file.set_modified(SystemTime::now());
        Ok(Some(bytes))
    }

    /// Writes a file in place of what has its name: all of it, or nothing.
    pub(super) fn replace(&self, name: &str, parts: &[&[u8]]) -> io::Result<()> {
        let unfinished = self.unfinished(parts)?;
        fs::rename(&unfinished, self.path.join(name)).inspect_err(|_| remove(&unfinished))
    }

    /// Writes a file unless there is one of its name already.
    pub(super) fn add(&self, name: &str, parts: &[&[u8]]) -> io::Result<()> {
        let unfinished = self.unfinished(parts)?;
        // Unlike a rename, this does not replace what another process may have written meanwhile.
        let added = fs::hard_link(&unfinished, self.path.join(name));
        remove(&unfinished);
        match added {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Writes a file of a name that nobody uses.
    fn unfinished(&self, parts: &[&[u8]]) -> io::Result<PathBuf> {
        let unique = u128::from_ne_bytes(random()?);
        let path = self.path.join(format!("{UNFINISHED}{unique:032x}"));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path)?;
        let written = parts
            .iter()
            .try_for_each(|part| file.write_all(part))
            .and_then(|()| file.sync_all());
        match written {
            Ok(()) => Ok(path),
            Err(error) => {
                remove(&path);
                Err(error)
            }
        }
    }

    /// Removes files whose names end in `extension`, the longest unused first, until the others
    /// have no more than `most` bytes together; and what was never finished.
    ///
    /// What cannot be looked at or removed stays until the next time.
    pub(super) fn trim(&self, extension: &str, most: u64) {
        let now = SystemTime::now();
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.path).into_iter().flatten().flatten() {
            let Ok(about) = entry.metadata() else {
                continue;
            };
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let used = about.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            if name.starts_with(UNFINISHED) {
                if now.duration_since(used).is_ok_and(|age| age > ABANDONED) {
                    remove(&entry.path());
                }
            } else if name.ends_with(extension) && about.is_file() {
                files.push((used, about.len(), entry.path()));
            }
        }
        let mut total: u64 = files.iter().map(|(_, length, _)| length).sum();
        files.sort();
        for (_, length, path) in files {
            if total <= most {
                break;
            }
            remove(&path);
            total -= length;
        }
    }
}

/// Makes a folder that only its owner can enter, in folders that anybody can.
fn create(path: &Path) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    #[cfg_attr(not(unix), expect(unused_mut, reason = "there are no modes"))]
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Checks that something belongs to this user and that others have none of the rights in `taken`.
#[cfg(unix)]
fn check(
    what: &'static str,
    about: &Metadata,
    taken: u32,
    wanted: u32,
) -> Result<(), ArtefactsError> {
    use std::os::unix::fs::MetadataExt as _;

    let user = rustix::process::geteuid().as_raw();
    if about.uid() != user {
        let owner = about.uid();
        return Err(ArtefactsError::Owner { what, owner, user });
    }
    let mode = about.mode() & 0o777;
    match mode & taken {
        0 => Ok(()),
        _ => Err(ArtefactsError::Mode { what, mode, wanted }),
    }
}

/// Elsewhere files have no owners and modes to look at; the documentation says what to do.
#[cfg(not(unix))]
fn check(_: &'static str, _: &Metadata, _: u32, _: u32) -> Result<(), ArtefactsError> {
    Ok(())
}

fn failed(what: &'static str, doing: &'static str, error: io::Error) -> ArtefactsError {
    ArtefactsError::Io { what, doing, error }
}

/// Bytes that nobody can guess.
pub(super) fn random<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(bytes)
}

/// Removes a file that is of no use. If that fails it is only in the way, and `trim` tries again.
fn remove(path: &Path) {
    let _ = fs::remove_file(path);
}
