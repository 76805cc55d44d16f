//! The program: how it starts, and how it ends.

use std::fs;
use std::process::Command;
use std::time::Duration;

use example_client::Method;
use notes_load::{Connection, Server};

use super::{FAULTY, SOUND, connect, folder, program, run, server, text, until};

#[test]
fn it_ends_when_what_was_begun_is_answered() {
    let config = format!(
        "guest = {:?}\n[tenants.demo]\ndeadline_ms = 1_500\n",
        *FAULTY
    );
    let place = folder("ends");
    let mut server = Server::start(program(), &place, &config, &[]).unwrap();
    run(async {
        let mut idle = connect(&server).await;
        let kept = idle
            .ask(Method::PUT, "/api/demo/notes/n", "# Kept")
            .await
            .unwrap();
        assert_eq!(kept.status, 200);
        let mut busy = connect(&server).await;
        let last =
            tokio::spawn(async move { busy.ask(Method::POST, "/api/demo/render", "!loop").await });
        until(&server, "the guest runs", |now| {
            now.sum("http_requests_in_flight", &[]) == 2.0
        })
        .await;
        server.terminate().unwrap();
        // It is on its way out: nobody connects any more, and who is idle is let go.
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert!(Connection::open(server.address).await.is_err());
        assert!(idle.get("/healthz").await.is_err());
        assert_eq!(last.await.unwrap().unwrap().status, 504);
    });
    let status = server.wait(Duration::from_secs(10)).unwrap();
    assert!(status.success(), "{status}");
    let log = fs::read_to_string(place.join("log")).unwrap();
    assert!(log.contains("ended"), "{log}");
    // What was kept is there for the next one.
    let server = Server::restart(program(), &place, &config, &[]).unwrap();
    run(async {
        let note = connect(&server)
            .await
            .get("/api/demo/notes/n/markdown")
            .await
            .unwrap();
        assert_eq!(text(&note), "# Kept");
    });
}

#[test]
fn it_gives_up_what_is_not_answered_in_time() {
    let config = "[incoming]\nshutdown_ms = 200\n[tenants.demo]\ndeadline_ms = 60_000\n";
    let mut server = server("given-up", &FAULTY, config);
    run(async {
        let mut busy = connect(&server).await;
        let last =
            tokio::spawn(async move { busy.ask(Method::POST, "/api/demo/render", "!loop").await });
        until(&server, "the guest runs", |now| {
            now.sum("notes_guest_instances", &[]) == 1.0
        })
        .await;
        server.terminate().unwrap();
        assert!(last.await.unwrap().is_err());
    });
    assert!(server.wait(Duration::from_secs(10)).unwrap().success());
}

#[test]
fn health_and_metrics_are_told() {
    let server = server("told", &SOUND, "[tenants.a]\n[tenants.b]\n");
    run(async {
        let mut client = connect(&server).await;
        let health = client.get("/healthz").await.unwrap();
        assert_eq!(text(&health), r#"{"status":"ok","tenants":["a","b"]}"#);
        let first = client
            .ask(Method::POST, "/api/a/render", "# A")
            .await
            .unwrap();
        let second = client
            .ask(Method::POST, "/api/a/render", "# A")
            .await
            .unwrap();
        let number = |answer: &notes_load::Answer| -> u64 {
            answer.headers["x-request-id"]
                .to_str()
                .unwrap()
                .parse()
                .unwrap()
        };
        assert!(number(&second) > number(&first));
        let metrics = client.get("/metrics").await.unwrap();
        assert!(
            metrics.headers["content-type"]
                .to_str()
                .unwrap()
                .starts_with("text/plain")
        );
        let metrics = text(&metrics);
        for expected in [
            "http_requests_total{method=\"POST\",route=\"/api/{tenant}/render\",status=\"200\"} 2",
            "# TYPE http_request_duration_seconds histogram",
            "http_requests_in_flight 1",
            "function=\"demo:notebook/notes.render\",outcome=\"ok\"} 2",
            "notes_guest_instances{guest=\"a\"} 1",
            "notes_guest_instances_started{guest=\"b\"} 0",
            "abide_guest_memory_bytes_count{guest=\"a\"} 2",
            "process_resident_memory_bytes ",
        ] {
            assert!(metrics.contains(expected), "no `{expected}` in:\n{metrics}");
        }
    });
}

/// Lines of JSON, each message with the request and the call that it belongs to.
#[test]
fn traces_are_lines_of_json_where_that_is_wanted() {
    let config = format!("guest = {:?}\n[tenants.demo]\nbreaker = 0\n", *FAULTY);
    let place = folder("json");
    let server = Server::start(program(), &place, &config, &["--json", "--verbose"]).unwrap();
    run(async {
        let mut client = connect(&server).await;
        let answer = client
            .ask(Method::POST, "/api/demo/render", "!panic")
            .await
            .unwrap();
        assert_eq!(answer.status, 502);
    });
    let log = fs::read_to_string(place.join("log")).unwrap();
    let lines: Vec<serde_json::Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let of_request = lines
        .iter()
        .find(|line| line["fields"]["message"] == "answered")
        .unwrap();
    assert_eq!(
        of_request["span"]["path"], "/api/demo/render",
        "{of_request}"
    );
    assert_eq!(of_request["span"]["status"], 502, "{of_request}");
}

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
    let (code, log) = output(&["--fast"]);
    assert_eq!(code, Some(2));
    assert!(log.starts_with("error: invalid option '--fast'\n"), "{log}");
    let (code, log) = output(&["--config", "none.toml"]);
    assert_eq!(code, Some(1));
    assert!(
        log.starts_with("error: the configuration `none.toml`: "),
        "{log}"
    );
    fs::write(place.join("no.wasm"), "# A").unwrap();
    let (code, log) = output(&[
        "--guest",
        "no.wasm",
        "--database",
        "a.redb",
        "--listen=127.0.0.1:0",
    ]);
    assert_eq!(code, Some(1));
    assert!(
        log.contains("error: the guest of tenant `demo`: guest `demo` could not be loaded"),
        "{log}"
    );
    fs::write(place.join("no.redb"), "# A").unwrap();
    let (code, log) = output(&["--database", "no.redb"]);
    assert_eq!(code, Some(1));
    assert!(
        log.contains("error: cannot open the database `no.redb`"),
        "{log}"
    );
}
