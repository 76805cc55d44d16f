//! One of those who ask: a connection, the notes that it keeps, and how many of what it asked.

use std::net::SocketAddr;
use std::ops::{AddAssign, Range};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use example_client::{Connection, go_away};
use hyper::Method;

use super::turn::{Turn, turn};
use crate::asked::{Asked, note};

/// How many notes each worker keeps.
const NOTES: u64 = 20;

/// After how long somebody goes away.
const PATIENCE: Duration = Duration::from_millis(20);

/// Where a guest may loop, for a while.
const LOOPING: &str = "/api/looping/render";

/// How many of what were asked.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tally {
    /// What was to be answered, and was.
    pub answered: u64,
    /// What was to be refused by the guest, and was.
    pub refused: u64,
    /// What was to time out.
    pub timeouts: u64,
    /// What was to trap.
    pub traps: u64,
    /// What was given up by its client.
    pub gone: u64,
}

impl Tally {
    /// All of them.
    #[must_use]
    pub(super) fn all(&self) -> u64 {
        self.answered + self.refused + self.timeouts + self.traps + self.gone
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.answered += other.answered;
        self.refused += other.refused;
        self.timeouts += other.timeouts;
        self.traps += other.traps;
        self.gone += other.gone;
    }
}

/// One of those who ask.
#[derive(Debug)]
pub(super) struct Worker {
    address: SocketAddr,
    number: u64,
    connection: Connection,
    /// The number of the text of each note that is kept.
    kept: Vec<Option<u64>>,
}

impl Worker {
    pub(super) async fn open(address: SocketAddr, number: u64) -> Result<Self> {
        Ok(Self {
            address,
            number,
            connection: Connection::open(address).await?,
            kept: vec![None; NOTES as usize],
        })
    }

    /// Asks this worker's share of these numbers, one of `workers`. The times are of what was
    /// answered.
    pub(super) async fn round(
        &mut self,
        numbers: Range<u64>,
        workers: u64,
    ) -> Result<(Tally, Vec<Duration>)> {
        let mut tally = Tally::default();
        let mut times = Vec::new();
        let own = self.number;
        // Not in turns by number alone: each shall have something of everything.
        for number in numbers.filter(|number| (number + number / workers) % workers == own) {
            let time = self.take(number, &mut tally).await;
            times.extend(time.with_context(|| format!("request {number}"))?);
        }
        Ok((tally, times))
    }

    async fn take(&mut self, number: u64, tally: &mut Tally) -> Result<Option<Duration>> {
        let turn = turn(number);
        if turn == Turn::GoAway {
            go_away(self.address, LOOPING, "!loop", PATIENCE).await?;
            tally.gone += 1;
            return Ok(None);
        }
        let asked = self.asked(turn, number)?;
        let start = Instant::now();
        let connection = &mut self.connection;
        let answer = connection
            .ask(asked.method.clone(), &asked.path, asked.body.clone())
            .await?;
        let took = start.elapsed();
        asked.check(&answer)?;
        match turn {
            Turn::Timeout => tally.timeouts += 1,
            Turn::Trap => tally.traps += 1,
            Turn::Refused => tally.refused += 1,
            _ => {
                tally.answered += 1;
                return Ok(Some(took));
            }
        }
        Ok(None)
    }

    fn asked(&mut self, turn: Turn, number: u64) -> Result<Asked> {
        let slot = number / 7 % NOTES;
        let name = format!("note-{}-{slot}", self.number);
        let kept = &mut self.kept[slot as usize];
        match (turn, *kept) {
            (Turn::Save, _) => {
                *kept = Some(number);
                Asked::save("steady", &name, note(number))
            }
            (Turn::Show, Some(text)) => Asked::show("steady", &name, &note(text)),
            (Turn::Search, Some(text)) => {
                Asked::search("steady", &format!("w{text}x"), &name, &note(text))
            }
            (Turn::Fresh, _) => Asked::render("fresh", note(number)),
            (Turn::Refused, _) => Ok(refused(number)),
            (Turn::Timeout, _) => Ok(failing(LOOPING, "!loop", 504, "timeout")),
            (Turn::Trap, _) => {
                let order = if number.is_multiple_of(3) {
                    "!eat"
                } else {
                    "!panic"
                };
                Ok(failing("/api/trapping/render", order, 502, "broken"))
            }
            _ => Asked::render("steady", note(number)),
        }
    }
}

/// What a guest says no to, in several ways.
fn refused(number: u64) -> Asked {
    let render = "/api/steady/render";
    let note = |method, name, body, status, kind| {
        let path = format!("/api/steady/notes/{name}");
        Asked::failing(method, path, body, status, kind)
    };
    match number / 50 % 4 {
        0 => failing(render, " \n", 422, "empty"),
        1 => failing(render, "a\0", 422, "binary"),
        2 => note(Method::GET, "never-kept", "", 404, "no-such-note"),
        _ => note(Method::PUT, "a.b", "# A", 400, "bad-name"),
    }
}

/// A text that is not rendered.
fn failing(path: &str, body: &str, status: u16, kind: &'static str) -> Asked {
    Asked::failing(Method::POST, path.to_owned(), body, status, kind)
}
