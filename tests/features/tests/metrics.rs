//! The feature `metrics`: what a recorder is told of calls.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use abide::Result;
use abide_features::host::Says;
use metrics::{
    Counter, CounterFn, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
    SharedString, Unit,
};

/// Everything that was recorded: name and labels, with the values.
#[derive(Clone, Default)]
struct Record(Arc<Mutex<BTreeMap<String, Vec<f64>>>>);

/// Where one key's values go.
struct Place(Record, String);

impl Place {
    fn of(record: &Record, key: &Key) -> Arc<Self> {
        let labels: Vec<_> = key
            .labels()
            .map(|label| format!("{}={}", label.key(), label.value()))
            .collect();
        let name = format!("{}{{{}}}", key.name(), labels.join(","));
        Arc::new(Self(record.clone(), name))
    }

    fn push(&self, value: f64) {
        let mut all = self.0.0.lock().unwrap();
        all.entry(self.1.clone()).or_default().push(value);
    }
}

impl CounterFn for Place {
    fn increment(&self, value: u64) {
        self.push(value as f64);
    }

    fn absolute(&self, value: u64) {
        self.push(value as f64);
    }
}

impl HistogramFn for Place {
    fn record(&self, value: f64) {
        self.push(value);
    }
}

impl Recorder for Record {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(Place::of(self, key))
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(Place::of(self, key))
    }
}

#[test]
fn calls_are_counted_and_timed() -> Result<()> {
    let guest = wat::parse_str(
        r#"(component
            (core module $m
                (memory 1)
                (func (export "answer") (result i32) (i32.const 42)))
            (core instance $i (instantiate $m))
            (func $answer (result u32) (canon lift (core func $i "answer")))
            (export "answer" (func $answer)))"#,
    )
    .unwrap();
    let says = Says::builder(()).name("counted").load_bytes(guest)?;
    let record = Record::default();
    metrics::with_local_recorder(&record, || -> Result<()> {
        assert_eq!(says.answer()?, 42);
        assert_eq!(says.answer()?, 42);
        let (handle, cancel) = says.cancellable();
        cancel.cancel();
        handle.answer().unwrap_err();
        Ok(())
    })?;
    let all = record.0.lock().unwrap();
    let of = |key: &str| all.get(key).cloned().unwrap_or_default();
    let calls = |outcome: &str| {
        of(&format!(
            "abide_calls_total{{guest=counted,function=answer,outcome={outcome}}}"
        ))
    };
    assert_eq!(calls("ok"), [1.0, 1.0]);
    assert_eq!(calls("cancelled"), [1.0]);
    let durations = of("abide_call_duration_seconds{guest=counted,function=answer}");
    assert_eq!(durations.len(), 3);
    assert!(
        durations
            .iter()
            .all(|seconds| (0.0..60.0).contains(seconds))
    );
    let memory = of("abide_guest_memory_bytes{guest=counted}");
    assert_eq!(memory, [65536.0, 65536.0]);
    Ok(())
}
