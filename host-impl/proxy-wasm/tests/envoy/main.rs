//! The same module in Envoy and here: every call that it makes has the same answer.
//!
//! `cargo xtask envoy` gets an Envoy and runs this. Without one nothing is tested, and that is said where
//! nobody can miss it.

#[path = "../filters/app/mod.rs"]
mod app;
mod envoy;
mod module;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::{env, fs};

use abide_proxy::types::{Direction, Part};
use abide_proxy_wasm::{Configuration, Env, Plugin, ProxyWasm};

use app::{App, Exchange};
use envoy::Envoy;

/// Where Envoy is.
const PROGRAM: &str = "ABIDE_ENVOY";

const REQUEST: &[u8] =
    b"POST / HTTP/1.1\r\nhost: example.org\r\nuser-agent: curl/7.88.1\r\nx-empty:\r\n\
    connection: close\r\ncontent-length: 5\r\n\r\nhello";

/// The calls of each callback, the first time that it is called, with their answers.
fn by_callback(trace: &[String]) -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::new();
    let mut current: Option<(String, Vec<String>)> = None;
    for line in trace {
        if let Some(begun) = line.strip_prefix("[host->vm] ") {
            let name = begun.split('(').next().unwrap_or_default();
            // An allocator is called from inside of another call.
            if name != "proxy_on_memory_allocate" {
                current = Some((name.to_owned(), Vec::new()));
            }
        } else if line.starts_with("[host<-vm] ") {
            if line.contains("proxy_on_memory_allocate") {
                continue;
            }
            if let Some((name, lines)) = current.take() {
                all.entry(name).or_insert(lines);
            }
        } else if let Some((_, lines)) = &mut current {
            lines.push(line.clone());
        }
    }
    all
}

/// What Envoy does with the module.
fn in_envoy(program: &Path, module: &Path, folder: &Path) -> BTreeMap<String, Vec<String>> {
    let envoy = Envoy::start(program, folder, module);
    let answer = envoy.ask(REQUEST);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    // What comes when a request is over comes after its answer.
    std::thread::sleep(std::time::Duration::from_millis(300));
    drop(envoy);
    by_callback(&envoy::trace(
        &fs::read_to_string(folder.join("envoy.log")).unwrap(),
    ))
}

/// What is done with it here.
fn here(module: &Path) -> BTreeMap<String, Vec<String>> {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let written = Arc::clone(&lines);
    let env = Env::new(App::default()).traced(move |line| {
        let mut lines = written.lock().unwrap_or_else(PoisonError::into_inner);
        lines.push(line.to_owned());
    });
    let loaded = ProxyWasm::builder(env).load(module).unwrap();
    let plugin: Plugin<App> = ProxyWasm::of(loaded).into();
    let configuration = Configuration {
        vm: Vec::new(),
        plugin: b"abide".to_vec(),
    };
    let mut vm = plugin.start(&configuration).unwrap();
    let exchange = Exchange::of("/");
    let fields = [("user-agent", "curl/7.88.1"), ("x-empty", "")];
    let count = exchange.set(Part::RequestHeaders, &fields);
    let id = vm.open(exchange.clone()).unwrap();
    vm.request_headers(id, count, false).unwrap();
    // What a filter lets go on is not its own any more.
    exchange.stream().fields[Part::RequestHeaders as usize] = None;
    let size = exchange.set_body(Direction::Request, "hello");
    vm.request_body(id, size, true).unwrap();
    exchange.set(Part::RequestTrailers, &[]);
    let count = exchange.set(Part::ResponseHeaders, &[("server", "up")]);
    vm.response_headers(id, count, false).unwrap();
    exchange.stream().fields[Part::ResponseHeaders as usize] = None;
    let size = exchange.set_body(Direction::Response, "hello");
    vm.response_body(id, size, true).unwrap();
    exchange.set(Part::ResponseTrailers, &[]);
    // For the log it can look at them once more.
    exchange.set(Part::RequestHeaders, &fields[..1]);
    exchange.set(Part::ResponseHeaders, &[("server", "up")]);
    exchange.stream().headers_are_final = true;
    vm.close(id).unwrap();
    let lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
    by_callback(&lines)
}

/// Pairs of a call and its answer.
fn answers(lines: &[String]) -> Vec<(String, String)> {
    lines
        .chunks(2)
        .map(|pair| (pair[0].clone(), pair[1..].concat()))
        .collect()
}

#[test]
fn every_call_has_the_answer_that_envoy_gives() {
    let Some(program) = env::var_os(PROGRAM) else {
        // Not by a macro, whose output tests that go well do not show.
        let text = format!(
            "\n!!! NOT TESTED: what Envoy answers. `{PROGRAM}` does not say where one is\n"
        );
        let _ = std::io::stderr().write_all(text.as_bytes());
        return;
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("envoy");
    fs::create_dir_all(&folder).unwrap();
    let module = folder.join("module.wasm");
    let text = module::text();
    let bytes = wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    fs::write(&module, bytes).unwrap();
    let envoys = in_envoy(Path::new(&program), &module, &folder);
    let ours = here(&module);
    let (mut wrong, mut equal) = (Vec::new(), 0);
    for callback in module::calls().keys() {
        let none = Vec::new();
        let envoys = answers(envoys.get(*callback).unwrap_or(&none));
        let ours = answers(ours.get(*callback).unwrap_or(&none));
        assert!(!envoys.is_empty(), "Envoy does not call {callback}");
        assert_eq!(envoys.len(), ours.len(), "{callback}");
        for (envoy, our) in envoys.iter().zip(&ours) {
            if envoy == our {
                equal += 1;
            } else {
                let answer =
                    |answer: &str| answer.rsplit(' ').next().unwrap_or_default().to_owned();
                let (theirs, ours) = (answer(&envoy.1), answer(&our.1));
                wrong.push(format!(
                    "{callback}: {}: {theirs} in Envoy, {ours} here",
                    envoy.0
                ));
            }
        }
    }
    println!("{equal} calls are answered as by Envoy");
    assert!(
        wrong.is_empty(),
        "{} are not:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
