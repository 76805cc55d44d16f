//! The program: how it starts, and what it says of itself.

use std::fs;
use std::process::Command;

use crate::{MODULE, Proxy, Upstream, filter, folder, program, proxy, run, to, until};

#[test]
fn what_it_cannot_start_with_is_said() {
    let place = folder("start");
    fs::create_dir_all(&place).unwrap();
    let output = |arguments: &[&str]| {
        let output = Command::new(program())
            .current_dir(&place)
            .args(arguments)
            .output()
            .unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let with = |config: &str| {
        fs::write(place.join("a.toml"), config).unwrap();
        output(&[
            "--config",
            "a.toml",
            "--listen=127.0.0.1:0",
            "--admin=127.0.0.1:0",
        ])
    };
    let (code, log) = output(&["--fast"]);
    assert_eq!(code, Some(2));
    assert!(log.starts_with("error: invalid option '--fast'\n"), "{log}");
    let (code, log) = output(&["--config", "none.toml"]);
    assert_eq!(code, Some(1));
    assert!(
        log.starts_with("error: the configuration `none.toml`: "),
        "{log}"
    );
    fs::write(place.join("no.wasm"), "no WebAssembly").unwrap();
    let (code, log) = with(&filter("f", "no.wasm".as_ref(), ""));
    assert_eq!(code, Some(1));
    assert!(
        log.contains("error: the filter `f`: guest `f` could not be loaded"),
        "{log}"
    );
    let (_, log) = with(&filter("refused", &MODULE, ""));
    assert!(
        log.contains("error: the filter `refused`: the plugin does not start"),
        "{log}"
    );
    let (_, log) = with("[tls]\ncertificate = 'none.pem'\nkey = 'none.pem'\n");
    assert!(log.contains("error: the certificate `none.pem`"), "{log}");
}

#[test]
fn health_and_metrics_are_told() {
    run(async {
        let upstream = Upstream::start().await;
        let proxy = proxy("health", &upstream, &filter("f", &MODULE, ""));
        assert_eq!(
            proxy.told("/healthz").await,
            "{\"status\":\"ok\",\"reloads\":0}\n"
        );
        let mut client = proxy.client().await;
        for _ in 0..3 {
            assert_eq!(client.get("/a").await.unwrap().status, 200);
        }
        until("they are through", async || {
            proxy
                .metric("proxy_request_duration_seconds_count", &[])
                .await
                == 3.0
        })
        .await;
        let metrics = proxy.told("/metrics").await;
        for expected in [
            "proxy_requests_total{status=\"200\",by=\"upstream\"} 3",
            "# TYPE proxy_request_duration_seconds histogram",
            "proxy_connections 1",
            "proxy_streams 0",
            "proxy_filter_vms_started_total{filter=\"f\"} 1",
            "filter_requests 3",
            "proxy_filter_memory_bytes{filter=\"f\"}",
        ] {
            assert!(metrics.contains(expected), "no `{expected}` in:\n{metrics}");
        }
    });
}

#[test]
fn all_calls_of_modules_are_written_down() {
    run(async {
        let upstream = Upstream::start().await;
        let folder = folder("trace");
        let file = folder.with_extension("calls");
        let config = format!("workers = 1\n{}{}", to(&upstream), filter("f", &MODULE, ""));
        let arguments = ["--trace", file.to_str().unwrap()];
        let proxy = Proxy::start(&folder, &config, &arguments).unwrap();
        assert_eq!(proxy.client().await.get("/a").await.unwrap().status, 200);
        let written = |line: &str| {
            let text = fs::read_to_string(&file).unwrap();
            text.lines()
                .filter(|found| found.contains("][worker 0][trace][wasm] [f] "))
                .any(|found| found.contains(line))
        };
        assert!(written("[host->vm] proxy_on_request_headers(2, 4, 1)"));
        assert!(written("[vm->host] env.proxy_add_header_map_value(0, "));
        assert!(written("wasm log f: started"));
        until("the stream is gone", async || {
            written("[host<-vm] proxy_on_delete return: void")
        })
        .await;
    });
}
