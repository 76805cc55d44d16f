//! What guests do wrong, and what is wrong with what they are given.

use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use abide::Error;
use abide_image_host::{Bounds, Images};
use abide_inference_host::{Encoding, Inference, Limits, Models};
use abide_recognition_tests::{App, fetched, guest, host, host_async};

use crate::engines::{Does, Made, bytes, gate};
use crate::{block_on, limits};

fn models(does: Does, limits: Limits) -> Models {
    let builder = Models::builder().engine(Made::new(does)).limits(limits);
    builder.model("made", bytes(0)).build().unwrap()
}

fn loaded(app: App) -> host::Recognition {
    let builder = host::Recognition::builder(app).limits(limits());
    builder.load(guest()).unwrap()
}

/// What the guest was told.
fn told<T: std::fmt::Debug>(answer: Result<T, abide::CallError<String>>) -> String {
    answer.unwrap_err().guest().unwrap().clone()
}

#[test]
fn pictures_that_are_none() {
    let guest = loaded(App::with(models(Does::Echo, Limits::default())));
    let app = App {
        inference: Inference::new(
            Models::builder()
                .engine(Made::new(Does::Echo))
                .model("lite0", bytes(0))
                .build()
                .unwrap(),
        ),
        images: Images::default(),
    };
    assert_eq!(told(guest.top(b"a text")), "NotFound(\"lite0\")");
    let guest = loaded(app);
    assert_eq!(told(guest.top(b"a text")), "UnknownFormat");
    assert_eq!(told(guest.scores_step_by_step(b"a text")), "UnknownFormat");
    assert!(told(guest.top(b"\xff\xd8\xff\xe0")).starts_with("Broken"));
    // A first chunk that says 30,000 x 30,000, and nothing else.
    let bomb = [
        &b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"[..],
        &30_000_u32.to_be_bytes(),
        &30_000_u32.to_be_bytes(),
        b"\x08\x02\0\0\0\xe9\x45\x6f\xed",
        b"\0\0\0\0IDAT\x35\xaf\x06\x1e",
    ];
    let bomb = bomb.concat();
    assert!(bomb.len() < 200);
    let said = told(guest.top(&bomb));
    assert_eq!(said, "TooLarge(Size { width: 30000, height: 30000 })");
}

#[test]
fn graphs_and_tensors_that_make_no_sense() {
    let guest = loaded(App::with(models(Does::Echo, Limits::default())));
    assert_eq!(told(guest.ports("another")), "NotFound(\"another\")");
    assert_eq!(guest.hoard("made").unwrap(), 8);
    // Another instance has its own.
    assert_eq!(guest.hoard("made").unwrap(), 8);
    assert_eq!(
        guest.misuse("made").unwrap(),
        [
            "NoPort(\"another\")",
            "NoPort(\"it\")",
            "NoPort(\"it\")",
            "Mismatch(\"`it` takes U8 [?, 2], and was given U8 [1, 1]\")",
            "Mismatch(\"`it` takes U8 [?, 2], which 3 bytes are not\")",
        ]
    );
    assert_eq!(
        guest.repeat("made", &[1, 2, 3, 4], 1).unwrap(),
        [1, 2, 3, 4]
    );
    block_on(async {
        let app = App::with(models(Does::Echo, Limits::default()));
        let builder = host_async::Recognition::builder(app).limits(limits());
        let guest = builder
            .load_async(abide_recognition_tests::guest())
            .await
            .unwrap();
        assert_eq!(guest.misuse("made").await.unwrap().len(), 5);
        assert_eq!(guest.hoard("made").await.unwrap(), 8);
        let output = guest.repeat("made", &[1, 2, 3, 4], 2).await.unwrap();
        assert_eq!(output, [1, 2, 3, 4]);
    });
}

#[test]
fn a_guest_sees_the_models_that_it_is_offered() {
    let all = Models::builder().engine(Made::new(Does::Echo));
    let all = all
        .model("made", bytes(0))
        .model("other", bytes(1))
        .build()
        .unwrap();
    let guest = loaded(App {
        inference: Inference::new(all.clone()).only(["other"]),
        images: Images::default(),
    });
    assert_eq!(told(guest.ports("made")), "NotFound(\"made\")");
    guest.ports("other").unwrap();
    loaded(App::with(all)).ports("made").unwrap();
}

#[test]
fn a_panic_of_the_engine_is_an_answer() {
    let app = App::with(models(Does::Panic, Limits::default()));
    let guest = loaded(app.clone());
    for _ in 0..3 {
        let said = told(guest.repeat("made", &[1, 2], 1));
        assert_eq!(said, "Failed(\"the engine panicked: asked to\")");
    }
    block_on(async {
        let builder = host_async::Recognition::builder(app).limits(limits());
        let guest = builder
            .load_async(abide_recognition_tests::guest())
            .await
            .unwrap();
        let said = told(guest.repeat("made", &[1, 2], 1).await);
        assert_eq!(said, "Failed(\"the engine panicked: asked to\")");
    });
    let models = models(Does::Echo, Limits::default());
    let bad = [&bytes(0)[..], b"!"].concat();
    let error = models.load(&bad, Encoding::Tflite).unwrap_err();
    assert!(
        matches!(error, abide_inference_host::Error::Failed(_)),
        "{error:?}"
    );
}

#[test]
fn the_time_of_inferences_is_the_calls() {
    let slow = Does::Sleep(Duration::from_millis(30));
    let app = App::with(models(slow, Limits::default()));
    let short = || limits().deadline(Duration::from_millis(100));
    let builder = host::Recognition::builder(app.clone()).limits(short());
    let guest = builder.load(abide_recognition_tests::guest()).unwrap();
    guest.repeat("made", &[1, 2], 1).unwrap();
    // All by themselves these would take minutes.
    let error = guest.repeat("made", &[1, 2], 10_000).unwrap_err();
    assert!(
        matches!(error.failed(), Some(Error::Timeout { .. })),
        "{error:?}"
    );
    block_on(async {
        let builder = host_async::Recognition::builder(app).limits(short());
        let guest = builder
            .load_async(abide_recognition_tests::guest())
            .await
            .unwrap();
        guest.repeat("made", &[1, 2], 1).await.unwrap();
        let error = guest.repeat("made", &[1, 2], 10_000).await.unwrap_err();
        assert!(
            matches!(error.failed(), Some(Error::Timeout { .. })),
            "{error:?}"
        );
    });
}

#[test]
fn a_run_that_goes_on_does_not_hold_a_call_that_is_awaited() {
    let (gate, begins, opens) = gate();
    let limits = Limits {
        work: Bounds {
            at_a_time: 1,
            waiting: 0,
            wait: Duration::ZERO,
        },
        ..Limits::default()
    };
    let app = App::with(models(Does::Wait(gate), limits));
    block_on(async {
        let builder = host_async::Recognition::builder(app)
            .limits(crate::limits().deadline(Duration::from_millis(50)));
        let guest = builder
            .load_async(abide_recognition_tests::guest())
            .await
            .unwrap();
        let error = guest.repeat("made", &[1, 2], 1).await.unwrap_err();
        assert!(
            matches!(error.failed(), Some(Error::Timeout { .. })),
            "{error:?}"
        );
        begins.recv().unwrap();
        // It still has its place.
        assert_eq!(told(guest.repeat("made", &[1, 2], 1).await), "Busy");
        opens.send(()).unwrap();
    });
}

#[test]
fn so_many_inferences_at_a_time() {
    let (gate, begins, opens) = gate();
    let limits = Limits {
        work: Bounds {
            at_a_time: 1,
            waiting: 0,
            wait: Duration::ZERO,
        },
        ..Limits::default()
    };
    let guest = loaded(App::with(models(Does::Wait(gate), limits)));
    thread::scope(|scope| {
        let first = scope.spawn(|| guest.repeat("made", &[1, 2], 1));
        begins.recv().unwrap();
        assert_eq!(told(guest.repeat("made", &[1, 2], 1)), "Busy");
        opens.send(()).unwrap();
        assert_eq!(first.join().unwrap().unwrap(), [1, 2]);
    });
}

#[test]
fn models_that_guests_bring_have_an_end() {
    let limits = Limits {
        model_bytes: 20,
        tensor_bytes: 10,
        kept: 2,
        kept_bytes: 36,
        ..Limits::default()
    };
    let engine = Made::new(Does::Echo);
    let loads = engine.loaded.clone();
    let loads = || loads.load(Ordering::SeqCst);
    let models = Models::builder()
        .engine(engine)
        .limits(limits)
        .build()
        .unwrap();
    let app = App {
        inference: Inference::new(models.clone()).accept_models(),
        images: Images::default(),
    };
    let guest = loaded(app);
    assert_eq!(told(guest.bring(&[0; 21], &[])), "TooLarge(20)");
    assert_eq!(told(guest.bring(&bytes(0), &[0; 12])), "TooLarge(10)");
    let said = told(guest.bring(b"\x08\x08onnx", &[0; 2]));
    assert_eq!(said, "Unsupported(\"models of ONNX that a guest brings\")");
    assert!(told(guest.bring(b"something", &[0; 2])).starts_with("Broken"));
    // One of them is kept already. Each is found again while it is one of the last two.
    assert_eq!(loads(), 1);
    for (of, made) in [(0, 1), (1, 2), (0, 2), (2, 3), (0, 3), (1, 4)] {
        assert_eq!(guest.bring(&bytes(of), &[7, 8]).unwrap(), [7, 8]);
        assert_eq!(loads(), made, "after {of}");
    }
    // Twelve bytes each: there is room for three that are in use.
    let load = |of| models.load(&bytes(of), Encoding::Tflite);
    let used: Vec<_> = (10..13).map(|of| load(of).unwrap()).collect();
    assert_eq!(load(13).unwrap_err(), abide_inference_host::Error::Busy);
    drop(used);
    load(13).unwrap();
}

#[test]
fn a_broken_model_is_told_by_a_real_engine() {
    let Some(fetched) = fetched() else { return };
    let file = std::fs::read(&fetched.model).unwrap();
    let models = Models::builder().build().unwrap();
    let guest = loaded(App {
        inference: Inference::new(models).accept_models(),
        images: Images::default(),
    });
    // Cut short anywhere. What is missing at the very end are labels.
    for part in 1..10 {
        let cut = &file[..file.len() * part / 10 - 11_000];
        let said = told(guest.bring(cut, &[]));
        assert!(said.starts_with("Broken"), "{part}: {said}");
    }
    let error = Models::builder()
        .model("cut", &file[..1_000_000])
        .build()
        .unwrap_err();
    assert!(
        error.to_string().contains("cannot load the model `cut`"),
        "{error}"
    );
}
