//! What a guest that uses WASI has by default, which is nothing, and what grants change.

use std::error::Error as _;
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use abide_host::__private::{
    Check, Description, Export, Handle, Linker, Signature, Step, World, WorldHandle,
};
use abide_host::{Builder, Error, LimitKind, ProblemKind, Result, Session, TrapKind, Warm, Wasi};
use parking_lot::Mutex;
use tracing::field::{Field, Visit};
use tracing::span;

use crate::kit::{component, limits};

const SYSTEM: &str = include_str!("system.wat");

/// What the guest's `run` does; see its text form.
#[derive(Debug, Clone, Copy)]
enum Run {
    WriteOut,
    WriteErrAndStop,
    Clock,
    Date,
    RandomNumber,
    RandomBytes,
    Sleep,
    Exit,
    Folders,
    Variables,
}

/// A world without imports and with one export.
#[derive(Debug, Clone)]
pub(crate) struct System(Handle<System>);

impl World for System {
    type Exports = Export<(u32, u64), (u64,)>;

    const DESCRIPTION: &'static Description = &Description {
        name: "test:system/system",
        functions: &[Signature {
            interface: "",
            name: "run",
            params: &[("what", "u32"), ("arg", "u64")],
            result: Some("u64"),
        }],
        exports: ..1,
        imports: 1..,
        resources: &[],
    };

    fn exports(check: &mut Check<'_>) -> Option<Self::Exports> {
        check.export(0)
    }
}

impl WorldHandle for System {
    fn from_handle(handle: Handle<Self>) -> Self {
        Self(handle)
    }

    fn handle(&self) -> &Handle<Self> {
        &self.0
    }
}

impl System {
    pub(crate) fn builder() -> Builder<Self> {
        fn link(_: &mut Linker) -> Step {
            Ok(())
        }
        Builder::new::<(), ()>((), link)
            .name("system")
            .limits(limits())
    }

    fn with(wasi: Wasi) -> Self {
        Self::builder()
            .wasi(wasi)
            .load_bytes(component(SYSTEM))
            .unwrap()
    }

    pub(crate) fn session(&self) -> Result<Session<Self>> {
        self.0.session()
    }

    #[cfg(feature = "async")]
    pub(crate) async fn session_awaited(&self) -> Result<Session<Self>> {
        self.0.session_async().await
    }

    fn run(&self, what: Run, arg: u64) -> Result<u64> {
        self.run_raw(what as u32, arg)
    }

    pub(crate) fn run_raw(&self, what: u32, arg: u64) -> Result<u64> {
        let (result,) = self.0.call(0, |export| export, (what, arg))?;
        Ok(result)
    }

    #[cfg(feature = "async")]
    pub(crate) async fn run_awaited(&self, what: u32, arg: u64) -> Result<u64> {
        let called = self.0.call_async(0, |export| export, (what, arg));
        let (result,) = called.await?;
        Ok(result)
    }
}

/// Collects events as `level fields`.
///
/// It is the subscriber of the whole process, because what `tracing` remembers about who listens is
/// not exact for subscribers of single threads. Tests tell their events apart by the guest's name.
#[derive(Clone, Default)]
pub(crate) struct Events(Arc<Mutex<Vec<String>>>);

impl Events {
    pub(crate) fn collect() -> Self {
        static EVENTS: OnceLock<Events> = OnceLock::new();
        EVENTS
            .get_or_init(|| {
                let events = Self::default();
                tracing::subscriber::set_global_default(events.clone())
                    .expect("this is the only subscriber");
                events
            })
            .clone()
    }

    pub(crate) fn of(&self, guest: &str) -> Vec<String> {
        let guest = format!(" guest={guest} ");
        let events = self.0.lock();
        events
            .iter()
            .filter(|event| event.contains(&guest))
            .map(|event| event.replace(&guest, " "))
            .collect()
    }
}

impl tracing::Subscriber for Events {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target() == "abide::guest"
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        struct Fields(String);
        impl Visit for Fields {
            fn record_str(&mut self, field: &Field, value: &str) {
                self.0.push_str(&format!(" {field}={value}"));
            }
            fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
                self.0.push_str(&format!(" {field}={value:?}"));
            }
        }
        let mut fields = Fields(event.metadata().level().to_string());
        event.record(&mut fields);
        self.0.lock().push(fields.0);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

#[test]
fn by_default_nothing_is_granted() {
    let system = System::with(Wasi::new());
    assert_eq!(system.run(Run::Clock, 0).unwrap(), 0);
    assert_eq!(system.run(Run::Date, 0).unwrap(), 0);
    assert_eq!(system.run(Run::Folders, 0).unwrap(), 0);
    assert_eq!(system.run(Run::Variables, 0).unwrap(), 0);
    let number = system.run(Run::RandomNumber, 0).unwrap();
    assert_eq!(system.run(Run::RandomNumber, 0).unwrap(), number);
}

#[test]
fn grants_change_what_a_guest_has() {
    let folder = env!("CARGO_MANIFEST_DIR");
    let system = System::with(
        Wasi::new()
            .clocks()
            .random()
            .env("LANG", "C.UTF-8")
            .arg("system")
            .preopen_read(folder, "/crate"),
    );
    assert!(system.run(Run::Date, 0).unwrap() > 1_700_000_000);
    assert!(system.run(Run::Clock, 0).unwrap() > 0);
    assert_eq!(system.run(Run::Folders, 0).unwrap(), 1);
    assert_eq!(system.run(Run::Variables, 0).unwrap(), 1);
    assert_ne!(
        system.run(Run::RandomNumber, 0).unwrap(),
        system.run(Run::RandomNumber, 0).unwrap()
    );
}

#[test]
fn output_goes_to_tracing_line_by_line() {
    let events = Events::collect();
    let system = System::builder()
        .name("printer")
        .load_bytes(component(SYSTEM))
        .unwrap();
    system.run(Run::WriteOut, 0).unwrap();
    let error = system.run(Run::WriteErrAndStop, 0).unwrap_err();
    assert_eq!(
        events.of("printer"),
        [
            "INFO message=one stream=stdout",
            "INFO message=two stream=stdout",
            "INFO message=three stream=stdout",
            "WARN message=oh no stream=stderr",
        ]
    );
    assert!(
        matches!(&error, Error::Trap { kind: TrapKind::Unreachable, stderr, .. } if &**stderr == "oh no\n"),
        "{error}"
    );
    assert_eq!(
        error.to_string(),
        "guest `printer` stopped in `run`: it ran into `unreachable`; the last it wrote to stderr:\noh no"
    );
}

#[test]
fn a_line_belongs_to_the_call_that_began_it() {
    let events = Events::collect();
    let told = ["one", "two", "three"].map(|line| format!("INFO message={line} stream=stdout"));
    let load = |name: &str| {
        let builder = System::builder().name(name).isolation(Warm::new());
        builder.load_bytes(component(SYSTEM)).unwrap()
    };
    let (warm, other) = (load("begins-warm"), load("begins-in-session"));
    let session = other.0.session().unwrap();
    for calls in 1..=3 {
        warm.run(Run::WriteOut, 0).unwrap();
        session.run(Run::WriteOut, 0).unwrap();
        // The last one does not end.
        for guest in ["begins-warm", "begins-in-session"] {
            assert_eq!(events.of(guest), vec![&told[..]; calls].concat());
        }
    }
}

#[test]
fn what_an_earlier_call_wrote_is_not_blamed_on_a_later_one() {
    let system = System::with(Wasi::new());
    let session = system.0.session().unwrap();
    session.run(Run::WriteOut, 0).unwrap();
    let error = session.run(Run::Exit, 0).unwrap_err();
    assert!(
        matches!(&error, Error::Trap { kind: TrapKind::Exit { code: 1 }, stderr, .. } if stderr.is_empty()),
        "{error}"
    );
    assert_eq!(
        error.to_string(),
        "guest `system` stopped in `run`: it ended its process with exit code 1"
    );
}

#[test]
fn a_sleeping_guest_meets_its_deadline() {
    let system = System::with(Wasi::new().clocks());
    let hour = Duration::from_secs(3600).as_nanos() as u64;
    let error = system.run(Run::Sleep, hour).unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error}");
    let moment = Duration::from_millis(1).as_nanos() as u64;
    assert!(system.run(Run::Sleep, moment).unwrap() >= moment);
}

#[test]
fn random_bytes_are_limited_per_request() {
    let system = System::with(Wasi::new());
    assert_eq!(system.run(Run::RandomBytes, 1000).unwrap(), 1000);
    let error = system.run(Run::RandomBytes, 1 << 20).unwrap_err();
    assert!(
        matches!(
            error,
            Error::Limit {
                what: LimitKind::Random,
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn open_streams_are_limited() {
    let system = System::builder()
        .limits(limits().resource_table(1))
        .load_bytes(component(SYSTEM))
        .unwrap();
    let session = system.0.session().unwrap();
    session.run(Run::WriteOut, 0).unwrap();
    let error = session.run(Run::WriteOut, 0).unwrap_err();
    assert!(
        matches!(
            error,
            Error::Limit {
                what: LimitKind::ResourceTable,
                limit: 1,
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn live_handles_are_limited() {
    let system = System::builder()
        .limits(limits().handles(2).deadline(Duration::from_secs(10)))
        .load_bytes(component(SYSTEM))
        .unwrap();
    let session = system.0.session().unwrap();
    let error = loop {
        if let Err(error) = session.run(Run::WriteOut, 0) {
            break error;
        }
    };
    assert!(
        matches!(
            error,
            Error::Limit {
                what: LimitKind::Handles,
                limit: 2,
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn a_folder_that_does_not_exist_is_refused_when_loaded() {
    let error = System::builder()
        .wasi(Wasi::new().preopen("no/such/folder", "/data"))
        .load_bytes(component(SYSTEM))
        .unwrap_err();
    let text = error.to_string();
    assert!(
        text.starts_with("guest `system` cannot be given what `Wasi` grants it: the folder `"),
        "{text}"
    );
    assert!(
        text.contains("no/such/folder`, to be seen as `/data`, cannot be opened"),
        "{text}"
    );
    assert!(error.source().is_some());
}

#[test]
fn interfaces_of_wasi_that_are_not_offered_are_named() {
    let text = SYSTEM.replacen(
        "(component",
        "(component (import \"wasi:keyvalue/store@0.2.0\" (instance (export \"open\" \
           (func (param \"name\" string) (result u32)))))",
        1,
    );
    let Error::Link { problems, .. } = System::builder().load_bytes(component(&text)).unwrap_err()
    else {
        panic!("it fits");
    };
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].kind, ProblemKind::MissingImport);
    assert_eq!(problems[0].path, "wasi:keyvalue/store");
}

#[test]
fn a_wasi_that_the_engine_does_not_have_is_told_in_its_words() {
    let text = SYSTEM.replacen(
        "(export \"get-random-u64\" (func (result u64)))",
        "(export \"get-random-u64\" (func (result u64))) (export \"get-dice\" (func))",
        1,
    );
    let Error::Link { problems, .. } = System::builder().load_bytes(component(&text)).unwrap_err()
    else {
        panic!("it fits");
    };
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].kind, ProblemKind::Other);
    let note = problems[0].note.as_deref().unwrap_or_default();
    assert!(note.contains("get-dice"), "{note}");
}
