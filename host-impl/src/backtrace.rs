//! Where a guest was when it stopped.
//!
//! It knows the engine's stack frames and how they read, nothing of why the guest stopped.

use std::fmt;

use wasmtime::WasmBacktrace;

/// The functions that a guest was in when it stopped, innermost first.
///
/// They have names if the guest was built with its name section, which is the case unless it was stripped.
/// No more than 32 are kept. It is part of an error's [`Debug`] form and not of its message.
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

impl GuestBacktrace {
    pub(crate) fn of(error: &wasmtime::Error) -> Self {
        let Some(trace) = error.downcast_ref::<WasmBacktrace>() else {
            return Self::default();
        };
        let frames = trace.frames().iter().map(|frame| Frame {
            function: frame
                .func_name()
                .map(|name| kept(&format!("{:#}", rustc_demangle::demangle(name)))),
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
    let name = &name[..name.floor_char_boundary(LONGEST_NAME)];
    name.chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect::<String>()
        .into()
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
            "  0: render\u{fffd} of notes.wasm at 0x2a\n  1: function 7"
        );
        assert_eq!(kept(&"ä".repeat(200)).len(), LONGEST_NAME);
    }
}
