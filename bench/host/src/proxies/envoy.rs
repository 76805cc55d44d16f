//! Envoy, started with one worker and perhaps a filter.

use std::env;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use anyhow::Result;

use super::process::{PROXIES, Process, free, on};

/// The environment variable with the program.
const PROGRAM: &str = "ABIDE_BENCH_ENVOY";

/// Starts it before an upstream, with a file and a configuration of a filter; nothing if it is not to
/// be had.
pub(super) fn start(
    folder: &Path,
    upstream: SocketAddr,
    filter: Option<(&Path, &str)>,
) -> Result<Option<Process>> {
    let Some(program) = env::var_os(PROGRAM) else {
        if filter.is_none() {
            eprintln!("warning: Envoy is not measured: there is no {PROGRAM}");
        }
        return Ok(None);
    };
    let filter = match filter {
        Some((file, configuration)) => filter_of(&fs::canonicalize(file)?, configuration),
        None => String::new(),
    };
    let address = free()?;
    let config = folder.join("envoy.json");
    fs::write(&config, text(address, free()?, upstream, &filter))?;
    let mut command = on(PROXIES, program);
    command.arg("-c").arg(&config);
    command.args(["--concurrency", "1", "--disable-hot-restart"]);
    command.args(["--log-level", "warning"]);
    Process::start(&mut command, address, &folder.join("log")).map(Some)
}

fn at(address: SocketAddr) -> String {
    format!(
        r#"{{"socket_address": {{"address": "127.0.0.1", "port_value": {}}}}}"#,
        address.port()
    )
}

/// What it is told to do, as JSON, which is YAML as well. What it would add to requests on its own is
/// left out, as far as it can be.
fn text(address: SocketAddr, admin: SocketAddr, upstream: SocketAddr, filter: &str) -> String {
    let types = "type.googleapis.com/envoy.extensions.filters";
    format!(
        r#"{{"admin": {{"address": {admin}}}, "static_resources": {{"listeners": [{{
        "address": {address}, "filter_chains": [{{"filters": [{{
        "name": "envoy.filters.network.http_connection_manager", "typed_config": {{
        "@type": "{types}.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "in", "generate_request_id": false,
        "route_config": {{"virtual_hosts": [{{"name": "all", "domains": ["*"],
        "routes": [{{"match": {{"prefix": "/"}}, "route": {{"cluster": "up"}}}}]}}]}},
        "http_filters": [{filter}{{"name": "envoy.filters.http.router", "typed_config": {{
        "@type": "{types}.http.router.v3.Router", "suppress_envoy_headers": true}}}}]}}}}]}}]}}],
        "clusters": [{{"name": "up", "type": "STATIC", "load_assignment": {{"cluster_name": "up",
        "endpoints": [{{"lb_endpoints": [{{"endpoint": {{"address": {upstream}}}}}]}}]}}}}]}}}}"#,
        admin = at(admin),
        address = at(address),
        upstream = at(upstream),
    )
}

fn filter_of(file: &Path, configuration: &str) -> String {
    format!(
        r#"{{"name": "envoy.filters.http.wasm", "typed_config": {{
        "@type": "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm",
        "config": {{"name": "filter", "root_id": "filter",
        "configuration": {{"@type": "type.googleapis.com/google.protobuf.StringValue",
        "value": "{configuration}"}}, "vm_config": {{"vm_id": "vm",
        "runtime": "envoy.wasm.runtime.v8",
        "code": {{"local": {{"filename": "{}"}}}}}}}}}}}}, "#,
        file.display()
    )
}
