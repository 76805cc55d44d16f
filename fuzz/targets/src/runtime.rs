//! What the targets that load guests share: an engine, tight limits, and a look at errors.

use std::error::Error as _;
use std::sync::OnceLock;
use std::time::Duration;

use abide::{Engine, Error, Limits};

/// The two engines of the process. They are kept: making one for each input would cost more than
/// the input.
pub(crate) struct Engines {
    pub(crate) plain: Engine,
    /// Counts fuel.
    pub(crate) fuelled: Engine,
}

/// The engines of the process.
///
/// # Panics
/// Where there are none; nothing can be tested then.
pub(crate) fn engines() -> &'static Engines {
    static ENGINES: OnceLock<Engines> = OnceLock::new();
    ENGINES.get_or_init(|| {
        let plain = Engine::new().unwrap_or_else(|error| panic!("{error:?}"));
        let fuelled = Engine::with_fuel().unwrap_or_else(|error| panic!("{error:?}"));
        Engines { plain, fuelled }
    })
}

/// Limits that every guest runs into soon.
pub(crate) fn tight() -> Limits {
    Limits::new()
        .deadline(Duration::from_millis(10))
        .memory(2 << 20)
        .memories(3)
        .tables(4)
        .table_elements(512)
        .instances(16)
        .handles(64)
        .resource_table(32)
        .host_allocation(1 << 20)
        .component_size(256 << 10)
}

/// The longest text of an error, in bytes, however long the names are that a guest has chosen.
const LONGEST_TEXT: usize = 64 * 1024;

/// Checks that a text can be shown.
fn harmless(text: &str) {
    assert!(
        text.len() <= LONGEST_TEXT,
        "an error of {} bytes",
        text.len()
    );
    let acts = |letter: char| letter.is_control() && letter != '\n' && letter != '\t';
    assert!(
        !text.contains(acts),
        "an error with control characters: {text:?}"
    );
}

/// Looks at an error like somebody who reads it.
///
/// # Panics
/// If it says nothing, is very long, would act on a terminal, or says that the runtime is at fault.
pub(crate) fn read(error: &Error) {
    let (short, long) = (error.to_string(), format!("{error:?}"));
    assert!(!short.trim().is_empty(), "an error without a text: {long}");
    harmless(&short);
    harmless(&long);
    // What a host aborts a guest with is the host's own, and so is its text where it is not shown
    // with the error.
    let mut cause = match error {
        Error::Host { .. } => None,
        error => error.source(),
    };
    while let Some(next) = cause {
        harmless(&format!("{next}{next:?}"));
        cause = next.source();
    }
    assert!(
        !matches!(
            error,
            Error::Engine { .. } | Error::Misuse { .. } | Error::Internal { .. }
        ) && !long.contains("fault of the host runtime"),
        "the engine or the runtime failed: {long}"
    );
    assert!(
        !matches!(error, Error::Busy { .. }),
        "one instance runs at a time, and there was no room for it: {long}"
    );
}
