//! The parts of error messages that take more than a format string.

use std::borrow::Cow;
use std::fmt;
use std::path::Path;
use std::time::Duration;

use super::kinds::TrapKind;
use super::load::LoadError;
use super::untrusted;

/// How much of the path of a file is told, in bytes.
const LONGEST_PATH: usize = 4 * 1024;

/// What was wanted instead, where that is known.
pub(crate) struct WantedText(pub(crate) Option<u64>);

impl fmt::Display for WantedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(wanted) => write!(f, " (it wanted {wanted})"),
            None => Ok(()),
        }
    }
}

/// The lines of a list, with a line break after each.
pub(crate) fn list<T: fmt::Display>(items: &[T]) -> impl fmt::Display + '_ {
    fmt::from_fn(move |f| items.iter().try_for_each(|item| writeln!(f, "  - {item}")))
}

/// When a call may be tried again.
pub(crate) struct RetryText(pub(crate) Duration);

impl fmt::Display for RetryText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Duration::MAX => f.write_str("its `Breaker::backoff` never ends, so load it again"),
            retry_after => write!(f, "try again in {retry_after:?}"),
        }
    }
}

/// Where the time of a call went by, and what to do about it.
pub(crate) struct TimeoutText<'a>(pub(crate) Option<&'a str>);

impl fmt::Display for TimeoutText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => f.write_str("; give it more time with `Limits::deadline`, or less to do"),
            Some(import) => write!(
                f,
                " while it waited for the host's `{import}`; give it more time with `Limits::deadline`, \
                 or have the host answer sooner"
            ),
        }
    }
}

/// What somebody waited for in vain.
pub(crate) struct BusyText {
    pub(crate) session: bool,
    pub(crate) needed: u32,
    pub(crate) free: u32,
}

impl fmt::Display for BusyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            session,
            needed,
            free,
        } = *self;
        match (session, free) {
            (true, _) => f.write_str("its session was still in use by another thread"),
            (false, 0) => f.write_str("every instance of the engine was still in use"),
            (false, _) if free < needed => write!(
                f,
                "it takes the room of {needed} instances, because of its many memories or tables, and the engine \
                 had room for {free}"
            ),
            (false, _) => write!(
                f,
                "the engine had room for {free} more, which was kept for others that need more of it and had \
                 waited for longer"
            ),
        }
    }
}

/// The import an error arose in.
pub(crate) struct ImportText<'a>(pub(crate) &'a str);

impl fmt::Display for ImportText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            "" => f.write_str("a host function"),
            import => write!(f, "`{import}`"),
        }
    }
}

/// The import whose argument was wrong, if it was one.
pub(crate) struct DuringImport<'a>(pub(crate) &'a str);

impl fmt::Display for DuringImport<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            "" => Ok(()),
            import => write!(f, ", in an argument of `{import}`"),
        }
    }
}

/// The message of [`Error::Load`].
pub(crate) struct LoadText<'a> {
    pub(crate) guest: &'a str,
    pub(crate) path: Option<&'a Path>,
    pub(crate) reason: &'a LoadError,
}

impl fmt::Display for LoadText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "guest `{}` could not be loaded", self.guest)?;
        if let Some(path) = self.path {
            write!(
                f,
                " from `{}`",
                untrusted::line(path.display(), LONGEST_PATH)
            )?;
        }
        write!(f, ": {}", self.reason)
    }
}

/// The message of [`Error::Trap`].
pub(crate) struct TrapText<'a> {
    pub(crate) guest: &'a str,
    pub(crate) function: &'a str,
    pub(crate) kind: &'a TrapKind,
    pub(crate) panic: Option<&'a str>,
    pub(crate) stderr: &'a str,
}

impl fmt::Display for TrapText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            guest,
            function,
            kind,
            panic,
            stderr,
        } = self;
        match panic {
            Some(panic) => write!(f, "guest `{guest}` panicked in `{function}`: {panic}"),
            None => {
                write!(f, "guest `{guest}` stopped in `{function}`: {kind}")?;
                let stderr = last_lines(stderr);
                if stderr.is_empty() {
                    return Ok(());
                }
                write!(f, "; the last it wrote to stderr:\n{stderr}")
            }
        }
    }
}

/// The end of a text without the white space around it, in as many lines as an error can carry.
fn last_lines(text: &str) -> Cow<'_, str> {
    const LINES: usize = 8;
    let text = text.trim();
    let lines: Vec<&str> = text.lines().collect();
    match lines.len() {
        0..=LINES => Cow::Borrowed(text),
        all => Cow::Owned(lines[all - LINES..].join("\n")),
    }
}
