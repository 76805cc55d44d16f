//! A filter of a proxy by hand: a bare loop that makes the calls which a proxy makes for one request,
//! and the functions of proxy-wasm that the filters import, with their bounds checked.
//!
//! There is one exchange, in the store, and no context is looked for.

use std::str;

use anyhow::Result;
use wasmtime::{Caller, Engine, Instance, Linker, Memory, Module, Store, StoreLimits, TypedFunc};

use super::lost;
use super::setup::Setup;
use crate::filters::{BODY, CONTENT_LENGTH, Kind, REQUEST, RESPONSE, body};

/// Statuses of proxy-wasm.
const OK: u32 = 0;
const NOT_FOUND: u32 = 1;
const BAD_ARGUMENT: u32 = 2;
const INVALID_MEMORY: u32 = 6;

/// The context of the plugin, and that of the first stream.
const ROOT: u32 = 1;
const FIRST: u32 = 2;

/// Buffers.
const RESPONSE_BODY: u32 = 1;
const CONFIGURATION: u32 = 7;

type Field = (Vec<u8>, Vec<u8>);

struct State {
    configuration: Vec<u8>,
    fields: [Vec<Field>; 2],
    body: Vec<u8>,
    original: Vec<u8>,
    logged: u64,
    memory: Option<Memory>,
    allocate: Option<TypedFunc<u32, u32>>,
    limits: StoreLimits,
}

impl State {
    fn map(&mut self, map: u32) -> Option<&mut Vec<Field>> {
        match map {
            0 => self.fields.first_mut(),
            2 => self.fields.last_mut(),
            _ => None,
        }
    }
}

/// A filter at work.
pub(crate) struct Filter {
    kind: Kind,
    store: Store<State>,
    /// What is set before each call, if anything is.
    deadline: Option<u64>,
    next: u32,
    callbacks: Callbacks,
    _engine: Engine,
}

/// What is called of it.
struct Callbacks {
    create: TypedFunc<(u32, u32), ()>,
    request_headers: TypedFunc<(u32, u32, u32), u32>,
    response_headers: TypedFunc<(u32, u32, u32), u32>,
    response_body: TypedFunc<(u32, u32, u32), u32>,
    log: TypedFunc<u32, ()>,
    done: TypedFunc<u32, u32>,
    delete: TypedFunc<u32, ()>,
}

impl std::fmt::Debug for Filter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Filter").finish_non_exhaustive()
    }
}

fn field((name, value): (&str, &str)) -> Field {
    (name.into(), value.into())
}

impl Filter {
    pub(crate) fn new(module: &[u8], kind: Kind, setup: Setup) -> Result<Self> {
        let engine = setup.engine().map_err(lost)?;
        setup.start_clock(&engine)?;
        Self::make(engine, module, kind, setup).map_err(lost)
    }

    fn make(engine: Engine, module: &[u8], kind: Kind, setup: Setup) -> wasmtime::Result<Self> {
        let module = Module::new(&engine, module)?;
        let mut linker = Linker::new(&engine);
        link(&mut linker)?;
        linker.define_unknown_imports_as_traps(&module)?;
        let state = State {
            configuration: kind.name().into(),
            fields: [REQUEST.map(field).into(), RESPONSE.map(field).into()],
            body: Vec::new(),
            original: body(),
            logged: 0,
            memory: None,
            allocate: None,
            limits: setup.store_limits(),
        };
        let mut store = Store::new(&engine, state);
        let deadline = setup.deadline();
        if let Some(deadline) = deadline {
            store.limiter(|state| &mut state.limits);
            store.set_epoch_deadline(deadline);
        }
        let instance = linker.instantiate(&mut store, &module)?;
        start(&mut store, &instance, kind)?;
        let callbacks = Callbacks::of(&mut store, &instance)?;
        Ok(Self {
            kind,
            store,
            deadline,
            next: FIRST,
            callbacks,
            _engine: engine,
        })
    }

    /// A whole request.
    pub(crate) fn request(&mut self) -> Result<()> {
        self.begin();
        self.calls().map_err(lost)
    }

    /// Takes back what the last request has done.
    fn begin(&mut self) {
        let state = self.store.data_mut();
        state.fields[0].truncate(REQUEST.len());
        if state.fields[1].len() < RESPONSE.len() {
            state.fields[1].push(field(CONTENT_LENGTH));
        }
        state.body.clone_from(&state.original);
    }

    fn calls(&mut self) -> wasmtime::Result<()> {
        let id = self.next;
        self.next += 1;
        self.arm();
        let of = &self.callbacks;
        of.create.call(&mut self.store, (id, ROOT))?;
        self.arm();
        let (of, fields) = (&self.callbacks, REQUEST.len() as u32);
        of.request_headers.call(&mut self.store, (id, fields, 1))?;
        if self.kind.sees_response() {
            self.arm();
            let (of, fields) = (&self.callbacks, RESPONSE.len() as u32);
            of.response_headers.call(&mut self.store, (id, fields, 0))?;
        }
        if self.kind.sees_body() {
            self.arm();
            let of = &self.callbacks;
            of.response_body.call(&mut self.store, (id, BODY, 1))?;
        }
        self.arm();
        self.callbacks.log.call(&mut self.store, id)?;
        self.arm();
        self.callbacks.done.call(&mut self.store, id)?;
        self.arm();
        self.callbacks.delete.call(&mut self.store, id)
    }

    #[inline]
    fn arm(&mut self) {
        if let Some(deadline) = self.deadline {
            self.store.set_epoch_deadline(deadline);
        }
    }

    pub(crate) fn logged(&self) -> u64 {
        self.store.data().logged
    }

    pub(crate) fn field(&self, name: &str) -> Option<Vec<u8>> {
        find(&self.store.data().fields[0], name.as_bytes()).cloned()
    }

    pub(crate) fn body(&self) -> Vec<u8> {
        self.store.data().body.clone()
    }
}

impl Callbacks {
    fn of(store: &mut Store<State>, instance: &Instance) -> wasmtime::Result<Self> {
        let store = &mut *store;
        Ok(Self {
            create: instance.get_typed_func(&mut *store, "proxy_on_context_create")?,
            request_headers: instance.get_typed_func(&mut *store, "proxy_on_request_headers")?,
            response_headers: instance.get_typed_func(&mut *store, "proxy_on_response_headers")?,
            response_body: instance.get_typed_func(&mut *store, "proxy_on_response_body")?,
            log: instance.get_typed_func(&mut *store, "proxy_on_log")?,
            done: instance.get_typed_func(&mut *store, "proxy_on_done")?,
            delete: instance.get_typed_func(&mut *store, "proxy_on_delete")?,
        })
    }
}

/// Starts a plugin with the configuration that is in the store.
fn start(store: &mut Store<State>, instance: &Instance, kind: Kind) -> wasmtime::Result<()> {
    store.data_mut().memory = instance.get_memory(&mut *store, "memory");
    // The SDK's name for it depends on the target.
    let allocate = instance
        .get_typed_func(&mut *store, "malloc")
        .or_else(|_| instance.get_typed_func(&mut *store, "proxy_on_memory_allocate"))?;
    store.data_mut().allocate = Some(allocate);
    let begin: TypedFunc<(), ()> = instance.get_typed_func(&mut *store, "_initialize")?;
    begin.call(&mut *store, ())?;
    let create: TypedFunc<(u32, u32), ()> =
        instance.get_typed_func(&mut *store, "proxy_on_context_create")?;
    create.call(&mut *store, (ROOT, 0))?;
    let len = kind.name().len() as u32;
    for (name, size) in [("proxy_on_vm_start", 0), ("proxy_on_configure", len)] {
        let callback: TypedFunc<(u32, u32), u32> = instance.get_typed_func(&mut *store, name)?;
        if callback.call(&mut *store, (ROOT, size))? == 0 {
            wasmtime::bail!("the filter refuses to start");
        }
    }
    Ok(())
}

/// What the filters import and call. Whatever else they import ends them.
fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    linker.func_wrap("env", "proxy_log", log)?;
    linker.func_wrap("env", "proxy_get_header_map_value", get_value)?;
    linker.func_wrap("env", "proxy_get_header_map_pairs", get_pairs)?;
    linker.func_wrap("env", "proxy_add_header_map_value", add_value)?;
    linker.func_wrap("env", "proxy_remove_header_map_value", remove_value)?;
    linker.func_wrap("env", "proxy_get_buffer_bytes", get_buffer)?;
    linker.func_wrap("env", "proxy_set_buffer_bytes", set_buffer)?;
    Ok(())
}

type Called<'a> = Caller<'a, State>;

/// The guest's memory, and the store's data.
fn parts<'a>(caller: &'a mut Called<'_>) -> Option<(&'a [u8], &'a mut State)> {
    let memory = caller.data().memory?;
    let (bytes, state) = memory.data_and_store_mut(caller);
    Some((bytes, state))
}

fn part(bytes: &[u8], at: u32, len: u32) -> Option<&[u8]> {
    bytes.get(at as usize..)?.get(..len as usize)
}

fn find<'a>(fields: &'a [Field], name: &[u8]) -> Option<&'a Vec<u8>> {
    let mut found = fields.iter();
    let found = found.find(|(found, _)| found.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value)
}

/// Has the guest make room for some bytes, and says where they are.
fn give(mut caller: Called<'_>, value: &[u8], to: u32, to_len: u32) -> wasmtime::Result<u32> {
    let state = caller.data_mut();
    let (Some(memory), Some(allocate)) = (state.memory, state.allocate.take()) else {
        return Ok(INVALID_MEMORY);
    };
    let size = value.len() as u32;
    let room = match size {
        0 => Ok(0),
        size => allocate.call(&mut caller, size),
    };
    caller.data_mut().allocate = Some(allocate);
    let room = room?;
    let bytes = memory.data_mut(&mut caller);
    for (at, value) in [
        (room, value),
        (to, &room.to_le_bytes()),
        (to_len, &size.to_le_bytes()),
    ] {
        let place = bytes.get_mut(at as usize..);
        let Some(place) = place.and_then(|rest| rest.get_mut(..value.len())) else {
            return Ok(INVALID_MEMORY);
        };
        place.copy_from_slice(value);
    }
    Ok(OK)
}

fn log(mut caller: Called<'_>, _: u32, at: u32, len: u32) -> u32 {
    let Some((bytes, state)) = parts(&mut caller) else {
        return INVALID_MEMORY;
    };
    match part(bytes, at, len).map(str::from_utf8) {
        Some(Ok(_)) => {
            state.logged += 1;
            OK
        }
        _ => INVALID_MEMORY,
    }
}

fn get_value(
    mut caller: Called<'_>,
    map: u32,
    at: u32,
    len: u32,
    to: u32,
    to_len: u32,
) -> wasmtime::Result<u32> {
    let found = {
        let Some((bytes, state)) = parts(&mut caller) else {
            return Ok(INVALID_MEMORY);
        };
        let (Some(name), Some(_), Some(_)) = (
            part(bytes, at, len),
            part(bytes, to, 4),
            part(bytes, to_len, 4),
        ) else {
            return Ok(INVALID_MEMORY);
        };
        let Some(fields) = state.map(map) else {
            return Ok(BAD_ARGUMENT);
        };
        find(fields, name).cloned()
    };
    match found {
        Some(value) => give(caller, &value, to, to_len),
        None => Ok(NOT_FOUND),
    }
}

fn get_pairs(mut caller: Called<'_>, map: u32, to: u32, to_len: u32) -> wasmtime::Result<u32> {
    let Some(fields) = caller.data_mut().map(map) else {
        return Ok(BAD_ARGUMENT);
    };
    let sizes = fields
        .iter()
        .map(|(name, value)| name.len() + value.len() + 10);
    let mut pairs = Vec::with_capacity(4 + sizes.sum::<usize>());
    let mut put = |len: usize| pairs.extend((len as u32).to_le_bytes());
    put(fields.len());
    for (name, value) in &*fields {
        put(name.len());
        put(value.len());
    }
    for (name, value) in fields {
        for part in [name, value] {
            pairs.extend_from_slice(part);
            pairs.push(0);
        }
    }
    give(caller, &pairs, to, to_len)
}

fn add_value(
    mut caller: Called<'_>,
    map: u32,
    at: u32,
    len: u32,
    value: u32,
    value_len: u32,
) -> u32 {
    let Some((bytes, state)) = parts(&mut caller) else {
        return INVALID_MEMORY;
    };
    let (Some(name), Some(value)) = (part(bytes, at, len), part(bytes, value, value_len)) else {
        return INVALID_MEMORY;
    };
    let Some(fields) = state.map(map) else {
        return BAD_ARGUMENT;
    };
    fields.push((name.to_ascii_lowercase(), value.to_vec()));
    OK
}

fn remove_value(mut caller: Called<'_>, map: u32, at: u32, len: u32) -> u32 {
    let Some((bytes, state)) = parts(&mut caller) else {
        return INVALID_MEMORY;
    };
    let Some(name) = part(bytes, at, len) else {
        return INVALID_MEMORY;
    };
    let Some(fields) = state.map(map) else {
        return BAD_ARGUMENT;
    };
    fields.retain(|(found, _)| !found.eq_ignore_ascii_case(name));
    OK
}

fn get_buffer(
    caller: Called<'_>,
    buffer: u32,
    start: u32,
    size: u32,
    to: u32,
    to_len: u32,
) -> wasmtime::Result<u32> {
    let state = caller.data();
    let bytes = match buffer {
        RESPONSE_BODY => &state.body,
        CONFIGURATION => &state.configuration,
        _ => return Ok(NOT_FOUND),
    };
    let rest = bytes.get(start as usize..).unwrap_or_default();
    let value = rest[..rest.len().min(size as usize)].to_vec();
    give(caller, &value, to, to_len)
}

fn set_buffer(
    mut caller: Called<'_>,
    buffer: u32,
    start: u32,
    size: u32,
    at: u32,
    len: u32,
) -> u32 {
    let Some((bytes, state)) = parts(&mut caller) else {
        return INVALID_MEMORY;
    };
    let Some(value) = part(bytes, at, len) else {
        return INVALID_MEMORY;
    };
    if buffer != RESPONSE_BODY {
        return BAD_ARGUMENT;
    }
    let start = (start as usize).min(state.body.len());
    let end = start.saturating_add(size as usize).min(state.body.len());
    state.body.splice(start..end, value.iter().copied());
    OK
}
