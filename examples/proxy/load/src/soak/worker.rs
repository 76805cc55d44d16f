//! One of those who ask: a connection, and how many of what it asked.

use std::net::SocketAddr;
use std::ops::{AddAssign, Range};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use tokio::sync::{Mutex, RwLock};
use tokio::time::{sleep, timeout};

use super::part::Part;
use super::turn::{Turn, turn};
use crate::client::{Answer, Client};
use crate::frames::Frames;

/// Whoever waits for longer waits for ever.
const PATIENCE: Duration = Duration::from_secs(120);

/// The filters, in the order in which requests pass them.
const FILTERS: [&str; 2] = ["component", "module"];

/// How many of what were asked, each of which was answered as it has to be.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tally {
    /// What an upstream answered.
    pub(crate) answered: u64,
    /// What a filter answered.
    pub(crate) denied: u64,
    /// What was to trap. Where streams go on without a filter, an upstream answered it.
    pub(crate) trapped: u64,
    /// Requests that filters made.
    pub(crate) callouts: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.answered += other.answered;
        self.denied += other.denied;
        self.trapped += other.trapped;
        self.callouts += other.callouts;
    }
}

/// Who may ask when. A trap ends all streams of its VM, so whoever is to be the only one who is
/// refused asks alone; and it asks when its worker's new VM has been of use, since one that has
/// been of none is not replaced at once.
#[derive(Debug, Default)]
pub(super) struct Gate {
    /// Whoever asks for what traps has it alone.
    alone: RwLock<()>,
    /// The newest configuration. Who changes it holds it until the proxy has loaded it.
    pub(super) newest: Mutex<u64>,
}

/// One of those who ask.
#[derive(Debug)]
pub(super) struct Worker {
    part: Part,
    client: Client,
    gate: Arc<Gate>,
    padding: String,
    /// The newest configuration that answered it.
    seen: u64,
    tally: Tally,
    times: Vec<Duration>,
}

impl Worker {
    pub(super) async fn open(
        part: Part,
        address: SocketAddr,
        gate: Arc<Gate>,
        padding: usize,
    ) -> Result<Self> {
        Ok(Self {
            part,
            client: Client::open(address).await?,
            gate,
            padding: "p".repeat(padding),
            seen: 0,
            tally: Tally::default(),
            times: Vec::new(),
        })
    }

    /// Asks this one's share of these numbers. The times are of what an upstream answered.
    pub(super) async fn round(
        &mut self,
        numbers: Range<u64>,
        own: u64,
        of: u64,
    ) -> Result<(Tally, Vec<Duration>)> {
        // Not in turns by number alone: each shall have something of everything.
        for number in numbers.filter(|number| (number + number / of) % of == own) {
            let asked = match self.part.has_both() {
                true => self.take(number).await,
                false => self.count(number).await,
            };
            asked.with_context(|| format!("request {number}"))?;
        }
        Ok((
            std::mem::take(&mut self.tally),
            std::mem::take(&mut self.times),
        ))
    }

    async fn take(&mut self, number: u64) -> Result<()> {
        let gate = Arc::clone(&self.gate);
        match (turn(number), self.part) {
            (Turn::Trap(who), Part::Closed) => {
                let newest = gate.newest.lock().await;
                let _alone = gate.alone.write().await;
                self.trap_alone(number, who, *newest).await
            }
            (Turn::Trap(who), _) => {
                let path = format!("/panic/{}", FILTERS[who]);
                let answer = self.ask(&path, text(number)).await?;
                self.tally.trapped += 1;
                self.check(&answer, number, &text(number))
            }
            (turn, _) => {
                let _others = gate.alone.read().await;
                self.plain(number, turn).await
            }
        }
    }

    /// Has a filter trap while nobody else is on the way.
    async fn trap_alone(&mut self, number: u64, who: usize, newest: u64) -> Result<()> {
        let start = Instant::now();
        loop {
            self.plain(number, Turn::Small).await?;
            if self.seen == newest {
                break;
            }
            ensure!(start.elapsed() < PATIENCE, "the new filters never come");
            sleep(Duration::from_millis(1)).await;
        }
        let name = FILTERS[who];
        let answer = self.ask(&format!("/panic/{name}"), text(number)).await?;
        self.tally.trapped += 1;
        // The other filter sees that too, and adds to it as to any other body.
        let told = format!("filter-failed: the filter `{name}` does not work\n");
        ensure!(
            answer.status == 503
                && answer.header("x-proxy-cause") == "filter-failed"
                && answer.body.trim_end_matches('!') == told,
            "what traps is answered with {answer:?}"
        );
        Ok(())
    }

    async fn plain(&mut self, number: u64, turn: Turn) -> Result<()> {
        let (path, body) = match turn {
            Turn::Denied => ("/deny", text(number)),
            Turn::Callout => ("/callout", text(number)),
            Turn::Count => ("/count", text(number)),
            Turn::Large => ("/a", text(number).repeat(2_000)),
            Turn::Small | Turn::Trap(_) => ("/a", text(number)),
        };
        let start = Instant::now();
        let answer = self.ask(path, body.clone()).await?;
        match turn {
            Turn::Denied if answer.status == 403 => {
                let is_its = answer.body.trim_end_matches('!') == "denied";
                ensure!(is_its, "{number} is answered with {answer:?}");
                self.tally.denied += 1;
                return Ok(());
            }
            // Where the filter that denies is gone for a while, an upstream answers.
            Turn::Denied => ensure!(self.part == Part::Open, "not denied: {answer:?}"),
            Turn::Callout => {
                let made = answer.body.matches("x-token: token-7\n").count();
                ensure!(made == 2 || self.part == Part::Open, "{answer:?}");
                self.tally.callouts += made as u64;
            }
            Turn::Count => {
                let is_counted = answer.told("x-count").is_some();
                ensure!(is_counted || self.part == Part::Open, "{answer:?}");
            }
            _ => {}
        }
        self.times.push(start.elapsed());
        self.tally.answered += 1;
        self.check(&answer, number, &body)
    }

    /// Has the one module get all fields, among them a long one.
    async fn count(&mut self, number: u64) -> Result<()> {
        let start = Instant::now();
        let padding = std::mem::take(&mut self.padding);
        let asked = timeout(
            PATIENCE,
            self.client.ask(
                "POST",
                "/count",
                &[("x-padding", &padding)],
                Frames::text(text(number)),
            ),
        )
        .await;
        self.padding = padding;
        let answer = asked.context("no answer")??;
        self.times.push(start.elapsed());
        self.tally.answered += 1;
        let body = text(number).to_ascii_uppercase() + "!";
        ensure!(
            answer.status == 200
                && answer.told("x-count").is_some()
                && answer.told("x-padding") == Some(self.padding.as_str())
                && answer.echoed() == body,
            "{number} is answered with {answer:?}"
        );
        Ok(())
    }

    async fn ask(&mut self, path: &str, body: String) -> Result<Answer> {
        let asked = self.client.post(path, Frames::text(body));
        Ok(timeout(PATIENCE, asked).await.context("no answer")??)
    }

    /// What an upstream answered is what it was asked, through the filters of one configuration,
    /// which is no older than one that was seen.
    fn check(&mut self, answer: &Answer, number: u64, body: &str) -> Result<()> {
        ensure!(answer.status == 200, "{number} is answered with {answer:?}");
        let lines = answer.body.lines();
        let rounds: Vec<&str> = lines
            .filter_map(|line| line.strip_prefix("x-filter: ")?.split_once('-'))
            .map(|(_, round)| round)
            .collect();
        let is_seen = match self.part {
            Part::Open => rounds.len() <= 2,
            _ => rounds.len() == 2,
        };
        let is_one = rounds.windows(2).all(|pair| pair[0] == pair[1]);
        ensure!(is_seen && is_one, "{number} went through {answer:?}");
        if let Some(round) = rounds.first() {
            let round: u64 = round.parse()?;
            ensure!(round >= self.seen, "{number} went through old filters");
            self.seen = round;
        }
        let echoed = answer.echoed();
        let is_right = match self.part {
            Part::Open => {
                let echoed = echoed.trim_end_matches('!');
                echoed.eq_ignore_ascii_case(body)
            }
            _ => echoed.strip_suffix("!!") == Some(&body.to_ascii_uppercase()),
        };
        ensure!(is_right, "{number} is answered with {answer:?}");
        Ok(())
    }
}

/// A text of its own for each number.
fn text(number: u64) -> String {
    format!("request {number}")
}
