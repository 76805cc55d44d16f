//! Who answers the proxies: always the same, and as little of the core as can be, so that nobody waits
//! for it. A program of its own, which is this one once more.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

use anyhow::{Context as _, Result};

use super::process::{OTHERS, Process, folder, free, on};
use crate::filters::{RESPONSE, body};

/// The option that makes this program the upstream.
pub(crate) const OPTION: &str = "--upstream";

/// A path whose answer is the head of the request.
pub(super) const SEEN: &str = "/seen";

/// The most bytes of a head.
const HEAD: usize = 8 << 10;

pub(super) fn start() -> Result<Process> {
    let address = free()?;
    let program = std::env::current_exe().context("cannot find this program")?;
    let mut command = on(OTHERS, program);
    command.args([OPTION, &address.to_string()]);
    Process::start(&mut command, address, &folder()?.join("upstream.log"))
}

/// Answers at an address until somebody ends this process.
pub(crate) fn serve(address: Option<String>) -> Result<()> {
    let address = address.and_then(|address| address.parse::<SocketAddr>().ok());
    let address = address.with_context(|| format!("`{OPTION}` is for this program itself"))?;
    let listener = TcpListener::bind(address)?;
    let body = body();
    let usual = answer(&body);
    for stream in listener.incoming().flatten() {
        let usual = usual.clone();
        // One that breaks has nobody to tell.
        thread::spawn(move || drop(answered(stream, &usual)));
    }
    Ok(())
}

fn answer(body: &[u8]) -> Vec<u8> {
    let mut answer = b"HTTP/1.1 200 OK\r\n".to_vec();
    let fields = RESPONSE.iter().filter(|(name, _)| !name.starts_with(':'));
    for (name, value) in fields {
        let value = match *name {
            "content-length" => body.len().to_string(),
            _ => (*value).to_owned(),
        };
        answer.extend(format!("{name}: {value}\r\n").bytes());
    }
    answer.extend(b"\r\n");
    answer.extend(body);
    answer
}

/// Serves one connection: requests without bodies, one after the other.
fn answered(mut stream: TcpStream, usual: &[u8]) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut head = vec![0; HEAD];
    let mut filled = 0;
    loop {
        let read = stream.read(&mut head[filled..])?;
        if read == 0 {
            return Ok(());
        }
        filled += read;
        if !head[..filled].ends_with(b"\r\n\r\n") {
            continue;
        }
        match head.starts_with(format!("GET {SEEN} ").as_bytes()) {
            true => stream.write_all(&answer(&head[..filled]))?,
            false => stream.write_all(usual)?,
        }
        filled = 0;
    }
}
