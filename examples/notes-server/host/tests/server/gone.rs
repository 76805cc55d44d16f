//! Clients that go away.

use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use super::{FAULTY, run, server, until};

/// A guest that computes, and one that waits for its store: each is dropped with its client.
#[test]
fn a_guest_is_dropped_with_its_client() {
    let server = server("gone", &FAULTY, "[tenants.demo]\ndeadline_ms = 60_000\n");
    run(async {
        let mut client = TcpStream::connect(server.address).await.unwrap();
        let request =
            b"POST /api/demo/render HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\n!loop";
        client.write_all(request).await.unwrap();
        until(&server, "the guest runs", |now| {
            now.sum("notes_guest_instances", &[]) == 1.0
        })
        .await;
        tokio::time::sleep(Duration::from_millis(30)).await;
        drop(client);
        until(&server, "its instance is gone", |now| {
            now.sum("notes_guest_calls_dropped", &[]) == 1.0
                && now.sum("notes_guest_instances", &[]) == 0.0
        })
        .await;
        until(&server, "it is counted", |now| {
            now.sum("http_requests_total", &["status=\"499\""]) == 1.0
                && now.sum("abide_calls_total", &["outcome=\"dropped\""]) == 1.0
        })
        .await;
    });
}
