//! The output of a guest as events of `tracing`: a line each, and not more of them than what was
//! written is worth.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::error::untrusted;

/// The longest line that is told, in bytes. The rest of a longer one is dropped.
pub(crate) const LONGEST: usize = 4 * 1024;

/// How many lines of a call have an event each, however short they are.
const FREE: usize = 256;

/// How many bytes of output are worth one event more. A line that is shorter may have to be told
/// together with those after it: what is around a line in a log is longer than it.
const WORTH: usize = 64;

/// How many events there were in a call, and how much was written.
#[derive(Debug, Default)]
pub(crate) struct Told {
    bytes: AtomicUsize,
    events: AtomicUsize,
}

impl Told {
    /// Whether there may be one event more.
    fn may(&self) -> bool {
        let worth = FREE.saturating_add(self.bytes.load(Ordering::Relaxed) / WORTH);
        self.events.load(Ordering::Relaxed) < worth
    }

    /// Begins anew, for another call.
    pub(crate) fn forget(&self) {
        self.bytes.store(0, Ordering::Relaxed);
        self.events.store(0, Ordering::Relaxed);
    }
}

/// Adds to a count that one thread changes at a time.
fn add(count: &AtomicUsize, more: usize) {
    let before = count.load(Ordering::Relaxed);
    count.store(before.saturating_add(more), Ordering::Relaxed);
}

/// The lines of one output that were not told yet.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    /// Whole lines that could not be told, and the one that has not ended.
    text: Vec<u8>,
    /// Whether one of them was longer than it may be.
    cut: bool,
}

impl Lines {
    /// Tells the lines that end in `bytes` and may be told, and keeps the rest. Ends when `tell`
    /// fails.
    pub(crate) fn take<E>(
        &mut self,
        bytes: &[u8],
        told: &Told,
        mut tell: impl FnMut(&str) -> Result<(), E>,
    ) -> Result<(), E> {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            add(&told.bytes, part.len());
            let (text, ended) = match part.split_last() {
                Some((b'\n', text)) => (text, true),
                _ => (part, false),
            };
            let room = LONGEST.saturating_sub(self.text.len());
            self.text.extend_from_slice(&text[..text.len().min(room)]);
            self.cut |= text.len() > room;
            if !ended {
                continue;
            }
            if self.text.last() == Some(&b'\r') {
                self.text.pop();
            }
            match told.may() {
                true => self.tell(told, &mut tell)?,
                false => self.text.push(b'\n'),
            }
        }
        Ok(())
    }

    /// Tells what is left, if anything is.
    pub(crate) fn end<E>(
        &mut self,
        told: &Told,
        mut tell: impl FnMut(&str) -> Result<(), E>,
    ) -> Result<(), E> {
        if self.text.is_empty() {
            return Ok(());
        }
        if matches!(self.text.last(), Some(b'\n' | b'\r')) {
            self.text.pop();
        }
        self.tell(told, &mut tell)
    }

    fn tell<E>(
        &mut self,
        told: &Told,
        tell: &mut impl FnMut(&str) -> Result<(), E>,
    ) -> Result<(), E> {
        add(&told.events, 1);
        let mut text = clean(&self.text);
        if self.cut {
            text.push_str(" … (cut)");
        }
        self.text.clear();
        self.cut = false;
        tell(&text)
    }
}

/// Text in which nothing acts on whoever reads it, and lines stand beside one another.
fn clean(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    // What is no text takes three times its bytes.
    untrusted::lines(&text, 3 * text.len()).replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    /// What is told of these bytes, written in one go, and then at the end.
    fn told(bytes: &[u8]) -> Vec<String> {
        let (mut lines, told, mut all) = (Lines::default(), Told::default(), Vec::new());
        let mut tell = |text: &str| {
            all.push(text.to_owned());
            Ok::<_, Infallible>(())
        };
        let Ok(()) = lines.take(bytes, &told, &mut tell);
        let Ok(()) = lines.end(&told, &mut tell);
        all
    }

    #[test]
    fn each_line_is_told_as_it_is_written() {
        assert_eq!(told(b""), [""; 0]);
        assert_eq!(told(b"\n"), [""]);
        assert_eq!(told(b"one\ntwo\r\n\nno end"), ["one", "two", "", "no end"]);
        // Long ones however many there are.
        let long = format!("{}\n", "x".repeat(WORTH - 1));
        assert_eq!(told(long.repeat(10_000).as_bytes()).len(), 10_000);
    }

    #[test]
    fn short_lines_are_told_together_and_none_is_lost() {
        for (line, count) in [("\n", 1 << 20), ("a\n", 100_000), ("a\r\n", 100_000)] {
            let all = told(line.repeat(count).as_bytes());
            let bytes = line.len() * count;
            assert!(all.len() <= FREE + bytes / WORTH + 1, "{}", all.len());
            let length: usize = all.iter().map(String::len).sum();
            assert!(length <= 2 * bytes, "{length}");
            let again = all.join("\n").replace("\\n", "\n") + "\n";
            assert_eq!(again, line.replace('\r', "").repeat(count));
        }
    }

    #[test]
    fn a_line_without_end_takes_no_more_than_its_bound() {
        let (mut lines, told) = (Lines::default(), Told::default());
        for _ in 0..10 {
            let Ok(()) = lines.take(&[b'a'; LONGEST], &told, |_| Ok::<_, Infallible>(()));
        }
        assert_eq!(lines.text.len(), LONGEST);
        let mut all = Vec::new();
        let Ok(()) = lines.take(b"\n", &told, |text: &str| {
            all.push(text.to_owned());
            Ok::<_, Infallible>(())
        });
        assert_eq!(all, [format!("{} … (cut)", "a".repeat(LONGEST))]);
    }

    #[test]
    fn what_controls_a_terminal_is_not_passed_on() {
        assert_eq!(
            told(b"\x1b[2Ja\tb\x07\xff\n"),
            ["\u{fffd}[2Ja\tb\u{fffd}\u{fffd}"]
        );
        assert_eq!(told("\u{9b}2J".as_bytes()), ["\u{fffd}2J"]);
    }

    #[test]
    fn who_cannot_be_told_more_ends_it() {
        let (mut lines, told, mut count) = (Lines::default(), Told::default(), 0);
        let ended = lines.take(&[b'\n'; 100], &told, |_| {
            count += 1;
            if count == 3 { Err(()) } else { Ok(()) }
        });
        assert_eq!((ended, count), (Err(()), 3));
    }
}
