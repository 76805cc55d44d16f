//! Upstreams: one that answers with what it is asked, or as the field `x-up` orders, one that never
//! answers, and one that is not there.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use crate::http2;

/// The fields of all its answers. Where one has no date Envoy makes it before the answer is logged,
/// ours when it is sent.
const FIELDS: &str = "server: up\r\ncontent-type: text/plain\r\nx-powered-by: coffee\r\n\
    x-many: a\r\nx-many: b\r\ndate: Mon, 01 Jan 2024 00:00:00 GMT\r\n";

/// Where they are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Upstreams {
    pub(crate) up: SocketAddr,
    /// The same for HTTP/2.
    pub(crate) up2: SocketAddr,
    pub(crate) silent: SocketAddr,
    pub(crate) nobody: SocketAddr,
}

/// So many addresses that nobody listens at.
pub(crate) fn free(count: usize) -> Vec<SocketAddr> {
    let listener = |_| TcpListener::bind("127.0.0.1:0").unwrap();
    // All are there at once, so no two are the same.
    let listeners: Vec<TcpListener> = (0..count).map(listener).collect();
    let addresses = listeners
        .iter()
        .map(|listener| listener.local_addr().unwrap());
    addresses.collect()
}

impl Upstreams {
    pub(crate) fn start() -> Self {
        Self {
            up: serve(|stream| converse(stream).unwrap_or_default()),
            up2: http2::serve(),
            silent: serve(|stream| {
                // Whoever asks goes away some time.
                let _ = { stream }.read_to_end(&mut Vec::new());
            }),
            nobody: free(1)[0],
        }
    }
}

fn serve(each: fn(TcpStream)) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || each(stream));
        }
    });
    address
}

/// A request, as it came.
struct Request {
    head: String,
    body: Vec<u8>,
    trailers: String,
}

impl Request {
    fn field(&self, name: &str) -> &str {
        let mut lines = self.head.lines().skip(1);
        let found = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        found.unwrap_or_default()
    }

    fn path(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    /// All of it.
    fn told(&self) -> Vec<u8> {
        let mut text = self.head.replace("\r\n", "\n").into_bytes();
        text.extend(&self.body);
        text.extend(self.trailers.replace("\r\n", "\n").bytes());
        text
    }
}

/// Answers until the client goes.
fn converse(stream: TcpStream) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut stream = stream;
    loop {
        let request = read(&mut reader)?;
        answer(&mut stream, &request)?;
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Request> {
    let mut request = Request {
        head: block(reader)?,
        body: Vec::new(),
        trailers: String::new(),
    };
    if request.field("x-up") == "early" {
        let answer = format!("HTTP/1.1 200 OK\r\n{FIELDS}content-length: 5\r\n\r\nearly");
        let mut stream = reader.get_ref();
        stream.write_all(answer.as_bytes()).ok()?;
    }
    if request.field("transfer-encoding") == "chunked" {
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok()?;
            let size = usize::from_str_radix(line.trim(), 16).ok()?;
            if size == 0 {
                request.trailers = block(reader)?;
                return Some(request);
            }
            let mut chunk = vec![0; size + 2];
            reader.read_exact(&mut chunk).ok()?;
            request.body.extend(&chunk[..size]);
        }
    }
    if let Ok(length) = request.field("content-length").parse() {
        request.body = vec![0; length];
        reader.read_exact(&mut request.body).ok()?;
    }
    Some(request)
}

/// Lines up to an empty one.
fn block(reader: &mut BufReader<TcpStream>) -> Option<String> {
    let mut block = String::new();
    loop {
        let before = block.len();
        if reader.read_line(&mut block).ok()? == 0 {
            return None;
        }
        if block[before..].trim().is_empty() {
            return Some(block);
        }
    }
}

fn answer(stream: &mut TcpStream, request: &Request) -> Option<()> {
    if request.field("host") == "auth" {
        return authorise(stream, request);
    }
    let wait = |ms| thread::sleep(Duration::from_millis(ms));
    let mut write = |text: String| stream.write_all(text.as_bytes()).ok();
    match request.field("x-up") {
        // It is answered.
        "early" => Some(()),
        "204" => write(format!("HTTP/1.1 204 No Content\r\n{FIELDS}\r\n")),
        "304" => write(format!(
            "HTTP/1.1 304 Not Modified\r\n{FIELDS}etag: \"e\"\r\n\r\n"
        )),
        "404" => write(format!(
            "HTTP/1.1 404 Not Found\r\n{FIELDS}content-length: 2\r\n\r\nno"
        )),
        "empty" => write(format!(
            "HTTP/1.1 200 OK\r\n{FIELDS}content-length: 0\r\n\r\n"
        )),
        "head" => write(format!(
            "HTTP/1.1 200 OK\r\n{FIELDS}content-length: 7\r\n\r\n"
        )),
        "chunks" | "chunks-and-trailers" => {
            let trailer = request.field("x-up") == "chunks-and-trailers";
            let declared = if trailer {
                "trailer: x-sum, x-other\r\n"
            } else {
                ""
            };
            let trailers = if trailer {
                "x-sum: 7\r\nx-other: 8\r\n"
            } else {
                ""
            };
            write(format!(
                "HTTP/1.1 200 OK\r\n{FIELDS}{declared}transfer-encoding: chunked\r\n\r\n"
            ))?;
            for part in ["one", "second", "seventh"] {
                wait(40);
                write(format!("{:x}\r\n{part}\r\n", part.len()))?;
            }
            wait(40);
            write(format!("0\r\n{trailers}\r\n"))
        }
        "two-parts" => {
            write(format!(
                "HTTP/1.1 200 OK\r\n{FIELDS}content-length: 6\r\n\r\none"
            ))?;
            wait(40);
            write("two".to_owned())
        }
        "slow" => {
            wait(400);
            write(format!(
                "HTTP/1.1 200 OK\r\n{FIELDS}content-length: 4\r\n\r\nslow"
            ))
        }
        "to-the-end" => {
            write(format!("HTTP/1.1 200 OK\r\n{FIELDS}\r\nat last"))?;
            None
        }
        "none" => None,
        _ => {
            let body = request.told();
            let head = format!(
                "HTTP/1.1 200 OK\r\n{FIELDS}content-length: {}\r\n\r\n",
                body.len()
            );
            // In one piece, so that it comes in one.
            stream.write_all(&[head.as_bytes(), &body].concat()).ok()
        }
    }
}

/// Answers a request of a filter's own. Envoy adds how long it took to such an answer; that the field
/// is there already makes as many fields of it elsewhere.
fn authorise(stream: &mut TcpStream, request: &Request) -> Option<()> {
    let ms = match request.path() {
        "/one" => 150,
        "/two" => 50,
        "/three" => 100,
        _ => 20,
    };
    thread::sleep(Duration::from_millis(ms));
    let body = [request.path().as_bytes(), b" ", &request.body].concat();
    let head = format!(
        "HTTP/1.1 200 OK\r\nx-token: token-7\r\nx-envoy-upstream-service-time: 0\r\n\
         date: today\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(&[head.as_bytes(), &body].concat()).ok()
}
