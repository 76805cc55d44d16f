//! A small ABI of the old kind: statuses, places for results, an allocator of the guest's.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use abide::module::{
    Bad, Buf, Bytes, Code, Dst, Fit, Imports, Iovecs, Linker, Status, Trap, Written,
};

/// The statuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Errno {
    NotFound = 1,
    BadArgument = 2,
    OutOfBounds = 3,
    NoMemory = 4,
}

impl From<Bad> for Errno {
    fn from(bad: Bad) -> Self {
        match bad {
            Bad::OutOfBounds => Self::OutOfBounds,
            Bad::NoMemory => Self::NoMemory,
            _ => Self::BadArgument,
        }
    }
}

impl Status for Errno {
    const OK: u32 = 0;

    fn code(self) -> u32 {
        self as u32
    }
}

/// How much a message matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    Info,
    Warn,
}

impl TryFrom<u32> for Level {
    type Error = ();

    fn try_from(level: u32) -> Result<Self, ()> {
        match level {
            0 => Ok(Self::Info),
            1 => Ok(Self::Warn),
            _ => Err(()),
        }
    }
}

/// The host of one instance.
#[derive(Debug, Clone, Default)]
pub(crate) struct Env {
    /// What all instances logged.
    log: Arc<Mutex<Vec<String>>>,
    pub(crate) values: HashMap<String, Vec<u8>>,
    /// Every call between host and guest, while somebody watches.
    pub(crate) seen: Option<Vec<String>>,
}

impl Env {
    pub(crate) fn logged(&self) -> Vec<String> {
        self.log
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn see(&mut self, what: String) {
        if let Some(seen) = &mut self.seen {
            seen.push(what);
        }
    }

    fn write(&mut self, text: String) {
        self.log
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(text);
    }
}

#[abide::module("env")]
impl Env {
    fn log(&mut self, level: Code<Level>, message: &str) -> Result<(), Errno> {
        self.write(format!("{:?}: {message}", level.0));
        Ok(())
    }

    fn put(&mut self, key: &str, value: &[u8]) -> Result<u64, Errno> {
        let before = self.values.insert(key.to_owned(), value.to_vec());
        Ok(before.map_or(0, |before| before.len() as u64))
    }

    fn get(&mut self, key: &str) -> Result<(Bytes, u32), Errno> {
        let value = self.values.get(key).ok_or(Errno::NotFound)?;
        Ok((Bytes(value.clone()), 7))
    }

    fn write_all(&mut self, buffers: Iovecs<'_>) -> Result<u32, Errno> {
        let text: Vec<u8> = buffers.0.concat();
        self.write(String::from_utf8_lossy(&text).into_owned());
        Ok(text.len() as u32)
    }

    fn fill(&mut self, dst: Dst, with: u32) -> Result<Written, Errno> {
        dst.room(4)?;
        Ok(Written(dst, vec![with as u8; 4]))
    }

    fn panics(&mut self) -> Result<(), Errno> {
        panic!("on purpose")
    }
}

#[abide::module("plain")]
impl Env {
    fn is_even(&mut self, number: i64) -> bool {
        number % 2 == 0
    }

    fn half(&mut self, number: f64) -> f64 {
        number / 2.0
    }

    fn name(&mut self, into: Buf) -> Result<Fit, Trap> {
        Ok(Fit(into, b"abide".to_vec()))
    }

    fn nothing(&mut self) {}
}

impl Imports for Env {
    const WHILE_ALLOCATING: Option<&'static [&'static str]> = Some(&["log"]);

    fn begins(&mut self, callback: &'static str, args: &[u64]) {
        self.see(format!("{callback}{args:?}"));
    }

    fn ended(&mut self, callback: &'static str, result: Option<u64>) {
        self.see(format!("{callback} = {result:?}"));
    }

    fn is_watching(&self) -> bool {
        self.seen.is_some()
    }

    fn called(&mut self, import: &'static str, args: &[u64]) {
        self.see(format!("{import}{args:?}"));
    }

    fn answered(&mut self, import: &'static str, result: Option<u64>) {
        self.see(format!("{import} = {result:?}"));
    }

    fn offer(linker: &mut Linker<'_, Self>) {
        Self::offer_env(linker);
        Self::offer_plain(linker);
        Self::offer_plain(&mut linker.under("also_plain"));
    }
}

/// What a guest is told to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Continue,
    Pause,
}

impl TryFrom<u32> for Action {
    type Error = ();

    fn try_from(action: u32) -> Result<Self, ()> {
        match action {
            0 => Ok(Self::Continue),
            1 => Ok(Self::Pause),
            _ => Err(()),
        }
    }
}

/// What guests export.
#[abide::module_exports(allocate = ["alloc"])]
pub(crate) trait Kit {
    /// Does what is wanted, and says how it went.
    fn act(what: u32, with: u32) -> u32;
    fn count() -> u64;
    fn decide(code: u32) -> Code<Action>;
    fn wide(a: i64, b: f64, c: bool) -> f64;
    fn spin();
    fn stop();
    fn not_there(id: u32) -> bool;
}
