//! Runs the program `filter-proxy` as its operators do, with filters of both kinds, between an
//! upstream and clients of the tests' own.

mod broken;
mod callouts;
mod drain;
mod failure;
mod guests;
mod hostile;
mod limits;
mod middleware;
mod passing;
mod program;
mod readme;
mod reload;
mod shared;
mod soak;
mod tls;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use proxy_load::client::Client;
use proxy_load::filters::{COMPONENT, MODULE};
use proxy_load::frames;
use proxy_load::proxy::{Proxy, program};
use proxy_load::upstream::Upstream;

/// A folder of this test run.
fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("filter-proxy")
        .join(name)
}

fn run<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(test)
}

/// The part of a configuration that is a filter: its name is what it reads as its configuration. It
/// has time enough, unless its test says otherwise, for machines that do much else.
fn filter(name: &str, file: &Path, more: &str) -> String {
    let deadline = match more.contains("deadline_ms") {
        true => "",
        false => "deadline_ms = 5_000\n",
    };
    let more = format!("{deadline}{more}");
    format!("[[filters]]\nname = {name:?}\nfile = {file:?}\nconfiguration = {name:?}\n{more}\n")
}

/// The part of a configuration that leads to an upstream, which is the one of callouts, too.
fn to(upstream: &Upstream) -> String {
    let address = upstream.address;
    format!(
        "[upstreams.up]\naddress = '{address}'\nanswer_ms = 2_000\n\
         [upstreams.auth]\naddress = '{address}'\n[[routes]]\nupstream = 'up'\n"
    )
}

/// A proxy with one worker before an upstream, with the filters that a configuration has.
fn proxy(name: &str, upstream: &Upstream, filters: &str) -> Proxy {
    let config = format!("workers = 1\n{}{filters}", to(upstream));
    Proxy::start(&folder(name), &config, &[]).unwrap()
}

/// Waits until something is so.
async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let start = Instant::now();
    while !is_so().await {
        assert!(
            start.elapsed() < Duration::from_secs(30),
            "not so after 30 s: {what}"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
