//! What `tracing` hears of calls.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use abide_host::{Limits, Warm};
use parking_lot::Mutex;
use tracing::field::{Field, Visit};
use tracing::span;

use crate::kit::{App, Fail, KIT, Kit, component, limits};

/// The fields of one span, by name.
type Fields = BTreeMap<&'static str, String>;

/// Keeps the spans of calls, and in which of them others and events came.
#[derive(Clone, Default)]
struct Listener(Arc<Mutex<Heard>>);

#[derive(Default)]
struct Heard {
    spans: Vec<Fields>,
    /// The spans that are entered, innermost last.
    inside: Vec<usize>,
    deepest: usize,
}

struct Record<'a>(&'a mut Fields);

impl Visit for Record<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}

impl tracing::Subscriber for Listener {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target() == "abide::call"
    }

    fn new_span(&self, attributes: &span::Attributes<'_>) -> span::Id {
        let mut fields = Fields::new();
        attributes.record(&mut Record(&mut fields));
        let mut heard = self.0.lock();
        heard.spans.push(fields);
        span::Id::from_u64(heard.spans.len() as u64)
    }

    fn record(&self, id: &span::Id, values: &span::Record<'_>) {
        let mut heard = self.0.lock();
        if let Some(fields) = heard.spans.get_mut(id.into_u64() as usize - 1) {
            values.record(&mut Record(fields));
        }
    }

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, _: &tracing::Event<'_>) {}

    fn enter(&self, id: &span::Id) {
        let mut heard = self.0.lock();
        heard.inside.push(id.into_u64() as usize);
        heard.deepest = heard.deepest.max(heard.inside.len());
    }

    fn exit(&self, _: &span::Id) {
        self.0.lock().inside.pop();
    }
}

/// What is heard of the calls that `calls` makes.
fn heard(limits: Limits, calls: impl FnOnce(&Kit, &App)) -> Listener {
    let app = App::default();
    let kit = Kit::builder(app.clone())
        .limits(limits)
        .isolation(Warm::new())
        .name("observed")
        .load_bytes(component(KIT))
        .unwrap();
    let listener = Listener::default();
    tracing::subscriber::with_default(listener.clone(), || calls(&kit, &app));
    listener
}

#[test]
fn each_call_is_a_span_that_says_how_it_went() {
    let listener = heard(limits(), |kit, _| {
        kit.count().unwrap();
        kit.halve(7).unwrap_err();
        kit.bad().fail(Fail::Unreachable).unwrap_err();
        kit.session().unwrap().count().unwrap();
    });
    let heard = listener.0.lock();
    let told: Vec<_> = heard
        .spans
        .iter()
        .map(|fields| (fields["function"].as_str(), fields["outcome"].as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("count", "ok"),
            ("halve", "ok"),
            ("test:kit/bad.fail", "trap"),
            ("count", "ok"),
        ]
    );
    for fields in &heard.spans {
        assert_eq!(fields["guest"], "observed");
        assert!(fields["duration_us"].parse::<u64>().is_ok(), "{fields:?}");
        assert!(fields["ticks"].parse::<u64>().is_ok(), "{fields:?}");
        assert!(fields["memory"].parse::<u64>().unwrap() >= 64 * 1024);
        assert!(!fields.contains_key("fuel"), "{fields:?}");
    }
    assert!(heard.inside.is_empty(), "each span was left again");
}

#[test]
fn fuel_is_told_where_it_is_counted() {
    let listener = heard(limits().fuel(1_000_000), |kit, _| {
        kit.count().unwrap();
    });
    let heard = listener.0.lock();
    let fuel: u64 = heard.spans[0]["fuel"].parse().unwrap();
    assert!((1..1000).contains(&fuel), "{fuel}");
}

#[test]
fn a_call_from_inside_of_an_import_is_inside_of_the_span() {
    let listener = heard(limits(), |kit, app| {
        let again = kit.clone();
        *app.again.lock() = Some(Arc::new(move |_| again.count().unwrap()));
        kit.again(0).unwrap();
        *app.again.lock() = None;
    });
    let heard = listener.0.lock();
    assert_eq!((heard.spans.len(), heard.deepest), (2, 2));
}

#[test]
fn a_call_that_is_refused_has_its_span_too() {
    let listener = heard(limits(), |kit, _| {
        let (handle, cancel) = kit.cancellable();
        handle.count().unwrap();
        cancel.cancel();
        handle.count().unwrap_err();
    });
    let heard = listener.0.lock();
    let outcomes: Vec<_> = heard
        .spans
        .iter()
        .map(|fields| fields["outcome"].as_str())
        .collect();
    assert_eq!(outcomes, ["ok", "cancelled"]);
}
