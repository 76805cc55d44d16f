//! Every call between a host and a module, as Envoy would write it.

use std::sync::{Arc, Mutex, PoisonError};

use abide_proxy_wasm::{Configuration, Env, Plugin, ProxyWasm};

use crate::app::{App, Exchange};
use crate::odd::{AGENT, Odd, PLACE, PLACE_2};

#[test]
fn a_trace_has_every_call_both_ways() {
    let args = [&[0], &AGENT[..], &[PLACE, PLACE_2]].concat();
    let module = wat::parse_str(Odd::new("proxy_get_header_map_value", &args).text()).unwrap();
    let lines = Arc::new(Mutex::new(Vec::new()));
    let written = Arc::clone(&lines);
    let env = Env::new(App::default()).traced(move |line| {
        let mut lines = written.lock().unwrap_or_else(PoisonError::into_inner);
        lines.push(line.to_owned());
    });
    let plugin: Plugin<App> =
        ProxyWasm::of(ProxyWasm::builder(env).load_bytes(module).unwrap()).into();
    let mut vm = plugin.start(&Configuration::default()).unwrap();
    let id = vm.open(Exchange::of("/")).unwrap();
    vm.request_headers(id, 4, true).unwrap();
    vm.close(id).unwrap();
    let lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
    let expected = [
        "[host->vm] proxy_on_vm_start(1, 0)",
        "[host<-vm] proxy_on_vm_start return: 1",
        "[host->vm] proxy_on_request_headers(2, 4, 1)",
        "[vm->host] env.proxy_get_header_map_value(0, 16, 10, 512, 516)",
        "[host->vm] proxy_on_memory_allocate(11)",
        "[host<-vm] proxy_on_memory_allocate return: 4096",
        "[vm<-host] env.proxy_get_header_map_value return: 0",
        "[vm->host] env.proxy_log(2, 8, 2)",
        "[vm<-host] env.proxy_log return: 0",
        "[host<-vm] proxy_on_request_headers return: 0",
    ];
    assert_eq!(*lines, expected);
}
