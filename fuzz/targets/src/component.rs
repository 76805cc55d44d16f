//! Any bytes as a component. Knows two worlds, one that every component fits and one that few do.

use abide::{Error, LimitKind, Wasi};

use crate::guest::{App, Fuzzed};
use crate::in_time;
use crate::runtime::{engines, read, tight};

mod nothing {
    abide::abi!({
        inline: "package abide:nothing@0.1.0; world nothing {}",
        module: "component::nothing",
    });
}

/// Parts of the names and sections that components have.
pub(crate) const WORDS: &[&str] = &[
    "\0asm\x0d\0\x01\0",
    "\0asm\x01\0\0\0",
    "abide:fuzzed/things@0.1.0",
    "abide:fuzzed/answers@0.1.0",
    "abide:guest/panic@0.1.0",
    "wasi:cli/environment@0.2.0",
    "wasi:io/streams@0.2.0",
    "cabi_realloc",
    "memory",
    "name",
    "run",
    "\x1b[2J\r\u{202e}",
    "_RINvC1a1bTjjjjjjjjETB7_B7_B7_B7_B7_B7_B7_B7_E",
    "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn",
];

/// The largest component that is looked at, in bytes: some seeds are smaller, and some are larger.
const LARGEST: usize = 12 * 1024;

/// Loads any bytes as a guest, and starts it if it is one.
///
/// # Panics
/// If loading panics or takes too long, if an error says nothing, or if the runtime is at fault.
pub fn component(bytes: &[u8]) {
    in_time("a component", || {
        // Whatever is a component at all fits a world that asks for nothing, and is compiled.
        let loaded = nothing::host::Nothing::builder(())
            .engine(&engines().plain)
            .limits(tight().component_size(LARGEST))
            .wasi(Wasi::new())
            .name("bytes")
            .load_bytes(bytes);
        match loaded.and_then(|world| world.session()) {
            Ok(session) => {
                drop(session);
                assert!(bytes.len() <= LARGEST, "{} bytes were loaded", bytes.len());
            }
            Err(error) => {
                read(&error);
                match error {
                    Error::Load { .. } => return,
                    Error::Limit {
                        what: LimitKind::ComponentSize,
                        ..
                    } => {
                        assert!(bytes.len() > LARGEST, "{} bytes are too many", bytes.len());
                        return;
                    }
                    Error::Limits { beyond, .. } if bytes.len() > LARGEST => {
                        let sizes = beyond.iter().map(|one| one.what);
                        assert!(
                            sizes
                                .into_iter()
                                .any(|what| what == LimitKind::ComponentSize)
                        );
                        return;
                    }
                    _ => assert!(bytes.len() <= LARGEST, "{error:?} comes before the size"),
                }
            }
        }
        let app = App::default();
        let loaded = Fuzzed::builder(app.clone())
            .engine(&engines().plain)
            .limits(tight())
            .name("bytes")
            .load_bytes(bytes);
        // What exports that were made for this world by accident do is the business of another
        // target.
        if let Err(error) = loaded.and_then(|world| world.run(1)) {
            read(&error);
        }
        assert_eq!(
            app.alive(),
            0,
            "the host keeps files of a guest that is gone"
        );
    });
}
