//! Says what a command is doing, and when a step has ended how long it took.

use std::time::{Duration, Instant};

use anyhow::Result;

/// Does one step of a command.
pub(crate) fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let start = Instant::now();
    eprintln!("==> {what}");
    let result = work();
    let how = if result.is_ok() { "done" } else { "failed" };
    eprintln!("<== {what}: {how} after {}", shown(start.elapsed()));
    result
}

/// A time as one says it, `12 s` or `3 min 20 s`.
fn shown(time: Duration) -> String {
    match (time.as_secs() / 60, time.as_secs() % 60) {
        (0, seconds) => format!("{seconds} s"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::{shown, step};
    use std::time::Duration;

    #[test]
    fn times_are_said_in_minutes_and_seconds() {
        assert_eq!(shown(Duration::from_millis(1_900)), "1 s");
        assert_eq!(shown(Duration::from_secs(59)), "59 s");
        assert_eq!(shown(Duration::from_secs(60)), "1 min 0 s");
        assert_eq!(shown(Duration::from_secs(3_725)), "62 min 5 s");
    }

    #[test]
    fn a_step_returns_what_its_work_does() {
        assert_eq!(step("adding", || Ok(1 + 1)).unwrap(), 2);
        let error = step("failing", || anyhow::bail!("no"))
            .map(|()| 0)
            .unwrap_err();
        assert_eq!(error.to_string(), "no");
    }
}
