//! A program over HTTP that wants to be told of what happens at a binding.

use std::sync::Arc;

use abide_dapr_tests::{block_on, until};
use parking_lot::Mutex;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::{TOKEN, beside, ready};
use crate::client::Client;

/// A request as a program over HTTP has it: its first line, its fields and its data.
type Asked = (String, String, String);

async fn answer(mut stream: TcpStream, seen: Arc<Mutex<Vec<Asked>>>) {
    loop {
        let mut text = String::new();
        let (head, length) = loop {
            let mut part = [0; 4096];
            match stream.read(&mut part).await {
                Ok(0) | Err(_) => return,
                Ok(read) => text.push_str(&String::from_utf8_lossy(&part[..read])),
            }
            let Some((head, _)) = text.split_once("\r\n\r\n") else {
                continue;
            };
            let length = head.lines().find_map(|line| {
                let length = line.to_ascii_lowercase();
                length
                    .strip_prefix("content-length: ")?
                    .parse::<usize>()
                    .ok()
            });
            let length = length.unwrap_or(0);
            if text.len() >= head.len() + 4 + length {
                break (head.to_owned(), length);
            }
        };
        let data = text[text.len() - length..].to_owned();
        let (first, fields) = head.split_once("\r\n").unwrap_or((&head, ""));
        let (status, body) = match first.split(' ').nth(1) {
            Some("/dapr/subscribe") => ("200 OK", "[]"),
            Some("/ticks") => ("200 OK", ""),
            _ => ("404 Not Found", ""),
        };
        seen.lock()
            .push((first.to_owned(), fields.to_ascii_lowercase(), data));
        let answer = format!(
            "HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

#[test]
fn what_happens_at_bindings_goes_to_a_program_over_http() {
    block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&seen);
        let served = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, Arc::clone(&shared)));
            }
        });
        let sidecar = beside("app-http", address, "http");
        ready(Client(sidecar.http)).await;
        let ticks = || {
            let seen = seen.lock();
            let ticks = seen
                .iter()
                .filter(|(first, ..)| first.starts_with("POST /ticks "));
            ticks.cloned().collect::<Vec<_>>()
        };
        until("the clock has ticked", || ticks().len() >= 2).await;
        let asked = seen
            .lock()
            .iter()
            .map(|(first, ..)| first.clone())
            .collect::<Vec<_>>();
        assert!(
            asked
                .iter()
                .any(|first| first.starts_with("OPTIONS /ticks ")),
            "{asked:?}"
        );
        let token = format!("dapr-api-token: {}", TOKEN.1);
        assert!(
            seen.lock()
                .iter()
                .all(|(_, fields, _)| fields.contains(&token))
        );
        served.abort();
    });
}
