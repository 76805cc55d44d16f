//! Envoy, with a listener for each scenario.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::modules::Modules;
use crate::scenarios::Scenario;
use crate::upstream::{Upstreams, free};

/// How long Envoy may take to start.
const START: Duration = Duration::from_secs(60);

const TYPES: &str = "type.googleapis.com/envoy.extensions";

/// An Envoy that runs. Dropped, it is ended.
pub(crate) struct Envoy {
    child: Child,
    /// The listeners, in the order of the scenarios.
    pub(crate) listens: Vec<SocketAddr>,
}

fn address(of: SocketAddr) -> String {
    format!(
        r#"{{"socket_address": {{"address": "127.0.0.1", "port_value": {}}}}}"#,
        of.port()
    )
}

fn cluster(name: &str, at: SocketAddr) -> String {
    let protocol = match name {
        "up2" => r#""http2_protocol_options": {}"#,
        _ => r#""http_protocol_options": {"enable_trailers": true}"#,
    };
    format!(
        r#"{{"name": "{name}", "type": "STATIC", "typed_extension_protocol_options": {{
        "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {{
        "@type": "{TYPES}.upstreams.http.v3.HttpProtocolOptions",
        "explicit_http_config": {{{protocol}}}}}}},
        "load_assignment": {{"cluster_name": "{name}",
        "endpoints": [{{"lb_endpoints": [{{"endpoint": {{"address": {}}}}}]}}]}}}}"#,
        address(at)
    )
}

fn filter(name: &str, configuration: &str, module: &Path) -> String {
    format!(
        r#"{{"name": "envoy.filters.http.wasm", "typed_config": {{
        "@type": "{TYPES}.filters.http.wasm.v3.Wasm", "config": {{
        "name": "{name}", "root_id": "{name}", "failure_policy": "FAIL_RELOAD",
        "reload_config": {{"backoff": {{"base_interval": "0.1s", "max_interval": "0.1s"}}}},
        "configuration": {{"@type": "type.googleapis.com/google.protobuf.StringValue",
        "value": "{configuration}"}}, "vm_config": {{"vm_id": "{name}",
        "runtime": "envoy.wasm.runtime.v8",
        "configuration": {{"@type": "type.googleapis.com/google.protobuf.StringValue",
        "value": "{name}"}},
        "code": {{"local": {{"filename": "{module}"}}}}}}}}}}}}"#,
        module = module.display(),
    )
}

/// What is not Envoy's default: it adds no number to requests and no name to responses, and passes on
/// trailers of HTTP/1.1.
fn listener(scenario: &Scenario, at: SocketAddr, modules: &Modules) -> String {
    let module = modules.of(scenario);
    let filters = scenario
        .names()
        .map(|name| filter(&name, scenario.configuration, module) + ",");
    let filters: String = filters.collect();
    format!(
        r#"{{"address": {address}, "filter_chains": [{{"filters": [{{
        "name": "envoy.filters.network.http_connection_manager", "typed_config": {{
        "@type": "{TYPES}.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "in", "generate_request_id": false, "delayed_close_timeout": "0.1s",
        "server_header_transformation": "PASS_THROUGH",
        "http_protocol_options": {{"enable_trailers": true}},
        "route_config": {{"virtual_hosts": [{{"name": "all", "domains": ["*"],
        "routes": [{{"match": {{"prefix": "/"}}, "route": {{"cluster": "{cluster}"}}}}]}}]}},
        "http_filters": [{filters}
        {{"name": "envoy.filters.http.router", "typed_config": {{
        "suppress_envoy_headers": true,
        "@type": "{TYPES}.filters.http.router.v3.Router"}}}}]}}}}]}}]}}"#,
        address = address(at),
        cluster = scenario.upstream,
    )
}

/// What Envoy is told to do, as JSON, which is YAML as well.
fn configuration(
    scenarios: &[Scenario],
    listens: &[SocketAddr],
    admin: SocketAddr,
    upstreams: Upstreams,
    modules: &Modules,
) -> String {
    let all = scenarios.iter().zip(listens);
    let listeners: Vec<String> = all
        .map(|(scenario, at)| listener(scenario, *at, modules))
        .collect();
    let clusters = [
        cluster("up", upstreams.up),
        cluster("up2", upstreams.up2),
        cluster("auth", upstreams.up),
        cluster("silent", upstreams.silent),
        cluster("nobody", upstreams.nobody),
    ];
    format!(
        r#"{{"admin": {{"address": {admin}}}, "static_resources": {{"listeners": [{listeners}],
        "clusters": [{clusters}]}}}}"#,
        admin = address(admin),
        listeners = listeners.join(","),
        clusters = clusters.join(","),
    )
}

impl Envoy {
    /// Starts one. Its log goes to a file in `folder`.
    pub(crate) fn start(
        program: &Path,
        folder: &Path,
        scenarios: &[Scenario],
        upstreams: Upstreams,
        modules: &Modules,
    ) -> Self {
        let mut listens = free(scenarios.len() + 1);
        let admin = listens.remove(0);
        let file = folder.join("envoy.yaml");
        fs::write(
            &file,
            configuration(scenarios, &listens, admin, upstreams, modules),
        )
        .unwrap();
        let trace = fs::File::create(folder.join("envoy.log")).unwrap();
        let child = Command::new(program)
            .arg("-c")
            .arg(file)
            .args(["--concurrency", "1", "--disable-hot-restart"])
            .args([
                "--log-level",
                "warning",
                "--component-log-level",
                "wasm:trace",
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(trace)
            .spawn()
            .unwrap();
        let mut envoy = Self { child, listens };
        let begun = Instant::now();
        while !is_ready(admin) {
            let ended = envoy.child.try_wait().unwrap();
            let place = folder.display();
            assert!(
                ended.is_none(),
                "Envoy ended: {ended:?}; its log is in {place}"
            );
            assert!(begun.elapsed() < START, "Envoy does not start");
            thread::sleep(Duration::from_millis(100));
        }
        envoy
    }
}

impl Drop for Envoy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn is_ready(admin: SocketAddr) -> bool {
    let ask = || {
        let mut stream = TcpStream::connect(admin).ok()?;
        let request = b"GET /ready HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
        stream.write_all(request).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        Some(answer)
    };
    ask().is_some_and(|answer| answer.contains("LIVE"))
}
