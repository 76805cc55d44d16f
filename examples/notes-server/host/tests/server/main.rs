//! Runs the program `notes-server` as its operators do, and asks it as its clients do.

mod browser;
mod gone;
mod incoming;
mod program;
mod readme;
mod reload;
mod soak;
mod statuses;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use notes_load::{Answer, Connection, Scrape, Server, guests};

/// The guest that does as its notes order.
static FAULTY: LazyLock<PathBuf> = LazyLock::new(|| guests(true).unwrap());

/// The guest as it is.
static SOUND: LazyLock<PathBuf> = LazyLock::new(|| guests(false).unwrap());

fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_notes-server"))
}

/// A folder of this test run.
fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("notes-server")
        .join(name)
}

/// A server in a folder of its own, with this guest and what the configuration has beside it.
fn server(name: &str, guest: &Path, config: &str) -> Server {
    let config = format!("guest = {guest:?}\n{config}");
    Server::start(program(), &folder(name), &config, &[]).unwrap()
}

fn run<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    runtime.unwrap().block_on(test)
}

async fn connect(server: &Server) -> Connection {
    Connection::open(server.address).await.unwrap()
}

fn text(answer: &Answer) -> &str {
    std::str::from_utf8(&answer.body).unwrap()
}

/// Waits until what a server says of itself is so.
async fn until(server: &Server, what: &str, is_so: impl Fn(&Scrape) -> bool) {
    let start = Instant::now();
    loop {
        let scrape = Scrape::read(server.address).await.unwrap();
        if is_so(&scrape) {
            return;
        }
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "not so after 20 s: {what}"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
