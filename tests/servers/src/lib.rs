//! Servers of Redis and NATS for tests.
//!
//! Each listens on a free port of this machine only, keeps what it has in a folder of its own, and
//! ends with the test, also when that panics. Programs are those of the `PATH`, or else what `cargo
//! xtask setup` has put into `target/servers`.

mod namespace;
mod nats;
mod program;
mod redis;

use std::fmt;
use std::fs::{self, File};
use std::io;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

pub use namespace::Namespace;
pub use nats::{Nats, nats, nats_in};
pub use redis::{redis, redis_cli, redis_in, redis_with};

/// How long a server may take to answer after it was started.
const START: Duration = Duration::from_secs(30);

/// How often it is started, in case that somebody else takes its port.
const STARTS: usize = 3;

/// A server of some kind, from its start to its end.
#[derive(Debug)]
pub struct Server {
    kind: Kind,
    host: Ipv4Addr,
    port: u16,
    folder: PathBuf,
    /// None is that it was stopped.
    child: Option<Child>,
}

/// What a server is, and how it is started.
struct Kind {
    program: program::Program,
    /// Its arguments, by where it is.
    arguments: Arguments,
    /// Whether it answers.
    is_ready: fn(TcpStream) -> bool,
}

type Arguments = Box<dyn Fn(&Place<'_>) -> io::Result<Vec<String>> + Send + Sync>;

/// Where a server is.
struct Place<'a> {
    folder: &'a Path,
    host: Ipv4Addr,
    port: u16,
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kind")
            .field("program", &self.program)
            .finish_non_exhaustive()
    }
}

impl Server {
    fn start(kind: Kind) -> Self {
        Self::start_at(kind, Ipv4Addr::LOCALHOST)
    }

    fn start_at(kind: Kind, host: Ipv4Addr) -> Self {
        let folder = new_folder();
        let mut server = Self {
            kind,
            host,
            port: 0,
            folder,
            child: None,
        };
        for _ in 0..STARTS {
            server.port = free_port();
            server.spawn();
            if server.waits() {
                return server;
            }
        }
        panic!(
            "{:?} does not start; its folder is {:?}",
            server.kind, server.folder
        );
    }

    /// Where it listens, as host and port.
    pub fn address(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// Where it keeps what it has.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The id of its process, while it runs.
    pub fn id(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// Ends it at once, as a machine does that loses its power.
    ///
    /// # Panics
    ///
    /// It cannot be ended.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("it is a process of this one");
            child.wait().expect("it is a process of this one");
        }
    }

    /// Starts it again, at the same place with what it has kept.
    ///
    /// # Panics
    ///
    /// It does not start.
    pub fn restart(&mut self) {
        self.kill();
        self.spawn();
        assert!(self.waits(), "{:?} does not start again", self.kind);
    }

    /// Has it do nothing any more, and say nothing.
    ///
    /// # Panics
    ///
    /// It is not running.
    pub fn pause(&self) {
        self.signal("-STOP");
    }

    /// Has it go on.
    ///
    /// # Panics
    ///
    /// It is not running.
    pub fn resume(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let id = self.id().expect("it is running").to_string();
        let status = Command::new("kill").args([signal, &id]).status();
        assert!(status.is_ok_and(|status| status.success()), "{signal} {id}");
    }

    fn spawn(&mut self) {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.folder.join("log"))
            .expect("the folder is new");
        let arguments = (self.kind.arguments)(&Place {
            folder: &self.folder,
            host: self.host,
            port: self.port,
        });
        let mut command = self.kind.program.command();
        command
            .args(arguments.expect("the folder is new"))
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stderr(log.try_clone().expect("a file is there"))
            .stdout(log);
        self.child = Some(command.spawn().expect("the program was found"));
    }

    /// Waits until it answers. False is that it has ended.
    fn waits(&mut self) -> bool {
        let since = Instant::now();
        while since.elapsed() < START {
            if TcpStream::connect(self.address()).is_ok_and(self.kind.is_ready) {
                return true;
            }
            let child = self.child.as_mut();
            if child.is_some_and(|child| child.try_wait().is_ok_and(|ended| ended.is_some())) {
                self.child = None;
                return false;
            }
            sleep(Duration::from_millis(10));
        }
        false
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that is paused ends, too.
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
        // What a test that fails leaves behind may say why.
        if !std::thread::panicking() {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

fn new_folder() -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("abide-server-{}-{next}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    fs::create_dir_all(&folder).expect("there is a folder for what is temporary");
    folder
}

/// A port that nobody listens on at this moment.
///
/// # Panics
///
/// There is none.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    listener.local_addr().expect("it listens").port()
}
