//! Guests on both versions of `wasmedge_tensorflow_interface`, on an engine of the tests' own.

mod hostile;

use std::path::PathBuf;
use std::sync::LazyLock;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use abide::{CallError, Error, Warm};
use abide_build::Target;
use abide_inference_host::{Bounds, Models};
use abide_wasmedge::{Alive, Bindgen, Limits, WasmEdge};

use crate::engine::{Doubling, MARK};
use crate::support::{build, load};

/// The guest on 0.2.2, and that on 0.3.0.
static GUESTS: LazyLock<[PathBuf; 2]> =
    LazyLock::new(|| ["wasmedge-early", "wasmedge"].map(|name| build(name, Target::Unknown)));

/// A host whose models are [`Doubling`]'s, and that engine.
fn host() -> (WasmEdge, Doubling) {
    let engine = Doubling::default();
    let models = Models::builder().engine(engine.clone()).build();
    (WasmEdge::new(models.unwrap()), engine)
}

fn infer(guest: &Bindgen, model: &str, data: &[u8]) -> Result<Vec<u8>, CallError<String>> {
    let model = format!("{MARK}{model}");
    guest.call("infer", (model.as_bytes(), "in", data, "out"))
}

#[test]
fn both_versions_infer_and_leave_nothing() {
    for path in &*GUESTS {
        let (host, engine) = host();
        let guest = load(path, host.clone());
        for round in 0..3 {
            let data = [1, 2, 3 + round, 200];
            let doubled = infer(&guest, "double 4 other out", &data).unwrap();
            assert_eq!(doubled, data.map(|byte| byte.wrapping_mul(2)));
        }
        // The guest hands the model over with each call, and it is loaded once.
        assert_eq!(engine.loaded.load(Relaxed), 1);
        assert_eq!(engine.run.load(Relaxed), 3);
        // An input whose length the model leaves open.
        let any = infer(&guest, "double any out", &[7; 1000]).unwrap();
        assert_eq!(any, [14; 1000]);
        assert_eq!(host.alive(), Alive::default());
    }
}

#[cfg(feature = "wasip1")]
#[test]
fn so_do_modules_for_wasi() {
    for name in ["wasmedge-early", "wasmedge"] {
        let path = build(name, Target::Wasip1);
        let guest = load(path, host().0);
        let doubled = infer(&guest, "double 2 out", &[1, 2]).unwrap();
        assert_eq!(doubled, [2, 4]);
    }
}

#[test]
fn what_is_wrong_is_told_as_each_version_has_it() {
    for (model, data, code) in [
        ("triple 4 out", &[1, 2, 3, 4][..], 5),
        ("double four out", &[1, 2, 3, 4], 2),
        ("\u{e000}", &[], 5),
        ("double 4 out", &[1, 2, 3], 1),
        ("double 4 out", &[1, 2, 3, 4, 5], 1),
        ("double 4 out", &[], 1),
        ("double 4 other", &[1, 2, 3, 4], 1),
        ("double 4 out fails", &[1, 2, 3, 4], 5),
        ("double any out", &[], 0),
    ] {
        let [early, late] = &*GUESTS;
        // 0.2.2 has no errors: there is nothing in the output.
        let guest = load(early, host().0);
        assert_eq!(infer(&guest, model, data).unwrap(), [0; 0], "{model}");
        // 0.3.0 panics. Its panics are told where it has somewhere to write them.
        let (host, _) = host();
        let guest = load(late, host.clone());
        match infer(&guest, model, data) {
            Ok(nothing) => assert_eq!((nothing.len(), code), (0, 0), "{model}"),
            Err(CallError::Failed(Error::Trap { .. })) => assert_ne!(code, 0, "{model}"),
            Err(other) => panic!("{model}: {other}"),
        }
        assert_eq!(host.alive(), Alive::default());
    }
}

#[cfg(feature = "wasip1")]
#[test]
fn a_guest_that_writes_somewhere_says_which_status_it_got() {
    let late = build("wasmedge", Target::Wasip1);
    for (model, data, status) in [
        ("triple 4 out", &[1, 2, 3, 4][..], "RUNTIME_ERROR"),
        ("double four out", &[1, 2, 3, 4], "INVALID_ENCODING"),
        ("double 4 out", &[1, 2, 3], "INVALID_ARGUMENT"),
        ("double 4 other", &[1, 2, 3, 4], "INVALID_ARGUMENT"),
        ("double 4 out fails", &[1, 2, 3, 4], "RUNTIME_ERROR"),
    ] {
        let guest = load(&late, host().0);
        let error = infer(&guest, model, data).unwrap_err().to_string();
        assert!(error.contains(status), "{model}: {error}");
    }
    let (host, _) = host();
    let host = host.limits(Limits {
        bytes: 7,
        ..Limits::default()
    });
    let guest = load(&late, host);
    let error = infer(&guest, "double 4 out", &[1; 4]).unwrap_err();
    assert!(error.to_string().contains("MISSING_MEMORY"), "{error}");
}

#[test]
fn tensorflow_itself_is_linked_and_says_that_it_is_not_there() {
    let [early, _] = &*GUESTS;
    let guest = load(early, host().0);
    let error = guest
        .call::<Vec<u8>>("tensorflow", (b"model",))
        .unwrap_err();
    let CallError::Failed(Error::AbiViolation { import, reason, .. }) = &error else {
        panic!("{error}")
    };
    assert_eq!(
        *import,
        "wasmedge_tensorflow.wasmedge_tensorflow_create_session"
    );
    assert!(reason.contains("TensorFlow Lite"), "{reason}");
}

#[test]
fn sessions_that_are_never_deleted_are_bounded_where_instances_are_kept() {
    let model = format!("{MARK}double 4 out");
    let args = || (model.as_bytes(), "in", [1_u8; 4], "out");
    let leak = |guest: &Bindgen| guest.call::<Vec<u8>>("leak", args());
    let limits = Limits {
        sessions: 3,
        ..Limits::default()
    };
    let [early, late] = &*GUESTS;
    // 0.2.2 gets no session, and goes on without.
    let (warm, _) = host();
    let warm = warm.limits(limits.clone());
    let guest = Bindgen::load_with(warm.clone(), |builder| {
        let limits = abide::Limits::new().deadline(Duration::from_secs(60));
        builder.limits(limits).isolation(Warm::new()).load(early)
    })
    .unwrap();
    for round in 0..10_000 {
        let expected: &[u8] = if round < 3 { &[2; 4] } else { &[] };
        assert_eq!(leak(&guest).unwrap(), expected);
    }
    let alive = warm.alive();
    assert_eq!((alive.sessions, alive.tensors, alive.bytes), (3, 6, 24));
    // A session of its own has counts of its own.
    let session = guest.session().unwrap();
    session.call::<Vec<u8>>("leak", args()).unwrap();
    assert_eq!(warm.alive().sessions, 4);
    drop(session);
    assert_eq!(warm.alive().sessions, 3);
    drop(guest);
    // Kept instances are ended by whoever ends idle ones.
    let is_over = || warm.alive() == Alive::default();
    assert!((0..500).any(|_| {
        std::thread::sleep(Duration::from_millis(20));
        is_over()
    }));

    // 0.3.0 panics, and begins anew.
    let (warm, _) = host();
    let warm = warm.limits(limits);
    let guest = Bindgen::load_with(warm.clone(), |builder| {
        let limits = abide::Limits::new().deadline(Duration::from_secs(60));
        builder.limits(limits).isolation(Warm::new()).load(late)
    })
    .unwrap();
    for round in 0..100 {
        let outcome = leak(&guest);
        match round % 4 {
            3 => {
                let error = outcome.unwrap_err();
                assert!(
                    matches!(error, CallError::Failed(Error::Trap { .. })),
                    "{error}"
                );
            }
            _ => assert_eq!(outcome.unwrap(), [2; 4]),
        }
    }
    assert_eq!(warm.alive(), Alive::default());
}

#[test]
fn a_model_is_refused_where_none_may_be_brought() {
    for path in &*GUESTS {
        let (host, engine) = host();
        let host = host.limits(Limits {
            sessions: 0,
            ..Limits::default()
        });
        let guest = load(path, host);
        match infer(&guest, "double 4 out", &[1; 4]) {
            Ok(nothing) => assert!(nothing.is_empty()),
            Err(error) => assert!(
                matches!(error, CallError::Failed(Error::Trap { .. })),
                "{error}"
            ),
        }
        assert_eq!(engine.loaded.load(Relaxed), 0);
    }
}

/// A PNG that says it has 30,000 by 30,000 pixels, and is as long as this.
const BOMB: &[u8] = b"\
    \x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x00\x75\x30\x00\x00\
    \x75\x30\x08\x02\x00\x00\x00\xe9\x45\x6f\xed\x00\x00\x00\x0c\x49\x44\x41\x54\x78\x9c\x63\
    \x60\xa0\x3d\x00\x00\x00\x64\x00\x01\x86\x64\x3c\x35\x00\x00\x00\x00\x49\x45\x4e\x44\xae\
    \x42\x60\x82\
    ";

#[test]
fn pictures_that_say_they_are_too_large_are_not_decoded() {
    for (path, is_early) in GUESTS.iter().zip([true, false]) {
        let guest = load(path, host().0);
        for way in 0..8_u32 {
            match guest.call::<Vec<u8>>("picture", (way, BOMB, 2_u32, 2_u32)) {
                // 0.2.2 does not look at what it is told: its pixels stay black.
                Ok(pixels) => assert!(is_early && pixels.iter().all(|value| *value == 0)),
                Err(CallError::Failed(Error::Trap { .. })) => assert!(!is_early),
                Err(error) => panic!("{error}"),
            }
        }
    }
}

#[test]
fn the_time_of_a_model_counts() {
    let [early, _] = &*GUESTS;
    let limits = abide::Limits::new().deadline(Duration::from_secs(1));
    let guest = Bindgen::load_with(host().0, |builder| builder.limits(limits).load(early));
    let guest = guest.unwrap();
    assert_eq!(infer(&guest, "double 1 out", &[1]).unwrap(), [2]);
    let error = infer(&guest, "double 1 out slow", &[1]).unwrap_err();
    assert!(
        matches!(error, CallError::Failed(Error::Timeout { .. })),
        "{error}"
    );
}

#[cfg(feature = "wasip1")]
#[test]
fn more_models_at_a_time_than_are_run_have_a_status() {
    let engine = Doubling::default();
    let limits = abide_inference_host::Limits {
        work: Bounds {
            at_a_time: 1,
            waiting: 0,
            wait: Duration::from_secs(1),
        },
        ..Default::default()
    };
    let models = Models::builder().engine(engine.clone()).limits(limits);
    let host = WasmEdge::new(models.build().unwrap());
    let limits = abide::Limits::new().deadline(Duration::from_secs(20));
    let guest = Bindgen::load_with(host, |builder| {
        let late = build("wasmedge", Target::Wasip1);
        builder.limits(limits).load(late)
    });
    let guest = guest.unwrap();
    // What is loaded already does not stand in line.
    assert_eq!(infer(&guest, "double 1 out", &[1]).unwrap(), [2]);
    std::thread::scope(|scope| {
        let slow = scope.spawn(|| infer(&guest, "double 1 out slow", &[1]));
        while engine.run.load(Relaxed) < 2 {
            std::thread::sleep(Duration::from_millis(5));
        }
        let error = infer(&guest, "double 1 out", &[1]).unwrap_err().to_string();
        assert!(error.contains("BUSY"), "{error}");
        assert_eq!(slow.join().unwrap().unwrap(), [2]);
    });
    assert_eq!(infer(&guest, "double 1 out", &[1]).unwrap(), [2]);
}
