//! Envoy, with a module: started, asked, and read.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long Envoy may take to start.
const START: Duration = Duration::from_secs(30);

/// What the upstream answers.
const ANSWER: &[u8] =
    b"HTTP/1.1 200 OK\r\nserver: up\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello";

/// An Envoy that runs. Dropped, it is ended.
pub(crate) struct Envoy {
    child: Child,
    address: SocketAddr,
}

/// A port that nobody listens on.
fn free() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

/// A server that gives everybody the same answer.
fn upstream() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            thread::spawn(move || {
                let mut some = [0; 4096];
                let _ = stream.read(&mut some);
                let _ = stream.write_all(ANSWER);
            });
        }
    });
    address
}

fn address(of: SocketAddr) -> String {
    format!(
        r#"{{"socket_address": {{"address": "127.0.0.1", "port_value": {}}}}}"#,
        of.port()
    )
}

fn cluster(name: &str, at: SocketAddr) -> String {
    format!(
        r#"{{"name": "{name}", "type": "STATIC", "load_assignment": {{"cluster_name": "{name}",
        "endpoints": [{{"lb_endpoints": [{{"endpoint": {{"address": {}}}}}]}}]}}}}"#,
        address(at)
    )
}

/// What Envoy is told to do, as JSON, which is YAML as well.
fn configuration(module: &Path, listens: SocketAddr, admin: SocketAddr) -> String {
    let up = upstream();
    let types = "type.googleapis.com/envoy.extensions.filters";
    format!(
        r#"{{"admin": {{"address": {admin}}}, "static_resources": {{"listeners": [{{
        "address": {listens}, "filter_chains": [{{"filters": [{{
        "name": "envoy.filters.network.http_connection_manager", "typed_config": {{
        "@type": "{types}.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "in", "route_config": {{"virtual_hosts": [{{"name": "all", "domains": ["*"],
        "routes": [{{"match": {{"prefix": "/"}}, "route": {{"cluster": "up"}}}}]}}]}},
        "http_filters": [{{"name": "envoy.filters.http.wasm", "typed_config": {{
        "@type": "{types}.http.wasm.v3.Wasm", "config": {{"name": "filter", "root_id": "the-root",
        "configuration": {{"@type": "type.googleapis.com/google.protobuf.StringValue",
        "value": "abide"}}, "vm_config": {{"vm_id": "vm", "runtime": "envoy.wasm.runtime.v8",
        "code": {{"local": {{"filename": "{module}"}}}}}}}}}}}},
        {{"name": "envoy.filters.http.router", "typed_config": {{
        "@type": "{types}.http.router.v3.Router"}}}}]}}}}]}}]}}],
        "clusters": [{up}, {auth}]}}}}"#,
        admin = address(admin),
        listens = address(listens),
        module = module.display(),
        up = cluster("up", up),
        auth = cluster("auth", up),
    )
}

impl Envoy {
    /// Starts one. Its trace goes to a file in `folder`.
    pub(crate) fn start(program: &Path, folder: &Path, module: &Path) -> Self {
        let (listens, admin) = (free(), free());
        let file = folder.join("envoy.yaml");
        fs::write(&file, configuration(module, listens, admin)).unwrap();
        let trace = fs::File::create(folder.join("envoy.log")).unwrap();
        let child = Command::new(program)
            .arg("-c")
            .arg(file)
            .args([
                "--concurrency",
                "1",
                "--disable-hot-restart",
                "--log-level",
                "warning",
            ])
            .args(["--component-log-level", "wasm:trace"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(trace)
            .spawn()
            .unwrap();
        let mut envoy = Self {
            child,
            address: listens,
        };
        let begun = Instant::now();
        while !ask(
            admin,
            b"GET /ready HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n",
        )
        .is_some_and(|answer| answer.contains("LIVE"))
        {
            let ended = envoy.child.try_wait().unwrap();
            assert!(
                ended.is_none(),
                "Envoy ended: {ended:?}; its log is in {}",
                folder.display()
            );
            assert!(begun.elapsed() < START, "Envoy does not start");
            thread::sleep(Duration::from_millis(100));
        }
        envoy
    }

    /// Its answer to a request.
    pub(crate) fn ask(&self, request: &[u8]) -> String {
        ask(self.address, request).expect("Envoy answers")
    }
}

impl Drop for Envoy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn ask(address: SocketAddr, request: &[u8]) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .ok()?;
    stream.write_all(request).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    Some(answer)
}

/// The lines of Envoy's trace that are of the thread that served requests.
pub(crate) fn trace(log: &str) -> Vec<String> {
    let lines = log.lines().filter_map(|line| {
        let marks = ["[host->vm]", "[host<-vm]", "[vm->host]", "[vm<-host]"];
        let at = marks.iter().find_map(|mark| line.find(mark))?;
        // [time][thread][level][component] [file] …
        let thread = line.split("][").nth(1)?;
        Some((thread, &line[at..]))
    });
    let lines: Vec<(&str, &str)> = lines.collect();
    let served = lines
        .iter()
        .find(|(_, line)| line.contains("proxy_on_request_headers"));
    let Some((served, _)) = served else {
        return Vec::new();
    };
    let of_it = lines.iter().filter(|(thread, _)| thread == served);
    of_it.map(|(_, line)| (*line).to_owned()).collect()
}
