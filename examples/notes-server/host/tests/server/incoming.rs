//! The limits of what comes in.

use std::time::{Duration, Instant};

use example_client::Method;
use notes_load::Server;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{FAULTY, SOUND, connect, run, server, text, until};

/// Sends some bytes and reads until the server hangs up.
async fn raw(server: &Server, bytes: &[u8]) -> (String, Duration) {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let start = Instant::now();
    stream.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    // A server that hangs up while there is something to be read may reset the connection.
    let _ = tokio::time::timeout(Duration::from_secs(20), read)
        .await
        .expect("it hangs up");
    (
        String::from_utf8_lossy(&answer).into_owned(),
        start.elapsed(),
    )
}

#[test]
fn bodies_are_bounded() {
    let server = server("large", &SOUND, "[incoming]\nbody_bytes = 1000\n");
    run(async {
        let mut client = connect(&server).await;
        let fits = client
            .ask(Method::POST, "/api/demo/render", "a".repeat(1000))
            .await
            .unwrap();
        assert_eq!(fits.status, 200);
        let large = client
            .ask(Method::POST, "/api/demo/render", "a".repeat(1001))
            .await
            .unwrap();
        let told = r#"{"error":"too-large","message":"a body has at most 1000 bytes"}"#;
        assert_eq!((large.status.as_u16(), text(&large)), (413, told));
        // One that does not say how large it is.
        let mut chunked = b"POST /api/demo/render HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
                            transfer-encoding: chunked\r\n\r\n"
            .to_vec();
        for _ in 0..3 {
            chunked.extend_from_slice(b"190\r\n");
            chunked.extend_from_slice(&[b'a'; 400]);
            chunked.extend_from_slice(b"\r\n");
        }
        chunked.extend_from_slice(b"0\r\n\r\n");
        let (answer, _) = raw(&server, &chunked).await;
        assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
        let mut client = connect(&server).await;
        let bytes = client
            .ask(Method::POST, "/api/demo/render", &b"caf\xe9"[..])
            .await
            .unwrap();
        assert_eq!(bytes.status, 400);
        assert!(text(&bytes).contains("no-text"), "{bytes:?}");
    });
}

#[test]
fn nobody_may_take_for_ever() {
    let server = server("slow", &SOUND, "[incoming]\nhead_ms = 300\nbody_ms = 300\n");
    run(async {
        let (answer, took) = raw(&server, b"POST /api/demo/render HTTP/1.1\r\nhost: x\r\n").await;
        assert_eq!(answer, "", "a head that never ends");
        assert!(took >= Duration::from_millis(290), "{took:?}");
        let (answer, took) = raw(&server, b"").await;
        assert_eq!(answer, "", "a connection that is not used");
        assert!(took >= Duration::from_millis(290), "{took:?}");
        let used = b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
        let (answer, took) = raw(&server, used).await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        assert!(took >= Duration::from_millis(290), "{took:?}");
        let body = b"POST /api/demo/render HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc";
        let (answer, took) = raw(&server, body).await;
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
        assert!(took >= Duration::from_millis(290), "{took:?}");
    });
}

#[test]
fn requests_at_a_time_are_bounded() {
    let config = "[incoming]\nrequests = 1\n[tenants.demo]\ndeadline_ms = 60_000\n";
    let server = server("many", &FAULTY, config);
    run(async {
        let mut first = connect(&server).await;
        let looping =
            tokio::spawn(async move { first.ask(Method::POST, "/api/demo/render", "!loop").await });
        until(&server, "the guest runs", |now| {
            now.sum("notes_guest_instances", &[]) == 1.0
        })
        .await;
        let mut client = connect(&server).await;
        let answer = client
            .ask(Method::POST, "/api/demo/render", "fine")
            .await
            .unwrap();
        assert_eq!(answer.status, 503);
        assert_eq!(answer.headers["retry-after"], "1");
        // Whoever watches the server is let through.
        assert_eq!(client.get("/healthz").await.unwrap().status, 200);
        looping.abort();
    });
}
