//! The modules of the scenarios: one built of `tests/fixtures/envoy/module`, one written by hand.

use std::fs;
use std::path::{Path, PathBuf};

use abide_build::Target;

use crate::calls;
use crate::scenarios::{Module, Scenario};

/// Where they are.
pub(crate) struct Modules {
    words: PathBuf,
    calls: PathBuf,
}

impl Modules {
    /// Builds them, the one that is written by hand in `folder`.
    pub(crate) fn built(folder: &Path) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
        let guest = abide_build::guest(root.join("tests/fixtures/envoy/module"));
        let guest = guest.target(Target::Unknown).module();
        let words = guest.target_dir(root.join("target/guests")).build();
        let calls = folder.join("calls.wasm");
        let text = calls::text();
        let bytes = wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        fs::write(&calls, bytes).unwrap();
        Self {
            words: words.unwrap_or_else(|error| panic!("{error}")),
            calls,
        }
    }

    pub(crate) fn of(&self, scenario: &Scenario) -> &Path {
        match scenario.module {
            Module::Words => &self.words,
            Module::Calls => &self.calls,
        }
    }
}
