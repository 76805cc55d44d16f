//! A `tracing` subscriber that remembers what guests wrote, for the thread that listens.

use std::fmt;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// A line that a guest wrote.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    pub(crate) level: Level,
    pub(crate) guest: String,
    pub(crate) stream: String,
    pub(crate) text: String,
}

#[derive(Clone, Default)]
struct Listener(Arc<Mutex<Vec<Line>>>);

/// What guests write while `act` runs, in this thread.
pub(crate) fn heard(act: impl FnOnce()) -> Vec<Line> {
    let listener = Listener::default();
    tracing::subscriber::with_default(listener.clone(), act);
    let lines = listener.0.lock().unwrap();
    lines.clone()
}

impl Subscriber for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "abide::guest"
    }

    fn event(&self, event: &Event<'_>) {
        let mut line = Line {
            level: *event.metadata().level(),
            guest: String::new(),
            stream: String::new(),
            text: String::new(),
        };
        event.record(&mut line);
        self.0.lock().unwrap().push(line);
    }

    // There are no spans here.
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

impl Visit for Line {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "guest" => value.clone_into(&mut self.guest),
            "stream" => value.clone_into(&mut self.stream),
            other => panic!("an event has a field `{other}`"),
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        assert_eq!(field.name(), "message");
        self.text = format!("{value:?}");
    }
}
