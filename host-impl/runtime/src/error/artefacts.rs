//! What can be wrong with a folder that shall keep compiled code, in words that say what to do.

use std::io;

/// Why a folder cannot keep the compiled code of guests.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArtefactsError {
    /// The operating system refused something.
    #[error("{what} cannot be {doing}: {error}")]
    Io {
        /// The folder or one of its files.
        what: &'static str,
        /// What was to be done with it, as a participle: `created`.
        doing: &'static str,
        /// What the operating system said.
        error: io::Error,
    },

    /// It is a symbolic link, which somebody else might turn elsewhere.
    #[error("{what} is a symbolic link; name the place that it leads to")]
    Symlink {
        /// The folder or one of its files.
        what: &'static str,
    },

    /// There is something else in its place.
    #[error("{what} is not {expected}; remove what is there, or choose another folder")]
    Kind {
        /// The folder or one of its files.
        what: &'static str,
        /// What it should be: `a folder`.
        expected: &'static str,
    },

    /// It belongs to another user, who could put code there for this process to run.
    #[error(
        "{what} belongs to user {owner}, and this process runs as user {user}; \
         choose a folder of that user's own"
    )]
    Owner {
        /// The folder or one of its files.
        what: &'static str,
        /// The number of the user it belongs to.
        owner: u32,
        /// The number of the user that this process runs as.
        user: u32,
    },

    /// Other users may change it, and so put code there for this process to run, or read its key.
    #[error(
        "{what} is open to other users (its mode is {mode:03o}); take that away with `chmod {wanted:03o}`"
    )]
    Mode {
        /// The folder or one of its files.
        what: &'static str,
        /// Who may do what with it, as Unix counts it.
        mode: u32,
        /// What it should be.
        wanted: u32,
    },

    /// The file with the key is not one that was written here.
    #[error(
        "its key has {found} bytes, expected {expected}; remove the file `key`, and what the folder keeps is \
         compiled anew"
    )]
    Key {
        /// The length of the file, in bytes.
        found: u64,
        /// The length of a key, in bytes.
        expected: u64,
    },
}
