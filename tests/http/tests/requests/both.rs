//! Whom guests may ask, and for how long they wait.
//!
//! The servers are threads of this process that speak as little HTTP as will do.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use abide::{CallError, Error, Http, Limits, Wasi};

use super::{Fetching, wait};
use crate::{NoHost, component};

/// The guest's word for what it may not do.
const DENIED: &str = "HttpRequestDenied";

pub(super) fn guest(wasi: Wasi, deadline: Duration) -> Fetching {
    Fetching::builder(NoHost)
        .wasi(wasi)
        .limits(Limits::new().deadline(deadline))
        .name("asking")
        .load(component())
        .unwrap()
}

pub(super) fn allowed(http: Http) -> Fetching {
    guest(Wasi::new().http(http), Duration::from_secs(60))
}

fn get(guest: &Fetching, authority: &str) -> Result<(u16, String), CallError<String>> {
    wait(guest.fetch().request(false, authority, "/hello?a=b", None))
}

/// What the guest said went wrong.
#[track_caller]
fn refused(result: Result<(u16, String), CallError<String>>) -> String {
    match result {
        Err(CallError::Guest(text)) => text,
        other => panic!("{other:?}"),
    }
}

/// Lets a server have each connection there is, on a port of its own.
pub(super) fn serve(server: impl Fn(TcpStream) + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for connection in listener.incoming() {
            server(connection.unwrap());
        }
    });
    port
}

/// Answers with the request's first line, its host and its body.
fn echo(mut connection: TcpStream) {
    let mut reader = BufReader::new(connection.try_clone().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let (mut host, mut chunked) = (String::new(), false);
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        let header = header.trim_end().to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("host: ") {
            host = value.to_owned();
        }
        chunked |= header == "transfer-encoding: chunked";
    }
    let mut body = String::new();
    while chunked {
        let mut size = String::new();
        reader.read_line(&mut size).unwrap();
        let size = usize::from_str_radix(size.trim_end(), 16).unwrap();
        let mut chunk = vec![0; size + 2];
        reader.read_exact(&mut chunk).unwrap();
        body.push_str(std::str::from_utf8(&chunk[..size]).unwrap());
        chunked = size != 0;
    }
    let answer = format!("{}\n{host}\n{body}", line.trim_end());
    let length = answer.len();
    write!(
        connection,
        "HTTP/1.1 201 Created\r\ncontent-length: {length}\r\n\r\n{answer}"
    )
    .unwrap();
}

#[test]
fn nobody_may_be_asked_by_default() {
    let port = serve(echo);
    for wasi in [
        Wasi::new(),
        Wasi::new().clocks().random().preopen(".", "/"),
        Wasi::new().http(Http::new()),
        // Sockets are another grant.
        Wasi::new().network(abide::Network::new().tcp_connect("*:*").name_lookup()),
    ] {
        let guest = guest(wasi, Duration::from_secs(60));
        assert_eq!(refused(get(&guest, &format!("127.0.0.1:{port}"))), DENIED);
        let asked = wait(guest.fetch().request(true, "localhost", "/", None));
        assert_eq!(refused(asked), DENIED);
    }
}

#[test]
fn a_guest_asks_whom_it_may_and_nobody_else() {
    let (port, other) = (serve(echo), serve(echo));
    let here = format!("127.0.0.1:{port}");
    let guest = allowed(Http::new().allow(&here));
    let (status, text) = get(&guest, &here).unwrap();
    assert_eq!(status, 201);
    assert_eq!(text, format!("GET /hello?a=b HTTP/1.1\n{here}\n"));
    let body = Some("a body");
    let (_, text) = wait(guest.fetch().request(false, &here, "/", body)).unwrap();
    assert_eq!(text, format!("POST / HTTP/1.1\n{here}\na body"));

    for authority in [
        format!("127.0.0.1:{other}"),
        format!("127.0.0.2:{port}"),
        format!("localhost:{port}"),
        format!("somebody@{here}"),
        format!("{here}@127.0.0.1:{other}"),
        "127.0.0.1".to_owned(),
    ] {
        assert_eq!(refused(get(&guest, &authority)), DENIED, "{authority}");
    }
    // What is refused ends nothing.
    let session = wait(guest.session()).unwrap();
    refused(get(&session, "127.0.0.1"));
    assert_eq!(get(&session, &here).unwrap().0, 201);
}

#[test]
fn hosts_are_allowed_by_name() {
    let port = serve(echo);
    let guest = allowed(Http::new().allow(format!("LOCALHOST:{port}")));
    assert_eq!(get(&guest, &format!("localhost:{port}")).unwrap().0, 201);
    assert_eq!(refused(get(&guest, &format!("127.0.0.1:{port}"))), DENIED);
}

#[test]
fn requests_count_as_open_files_while_they_last() {
    let here = format!("127.0.0.1:{}", serve(echo));
    let http = || Wasi::new().http(Http::new().allow(&here));
    let with = |files| {
        let limits = Limits::new().deadline(Duration::from_secs(60));
        Fetching::builder(NoHost)
            .wasi(http())
            .limits(limits.open_files(files))
            .load(component())
            .unwrap()
    };
    assert_eq!(refused(get(&with(0), &here)), "ConnectionLimitReached");
    // One after the other, also of one instance. A connection is closed a moment after its request
    // is over.
    let session = wait(with(1).session()).unwrap();
    let ask = || wait(session.fetch().request(false, &here, "/hello?a=b", None));
    for _ in 0..5 {
        let mut answer = ask();
        for _ in 0..1000 {
            match &answer {
                Err(CallError::Guest(text)) if text == "ConnectionLimitReached" => {
                    thread::sleep(Duration::from_millis(10));
                    answer = ask();
                }
                _ => break,
            }
        }
        assert_eq!(answer.unwrap().0, 201);
    }
}

#[test]
fn https_is_spoken() {
    // To tell that a client wants to agree on keys, its first byte will do.
    let (told, first) = std::sync::mpsc::channel();
    let port = serve(move |mut connection| {
        let mut byte = [0];
        connection.read_exact(&mut byte).unwrap();
        told.send(byte[0]).unwrap();
    });
    let here = format!("127.0.0.1:{port}");
    let guest = allowed(Http::new().allow(&here));
    let asked = wait(guest.fetch().request(true, &here, "/", None));
    assert_eq!(refused(asked), "TlsProtocolError");
    const HANDSHAKE: u8 = 22;
    assert_eq!(
        first.recv_timeout(Duration::from_secs(10)).unwrap(),
        HANDSHAKE
    );
}

#[test]
fn who_waits_for_an_answer_meets_the_deadline() {
    let silent = serve(std::mem::forget);
    let endless = serve(|mut connection| {
        // An answer that comes before its question is no HTTP.
        assert_ne!(connection.read(&mut [0; 1024]).unwrap(), 0);
        let head = "HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\nmore to come";
        connection.write_all(head.as_bytes()).unwrap();
        std::mem::forget(connection);
    });
    let http = Http::new().allow(format!("127.0.0.1:{silent}"));
    let http = http.allow(format!("127.0.0.1:{endless}"));
    let guest = guest(Wasi::new().http(http), Duration::from_millis(300));
    let start = Instant::now();
    for (https, port) in [(false, silent), (true, silent), (false, endless)] {
        let authority = format!("127.0.0.1:{port}");
        let error = wait(guest.fetch().request(https, &authority, "/", None)).unwrap_err();
        assert!(
            matches!(&error, CallError::Failed(Error::Timeout { .. })),
            "{error}"
        );
    }
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[test]
fn what_is_no_host_is_told_when_the_guest_is_loaded() {
    let error = Fetching::builder(NoHost)
        .wasi(Wasi::new().http(Http::new().allow("https://example.com")))
        .name("asking")
        .load(component())
        .unwrap_err();
    assert!(matches!(error, Error::Wasi { .. }), "{error}");
    assert!(
        error
            .to_string()
            .contains("`https://example.com`, which `Http::allow` was called with, is not a host"),
        "{error}"
    );
}
