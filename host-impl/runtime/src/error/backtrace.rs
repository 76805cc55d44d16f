//! Where a guest was when it stopped.

use std::fmt;

use wasmtime::WasmBacktrace;

use super::untrusted;

/// The functions that a guest was in when it stopped, innermost first.
///
/// They have names if the guest was built with its name section, which is the case unless it was
/// stripped. No more than 32 are kept. It is part of an error's [`Debug`] form and not of its
/// message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GuestBacktrace {
    /// Behind one thin pointer: results of calls carry it, also of those that go well.
    frames: Option<Box<Frames>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Frames(Box<[Frame]>);

/// One function of a [`GuestBacktrace`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Frame {
    /// The function's name, demangled, if the guest has names.
    pub function: Option<Box<str>>,
    /// Its number in its core module.
    pub index: u32,
    /// The name of the core module, if it has one.
    pub module: Option<Box<str>>,
    /// Where in the core module's binary the guest was, in bytes from its start.
    pub offset: Option<usize>,
}

/// The longest name that is kept of a function or module, in bytes: a guest chooses its names.
const LONGEST_NAME: usize = 256;

/// The longest name that is demangled, in bytes. No more is written than is kept, but all of it is
/// read.
const LONGEST_MANGLED: usize = 4 * 1024;

impl GuestBacktrace {
    pub(crate) fn of(error: &wasmtime::Error) -> Self {
        let Some(trace) = error.downcast_ref::<WasmBacktrace>() else {
            return Self::default();
        };
        let frames = trace.frames().iter().map(|frame| Frame {
            function: frame.func_name().map(demangled),
            index: frame.func_index(),
            module: frame.module().name().map(kept),
            offset: frame.module_offset(),
        });
        Self::new(frames.collect())
    }

    fn new(frames: Box<[Frame]>) -> Self {
        Self {
            frames: Some(Box::new(Frames(frames))),
        }
    }

    /// The functions, innermost first; none if nothing is known.
    pub fn frames(&self) -> &[Frame] {
        self.frames.as_ref().map_or(&[], |frames| &frames.0)
    }
}

/// A name on one line and no longer than it may be.
fn kept(name: &str) -> Box<str> {
    untrusted::line(name, LONGEST_NAME)
}

/// The name that a mangled one stands for, as much as is kept. A short one may stand for one of a
/// megabyte.
fn demangled(name: &str) -> Box<str> {
    match name.len() {
        0..=LONGEST_MANGLED => {
            let name = rustc_demangle::demangle(name);
            untrusted::line(format_args!("{name:#}"), LONGEST_NAME)
        }
        _ => kept(name),
    }
}

impl fmt::Display for GuestBacktrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (depth, frame) in self.frames().iter().enumerate() {
            let separator = if depth == 0 { "" } else { "\n" };
            write!(f, "{separator}{depth:>3}: {frame}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.function {
            Some(name) => f.write_str(name)?,
            None => write!(f, "function {}", self.index)?,
        }
        if let Some(module) = &self.module {
            write!(f, " of {module}")?;
        }
        match self.offset {
            Some(offset) => write!(f, " at {offset:#x}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_read_with_and_without_names() {
        let named = Frame {
            function: Some(kept("render\n")),
            index: 3,
            module: Some(Box::from("notes.wasm")),
            offset: Some(0x2a),
        };
        let unnamed = Frame {
            function: None,
            index: 7,
            module: None,
            offset: None,
        };
        let trace = GuestBacktrace::new(Box::new([named, unnamed]));
        assert_eq!(
            trace.to_string(),
            "  0: render  of notes.wasm at 0x2a\n  1: function 7"
        );
        let long = kept(&"ä".repeat(200));
        assert_eq!(long.len(), LONGEST_NAME + "…".len());
    }

    #[test]
    fn names_are_demangled_as_far_as_they_are_kept() {
        assert_eq!(&*demangled("_RNvC7mycrate3foo"), "mycrate::foo");
        assert_eq!(
            &*demangled("_ZN4core3fmt5write17h0123456789abcdefE"),
            "core::fmt::write"
        );
        assert_eq!(&*demangled("plain"), "plain");
        // Tuples of eight of the tuple before, nine times: it would be hundreds of megabytes.
        let mut name = String::from("_RINvC1a1b");
        let mut at = name.len() - 2;
        name.push_str("TjjjjjjjjE");
        for _ in 0..9 {
            let next = name.len() - 2;
            name.push_str(&format!("T{}E", format!("B{}", base_62(at)).repeat(8)));
            at = next;
        }
        name.push('E');
        let shown = demangled(&name);
        assert!(shown.starts_with("a::b::<"), "{shown}");
        assert_eq!(shown.len(), LONGEST_NAME + "…".len());
        // What is too long to be looked at is shown as it is.
        let long = format!(
            "_RNvC7mycrate{}{}",
            LONGEST_MANGLED,
            "f".repeat(LONGEST_MANGLED)
        );
        assert!(demangled(&long).starts_with("_RNvC"));
    }

    /// A place in a mangled name, as such names have it.
    fn base_62(place: usize) -> String {
        const DIGITS: &[u8; 62] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
        let Some(mut rest) = place.checked_sub(1) else {
            return "_".to_owned();
        };
        let mut text = String::from("_");
        loop {
            text.insert(0, char::from(DIGITS[rest % 62]));
            rest /= 62;
            if rest == 0 {
                return text;
            }
        }
    }
}
