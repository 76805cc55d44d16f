//! A process is killed in the middle of its transactions, and of its events: the file opens, whole,
//! and has all that was acknowledged.
//!
//! The process is this program, as the test `child`, which does nothing when it is a test.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use abide_dapr::host_async::{Pubsub as _, State as _};
use abide_dapr::state::{Consistency, Item, Operation};
use abide_dapr_host::embedded::File;
use abide_dapr_host::{Component, Dapr, Host};
use abide_dapr_tests::{Random, Recorder, block_on, until};

const CHILD: &str = "ABIDE_DAPR_FILE";
/// How often a process is killed.
const KILLED: usize = 8;

fn open(path: &Path) -> (File, Dapr) {
    let file = File::open(path).unwrap();
    let dapr = Dapr::builder()
        .component(Component::pubsub("pubsub", file.broker().unwrap()))
        .component(Component::state("store", file.clone()))
        .build();
    (file, dapr.unwrap())
}

fn upsert(key: &str, value: String) -> Operation {
    Operation::Upsert(Item {
        key: key.to_owned(),
        value: value.into_bytes(),
        etag: None,
        options: None,
        metadata: Vec::new(),
    })
}

async fn number(host: &mut Host, key: &str) -> usize {
    let entry = host
        .get("store", key, Consistency::Strong, Vec::new())
        .await;
    entry.unwrap().map_or(0, |entry| {
        let text = String::from_utf8(entry.value).unwrap();
        text.trim_start_matches('0').parse().unwrap_or(0)
    })
}

/// Writes two values that belong together, publishes an event, and says so, without an end.
#[test]
fn child() {
    let Ok(path) = std::env::var(CHILD) else {
        return;
    };
    block_on(async {
        let (_file, dapr) = open(Path::new(&path));
        let mut host = dapr.host("child");
        let begin = number(&mut host, "a").await;
        for n in begin + 1.. {
            // Large enough for several pages.
            let value = format!("{n:020000}");
            let steps = vec![upsert("a", value.clone()), upsert("b", value)];
            host.transact("store", steps, Vec::new()).await.unwrap();
            let text = n.to_string();
            let published = host.publish("pubsub", "numbers", text.as_bytes(), "", Vec::new());
            published.await.unwrap();
            // What is printed was acknowledged.
            let mut out = std::io::stdout().lock();
            writeln!(out, "done {n}").unwrap();
            out.flush().unwrap();
        }
    });
}

/// Runs the child for a while, and kills it. What it said was done.
fn kill_child(path: &Path, random: &mut Random) -> Vec<usize> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture"])
        .env(CHILD, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let out = child.stdout.take().unwrap();
    let lines = BufReader::new(out).lines().map_while(Result::ok);
    let mut numbers = lines.filter_map(|line| line.split_once("done ")?.1.parse().ok());
    let count = 1 + random.below(20);
    let mut done: Vec<usize> = numbers.by_ref().take(count).collect();
    std::thread::sleep(Duration::from_micros(random.below(3_000) as u64));
    child.kill().unwrap();
    child.wait().unwrap();
    // It may have said more.
    done.extend(numbers);
    done
}

#[test]
fn a_file_is_whole_after_its_process_was_killed() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("dapr");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("killed-{}.redb", std::process::id()));
    let _ = std::fs::remove_file(&path);
    let mut random = Random::new();
    let topic = || {
        Recorder::of(vec![abide_dapr::app::Subscription {
            pubsub: "pubsub".to_owned(),
            topic: "numbers".to_owned(),
            path: "/".to_owned(),
            rules: Vec::new(),
            dead_letter: None,
            metadata: Vec::new(),
        }])
    };
    // The group is there from now on.
    block_on(async {
        let (_file, dapr) = open(&path);
        drop(dapr.run("subscriber", topic()).await.unwrap());
    });
    let mut done = Vec::new();
    for _ in 0..KILLED {
        done.extend(kill_child(&path, &mut random));
        let last = done.last().copied().unwrap();
        block_on(async {
            let (_file, dapr) = open(&path);
            let mut host = dapr.host("child");
            let (a, b) = (number(&mut host, "a").await, number(&mut host, "b").await);
            assert_eq!(a, b, "a transaction was done in part");
            assert!(a >= last, "{a} is there, and {last} was acknowledged");
        });
    }
    block_on(async {
        let (_file, dapr) = open(&path);
        let app = topic();
        let service = dapr.run("subscriber", Arc::clone(&app) as _).await.unwrap();
        // Of each process one more may have been published than was said.
        until("all events were there", || {
            let texts = app.texts();
            done.iter().all(|n| texts.contains(&n.to_string()))
        })
        .await;
        service.stop(Duration::from_secs(10)).await;
    });
    std::fs::remove_file(&path).unwrap();
}
