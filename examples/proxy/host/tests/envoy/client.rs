//! Clients that send what they are told byte by byte, and keep what they get the same way.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::Duration;

use crate::http2::{self, Ask};

/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// What clients do, one after the other.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Send(Vec<u8>),
    Wait(u64),
    /// Reads one answer, to a request whose answer has no body if that is so.
    Answer {
        to_head: bool,
    },
    /// Reads until the other side ends the connection.
    End,
    /// Goes away. What is sent next goes over another connection.
    Leave,
    /// What follows is another client's, by its number.
    Client(usize),
    /// Asks by HTTP/2, over a connection of its own.
    Http2(Ask),
}

/// What came in: answers, and how the connection went on.
pub(crate) fn follow(address: SocketAddr, steps: &[Step]) -> Vec<u8> {
    let mut all = Vec::new();
    let mut connections = BTreeMap::new();
    let mut client = 0;
    for step in steps {
        if let Step::Client(number) = step {
            client = *number;
            continue;
        }
        if let Step::Http2(ask) = step {
            all.extend(http2::ask(address, ask).bytes());
            continue;
        }
        let stream = connections
            .entry(client)
            .or_insert_with(|| connect(address));
        match step {
            Step::Client(_) | Step::Http2(_) => {}
            // Who is not listened to any more has had an answer.
            Step::Send(bytes) => drop(stream.write_all(bytes)),
            Step::Wait(ms) => thread::sleep(Duration::from_millis(*ms)),
            Step::Answer { to_head } => answer(stream, *to_head, &mut all),
            Step::End => end(stream, &mut all),
            Step::Leave => drop(connections.remove(&client)),
        }
    }
    all
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}

/// Reads a byte; none at the end, or if there is none for long.
fn next(stream: &mut TcpStream, all: &mut Vec<u8>) -> bool {
    let mut byte = [0];
    let note = match stream.read(&mut byte) {
        Ok(1) => {
            all.push(byte[0]);
            return true;
        }
        Err(error) if error.kind() == ErrorKind::WouldBlock => "nothing comes",
        // A connection is reset rather than closed where something was sent that nobody reads.
        _ => "closed",
    };
    all.extend(format!("[{note}]\n").bytes());
    false
}

/// Reads on until what was read from `from` on ends so.
fn until(end: &[u8], from: usize, stream: &mut TcpStream, all: &mut Vec<u8>) -> bool {
    while !all[from..].ends_with(end) {
        if !next(stream, all) {
            return false;
        }
    }
    true
}

/// Reads an answer, and whatever comes before it.
fn answer(stream: &mut TcpStream, to_head: bool, all: &mut Vec<u8>) {
    loop {
        let start = all.len();
        if !until(b"\r\n\r\n", start, stream, all) {
            return;
        }
        let head = String::from_utf8_lossy(&all[start..]).to_lowercase();
        let is_interim = head.starts_with("http/1.1 1");
        let has_none = to_head
            || ["204", "304"]
                .iter()
                .any(|code| head[9..].starts_with(code));
        if is_interim {
            continue;
        }
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        if has_none {
            return;
        } else if head.contains("transfer-encoding: chunked") {
            chunks(stream, all);
        } else if let Some(length) = length {
            for _ in 0..length.parse().unwrap_or(0) {
                if !next(stream, all) {
                    return;
                }
            }
        } else {
            end(stream, all);
        }
        return;
    }
}

fn chunks(stream: &mut TcpStream, all: &mut Vec<u8>) {
    loop {
        let start = all.len();
        if !until(b"\r\n", start, stream, all) {
            return;
        }
        let line = String::from_utf8_lossy(&all[start..]).into_owned();
        let size = usize::from_str_radix(line.trim(), 16).unwrap_or(0);
        if size == 0 {
            // Trailers, if there are any, end with an empty line as well.
            until(b"\r\n\r\n", start, stream, all);
            return;
        }
        for _ in 0..size + 2 {
            if !next(stream, all) {
                return;
            }
        }
    }
}

fn end(stream: &mut TcpStream, all: &mut Vec<u8>) {
    while next(stream, all) {}
}
