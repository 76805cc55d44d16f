//! Modules made by hand, each of which makes one call and logs its status.

use abide::Limits;
use abide_proxy::types::Part;
use abide_proxy_wasm::{Configuration, Env, Failure, Plugin, ProxyWasm};

use crate::app::{App, Exchange};

/// The end of the guest's memory.
pub(crate) const END: i64 = 65536;

/// Places for results.
pub(crate) const PLACE: i64 = 512;
pub(crate) const PLACE_2: i64 = 516;
pub(crate) const PLACE_3: i64 = 520;

/// Texts in the guest's memory: an address and a length.
pub(crate) const AGENT: [i64; 2] = [16, 10];
pub(crate) const NO_TEXT: [i64; 2] = [40, 2];
pub(crate) const NONE: [i64; 2] = [48, 6];
pub(crate) const EMPTY: [i64; 2] = [64, 7];
pub(crate) const AUTH: [i64; 2] = [80, 4];
/// No list of fields.
pub(crate) const NONSENSE: [i64; 2] = [96, 8];
/// A list of one field.
pub(crate) const PAIRS: [i64; 2] = [112, 16];

const DATA: &str = r#"
    (data (i32.const 16) "user-agent")
    (data (i32.const 40) "\ff\fe")
    (data (i32.const 48) "x-none")
    (data (i32.const 64) "x-empty")
    (data (i32.const 80) "auth")
    (data (i32.const 96) "\00\00\00\80\ff\ff\ff\ff")
    (data (i32.const 112) "\01\00\00\00\01\00\00\00\01\00\00\00a\00b\00")"#;

/// When a guest makes its call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    VmStart,
    RequestHeaders,
}

/// A guest that makes a call.
#[derive(Debug, Clone)]
pub(crate) struct Odd {
    pub(crate) when: When,
    pub(crate) from: &'static str,
    pub(crate) call: &'static str,
    pub(crate) args: Vec<i64>,
    /// What its allocator does.
    pub(crate) allocator: &'static str,
    /// Whether the call returns something.
    pub(crate) returns: bool,
    /// What stands beside that in the module.
    pub(crate) more: &'static str,
}

impl Odd {
    pub(crate) fn new(call: &'static str, args: &[i64]) -> Self {
        Self {
            when: When::RequestHeaders,
            from: "env",
            call,
            args: args.to_vec(),
            allocator: "(i32.const 4096)",
            returns: true,
            more: "",
        }
    }

    pub(crate) fn text(&self) -> String {
        // Which arguments have 64 bits.
        let wide: &[usize] = match self.call {
            "proxy_record_metric" | "proxy_increment_metric" | "clock_time_get" | "fd_seek" => &[1],
            "fd_pwrite" | "fd_pread" | "fd_readdir" => &[3],
            "fd_advise" | "fd_allocate" | "fd_filestat_set_times" | "fd_fdstat_set_rights" => {
                &[1, 2]
            }
            "fd_filestat_set_size" => &[1],
            "path_open" => &[5, 6],
            "path_filestat_set_times" => &[4, 5],
            _ => &[],
        };
        let ty = |at| if wide.contains(&at) { "i64" } else { "i32" };
        let types: Vec<&str> = (0..self.args.len()).map(ty).collect();
        let args: Vec<String> = self
            .args
            .iter()
            .enumerate()
            .map(|(at, arg)| format!("({}.const {arg})", ty(at)))
            .collect();
        let (types, args) = (types.join(" "), args.join(" "));
        let Self {
            from,
            call,
            allocator,
            more,
            ..
        } = self;
        let (result, told) = match self.returns {
            true => ("(result i32)", format!("(call $tell (call $odd {args}))")),
            false => ("", format!("(call $odd {args})")),
        };
        let (start, headers) = match self.when {
            When::VmStart => (told.as_str(), ""),
            When::RequestHeaders => ("", told.as_str()),
        };
        format!(
            r#"(module
    (import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
    (import "{from}" "{call}" (func $odd (param {types}) {result}))
    (import "env" "proxy_get_buffer_status" (func $other (param i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (func $tell (param i32)
        (i32.store8 (i32.const 8) (i32.add (i32.const 48) (i32.div_u (local.get 0) (i32.const 10))))
        (i32.store8 (i32.const 9) (i32.add (i32.const 48) (i32.rem_u (local.get 0) (i32.const 10))))
        (drop (call $log (i32.const 2) (i32.const 8) (i32.const 2))))
    (func (export "proxy_on_memory_allocate") (param i32) (result i32) {allocator})
    (func (export "proxy_on_vm_start") (param i32 i32) (result i32) {start} (i32.const 1))
    (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
        {headers} (i32.const 0))
    {more}
    {DATA})"#
        )
    }

    pub(crate) fn load(&self, app: &App) -> Plugin<App> {
        loaded(&self.text(), app)
    }

    /// Makes the call, and says with which status, and where the exchange is then.
    pub(crate) fn run(&self, app: &App) -> Result<(Option<u32>, Exchange), Failure> {
        let exchange = Exchange::of("/");
        let agents = [("user-agent", "curl"), ("x-empty", "")];
        exchange.set(Part::RequestHeaders, &agents);
        let mut vm = self.load(app).start(&Configuration::default())?;
        if self.when == When::RequestHeaders {
            let id = vm.open(exchange.clone())?;
            vm.request_headers(id, 2, true)?;
        }
        let told = app.logged().pop().and_then(|told| told.parse().ok());
        Ok((told, exchange))
    }

    /// The status of the call.
    pub(crate) fn status(&self) -> u32 {
        let (status, _) = self.run(&App::default()).unwrap();
        status.unwrap_or_else(|| panic!("`{}` tells no status", self.call))
    }
}

/// Loads a module.
pub(crate) fn loaded(text: &str, app: &App) -> Plugin<App> {
    let module = wat::parse_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let limits = Limits::new().deadline(std::time::Duration::from_millis(100));
    let builder = ProxyWasm::builder(Env::new(app.clone())).limits(limits);
    ProxyWasm::of(builder.load_bytes(module).unwrap()).into()
}
