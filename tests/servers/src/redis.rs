//! Redis.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use crate::program::{Program, fetched, installed};
use crate::{Kind, Server};

/// The folder that it was put into.
const FOLDER: &str = "redis";

/// A server of Redis that keeps every write before it answers. None is that there is no program.
///
/// # Panics
///
/// It does not start.
pub fn redis() -> Option<Server> {
    let program = program("redis-server")?;
    Some(Server::start(Kind {
        program,
        arguments,
        is_ready,
    }))
}

/// What `redis-cli` prints when it is given a command.
///
/// # Panics
///
/// There is no such program, though there is a server, or it fails.
pub fn redis_cli(server: &Server, command: &[&str]) -> String {
    let program = program("redis-cli").expect("whoever has a server has it");
    let port = server.port.to_string();
    let mut cli = program.command();
    let output = cli.args(["-p", &port]).args(command).output();
    let output = output.expect("the program was found");
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim_end().to_owned()
}

fn program(name: &str) -> Option<Program> {
    installed(name).or_else(|| fetched(FOLDER, name))
}

#[allow(clippy::unnecessary_wraps, reason = "others write files")]
fn arguments(folder: &Path, port: u16) -> io::Result<Vec<String>> {
    let (folder, port) = (folder.display().to_string(), port.to_string());
    let arguments = [
        ["--bind", "127.0.0.1"],
        ["--port", &port],
        ["--dir", &folder],
        ["--save", ""],
        ["--appendonly", "yes"],
        ["--appendfsync", "always"],
        ["--daemonize", "no"],
    ];
    Ok(arguments.concat().into_iter().map(str::to_owned).collect())
}

fn is_ready(mut stream: TcpStream) -> bool {
    let mut answer = [0; 5];
    let asked = stream
        .set_read_timeout(Some(Duration::from_secs(1)))
        .and_then(|()| stream.write_all(b"PING\r\n"))
        .and_then(|()| stream.read_exact(&mut answer));
    asked.is_ok() && answer == *b"+PONG"
}
