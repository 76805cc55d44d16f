//! A core module of WebAssembly in the same engine, without components: numbers only, and memory that
//! host and guest agree on.

use anyhow::Result;
use wasmtime::{Engine, Instance, Memory, Module, Store, TypedFunc};

use crate::by_hand::lost;

/// `echo` copies within the guest, as a guest that returns what it was given would.
const MODULE: &str = r#"(module
  (memory (export "memory") 40)
  (func (export "add") (param i32 i32) (result i32)
    (i32.add (local.get 0) (local.get 1)))
  (func (export "echo") (param i32 i32 i32)
    (memory.copy (local.get 2) (local.get 0) (local.get 1))))"#;

/// Where bytes go in, and where they come out.
const FROM: usize = 64 * 1024;
const TO: usize = 20 * 64 * 1024;

/// An instance.
pub(crate) struct CoreModule {
    store: Store<()>,
    memory: Option<Memory>,
    add: TypedFunc<(u32, u32), u32>,
    echo: TypedFunc<(u32, u32, u32), ()>,
}

impl std::fmt::Debug for CoreModule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CoreModule").finish_non_exhaustive()
    }
}

impl CoreModule {
    pub(crate) fn new() -> Result<Self> {
        Self::make(&wat::parse_str(MODULE)?).map_err(lost)
    }

    fn make(module: &[u8]) -> wasmtime::Result<Self> {
        let engine = Engine::default();
        let module = Module::new(&engine, module)?;
        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &module, &[])?;
        Ok(Self {
            memory: instance.get_memory(&mut store, "memory"),
            add: instance.get_typed_func(&mut store, "add")?,
            echo: instance.get_typed_func(&mut store, "echo")?,
            store,
        })
    }

    pub(crate) fn add(&mut self, a: u32, b: u32) -> Result<u32> {
        self.add.call(&mut self.store, (a, b)).map_err(lost)
    }

    pub(crate) fn echo(&mut self, bytes: &[u8]) -> Result<Vec<u8>> {
        let memory = self
            .memory
            .ok_or_else(|| anyhow::anyhow!("there is no memory"))?;
        memory.write(&mut self.store, FROM, bytes)?;
        let params = (FROM as u32, bytes.len() as u32, TO as u32);
        self.echo.call(&mut self.store, params).map_err(lost)?;
        let mut echoed = vec![0; bytes.len()];
        memory.read(&self.store, TO, &mut echoed)?;
        Ok(echoed)
    }
}
