//! What runs beside a guest that uses files and outputs: it is never kept waiting.
//!
//! Pipes stand for everything that is slow: whoever opens one waits for the other side.

use std::env;
use std::fs::{self, OpenOptions};
use std::future::Future;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use abide::{CallError, Engine, Error, Limits, Wasi};
use abide_build::Target;

use super::files::folder;
use super::{Grants, LONG, single};
use crate::{NoHost, full_name, support};

/// How often a beat is due.
const BEAT: Duration = Duration::from_millis(10);

/// How many beats there are while something is done on a runtime with one thread, and what came of
/// it.
fn beats<T>(act: impl Future<Output = T>) -> (u32, T) {
    let beats = Arc::<AtomicU32>::default();
    let runtime = single();
    let done = runtime.block_on(async {
        let beats = Arc::clone(&beats);
        let heart = tokio::spawn(async move {
            loop {
                tokio::time::sleep(BEAT).await;
                beats.fetch_add(1, Ordering::Relaxed);
            }
        });
        let done = act.await;
        heart.abort();
        done
    });
    // A thread that waits for a pipe would be waited for.
    runtime.shutdown_background();
    (beats.load(Ordering::Relaxed), done)
}

fn with(engine: &Engine, wasi: Wasi, deadline: Duration) -> Grants {
    Grants::builder(NoHost)
        .engine(engine)
        .wasi(wasi)
        .limits(Limits::new().deadline(deadline))
        .load(support::guest("grants", Target::Wasip2))
        .unwrap()
}

fn engine() -> Engine {
    Engine::builder().build().unwrap()
}

fn pipe(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status();
    assert!(made.unwrap().success());
}

fn is_late<T>(called: Result<T, CallError<String>>) -> bool {
    matches!(called, Err(CallError::Failed(Error::Timeout { .. })))
}

#[test]
fn a_large_file_keeps_nobody_waiting() {
    let folder = folder("large-file");
    fs::write(folder.join("shared/large"), vec![0; 64 << 20]).unwrap();
    let wasi = Wasi::new().preopen_read(folder.join("shared"), "/data");
    let guest = with(&engine(), wasi, LONG);
    let mut rounds = 0;
    let (beats, time) = beats(async {
        let start = std::time::Instant::now();
        while start.elapsed() < Duration::from_millis(300) {
            let bytes = guest.ask().count_file("/data/large").await.unwrap();
            assert_eq!(bytes, 64 << 20);
            rounds += 1;
        }
        start.elapsed()
    });
    let due = time.as_millis() / BEAT.as_millis();
    assert!(
        u128::from(beats) >= due / 4,
        "{beats} of {due} in {rounds} rounds"
    );
}

#[cfg(unix)]
#[test]
fn a_pipe_keeps_nobody_waiting_and_ends_in_time() {
    let folder = folder("pipe");
    let path = folder.join("shared/pipe");
    pipe(&path);
    let wasi = Wasi::new().preopen(folder.join("shared"), "/data");
    let engine = Engine::builder().open_files(1).build().unwrap();
    let guest = with(&engine, wasi, Duration::from_millis(300));
    // Nobody writes to it, not even opens it.
    let (opening, called) = beats(guest.ask().read_file("/data/pipe"));
    assert!(is_late(called));
    assert!(opening >= 8, "{opening} beats");
    // The file that is about to be opened counts until somebody comes.
    let (_, called) = beats(guest.ask().read_file("/data/note.txt"));
    assert!(matches!(called, Err(CallError::Guest(_))), "{called:?}");
    let other_side = OpenOptions::new()
        .read(true)
        .write(true)
        .open(&path)
        .unwrap();
    free(&guest);
    drop(other_side);
}

/// Waits until the guest can read a file again.
#[cfg(unix)]
fn free(guest: &Grants) {
    for _ in 0..1000 {
        match beats(guest.ask().read_file("/data/note.txt")) {
            (_, Ok(text)) => return assert_eq!(text, "note"),
            _ => std::thread::sleep(BEAT),
        }
    }
    panic!("the file is still counted");
}

#[cfg(target_os = "linux")]
#[test]
fn guests_hold_no_more_threads_than_they_may() {
    const MARK: &str = "ABIDE_TEST_THREADS";
    if env::var(MARK).is_err() {
        // A process of its own, whose threads can be counted: this test once more.
        let name = full_name(module_path!(), "guests_hold_no_more_threads_than_they_may");
        let output = Command::new(env::current_exe().unwrap())
            .args(["--exact", &name])
            .env(MARK, "")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && said.contains("1 passed"),
            "{output:?}"
        );
        return;
    }
    let threads = || fs::read_dir("/proc/self/task").unwrap().count();
    let folder = folder("threads");
    let path = folder.join("shared/pipe");
    pipe(&path);
    let wasi = Wasi::new().preopen_read(folder.join("shared"), "/data");
    let engine = Engine::builder().open_files(1000).build().unwrap();
    let guest = with(&engine, wasi, LONG);
    let runtime = single();
    let before = threads();
    runtime.block_on(async {
        for _ in 0..100 {
            let call = async { guest.ask().read_file("/data/pipe").await };
            let call = tokio::time::timeout(Duration::from_millis(5), call);
            assert!(call.await.is_err());
        }
        let waiting = threads() - before;
        assert!((1..=40).contains(&waiting), "{waiting} threads");
        // Once somebody comes, all of them go on.
        let other_side = OpenOptions::new()
            .read(true)
            .write(true)
            .open(&path)
            .unwrap();
        assert_eq!(
            guest.ask().read_file("/data/note.txt").await.unwrap(),
            "note"
        );
        drop(other_side);
    });
    runtime.shutdown_background();
}

#[cfg(unix)]
#[test]
fn an_output_that_nobody_reads_keeps_nobody_waiting() {
    const MARK: &str = "ABIDE_TEST_UNREAD";
    if env::var(MARK).is_ok() {
        let guest = with(
            &engine(),
            Wasi::new().inherit_stderr(),
            Duration::from_millis(300),
        );
        let (beats, called) = beats(async {
            let text = "x".repeat(500_000);
            guest.ask().print("", &text).await
        });
        let error = called.unwrap_err();
        assert!(matches!(error, Error::Timeout { .. }), "{error}");
        assert!(beats >= 8, "{beats} beats");
        // Others' output has an own place in the line.
        let other = with(&engine(), Wasi::new(), LONG);
        single().block_on(other.ask().print("", "heard")).unwrap();
        return;
    }
    let name = full_name(
        module_path!(),
        "an_output_that_nobody_reads_keeps_nobody_waiting",
    );
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", &name])
        .env(MARK, "")
        .stderr(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let unread = child.stderr.take().unwrap();
    let output = child.wait_with_output().unwrap();
    drop(unread);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{output:?}"
    );
}

#[test]
fn a_file_that_is_read_halfway_is_closed_when_its_call_is_dropped() {
    let folder = folder("halfway");
    fs::write(folder.join("shared/large"), vec![0; 16 << 20]).unwrap();
    let wasi = Wasi::new().preopen_read(folder.join("shared"), "/data");
    let engine = Engine::builder().open_files(1).build().unwrap();
    let guest = with(&engine, wasi, LONG);
    single().block_on(async {
        for n in 0..50 {
            let call = async { guest.ask().count_file("/data/large").await };
            let time = Duration::from_micros(100 * n);
            let _ = tokio::time::timeout(time, call).await;
            // What a thread is at goes on for a moment.
            let mut read = guest.ask().read_file("/data/note.txt").await;
            for _ in 0..1000 {
                if read.is_ok() {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(1)).await;
                read = guest.ask().read_file("/data/note.txt").await;
            }
            assert_eq!(read.unwrap(), "note");
        }
    });
}
