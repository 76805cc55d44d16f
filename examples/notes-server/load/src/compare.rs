//! The server with its guest against the same server with the logic compiled in.
//!
//! Both run all the time and are asked in turns, so that what the machine does meanwhile meets
//! both.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use example_client::{Connection, Scrape, Server, Times, median};

use crate::asked::{Asked, note};
use crate::options::Options;

/// How many notes there are.
const NOTES: u64 = 200;

/// How often each server is asked in turn.
const ROUNDS: usize = 7;

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// Rendering what the request brings.
    Render,
    /// Rendering what is in the database.
    Show,
}

impl Case {
    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Render => "render",
            Self::Show => "show",
        }
    }
}

/// What one server did in a case.
#[derive(Debug, Clone)]
pub struct Figures {
    /// Requests per second: the median of all rounds.
    pub rate: f64,
    /// All times.
    pub times: Times,
    /// The processors' time that the server had for a request: what other programs do on the
    /// machine matters less to it than to the rate.
    pub processor: Duration,
    /// The resident memory at the end, in bytes.
    pub resident: u64,
}

/// Both, in one case.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// What was compared.
    pub case: Case,
    /// The server with a guest.
    pub guest: Figures,
    /// The server without.
    pub native: Figures,
}

impl Comparison {
    /// How many times the requests per second of the native one the guest's has.
    #[must_use]
    pub fn rate(&self) -> f64 {
        self.guest.rate / self.native.rate
    }

    /// How many times as long as the native one's the guest's slowest of a hundred take.
    #[must_use]
    pub fn tail(&self) -> f64 {
        self.guest.times.within(0.99).as_secs_f64() / self.native.times.within(0.99).as_secs_f64()
    }

    /// A line for people.
    #[must_use]
    pub fn line(&self) -> String {
        let figures = |figures: &Figures| {
            format!(
                "{:.0} requests/s, p50 {:.0} µs, p99 {:.0} µs, {:.1} µs of a processor each, {:.1} MiB",
                figures.rate,
                micros(figures.times.within(0.5)),
                micros(figures.times.within(0.99)),
                micros(figures.processor),
                figures.resident as f64 / f64::from(1 << 20),
            )
        };
        format!(
            "{}: guest {}; native {}; ratio {:.2}, of p99 {:.2}",
            self.case.name(),
            figures(&self.guest),
            figures(&self.native),
            self.rate(),
            self.tail()
        )
    }

    /// The same for programs.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        let figures = |figures: &Figures| {
            serde_json::json!({
                "requests_per_second": figures.rate,
                "p50_us": micros(figures.times.within(0.5)),
                "p99_us": micros(figures.times.within(0.99)),
                "processor_us": micros(figures.processor),
                "resident_bytes": figures.resident,
                "requests": figures.times.count(),
            })
        };
        serde_json::json!({
            "case": self.case.name(),
            "guest": figures(&self.guest),
            "native": figures(&self.native),
            "ratio": self.rate(),
            "p99_ratio": self.tail(),
        })
    }
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// Measures both servers in all cases.
///
/// # Errors
///
/// A server does not start, or answers something wrong.
pub async fn compare(
    program: &Path,
    guest: &Path,
    folder: &Path,
    options: &Options,
) -> Result<Vec<Comparison>> {
    let config = format!(
        "guest = {:?}\ndatabase = \"notes.redb\"\n[tenants.demo]\n",
        std::path::absolute(guest)?
    );
    let with_guest = Server::start(program, &folder.join("guest"), &config, &[])?;
    let native = Server::start(program, &folder.join("native"), &config, &["--native"])?;
    let both = [with_guest, native];
    for server in &both {
        let mut connection = Connection::open(server.address).await?;
        for number in 0..NOTES {
            ask(
                &mut connection,
                &Asked::save("demo", &name(number), note(number))?,
            )
            .await?;
        }
    }
    let mut all = Vec::new();
    for case in [Case::Render, Case::Show] {
        let mut rates = [Vec::new(), Vec::new()];
        let mut times = [Vec::new(), Vec::new()];
        let mut processor = [Duration::ZERO; 2];
        // The first is for whatever is slow only once.
        for round in 0..=ROUNDS {
            for (which, server) in both.iter().enumerate() {
                let before = server.processor_time()?;
                let (rate, took) = run(server.address, case, options).await?;
                if round > 0 {
                    rates[which].push(rate);
                    times[which].extend(took);
                    processor[which] += server.processor_time()?.saturating_sub(before);
                }
            }
        }
        let mut figures = Vec::new();
        let measured = rates.into_iter().zip(times).zip(processor);
        for (server, ((rates, times), processor)) in both.iter().zip(measured) {
            figures.push(Figures {
                rate: median(rates),
                processor: processor.div_f64(times.len() as f64),
                times: Times::new(times),
                resident: Scrape::read(server.address).await?.resident(),
            });
        }
        let native = figures.pop().context("two servers")?;
        let guest = figures.pop().context("two servers")?;
        all.push(Comparison {
            case,
            guest,
            native,
        });
    }
    Ok(all)
}

fn name(number: u64) -> String {
    format!("note-{number}")
}

async fn ask(connection: &mut Connection, asked: &Asked) -> Result<()> {
    let answer = connection
        .ask(asked.method.clone(), &asked.path, asked.body.clone())
        .await?;
    asked.check(&answer)
}

/// One round: so many requests over all connections, each answer checked.
async fn run(address: SocketAddr, case: Case, options: &Options) -> Result<(f64, Vec<Duration>)> {
    // What is asked and expected is made before the clock starts.
    let asked: Result<Vec<Asked>> = (0..NOTES)
        .map(|number| match case {
            Case::Render => Asked::render("demo", note(number)),
            Case::Show => Asked::show("demo", &name(number), &note(number)),
        })
        .collect();
    let asked = std::sync::Arc::new(asked?);
    let each = options.requests / options.connections;
    let mut connections = Vec::new();
    for _ in 0..options.connections {
        connections.push(Connection::open(address).await?);
    }
    let start = Instant::now();
    let tasks: Vec<_> = connections
        .into_iter()
        .enumerate()
        .map(|(which, mut connection)| {
            let asked = std::sync::Arc::clone(&asked);
            tokio::spawn(async move {
                let mut times = Vec::with_capacity(each);
                for asked in asked.iter().cycle().skip(which * 7).take(each) {
                    let start = Instant::now();
                    ask(&mut connection, asked).await?;
                    times.push(start.elapsed());
                }
                anyhow::Ok(times)
            })
        })
        .collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await??);
    }
    let rate = times.len() as f64 / start.elapsed().as_secs_f64();
    Ok((rate, times))
}
