//! The numbers by which preview 1 says what went wrong, and how a function ends.

use wasmtime::component::ResourceTableError;
use wasmtime_wasi::p2::bindings::filesystem::types::ErrorCode;
use wasmtime_wasi::p2::bindings::sync::filesystem::types::ErrorCode as SyncErrorCode;
use wasmtime_wasi::p2::{FsError, StreamError};

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Errno {
    Acces = 2,
    Again = 6,
    Already = 7,
    Badf = 8,
    Busy = 10,
    Deadlk = 16,
    Dquot = 19,
    Exist = 20,
    Fault = 21,
    Fbig = 22,
    Ilseq = 25,
    Inprogress = 26,
    Intr = 27,
    Inval = 28,
    Io = 29,
    Isdir = 31,
    Loop = 32,
    Mlink = 34,
    Msgsize = 35,
    Nametoolong = 37,
    Nodev = 43,
    Noent = 44,
    Nolck = 46,
    Nomem = 48,
    Nospc = 51,
    Notdir = 54,
    Notempty = 55,
    Notrecoverable = 56,
    Notsock = 57,
    Notsup = 58,
    Notty = 59,
    Nxio = 60,
    Overflow = 61,
    Perm = 63,
    Pipe = 64,
    Rofs = 69,
    Spipe = 70,
    Txtbsy = 74,
    Xdev = 75,
}

/// Why a function did not do what it was asked for.
#[derive(Debug)]
pub(super) enum Stop {
    /// The guest gets a number.
    Errno(Errno),
    /// The guest is ended.
    Ended(wasmtime::Error),
}

/// What comes of a function.
pub(super) type Done<R> = Result<R, Stop>;

impl From<Errno> for Stop {
    fn from(errno: Errno) -> Self {
        Self::Errno(errno)
    }
}

impl From<wasmtime::Error> for Stop {
    fn from(error: wasmtime::Error) -> Self {
        Self::Ended(error)
    }
}

impl From<ResourceTableError> for Stop {
    fn from(error: ResourceTableError) -> Self {
        Self::Ended(error.into())
    }
}

impl From<FsError> for Stop {
    fn from(error: FsError) -> Self {
        match error.downcast() {
            Ok(code) => Self::Errno(code.into()),
            Err(error) => Self::Ended(error),
        }
    }
}

impl From<StreamError> for Stop {
    fn from(error: StreamError) -> Self {
        match error {
            StreamError::Closed => Self::Errno(Errno::Io),
            StreamError::LastOperationFailed(error) => match error.downcast::<std::io::Error>() {
                Ok(error) => Self::Errno(ErrorCode::from(error).into()),
                Err(_) => Self::Errno(Errno::Io),
            },
            StreamError::Trap(error) => Self::Ended(error),
        }
    }
}

macro_rules! codes {
    ($($code:ident => $errno:ident,)*) => {
        impl From<ErrorCode> for Errno {
            fn from(code: ErrorCode) -> Self {
                match code {
                    $(ErrorCode::$code => Self::$errno,)*
                }
            }
        }

        // The same code, as functions that block have it.
        impl From<SyncErrorCode> for Errno {
            fn from(code: SyncErrorCode) -> Self {
                match code {
                    $(SyncErrorCode::$code => Self::$errno,)*
                }
            }
        }
    };
}

codes! {
    Access => Acces,
    WouldBlock => Again,
    Already => Already,
    BadDescriptor => Badf,
    Busy => Busy,
    Deadlock => Deadlk,
    Quota => Dquot,
    Exist => Exist,
    FileTooLarge => Fbig,
    IllegalByteSequence => Ilseq,
    InProgress => Inprogress,
    Interrupted => Intr,
    Invalid => Inval,
    Io => Io,
    IsDirectory => Isdir,
    Loop => Loop,
    TooManyLinks => Mlink,
    MessageSize => Msgsize,
    NameTooLong => Nametoolong,
    NoDevice => Nodev,
    NoEntry => Noent,
    NoLock => Nolck,
    InsufficientMemory => Nomem,
    InsufficientSpace => Nospc,
    Unsupported => Notsup,
    NotDirectory => Notdir,
    NotEmpty => Notempty,
    NotRecoverable => Notrecoverable,
    NoTty => Notty,
    NoSuchDevice => Nxio,
    Overflow => Overflow,
    NotPermitted => Perm,
    Pipe => Pipe,
    ReadOnly => Rofs,
    InvalidSeek => Spipe,
    TextFileBusy => Txtbsy,
    CrossDevice => Xdev,
}
