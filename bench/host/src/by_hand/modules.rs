//! A guest that is a plain module of an old ABI, by hand: functions of a `Linker`, each with its
//! checks, and the limits that Abide sets.

use std::str;

use anyhow::Result;
use wasmtime::{Caller, Engine, Linker, Memory, Module, Store, StoreLimits, TypedFunc};

use super::lost;
use super::setup::Setup;

/// How imports say that something is wrong.
const BAD: u32 = 1;
const NOT_FOUND: u32 = 2;

struct State {
    logged: usize,
    value: Vec<u8>,
    memory: Option<Memory>,
    allocate: Option<TypedFunc<u32, u32>>,
    limits: StoreLimits,
}

/// An instance, and what is called in it.
pub(crate) struct Old {
    store: Store<State>,
    deadline: u64,
    add: TypedFunc<(u32, u32), u32>,
    logs: TypedFunc<u32, u32>,
    gets: TypedFunc<u32, u32>,
    _engine: Engine,
}

impl std::fmt::Debug for Old {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Old").finish_non_exhaustive()
    }
}

impl Old {
    pub(crate) fn new(module: &[u8], value: &[u8]) -> Result<Self> {
        let engine = Setup::Tuned.engine().map_err(lost)?;
        Setup::Tuned.start_clock(&engine)?;
        Self::make(engine, module, value).map_err(lost)
    }

    fn make(engine: Engine, module: &[u8], value: &[u8]) -> wasmtime::Result<Self> {
        let mut linker = Linker::new(&engine);
        linker.func_wrap("env", "log", log)?;
        linker.func_wrap("env", "get", get)?;
        let module = Module::new(&engine, module)?;
        let state = State {
            logged: 0,
            value: value.to_vec(),
            memory: None,
            allocate: None,
            limits: Setup::Tuned.store_limits(),
        };
        let mut store = Store::new(&engine, state);
        store.limiter(|state| &mut state.limits);
        let deadline = Setup::Tuned.deadline().unwrap_or(u64::MAX);
        store.set_epoch_deadline(deadline);
        let instance = linker.instantiate(&mut store, &module)?;
        store.data_mut().memory = instance.get_memory(&mut store, "memory");
        let allocate = instance.get_typed_func(&mut store, "malloc")?;
        store.data_mut().allocate = Some(allocate);
        Ok(Self {
            add: instance.get_typed_func(&mut store, "add")?,
            logs: instance.get_typed_func(&mut store, "logs")?,
            gets: instance.get_typed_func(&mut store, "gets")?,
            store,
            deadline,
            _engine: engine,
        })
    }

    pub(crate) fn add(&mut self, a: u32, b: u32) -> Result<u32> {
        self.store.set_epoch_deadline(self.deadline);
        self.add.call(&mut self.store, (a, b)).map_err(lost)
    }

    pub(crate) fn logs(&mut self, times: u32) -> Result<u32> {
        self.store.set_epoch_deadline(self.deadline);
        self.logs.call(&mut self.store, times).map_err(lost)
    }

    pub(crate) fn gets(&mut self, times: u32) -> Result<u32> {
        self.store.set_epoch_deadline(self.deadline);
        self.gets.call(&mut self.store, times).map_err(lost)
    }
}

fn log(mut caller: Caller<'_, State>, _level: u32, at: u32, len: u32) -> u32 {
    let Some(memory) = caller.data().memory else {
        return BAD;
    };
    let (bytes, state) = memory.data_and_store_mut(&mut caller);
    let message = part(bytes, at, len).and_then(|bytes| str::from_utf8(bytes).ok());
    let Some(message) = message else { return BAD };
    state.logged += message.len();
    0
}

fn get(
    mut caller: Caller<'_, State>,
    at: u32,
    len: u32,
    to: u32,
    to_len: u32,
) -> wasmtime::Result<u32> {
    let Some(memory) = caller.data().memory else {
        return Ok(BAD);
    };
    let (bytes, state) = memory.data_and_store_mut(&mut caller);
    let (Some(key), Some(_), Some(_)) = (
        part(bytes, at, len),
        part(bytes, to, 4),
        part(bytes, to_len, 4),
    ) else {
        return Ok(BAD);
    };
    if key != b"user-agent" {
        return Ok(NOT_FOUND);
    }
    let value = state.value.clone();
    let Some(allocate) = state.allocate.take() else {
        return Ok(BAD);
    };
    let size = value.len() as u32;
    let room = allocate.call(&mut caller, size);
    caller.data_mut().allocate = Some(allocate);
    let room = room?;
    let bytes = memory.data_mut(&mut caller);
    if part(bytes, room, size).is_none() {
        return Ok(BAD);
    }
    for (at, value) in [
        (room, &value[..]),
        (to, &room.to_le_bytes()),
        (to_len, &size.to_le_bytes()),
    ] {
        bytes[at as usize..][..value.len()].copy_from_slice(value);
    }
    Ok(0)
}

fn part(bytes: &[u8], at: u32, len: u32) -> Option<&[u8]> {
    bytes.get(at as usize..)?.get(..len as usize)
}
