//! The errors of this crate: what can go wrong between a host and its guest, as one flat enum.
//!
//! How a fault is recognised in what the engine reports is the job of `call/classify.rs`. How an
//! error is shown with its causes is in `report`.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::artefacts::ArtefactsError;
use super::backtrace::GuestBacktrace;
use super::kinds::{Beyond, LimitKind, TrapKind};
use super::load::LoadError;
use super::problem::{Problem, indented_list};
use super::text::{
    BusyText, DuringImport, ImportText, LoadText, RetryText, TimeoutText, TrapText, WantedText,
    list,
};

/// The result of whatever may fail in this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What a host may return as the reason for aborting its guest.
pub(crate) type BoxedError = Box<dyn std::error::Error + Send + Sync>;

/// Everything that can go wrong when a guest is loaded or called.
///
/// Wherever there is a `guest`, it is the name the guest was loaded under, and `function` is what
/// was called, as `package:name/interface.function` or, for a function of the world itself,
/// `function`. For a failure while a session opens, before anything was called, `function` is
/// `start`, and while a guest is loaded it is `load` where there was not even that.
///
/// [`Debug`] prints the same text as [`Display`](fmt::Display) and the causes below it, so that a
/// `main` that returns this error, and an `unwrap`, tell a human what happened.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The guest's file could not be read, or is not a component.
    #[error("{}", LoadText { guest, path: path.as_deref(), reason })]
    Load {
        /// The guest's name.
        guest: Arc<str>,
        /// The file, where the guest was loaded from one.
        path: Option<Box<Path>>,
        /// What is wrong with it.
        reason: Box<LoadError>,
    },

    /// The guest is a component, but not one for this world: it lacks exports, wants imports that
    /// the host does not offer, or has other types.
    #[error(
        "guest `{guest}` does not fit world `{world}`:\n{}\
         rebuild the guest against this version of the ABI, or load it with a host that implements \
         the world it was built for",
        indented_list(problems, *more)
    )]
    Link {
        /// The guest's name.
        guest: Arc<str>,
        /// The world it was loaded for, in WIT's form: `demo:notes/notes@0.1.0`.
        world: &'static str,
        /// Everything that does not fit, not only the first thing; of very much the beginning.
        problems: Vec<Problem>,
        /// How much more does not fit than is in `problems`.
        more: usize,
    },

    /// The guest stopped itself or was stopped by the engine: a panic, `unreachable`, an access out
    /// of bounds. Its instance is gone.
    #[error("{}", TrapText { guest, function, kind, panic: panic.as_deref(), stderr })]
    Trap {
        /// The guest's name.
        guest: Arc<str>,
        /// The function that was called.
        function: Box<str>,
        /// What the engine saw.
        kind: TrapKind,
        /// The guest's own panic message, where it sent one.
        panic: Option<Box<str>>,
        /// The end of what the guest wrote to its standard error, empty if it wrote nothing.
        stderr: Box<str>,
        /// The functions that it was in.
        backtrace: GuestBacktrace,
    },

    /// The call did not finish within [`Limits::deadline`](crate::Limits::deadline).
    #[error(
        "guest `{guest}` did not finish `{function}` within {after:?} and was stopped{}",
        TimeoutText(*import)
    )]
    Timeout {
        /// The guest's name.
        guest: Arc<str>,
        /// The function that was called.
        function: Box<str>,
        /// The deadline that passed.
        after: Duration,
        /// The host's function that it waited for then, if that is what the time went by in.
        /// Functions that do not wait, those of a `host`, are not interrupted and never stand here.
        import: Option<&'static str>,
        /// The functions that it was in.
        backtrace: GuestBacktrace,
    },

    /// The call executed more instructions than [`Limits::fuel`](crate::Limits::fuel) allows.
    #[error(
        "guest `{guest}` used up its {fuel} units of fuel in `{function}` and was stopped; give it more \
         with `Limits::fuel`, or less to do"
    )]
    OutOfFuel {
        /// The guest's name.
        guest: Arc<str>,
        /// The function that was called.
        function: Box<str>,
        /// The fuel it had.
        fuel: u64,
    },

    /// The guest needed more of something than its [`Limits`](crate::Limits) allow.
    #[error(
        "guest `{guest}` reached its limit of {limit}{} in `{function}`{}; \
         raise it with `Limits::{}` if this is what the guest needs",
        what.unit(), WantedText(*wanted), what.setter()
    )]
    Limit {
        /// The guest's name.
        guest: Arc<str>,
        /// The function that was called.
        function: Box<str>,
        /// What there was not enough of.
        what: LimitKind,
        /// The limit, in the unit of `what`.
        limit: u64,
        /// What the guest would have needed, where that is known.
        wanted: Option<u64>,
    },

    /// The guest needs more of several things than its [`Limits`](crate::Limits) allow, which is
    /// found when it is loaded.
    #[error(
        "guest `{guest}` needs more than its limits allow; raise all of them if this is what the guest needs:\n{}",
        list(beyond)
    )]
    Limits {
        /// The guest's name.
        guest: Arc<str>,
        /// All of them.
        beyond: Vec<Beyond>,
    },

    /// There was no room within [`Limits::wait`](crate::Limits::wait): the engine holds as many
    /// instances as it can, or the session is in use by another thread.
    #[error(
        "guest `{guest}` could not be called for `{function}`: {} after {waited:?} of waiting; \
         call it less often at the same time, or wait longer with `Limits::wait`",
        BusyText { session: *session, needed: *needed, free: *free }
    )]
    Busy {
        /// The guest's name.
        guest: Arc<str>,
        /// The function that was called.
        function: Box<str>,
        /// Whether it was one session that was waited for, and not the engine.
        session: bool,
        /// The room of how many instances it takes: more than one if it has many memories or
        /// tables; 0 for a session that is there.
        needed: u32,
        /// How much of the engine's room was free when the time was over. Where it was enough,
        /// others who had waited for longer and need more were to have it.
        free: u32,
        /// How long was waited.
        waited: Duration,
    },

    /// The call was cancelled from another thread, before or while it ran, through a
    /// [`CancelHandle`](crate::CancelHandle).
    #[error("the call of `{function}` on guest `{guest}` was cancelled")]
    Cancelled {
        /// The guest's name.
        guest: Arc<str>,
        /// The function that was called.
        function: Box<str>,
    },

    /// The handle's [`Breaker`](crate::Breaker) is open: the last calls failed, and the guest is
    /// given time.
    #[error(
        "guest `{guest}` is not called for `{function}`, because its last calls failed; {}, and see the errors of \
         those calls for the reason",
        RetryText(*retry_after)
    )]
    BreakerOpen {
        /// The guest's name.
        guest: Arc<str>,
        /// The function that was to be called.
        function: Box<str>,
        /// When a call may be let through again; [`Duration::MAX`] is never.
        retry_after: Duration,
    },

    /// The host panicked in a function that the guest imports. The panic was caught.
    #[error(
        "the host panicked in {} while guest `{guest}` ran `{function}`: {message}",
        ImportText(import)
    )]
    HostPanic {
        /// The guest's name.
        guest: Arc<str>,
        /// The function that was called.
        function: Box<str>,
        /// The import in which it happened; empty if it was not in one of the world's imports.
        import: &'static str,
        /// The panic's message.
        message: Box<str>,
    },

    /// The reason for which a host aborts a guest, made by [`Error::host`]. It is on its way: the
    /// call that it ends fails with [`Host`](Self::Host), which says what was called.
    #[error("the host aborted a guest in a host function")]
    Abort {
        /// What the host says.
        source: BoxedError,
    },

    /// The host chose to abort the guest by returning an error from an import. The error is the
    /// [`source`](std::error::Error::source).
    #[error("the host aborted guest `{guest}` in `{import}` while it ran `{function}`")]
    Host {
        /// The guest's name.
        guest: Arc<str>,
        /// The function that was called.
        function: Box<str>,
        /// The import that returned the error.
        import: &'static str,
        /// What the host returned.
        source: BoxedError,
    },

    /// The guest handed over something that the canonical ABI does not allow: text that is not
    /// UTF-8, a pointer out of bounds, a case that does not exist.
    #[error(
        "guest `{guest}` broke its ABI in `{function}`{}: {reason}; \
         this is a fault of the guest or of the tool that built it",
        DuringImport(import)
    )]
    AbiViolation {
        /// The guest's name.
        guest: Arc<str>,
        /// The function that was called.
        function: Box<str>,
        /// The import whose argument was wrong, or empty if it was not one of those that are
        /// borrowed.
        import: &'static str,
        /// What was wrong.
        reason: Box<str>,
    },

    /// An import called back into the very session that is waiting for it.
    #[error(
        "guest `{guest}` cannot be called for `{function}` from inside one of its own imports; \
         return from the import first, or use another session"
    )]
    Reentrant {
        /// The guest's name.
        guest: Arc<str>,
        /// The function that was called.
        function: Box<str>,
    },

    /// An import called a guest whose import called a guest, and so on, deeper than the thread's
    /// stack is sure to hold.
    #[error(
        "guest `{guest}` cannot be called for `{function}`: {limit} calls of guests like it are all that \
         may run inside of one another on a thread; return from an import first, or call from another \
         thread"
    )]
    TooDeep {
        /// The guest's name.
        guest: Arc<str>,
        /// The function that was called.
        function: Box<str>,
        /// The most calls with the stack of this one that may run inside of one another.
        limit: usize,
    },

    /// The thread has less of its stack left than the call may need. Nothing of the guest ran.
    #[error(
        "guest `{guest}` cannot be called for `{function}`: its thread has {left} bytes of stack left, and the call \
         may need {needed}; call it on a thread with more (`std::thread::Builder::stack_size`) or with fewer calls \
         inside of one another, or give the guest less with `Limits::stack`"
    )]
    SmallStack {
        /// The guest's name.
        guest: Arc<str>,
        /// The function that was called.
        function: Box<str>,
        /// How many bytes of the thread's stack are left.
        left: usize,
        /// How many the call may need: the guest's stack, and some for the functions of the host
        /// that it calls.
        needed: usize,
    },

    /// This process was forked off one that had an engine. The threads that keep deadlines stayed
    /// there, and nobody knows what the others of its threads were in the middle of. Nothing of any
    /// guest ran.
    #[error(
        "no guest can be loaded or called in a process that was forked off one with an engine: \
         the threads that keep its deadlines are not in it; \
         fork before anything is loaded, or start another program"
    )]
    Forked,

    /// The session's instance was dropped after an earlier error, and its state with it.
    #[error(
        "guest `{guest}` cannot be called for `{function}`: an earlier call on this session failed \
         and the instance and its state are gone; open a new session"
    )]
    Discarded {
        /// The guest's name.
        guest: Arc<str>,
        /// The function that was called.
        function: Box<str>,
    },

    /// A function that passes or returns resources of the guest was called without a session. A
    /// resource lives in one instance, and without a session every call has another one.
    #[error(
        "guest `{guest}` cannot be called for `{function}` without a session, because the function passes \
         resources of the guest, which are of one instance; call it through `session()`"
    )]
    NeedsSession {
        /// The guest's name.
        guest: Arc<str>,
        /// The function that was called.
        function: Box<str>,
    },

    /// A resource of one session was passed to another. The call was not made.
    #[error(
        "guest `{guest}` cannot be given a `{resource}` of another session in `{function}`; \
         pass resources to the session that they came from"
    )]
    WrongSession {
        /// The guest's name.
        guest: Arc<str>,
        /// The function that was called.
        function: Box<str>,
        /// The resource, as `package:name/interface.resource`.
        resource: &'static str,
    },

    /// A value was passed to a guest, or asked for from it, as a resource for which its host has
    /// another Rust type.
    #[error(
        "guest `{guest}` was called for `{function}` with `{found}` as a `{resource}`; the host that it \
         was loaded with has `{expected}` for this resource"
    )]
    HostType {
        /// The guest's name.
        guest: Arc<str>,
        /// The function that was called.
        function: Box<str>,
        /// The resource, as `package:name/interface.resource`.
        resource: &'static str,
        /// The type that the host has.
        expected: &'static str,
        /// The type of the call.
        found: &'static str,
    },

    /// A guest answered with the error of its WIT `result`, and the caller passed it on with `?`.
    #[error("the guest answered with an error: {message}")]
    Guest {
        /// The guest's error as text.
        message: Box<str>,
    },

    /// What was granted through [`Wasi`](crate::Wasi) cannot be given.
    #[error("guest `{guest}` cannot be given what `Wasi` grants it: {reason}")]
    Wasi {
        /// The guest's name.
        guest: Arc<str>,
        /// What cannot be given, and why it matters.
        reason: Box<str>,
        /// What the operating system said.
        #[source]
        source: BoxedError,
    },

    /// A folder cannot keep the compiled code of guests.
    #[error("the folder `{}` cannot keep compiled guests: {reason}", path.display())]
    Artefacts {
        /// The folder.
        path: Box<Path>,
        /// What is wrong with it.
        reason: Box<ArtefactsError>,
    },

    /// A file cannot be watched for changes.
    #[error("`{}` cannot be watched for changes", path.display())]
    Watch {
        /// The file.
        path: Box<Path>,
        /// What the operating system said.
        source: BoxedError,
    },

    /// A number or a time that was chosen cannot be had, or two that were chosen do not go
    /// together.
    #[error("`{setting}` is {problem}")]
    Setting {
        /// What was chosen, as the function that chooses it is called.
        setting: &'static str,
        /// How it was chosen, and what is expected or to be done.
        problem: Box<str>,
    },

    /// The engine could not be set up: the operating system refused it address space or threads, or
    /// WebAssembly does not run on this machine. It is nobody's fault, and lasts for as long as
    /// what the operating system has does.
    #[error("the WebAssembly engine failed: {reason}")]
    Engine {
        /// What was being done, and what to do about it.
        reason: Box<str>,
        /// What the engine or the operating system said.
        #[source]
        source: BoxedError,
    },

    /// The runtime was asked for something that makes no sense, such as an export that was looked
    /// up in another guest. The caller is to blame, and nothing of the guest ran. Code that
    /// `abide::abi!` generates asks for no such thing.
    #[error("guest `{guest}` cannot be used like this in `{function}`: {problem}")]
    Misuse {
        /// The guest's name.
        guest: Arc<str>,
        /// The function that was called.
        function: Box<str>,
        /// What makes no sense, and what to do instead.
        problem: Box<str>,
    },

    /// Something happened in the runtime that it rules out: a bug in Abide, which is worth a
    /// report. The host is to blame, since the runtime is a part of it; neither the guest nor the
    /// caller could have done otherwise.
    #[error("{reason}, in `{function}` of guest `{guest}`; this is a fault of the host runtime")]
    Internal {
        /// The guest's name.
        guest: Arc<str>,
        /// The function that was called.
        function: Box<str>,
        /// What happened.
        reason: Box<str>,
    },
}

/// A short text on the heap, the form in which errors keep text.
pub(crate) fn boxed(text: &dyn fmt::Display) -> Box<str> {
    text.to_string().into_boxed_str()
}
