//! Where the time of an answer went, which goes along with it as HTTP has it: `server-timing`.

use std::time::{Duration, Instant};

use abide_dapr::sdk::Response;

/// The field that says it.
const FIELD: &str = "server-timing";

/// What a guest itself took: what no other part did.
const GUEST: &str = "guest";

/// A watch with a hand for each part.
#[derive(Debug)]
pub struct Timing {
    start: Instant,
    parts: Vec<(&'static str, Duration)>,
}

impl Timing {
    /// Starts it.
    pub fn start() -> Self {
        Self {
            start: Instant::now(),
            parts: Vec::new(),
        }
    }

    /// Does something, and remembers how long it took.
    pub fn of<T>(&mut self, part: &'static str, what: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let done = what();
        self.parts.push((part, start.elapsed()));
        done
    }

    /// What a part took, in milliseconds.
    pub fn took(&self, part: &str) -> f64 {
        let of_part = self.parts.iter().filter(|(name, _)| *name == part);
        ms(of_part.map(|(_, time)| *time).sum())
    }

    /// What has gone by that no part took, in milliseconds.
    pub fn rest(&self) -> f64 {
        let parts: Duration = self.parts.iter().map(|(_, time)| *time).sum();
        ms(self.start.elapsed().saturating_sub(parts))
    }

    /// What has gone by, in milliseconds.
    pub fn total(&self) -> f64 {
        ms(self.start.elapsed())
    }

    /// An answer that says where its time went.
    pub fn told(&self, mut response: Response) -> Response {
        let parts = self.parts.iter().map(|(part, time)| (*part, ms(*time)));
        let parts = parts.chain([(GUEST, self.rest())]);
        let parts: Vec<_> = parts
            .map(|(part, ms)| format!("{part};dur={ms:.3}"))
            .collect();
        response.metadata.push((FIELD.to_owned(), parts.join(", ")));
        response
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Where another service says that its time went.
#[derive(Debug, Default)]
pub struct Parts(Vec<(String, f64)>);

impl Parts {
    /// What an answer says of it.
    pub fn of(response: &Response) -> Self {
        let fields = response.metadata.iter();
        let fields = fields.filter(|(name, _)| name.eq_ignore_ascii_case(FIELD));
        let parts = fields.flat_map(|(_, text)| text.split(','));
        Self(parts.filter_map(part).collect())
    }

    /// What a part took, in milliseconds.
    pub fn took(&self, part: &str) -> f64 {
        let of_part = self.0.iter().filter(|(name, _)| name == part);
        of_part.map(|(_, ms)| ms).sum()
    }
}

fn part(text: &str) -> Option<(String, f64)> {
    let (name, time) = text.trim().split_once(";dur=")?;
    let time: f64 = time.parse().ok()?;
    time.is_finite().then(|| (name.to_owned(), time))
}
