//! The limits of what comes in.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{Demo, Over, demo, fetched, run, send};

/// What a server answers to bytes until it hangs up. It may do so while there is something to be
/// read.
async fn read(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    let _ = tokio::time::timeout(Duration::from_secs(30), read)
        .await
        .expect("it hangs up");
    String::from_utf8_lossy(&answer).into_owned()
}

const HEAD: &str = "POST /api/recognise?name=x HTTP/1.1\r\nhost: x\r\nconnection: close\r\n";

async fn begin(demo: &Demo, rest: &str) -> TcpStream {
    let mut stream = TcpStream::connect(demo.address()).await.unwrap();
    let head = format!("{HEAD}{rest}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

const CONTINUE: &str = "HTTP/1.1 100 Continue\r\n\r\n";

const TOO_LARGE: &str = r#"{"error":"too-large","message":"a picture has at most 8 MiB"}"#;

#[test]
fn a_gigabyte_is_refused_by_its_length_and_by_its_stream() {
    let Some(_) = fetched() else { return };
    run(async {
        let demo = demo("large", Over::Process, "");
        // One that says how large it is, and none of which is sent.
        let mut stream = begin(&demo, "content-length: 1073741824").await;
        let answer = read(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
        assert!(answer.ends_with(TOO_LARGE), "{answer}");
        // One that does not: it is read until it is too much.
        let stream = begin(&demo, "transfer-encoding: chunked").await;
        let (mut from, mut to) = stream.into_split();
        let sending = tokio::spawn(async move {
            let chunk = [b"100000\r\n".as_slice(), &[7; 0x10_0000], b"\r\n"].concat();
            let mut sent = 0_u64;
            while sent < 1 << 30 && to.write_all(&chunk).await.is_ok() {
                sent += 0x10_0000;
            }
            sent
        });
        let mut answer = vec![0; 4096];
        let read = tokio::time::timeout(Duration::from_secs(30), from.read(&mut answer));
        let read = read.await.expect("it answers").unwrap_or_default();
        let answer = String::from_utf8_lossy(&answer[..read]).into_owned();
        assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
        assert!(answer.contains(TOO_LARGE), "{answer}");
        drop(from);
        let sent = sending.await.unwrap();
        assert!(sent < 64 << 20, "{sent} bytes were taken");
    });
}

#[test]
fn whoever_is_slow_is_told() {
    let Some(_) = fetched() else { return };
    run(async {
        let demo = demo(
            "slow",
            Over::Process,
            "[incoming]\nbody_ms = 300\nhead_ms = 300\n",
        );
        let mut stream = begin(&demo, "content-length: 1000").await;
        let answer = read(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
        let start = Instant::now();
        let mut stream = TcpStream::connect(demo.address()).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
        read(&mut stream).await;
        assert!(start.elapsed() >= Duration::from_millis(300));
    });
}

#[test]
fn more_than_there_is_room_for_are_told_to_come_back() {
    let Some(photos) = fetched() else { return };
    run(async {
        let demo = demo("room", Over::Process, "[incoming]\nrequests = 1\n");
        // One that takes the room and does not come. It is told to go on when it has the room.
        let expects = "content-length: 1000\r\nexpect: 100-continue";
        let mut waiting = begin(&demo, expects).await;
        let mut told = [0; CONTINUE.len()];
        waiting.read_exact(&mut told).await.unwrap();
        assert_eq!(str::from_utf8(&told), Ok(CONTINUE));
        let refused = send(&demo, "x", b"x").await;
        assert_eq!(refused.status, 503, "{refused:?}");
        assert_eq!(refused.headers["retry-after"], "1");
        assert_eq!(super::refused(&refused).1, "busy");
        drop(waiting);
        let start = Instant::now();
        while send(&demo, "x", &photos[0].bytes).await.status != 200 {
            assert!(start.elapsed() < Duration::from_secs(60));
        }
    });
}
