//! NATS with JetStream.

use std::fs;
use std::io::{self, Read as _};
use std::net::TcpStream;
use std::time::Duration;

use crate::program::{Program, fetched, installed};
use crate::{Kind, Namespace, Place, Server};

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
    Some(Server::start(kind(program(which)?)))
}

/// A server of NATS in a namespace. None is that there is no program.
///
/// # Panics
///
/// It does not start.
pub fn nats_in(namespace: &Namespace, which: Nats) -> Option<Server> {
    let kind = kind(namespace.run(program(which)?));
    Some(Server::start_at(kind, namespace.address()))
}

fn program(which: Nats) -> Option<Program> {
    let name = "nats-server";
    match which {
        Nats::Debian => installed(name).or_else(|| fetched("nats", name)),
        Nats::Current => fetched("nats-current", name),
    }
}

fn kind(program: Program) -> Kind {
    Kind {
        program,
        arguments: Box::new(arguments),
        is_ready,
    }
}

fn arguments(place: &Place<'_>) -> io::Result<Vec<String>> {
    let Place { folder, host, port } = place;
    let store = folder.join("store");
    let config = folder.join("nats.conf");
    // What was acknowledged is on the disk, where the server can do that.
    let text = format!(
        "host: {host}\nport: {port}\njetstream {{\n  store_dir: {store:?}\n  \
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
