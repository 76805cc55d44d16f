//! Redis.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use crate::program::{Program, fetched, installed};
use crate::{Kind, Namespace, Place, Server};

/// The folder that it was put into.
const FOLDER: &str = "redis";

/// A server of Redis that keeps every write before it answers. None is that there is no program.
///
/// # Panics
///
/// It does not start.
pub fn redis() -> Option<Server> {
    redis_with(&[])
}

/// The same with more arguments, which count for more than its own. None is that there is no program.
///
/// # Panics
///
/// It does not start.
pub fn redis_with(more: &[&str]) -> Option<Server> {
    let program = program("redis-server")?;
    Some(Server::start(kind(program, more)))
}

/// A server of Redis in a namespace. None is that there is no program.
///
/// # Panics
///
/// It does not start.
pub fn redis_in(namespace: &Namespace) -> Option<Server> {
    let kind = kind(
        namespace.run(program("redis-server")?),
        &["--protected-mode", "no"],
    );
    Some(Server::start_at(kind, namespace.address()))
}

fn kind(program: Program, more: &[&str]) -> Kind {
    let more: Vec<_> = more.iter().map(|&argument| argument.to_owned()).collect();
    Kind {
        program,
        arguments: Box::new(move |place| Ok([arguments(place), more.clone()].concat())),
        is_ready,
    }
}

/// What `redis-cli` prints when it is given a command.
///
/// # Panics
///
/// There is no such program, though there is a server, or it fails.
pub fn redis_cli(server: &Server, command: &[&str]) -> String {
    let program = program("redis-cli").expect("whoever has a server has it");
    let (host, port) = (server.host.to_string(), server.port.to_string());
    let mut cli = program.command();
    let output = cli.args(["-h", &host, "-p", &port]).args(command).output();
    let output = output.expect("the program was found");
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim_end().to_owned()
}

fn program(name: &str) -> Option<Program> {
    installed(name).or_else(|| fetched(FOLDER, name))
}

fn arguments(place: &Place<'_>) -> Vec<String> {
    let (folder, port) = (place.folder.display().to_string(), place.port.to_string());
    let host = place.host.to_string();
    let arguments = [
        ["--bind", &host],
        ["--port", &port],
        ["--dir", &folder],
        ["--save", ""],
        ["--appendonly", "yes"],
        ["--appendfsync", "always"],
        ["--daemonize", "no"],
    ];
    arguments.concat().into_iter().map(str::to_owned).collect()
}

fn is_ready(mut stream: TcpStream) -> bool {
    let mut answer = [0; 5];
    let asked = stream
        .set_read_timeout(Some(Duration::from_secs(1)))
        .and_then(|()| stream.write_all(b"PING\r\n"))
        .and_then(|()| stream.read_exact(&mut answer));
    asked.is_ok() && answer == *b"+PONG"
}
