//! NATS with JetStream.

use std::fs;
use std::io::{self, Read as _};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use crate::program::{fetched, installed};
use crate::{Kind, Server};

/// Which NATS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nats {
    /// That of Debian, or whichever is installed.
    Debian,
    /// A current one.
    Current,
}

/// A server of NATS. None is that there is no program.
///
/// # Panics
///
/// It does not start.
pub fn nats(which: Nats) -> Option<Server> {
    let name = "nats-server";
    let program = match which {
        Nats::Debian => installed(name).or_else(|| fetched("nats", name)),
        Nats::Current => fetched("nats-current", name),
    };
    Some(Server::start(Kind {
        program: program?,
        arguments,
        is_ready,
    }))
}

fn arguments(folder: &Path, port: u16) -> io::Result<Vec<String>> {
    let store = folder.join("store");
    let config = folder.join("nats.conf");
    // What was acknowledged is on the disk, where the server can do that.
    let text = format!(
        "host: 127.0.0.1\nport: {port}\njetstream {{\n  store_dir: {store:?}\n  \
         max_file_store: 10GB\n  max_memory_store: 100MB\n}}\n"
    );
    fs::write(&config, text)?;
    Ok(vec!["-c".to_owned(), config.display().to_string()])
}

/// It says who it is by itself, when it is ready.
fn is_ready(mut stream: TcpStream) -> bool {
    let mut answer = [0; 5];
    let heard = stream
        .set_read_timeout(Some(Duration::from_secs(1)))
        .and_then(|()| stream.read_exact(&mut answer));
    heard.is_ok() && answer == *b"INFO "
}
