//! Whether a proxy and its filter do what they should, before they are measured.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Result, ensure};

use super::Chain;
use super::process::Process;
use super::upstream::SEEN;
use crate::filters::{BLOT, Kind};

pub(super) fn right(proxy: &Process, chain: Chain) -> Result<()> {
    let usual = ask(proxy, "/notes")?;
    let is_blotted = usual.contains(BLOT);
    let has_filter = ask(proxy, SEEN)?.contains("x-filter: abide");
    let is_greeted = ask(proxy, "/hello")?.contains("Hello, World!");
    let kind = match chain {
        Chain::Nothing => None,
        Chain::Module(kind) | Chain::Component(kind) => Some(kind),
    };
    ensure!(usual.starts_with("HTTP/1.1 200"), "the answer is {usual}");
    ensure!(
        is_blotted == (kind == Some(Kind::Body)),
        "the body is wrong"
    );
    ensure!(
        has_filter == (kind == Some(Kind::Add)),
        "the field is wrong"
    );
    ensure!(
        is_greeted == (kind == Some(Kind::Headers)),
        "the greeting is wrong"
    );
    Ok(())
}

fn ask(proxy: &Process, path: &str) -> Result<String> {
    let mut stream = TcpStream::connect(proxy.address)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: example.org\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
