//! Runs the program `recognise` as its operators do, in one process and in three, and asks it as
//! its clients do.

mod away;
mod browser;
mod faults;
mod incoming;
mod leak;
mod program;
mod seen;
mod sidecars;

use std::io::{Write as _, stderr};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use example_client::{Answer, Connection, Method};
use recognise_load::{Demo, Over, Photo, guests, photos};
use serde_json::Value;

/// The guests of the services.
static GUESTS: LazyLock<PathBuf> = LazyLock::new(|| guests().unwrap());

/// A folder of this test run.
fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("recognise")
        .join(name)
}

/// Says, where nobody can miss it, what is not there.
fn not_tested(what: &str) {
    // Past what tests' output is kept back by.
    let told = format!("\n!!! NOT TESTED: {what}\n\n");
    let _ = stderr().write_all(told.as_bytes());
}

/// The photos, if they and the model have been fetched.
fn fetched() -> Option<Vec<Photo>> {
    match photos() {
        Ok(photos) => Some(photos),
        Err(error) => {
            not_tested(&format!("recognition: {error:#}"));
            None
        }
    }
}

/// The services, with what the configuration has beside its defaults.
fn demo(name: &str, over: Over, config: &str) -> Demo {
    let program = Path::new(env!("CARGO_BIN_EXE_recognise"));
    // Tests run beside one another, and what is compiled without optimisation takes its time.
    let config = format!("{config}\n[pictures]\nwait_ms = 60_000\n");
    let config = match config.contains("[guest]") {
        true => config,
        false => {
            format!("{config}[guest]\ndeadline_ms = 120_000\ncall_ms = 60_000\nwait_ms = 60_000\n")
        }
    };
    Demo::start(program, &folder(name), &GUESTS, over, &config, &[]).unwrap()
}

fn run<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    runtime.unwrap().block_on(test)
}

async fn connect(demo: &Demo) -> Connection {
    Connection::open(demo.address()).await.unwrap()
}

/// Sends a picture as the page does.
async fn send(demo: &Demo, name: &str, bytes: &[u8]) -> Answer {
    let path = format!("/api/recognise?name={name}");
    let mut connection = connect(demo).await;
    connection
        .ask(Method::POST, &path, bytes.to_vec())
        .await
        .unwrap()
}

/// Its status and its body.
fn told(answer: &Answer) -> (u16, Value) {
    let body = serde_json::from_slice(&answer.body);
    let body = body.unwrap_or_else(|_| panic!("{answer:?}"));
    (answer.status.as_u16(), body)
}

/// Its status, and the word for programs of an error.
fn refused(answer: &Answer) -> (u16, String) {
    let (status, body) = told(answer);
    assert!(
        body["message"].as_str().is_some_and(|text| text.len() > 10),
        "an error says nothing: {body}"
    );
    (status, body["error"].as_str().unwrap().to_owned())
}
