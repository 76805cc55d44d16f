//! What can be wrong with the bytes of a guest, in words that say what to do.

use std::fmt::Write as _;
use std::io;

/// The first bytes of every WebAssembly binary.
const MAGIC: &[u8] = b"\0asm";

/// The bytes before the first section: the magic number, the version and the layer.
const PREAMBLE: usize = 8;

/// Why the bytes of a guest are not a component that can run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The file could not be read.
    #[error("the file cannot be read: {0}")]
    Read(io::Error),

    /// There are no bytes.
    #[error("it is empty; expected a WebAssembly component")]
    Empty,

    /// The text form of WebAssembly, which has to be translated first.
    #[error(
        "it is WebAssembly text (WAT), expected a binary component; \
         translate it first, for instance with `wasm-tools parse`"
    )]
    Text,

    /// A program or library for a machine, as a guest crate is without the right target.
    #[error(
        "it is {format}, expected a WebAssembly component; build the guest for `wasm32-wasip2` \
         (`cargo build --target wasm32-wasip2`), or with `abide-build`, and load the `.wasm` file"
    )]
    Native {
        /// What it is.
        format: &'static str,
    },

    /// A component in the form in which an engine keeps compiled code.
    #[error(
        "it is compiled code of `wasmtime` (`.cwasm`), which is only as safe as whoever made it; load the component \
         that it was made of, and keep compiled code with `Artefacts`"
    )]
    Compiled,

    /// Something that is not WebAssembly.
    #[error(
        "it is not WebAssembly: it starts with {starts_with}, expected `00 61 73 6d` (\"\\0asm\")"
    )]
    NotWasm {
        /// The first bytes, in hexadecimal and as text.
        starts_with: String,
    },

    /// A core module, which has no WIT types.
    #[error(
        "it is a core module{}, expected a component; build the guest for `wasm32-wasip2`, \
         or {}",
        if *preview1 { " for WASI preview 1" } else { "" },
        if *preview1 {
            "turn on the feature `wasip1` of `abide`, which makes a component of it when it is loaded"
        } else {
            "turn the module into a component with `abide-build`"
        }
    )]
    CoreModule {
        /// Whether it imports functions of WASI preview 1, as guests built for `wasm32-wasip1` do.
        preview1: bool,
    },

    /// A core module for WASI preview 1 that no component can be made of.
    #[error(
        "it is a core module that cannot be made a component: {detail}; build the guest for \
         `wasm32-wasip2`"
    )]
    NotAdapted {
        /// What was in the way.
        detail: Box<str>,
    },

    /// A component whose end is missing.
    #[error(
        "it is cut short: the file ends after {length} bytes in the middle of the component ({detail}); \
         build or copy it again"
    )]
    CutShort {
        /// The length of what there is, in bytes.
        length: usize,
        /// What the parser said.
        detail: Box<str>,
    },

    /// A component where a plain module of an older ABI was to be loaded.
    #[error(
        "it is a component, and guests of this ABI are plain modules; build it for \
         `wasm32-unknown-unknown` or `wasm32-wasip1`, without making a component of it"
    )]
    NoModule,

    /// A component that is not valid, or that uses features which are off.
    #[error("it is not a valid component: {detail}; build it again with current tools")]
    Invalid {
        /// What the validator said.
        detail: Box<str>,
    },

    /// A component that would take the compiler more memory and time than any guest needs.
    #[error(
        "it is not compiled, because the compiler would need too much memory and time for it: {detail}; no limit \
         can be raised for that: build it of fewer parts"
    )]
    TooComplex {
        /// What there is too much of.
        detail: Box<str>,
    },

    /// A component of which an engine has no room for a single instance.
    #[error(
        "it needs more than an engine has room for in one instance: {detail}; build it with fewer or smaller \
         tables, memories and modules"
    )]
    TooLarge {
        /// What the engine said.
        detail: Box<str>,
    },

    /// The compiler panicked.
    #[error(
        "the compiler panicked: {message}; this is a fault of the compiler, which a guest built with other \
         tools or options may not meet"
    )]
    Compiler {
        /// The panic's message.
        message: Box<str>,
    },

    /// As many components are being compiled as may be at the same time, and stay so for longer
    /// than [`Limits::compile_time`](crate::Limits::compile_time).
    #[error(
        "it was not compiled: this process is compiling {running} components, which is as many as it may at \
         the same time ({given_up} of them took too long and nobody waits for them, but they cannot be \
         interrupted); load it later"
    )]
    AllBusy {
        /// How many are being compiled.
        running: usize,
        /// How many of them nobody waits for.
        given_up: usize,
    },
}

/// What the first bytes of a binary say it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layer {
    Component,
    CoreModule,
}

impl LoadError {
    /// What can be said against `bytes` from their first few alone.
    pub(crate) fn from_preamble(bytes: &[u8]) -> Result<Layer, Self> {
        if bytes.is_empty() {
            return Err(Self::Empty);
        }
        let start = &bytes[..bytes.len().min(MAGIC.len())];
        if !MAGIC.starts_with(start) {
            return Err(Self::from_other_format(bytes));
        }
        match bytes.get(..PREAMBLE) {
            None => Err(Self::CutShort {
                length: bytes.len(),
                detail: Box::from("the header is incomplete"),
            }),
            // The two bytes of the version are followed by two of the layer: 0 for core modules, 1
            // for components.
            Some([.., 0, 0]) => Ok(Layer::CoreModule),
            Some(_) => Ok(Layer::Component),
        }
    }

    /// What a file that is no WebAssembly is instead.
    fn from_other_format(bytes: &[u8]) -> Self {
        match native_format(bytes) {
            _ if is_compiled(bytes) => Self::Compiled,
            Some(format) => Self::Native { format },
            None if looks_like_text(bytes) => Self::Text,
            None => Self::NotWasm {
                starts_with: describe_start(bytes),
            },
        }
    }

    /// What the compiler refused, in its own words and, where possible, in ours.
    pub(crate) fn from_compiler(length: usize, detail: &str) -> Self {
        let detail: Box<str> = Box::from(detail);
        if detail.contains("unexpected end") {
            Self::CutShort { length, detail }
        } else if detail.contains("does not fit in pooling allocator requirements") {
            Self::TooLarge { detail }
        } else {
            Self::Invalid { detail }
        }
    }
}

/// What a program or library for a machine is called, by its first bytes.
fn native_format(bytes: &[u8]) -> Option<&'static str> {
    const FORMATS: &[(&[u8], &str)] = &[
        (b"\x7fELF", "a native program or library (ELF, as on Linux)"),
        (b"MZ", "a native program or library (PE, as on Windows)"),
        (b"\xfe\xed\xfa\xce", MACH_O),
        (b"\xfe\xed\xfa\xcf", MACH_O),
        (b"\xce\xfa\xed\xfe", MACH_O),
        (b"\xcf\xfa\xed\xfe", MACH_O),
        (b"\xca\xfe\xba\xbe", MACH_O),
        (
            b"!<arch>\n",
            "an archive of object files (`.rlib`, `.a`, `.lib`)",
        ),
    ];
    let format = FORMATS.iter().find(|(start, _)| bytes.starts_with(start));
    format.map(|(_, name)| *name)
}

const MACH_O: &str = "a native program or library (Mach-O, as on macOS)";

/// Whether it is what `wasmtime` makes of a component: an ELF file of a system of that name.
fn is_compiled(bytes: &[u8]) -> bool {
    const SYSTEM: u8 = 200;
    bytes.starts_with(b"\x7fELF") && bytes.get(7) == Some(&SYSTEM)
}

/// Whether the bytes could be the text form of a module or component.
fn looks_like_text(bytes: &[u8]) -> bool {
    let text = bytes.trim_ascii_start();
    [&b"(module"[..], b"(component", b";;", b"(;"]
        .iter()
        .any(|start| text.starts_with(start))
}

/// The first bytes in hexadecimal and, escaped, as text.
fn describe_start(bytes: &[u8]) -> String {
    const SHOWN: usize = 8;
    let start = &bytes[..bytes.len().min(SHOWN)];
    let mut text = String::from("`");
    for (position, byte) in start.iter().enumerate() {
        let separator = if position == 0 { "" } else { " " };
        // Writing to a string cannot fail.
        let _ = write!(text, "{separator}{byte:02x}");
    }
    let _ = write!(text, "` (\"{}\")", start.escape_ascii());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn native_files_are_told_what_to_build_instead() {
        for (bytes, format) in [
            (&b"\x7fELF\x02\x01\x01\0\0"[..], "(ELF, as on Linux)"),
            (b"MZ\x90\0", "(PE, as on Windows)"),
            (b"\xcf\xfa\xed\xfe\x07", "(Mach-O, as on macOS)"),
            (b"\xca\xfe\xba\xbe\0\0", "(Mach-O, as on macOS)"),
            (b"!<arch>\n/", "an archive of object files"),
        ] {
            let text = preamble(bytes);
            assert!(text.contains(format), "{text}");
            assert!(
                text.contains("`cargo build --target wasm32-wasip2`"),
                "{text}"
            );
        }
        assert!(
            preamble(b"\x7fELF\x02\x01\x01\xc8\0").starts_with("it is compiled code of `wasmtime`")
        );
        assert!(preamble(b"M").starts_with("it is not WebAssembly"));
    }

    fn preamble(bytes: &[u8]) -> String {
        LoadError::from_preamble(bytes).map_or_else(|error| error.to_string(), |_| String::new())
    }

    #[test]
    fn every_kind_of_file_is_named() {
        assert!(preamble(b"").starts_with("it is empty"));
        assert!(preamble(b"\0as").starts_with("it is cut short"));
        assert_eq!(
            LoadError::from_preamble(b"\0asm\x01\0\0\0").ok(),
            Some(Layer::CoreModule)
        );
        assert!(preamble(b"  (component)").starts_with("it is WebAssembly text"));
        assert_eq!(
            preamble(b"#!/bin/sh\n"),
            "it is not WebAssembly: it starts with `23 21 2f 62 69 6e 2f 73` (\"#!/bin/s\"), expected \
             `00 61 73 6d` (\"\\0asm\")"
        );
        assert_eq!(
            LoadError::from_preamble(b"\0asm\x0d\0\x01\0").ok(),
            Some(Layer::Component)
        );
    }

    #[test]
    fn a_module_for_preview_1_is_told_what_would_take_it() {
        assert_eq!(
            LoadError::CoreModule { preview1: true }.to_string(),
            "it is a core module for WASI preview 1, expected a component; build the guest for \
             `wasm32-wasip2`, or turn on the feature `wasip1` of `abide`, which makes a component of it \
             when it is loaded"
        );
    }
}
