//! Pictures from several clients, each answer checked, and the memory of each service while nobody
//! waits.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use abide_soak::Sample;
use anyhow::{Context as _, Result, ensure};
use example_client::{Bytes, Connection, Method};
use serde::Deserialize;

use crate::photos::Photo;

/// How much is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// How many pictures.
    pub pictures: u64,
    /// From how many clients at a time.
    pub clients: u64,
    /// How often the memory is looked at, between pictures.
    pub samples: u64,
}

/// How a service says that it is doing, as far as it is of interest here.
#[derive(Debug, Deserialize)]
struct Figures {
    service: String,
    resident_bytes: u64,
    calls: u64,
    failed: u64,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Answered {
    /// How long all of it took.
    pub time: Duration,
    /// How long each answer took, in no order.
    pub times: Vec<Duration>,
    /// The memory of each service.
    pub samples: BTreeMap<String, Vec<Sample>>,
    /// How many calls each service counted.
    pub calls: BTreeMap<String, u64>,
}

/// What of an answer is checked.
#[derive(Deserialize)]
struct Told {
    id: Option<String>,
    labels: Vec<Label>,
    grey: String,
}

#[derive(Deserialize)]
struct Label {
    label: String,
}

/// Sends them all. `progress` gets how many are answered.
///
/// # Errors
///
/// A picture is answered wrongly or not at all, or a service counted others than were sent.
pub async fn load(
    address: SocketAddr,
    photos: &[Photo],
    effort: &Effort,
    progress: impl Fn(u64),
) -> Result<Answered> {
    let photos: Arc<[(Bytes, String, &'static str)]> = photos
        .iter()
        .map(|photo| {
            let path = format!("/api/recognise?name={}", photo.name);
            (Bytes::from(photo.bytes.clone()), path, photo.label)
        })
        .collect();
    ensure!(!photos.is_empty(), "there are no photos to send");
    let start = Instant::now();
    let mut answered = Answered {
        time: Duration::ZERO,
        times: Vec::new(),
        samples: BTreeMap::new(),
        calls: BTreeMap::new(),
    };
    let mut done = 0;
    for round in 1..=effort.samples {
        let end = effort.pictures * round / effort.samples;
        let next = Arc::new(AtomicU64::new(done));
        let clients: Vec<_> = (0..effort.clients)
            .map(|_| tokio::spawn(client(address, Arc::clone(&photos), Arc::clone(&next), end)))
            .collect();
        for client in clients {
            answered.times.extend(client.await??);
        }
        done = end;
        progress(done);
        for told in figures(address).await? {
            let bytes = told.resident_bytes;
            let sample = Sample { calls: done, bytes };
            answered
                .samples
                .entry(told.service.clone())
                .or_default()
                .push(sample);
            ensure!(
                told.failed == 0,
                "`{}` failed {} times",
                told.service,
                told.failed
            );
            answered.calls.insert(told.service, told.calls);
        }
    }
    answered.time = start.elapsed();
    for (service, calls) in &answered.calls {
        ensure!(
            *calls >= effort.pictures,
            "{} pictures were sent, and `{service}` counted {calls} calls",
            effort.pictures
        );
    }
    Ok(answered)
}

/// Sends pictures as long as there are some, one after the other.
async fn client(
    address: SocketAddr,
    photos: Arc<[(Bytes, String, &'static str)]>,
    next: Arc<AtomicU64>,
    end: u64,
) -> Result<Vec<Duration>> {
    let mut connection = Connection::open(address).await?;
    let mut times = Vec::new();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= end {
            return Ok(times);
        }
        let (photo, path, label) = &photos[number as usize % photos.len()];
        let start = Instant::now();
        let answer = connection.ask(Method::POST, path, photo.clone()).await?;
        times.push(start.elapsed());
        check(&answer.body, answer.status.as_u16(), label)
            .with_context(|| format!("picture {number}, {path}"))?;
    }
}

fn check(body: &[u8], status: u16, label: &str) -> Result<()> {
    let text = || String::from_utf8_lossy(&body[..body.len().min(300)]).into_owned();
    ensure!(status == 200, "it is answered with {status}: {}", text());
    let told: Told = serde_json::from_slice(body).with_context(text)?;
    let best = told.labels.first().map_or("nothing", |best| &best.label);
    ensure!(best.starts_with(label), "`{label}` is called `{best}`");
    ensure!(
        told.id.is_some(),
        "it is not kept in the history: {}",
        text()
    );
    ensure!(told.grey.len() > 1_000, "the grey twin is empty");
    Ok(())
}

/// How all services are doing.
async fn figures(address: SocketAddr) -> Result<Vec<Figures>> {
    let mut connection = Connection::open(address).await?;
    let answer = connection.get("/api/figures").await?;
    serde_json::from_slice(&answer.body).context("a service says nothing of itself")
}
