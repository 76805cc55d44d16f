//! A filter that is written with the SDK of proxy-wasm for AssemblyScript, from npm.
//!
//! Where there is no npm, or it cannot have the packages, nothing is tested, and that is said where
//! nobody can miss it.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use abide_proxy::types::{Action, Direction, Part};
use abide_proxy_wasm::{Configuration, FilterVm, Plugin, ProxyWasm};

use crate::app::{Answer, App, Exchange};

/// How the SDK's own page says that a filter is built.
const BUILD: [&str; 9] = [
    "asc",
    "assembly/index.ts",
    "-o",
    "filter.wasm",
    "-O",
    "--use",
    "abort=abort_proc_exit",
    "--config",
    "node_modules/@assemblyscript/wasi-shim/asconfig.json",
];

/// The module, or why there is none.
fn module() -> &'static Result<PathBuf, String> {
    static MODULE: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    MODULE.get_or_init(|| {
        let built = build();
        if let Err(reason) = &built {
            // Not by a macro, whose output tests that go well do not show.
            let text = format!("\n!!! NOT TESTED: a filter in AssemblyScript. {reason}\n");
            let _ = std::io::stderr().write_all(text.as_bytes());
        }
        built
    })
}

fn build() -> Result<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let from = root.join("tests/fixtures/proxy/assemblyscript");
    let folder = root.join("target/guests/assemblyscript");
    let assembly = folder.join("assembly");
    fs::create_dir_all(&assembly).map_err(|error| error.to_string())?;
    for file in ["package.json", "package-lock.json", "assembly/index.ts"] {
        fs::copy(from.join(file), folder.join(file)).map_err(|error| error.to_string())?;
    }
    run(&folder, "npm", &["ci", "--no-audit", "--no-fund"])?;
    run(&folder, "npx", &BUILD)?;
    Ok(folder.join("filter.wasm"))
}

fn run(folder: &Path, program: &str, args: &[&str]) -> Result<(), String> {
    let output = Command::new(program)
        .args(args)
        .current_dir(folder)
        .output();
    let output = output.map_err(|error| format!("`{program}` does not start: {error}"))?;
    match output.status.success() {
        true => Ok(()),
        false => Err(format!(
            "`{program}` failed: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        )),
    }
}

/// A filter at work, if there is one.
fn work() -> Option<(App, Box<dyn FilterVm<App>>)> {
    let module = module().as_ref().ok()?;
    let app = App::default();
    let plugin: Plugin<App> = ProxyWasm::load_module(module, app.clone()).unwrap().into();
    let configuration = Configuration {
        vm: Vec::new(),
        plugin: b"abide".to_vec(),
    };
    let vm = plugin.start(&configuration).unwrap();
    let logged = app.logged();
    assert!(
        logged.iter().any(|line| line.contains("started")),
        "{logged:?}"
    );
    Some((app, vm))
}

#[test]
fn headers_bodies_and_ticks() {
    let Some((app, mut vm)) = work() else { return };
    let exchange = Exchange::of("/all");
    let id = vm.open(exchange.clone()).unwrap();
    assert_eq!(vm.request_headers(id, 4, false).unwrap(), Action::Proceed);
    let filter = exchange.field(Part::RequestHeaders, "x-filter");
    assert_eq!(filter.as_deref(), Some("abide"));
    let size = exchange.set_body(Direction::Request, "small");
    assert_eq!(vm.request_body(id, size, false).unwrap(), Action::Pause);
    assert_eq!(vm.request_body(id, size, true).unwrap(), Action::Proceed);
    assert_eq!(exchange.body(Direction::Request).unwrap(), "SMALL");
    let fields = [("server", "apache"), ("x-powered-by", "coffee")];
    let count = exchange.set(Part::ResponseHeaders, &fields);
    vm.response_headers(id, count, true).unwrap();
    let server = exchange.field(Part::ResponseHeaders, "server");
    assert_eq!(server.as_deref(), Some("filtered"));
    assert_eq!(exchange.field(Part::ResponseHeaders, "x-powered-by"), None);
    app.logged();
    vm.close(id).unwrap();
    let logged = app.logged();
    assert!(
        logged.iter().any(|line| line.contains("done: /all")),
        "{logged:?}"
    );
    vm.tick().unwrap();
    vm.tick().unwrap();
    assert_eq!(app.noted().shared["ticks"].value, b"2");
}

#[test]
fn answers_callouts_and_failures() {
    let Some((app, mut vm)) = work() else { return };
    let denied = Exchange::of("/deny");
    let id = vm.open(denied.clone()).unwrap();
    assert_eq!(vm.request_headers(id, 4, true).unwrap(), Action::Pause);
    let response = denied.stream().response.take().unwrap();
    assert_eq!((response.status, &response.body[..]), (403, &b"denied"[..]));
    let asked = Exchange::of("/callout");
    let id = vm.open(asked.clone()).unwrap();
    assert_eq!(vm.request_headers(id, 4, true).unwrap(), Action::Pause);
    assert_eq!(app.noted().calls.len(), 1);
    let answer = Answer::new(&[("x-token", "seven")], "");
    vm.answered(Some(id), 1, answer).unwrap();
    let token = asked.field(Part::RequestHeaders, "x-token");
    assert_eq!(token.as_deref(), Some("seven"));
    assert_eq!(asked.stream().resumed, [true, false]);
    let id = vm.open(Exchange::of("/panic")).unwrap();
    vm.request_headers(id, 4, true).unwrap_err();
    assert!(!vm.is_alive());
}
