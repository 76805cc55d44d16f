//! Three processes, each with a Dapr sidecar: that of `examples/dapr-sidecar`.

use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use recognise_load::Beside;

use super::{Over, demo, fetched, not_tested, run};

/// A sidecar at work.
struct Sidecar {
    child: Child,
    http: SocketAddr,
    grpc: SocketAddr,
}

impl Sidecar {
    fn start(program: &Path, service: &str, app: SocketAddr, peers: &[(&str, SocketAddr)]) -> Self {
        let peers = peers
            .iter()
            .map(|(id, address)| format!("--peer={id}={address}"));
        let mut child = Command::new(program)
            .arg(format!("--app-id={service}"))
            .arg(format!("--app-port={}", app.port()))
            .args([
                "--dapr-http-port=0",
                "--dapr-grpc-port=0",
                "--guest-deadline=60",
            ])
            .args(peers)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let addresses: Vec<SocketAddr> = out
            .lines()
            .take(2)
            .map(|line| line.unwrap().split_once(" on ").unwrap().1.parse().unwrap())
            .collect();
        Self {
            child,
            http: addresses[0],
            grpc: addresses[1],
        }
    }
}

impl Drop for Sidecar {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An address that nobody listens at, at this moment.
fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
}

#[test]
fn photos_are_recognised_by_three_processes_with_sidecars() {
    let Some(photos) = fetched() else { return };
    // Of another package, so it is there where all of the workspace is tested.
    let program = Path::new(env!("CARGO_BIN_EXE_recognise")).with_file_name("dapr-sidecar");
    if !program.is_file() {
        return not_tested("the demo with sidecars: `dapr-sidecar` has not been compiled");
    }
    let [classify, grey, web] = [free(), free(), free()];
    let of_classify = Sidecar::start(&program, "classify", classify, &[]);
    let of_grey = Sidecar::start(&program, "grey", grey, &[]);
    let peers = [("classify", of_classify.http), ("grey", of_grey.http)];
    let of_web = Sidecar::start(&program, "web", web, &peers);
    let beside = |service, listen, sidecar: &Sidecar| Beside {
        service,
        listen,
        grpc: sidecar.grpc,
    };
    let all = vec![
        beside("classify", classify, &of_classify),
        beside("grey", grey, &of_grey),
        beside("web", web, &of_web),
    ];
    run(async {
        let demo = demo("sidecars", Over::Sidecars(all), "");
        super::seen::all_are_seen(&demo, &photos).await;
        demo.stop().unwrap();
    });
}
