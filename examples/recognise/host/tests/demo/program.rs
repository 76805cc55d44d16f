//! The program as its operators see it.

use std::path::Path;
use std::process::Command;

use example_client::Method;

use super::{Over, connect, demo, fetched, folder, run, send, told};

#[test]
fn health_metrics_and_headers_are_as_operators_want_them() {
    let Some(photos) = fetched() else { return };
    run(async {
        let demo = demo("operators", Over::Process, "");
        let mut connection = connect(&demo).await;
        let (_, health) = told(&connection.get("/healthz").await.unwrap());
        let expected = serde_json::json!({"status": "ok", "services": ["web", "classify", "grey"]});
        assert_eq!(health, expected);
        assert_eq!(send(&demo, "x.jpg", &photos[0].bytes).await.status, 200);
        assert_eq!(send(&demo, "x.txt", b"text").await.status, 415);
        let metrics = connection.get("/metrics").await.unwrap();
        let metrics = String::from_utf8(metrics.body.into()).unwrap();
        for line in [
            r#"recognise_calls_total{service="classify",status="200"} 1"#,
            r#"recognise_calls_total{service="classify",status="415"} 1"#,
            r#"recognise_calls_total{service="grey",status="200"} 1"#,
            r#"http_requests_total{method="POST",route="/api/recognise",status="415"} 1"#,
            r#"recognise_guest_instances{service="web"}"#,
            "process_resident_memory_bytes",
            "abide_calls_total",
        ] {
            assert!(metrics.contains(line), "{line} is not in\n{metrics}");
        }
        let page = connection.get("/").await.unwrap();
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'self'"), "{policy}");
        let nothing = connection.get("/nothing").await.unwrap();
        assert_eq!(super::refused(&nothing), (404, "nothing-here".to_owned()));
        let other = "/v1.0/invoke/other/method/x";
        let other = connection.ask(Method::POST, other, "").await.unwrap();
        assert_eq!(super::refused(&other), (404, "nothing-here".to_owned()));
    });
}

#[test]
fn a_trace_goes_through_all_services() {
    let Some(photos) = fetched() else { return };
    run(async {
        let demo = demo("trace", Over::Http, "");
        assert_eq!(send(&demo, "x.jpg", &photos[0].bytes).await.status, 200);
        demo.stop().unwrap();
        let trace = |service: &str| {
            let log = std::fs::read_to_string(folder("trace").join(service).join("log")).unwrap();
            let line = log.lines().find(|line| line.contains("trace=")).unwrap();
            let (_, trace) = line.split_once("trace=").unwrap();
            trace
                .split(['"', '}'])
                .find(|text| !text.is_empty())
                .unwrap()
                .to_owned()
        };
        let web = trace("web");
        assert!(web.starts_with("00-"), "{web}");
        assert_eq!((trace("classify"), trace("grey")), (web.clone(), web));
    });
}

#[test]
fn what_was_begun_is_answered_before_the_end() {
    let Some(photos) = fetched() else { return };
    run(async {
        let demo = demo("end", Over::Process, "[incoming]\nshutdown_ms = 60_000\n");
        let address = demo.address();
        let bytes = photos[0].bytes.clone();
        let asked = tokio::spawn(async move {
            let mut connection = example_client::Connection::open(address).await.unwrap();
            connection.ask(Method::POST, "/api/recognise", bytes).await
        });
        // Until it is being worked on.
        loop {
            let (_, figures) = told(&connect(&demo).await.get("/api/figures").await.unwrap());
            if figures[0]["in_flight"] == 1 || figures[0]["calls"] == 1 {
                break;
            }
        }
        demo.stop().unwrap();
        assert_eq!(asked.await.unwrap().unwrap().status, 200);
    });
}

#[test]
fn what_is_wrong_at_the_start_is_said_in_clear_words() {
    let program = env!("CARGO_BIN_EXE_recognise");
    let run = |words: &[&str]| {
        let output = Command::new(program).args(words).output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), text)
    };
    let (code, text) = run(&["--fast"]);
    assert_eq!(code, Some(2), "{text}");
    let (code, text) = run(&["--config", "/nowhere.toml"]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("the configuration `/nowhere.toml`"), "{text}");
    let (code, text) = run(&["--service=grey", "--guests=/nowhere"]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("the guest of the service `grey`"), "{text}");
    let nothing = Path::new("/nowhere/model.tflite");
    let (code, text) = run(&["--service=classify", "--model", nothing.to_str().unwrap()]);
    assert_eq!(code, Some(1), "{text}");
    assert!(
        text.contains("cannot read the model `/nowhere/model.tflite`"),
        "{text}"
    );
    let (code, text) = run(&["--over=redis=127.0.0.1:1"]);
    // All services are here, so nobody is missed; the store is looked for when it is needed.
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("guest"), "{text}");
    let (code, text) = run(&["--help"]);
    assert_eq!((code, &*text), (Some(0), ""));
}
