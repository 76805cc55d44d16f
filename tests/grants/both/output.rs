//! What a guest writes: where it goes, and how much it may be.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use abide::{Error, LimitKind, Limits, Wasi};
use abide_build::Target;

use super::guests::granted;
use super::{Grants, wait};
use crate::listener::heard;
use crate::{NoHost, support};

type Buffer = Arc<Mutex<Vec<u8>>>;

/// A place to write to, and the function that does.
fn buffer() -> (Buffer, impl Fn(&[u8]) + Send + Sync) {
    let buffer = Buffer::default();
    let shared = Arc::clone(&buffer);
    let write = move |bytes: &[u8]| {
        let mut buffer = shared.lock().unwrap_or_else(PoisonError::into_inner);
        buffer.extend_from_slice(bytes);
    };
    (buffer, write)
}

fn text(buffer: &Buffer) -> String {
    let bytes = std::mem::take(&mut *buffer.lock().unwrap());
    String::from_utf8(bytes).unwrap()
}

/// The guest with a bound on what it may write.
fn limited(wasi: Wasi, bytes: usize) -> Grants {
    Grants::builder(NoHost)
        .wasi(wasi)
        .limits(
            Limits::new()
                .deadline(Duration::from_secs(60))
                .output(bytes),
        )
        .name("writing")
        .load(support::guest("grants", Target::Wasip2))
        .unwrap()
}

#[track_caller]
fn is_full(error: &Error, bytes: u64) {
    assert!(
        matches!(error, Error::Limit { what: LimitKind::Output, limit, .. } if *limit == bytes),
        "{error}"
    );
}

#[test]
fn a_host_may_have_what_is_written() {
    let ((out, write_out), (err, write_err)) = (buffer(), buffer());
    let guest = granted(Wasi::new().stdout_to(write_out).stderr_to(write_err));
    let lines = heard(|| wait(guest.ask().print("hello", "oh no")).unwrap());
    assert_eq!(lines, []);
    assert_eq!(text(&out), "hello\n");
    assert_eq!(text(&err), "oh no\n");

    // As it is written, not line by line.
    let session = wait(guest.session()).unwrap();
    wait(session.ask().print_part("no ")).unwrap();
    wait(session.ask().print_part("end")).unwrap();
    assert_eq!(text(&out), "no end");
}

#[test]
fn a_host_that_panics_over_what_is_written_ends_the_call() {
    let guest = granted(Wasi::new().stdout_to(|_| panic!("the disk is full")));
    let error = wait(guest.ask().print("hello", "")).unwrap_err();
    assert!(
        matches!(&error, Error::HostPanic { message, .. } if &**message == "the disk is full"),
        "{error}"
    );
}

#[test]
fn both_outputs_count_together() {
    let ((out, write_out), (err, write_err)) = (buffer(), buffer());
    let wasi = Wasi::new().stdout_to(write_out).stderr_to(write_err);
    let guest = limited(wasi, 10);
    wait(guest.ask().print("1234", "6789")).unwrap();
    assert_eq!((text(&out), text(&err)), ("1234\n".into(), "6789\n".into()));

    let error = wait(guest.ask().print("1234", "6789+")).unwrap_err();
    is_full(&error, 10);
    assert_eq!(
        error.to_string(),
        "guest `writing` reached its limit of 10 bytes of output in one call in `test:grants/ask.print`; raise \
         it with `Limits::output` if this is what the guest needs"
    );
    // What fits was passed on.
    assert_eq!(text(&out).len() + text(&err).len(), 10);
}

#[test]
fn each_call_counts_by_itself() {
    let (_, write) = buffer();
    let guest = limited(Wasi::new().stdout_to(write), 10);
    let session = wait(guest.session()).unwrap();
    for _ in 0..5 {
        wait(session.ask().print_part("12345678")).unwrap();
    }
    is_full(
        &wait(session.ask().print_part("12345678901")).unwrap_err(),
        10,
    );
    assert!(!session.is_alive());
}

#[test]
fn a_flood_ends_by_default() {
    let (out, write) = buffer();
    let guest = granted(Wasi::new().stdout_to(write));
    const MIB: usize = 1 << 20;
    wait(guest.ask().print_part(&"x".repeat(MIB))).unwrap();
    assert_eq!(text(&out).len(), MIB);
    let error = wait(guest.ask().print_part(&"x".repeat(MIB + 1))).unwrap_err();
    is_full(&error, MIB as u64);
    assert_eq!(text(&out).len(), MIB);
}

/// A subscriber that cannot take anything.
struct Full;

impl tracing::Subscriber for Full {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target() == "abide::guest"
    }
    fn event(&self, _: &tracing::Event<'_>) {
        panic!("the log is full");
    }
    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

#[test]
fn a_log_that_panics_ends_the_call_also_over_a_line_without_end() {
    let guest = granted(Wasi::new());
    for text in ["a line\n", "no end"] {
        let session = wait(guest.session()).unwrap();
        let error = tracing::subscriber::with_default(Full, || {
            wait(session.ask().print_part(text)).unwrap_err()
        });
        assert!(
            matches!(&error, Error::HostPanic { message, .. } if &**message == "the log is full"),
            "{text:?}: {error}"
        );
        assert!(!session.is_alive());
    }
}
