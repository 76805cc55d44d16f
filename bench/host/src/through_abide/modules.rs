//! A guest that is a plain module of an old ABI, through Abide. What it imports does next to nothing.

use abide::module::{Bad, Bytes, Imports, Linker, Status};
use anyhow::Result;

/// How imports say that something is wrong.
pub(crate) enum Errno {
    Bad = 1,
    NotFound = 2,
}

impl From<Bad> for Errno {
    fn from(_: Bad) -> Self {
        Self::Bad
    }
}

impl Status for Errno {
    const OK: u32 = 0;

    fn code(self) -> u32 {
        self as u32
    }
}

/// The host: what it was told last.
#[derive(Debug, Clone)]
pub(crate) struct Env {
    logged: usize,
    value: Vec<u8>,
}

#[abide::module("env")]
impl Env {
    fn log(&mut self, _level: u32, message: &str) -> Result<(), Errno> {
        self.logged += message.len();
        Ok(())
    }

    fn get(&mut self, key: &[u8]) -> Result<Bytes, Errno> {
        match key {
            b"user-agent" => Ok(Bytes(self.value.clone())),
            _ => Err(Errno::NotFound),
        }
    }
}

impl Imports for Env {
    fn offer(linker: &mut Linker<'_, Self>) {
        Self::offer_env(linker);
    }
}

/// What the guest exports.
#[abide::module_exports]
pub(crate) trait Old {
    fn add(a: u32, b: u32) -> u32;
    fn logs(times: u32) -> u32;
    fn gets(times: u32) -> u32;
}

/// A session of the guest.
pub(crate) fn session(module: &[u8], value: &[u8]) -> Result<abide::Session<Old>> {
    let env = Env {
        logged: 0,
        value: value.to_vec(),
    };
    Ok(Old::builder(env).load_bytes(module)?.session()?)
}
