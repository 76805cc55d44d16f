//! Real photos and a real model: the guest says what LiteRT says.

use abide_image_host::{Pixels, load};
use abide_inference_host::{Encoding, Inference, Models, Tensor};
use abide_recognition_tests::{App, Fetched, Photo, difference, fetched, guest, host, host_async};

use crate::{block_on, limits};

/// How far a score may be from that of LiteRT, of 256. It computes in whole numbers, this in floats.
const MOST: u8 = 8;

pub(crate) fn check(photo: &Photo, scores: &[u8], labels: &[String]) {
    let name = photo.name;
    let best = (0..scores.len())
        .max_by_key(|&index| scores[index])
        .unwrap();
    assert_eq!(labels[best], photo.label, "{name}");
    assert_eq!(scores.len(), photo.scores.len());
    let off = difference(scores, &photo.scores);
    assert!(off <= MOST, "{name}: {off} off");
}

pub(crate) fn labels(fetched: &Fetched) -> Vec<String> {
    let models = Models::builder()
        .model("it", &*fetched.model)
        .build()
        .unwrap();
    models.named("it").unwrap().labels().to_vec()
}

#[test]
fn a_guest_says_what_litert_says() {
    let Some(fetched) = fetched() else { return };
    let labels = labels(fetched);
    assert_eq!(labels.len(), 1000);
    let app = App::with_model(&fetched.model);
    let builder = host::Recognition::builder(app).limits(limits());
    let guest = builder.load(guest()).unwrap();
    for photo in &fetched.photos {
        let scores = guest.scores(&photo.file).unwrap();
        check(photo, &scores, &labels);
        let again = guest.scores_step_by_step(&photo.file).unwrap();
        assert_eq!(again, scores, "{}", photo.name);
        let top = guest.top(&photo.file).unwrap();
        assert_eq!(top.len(), 5);
        assert_eq!(
            top[0],
            (photo.label.to_owned(), *scores.iter().max().unwrap())
        );
        assert!(top.is_sorted_by(|one, next| one.1 >= next.1), "{top:?}");
    }
    let ports = guest.ports("lite0").unwrap();
    for part in [
        "name: \"images\"",
        "shape: [Some(1), Some(224), Some(224), Some(3)]",
        "scale: 0.012566",
        "zero: 131",
        "shape: [Some(1), Some(1000)]",
        "scale: 0.00390625, zero: 0",
        "1000 labels",
    ] {
        assert!(ports.contains(part), "{part} is not in {ports}");
    }
}

#[test]
fn so_does_one_that_is_awaited() {
    let Some(fetched) = fetched() else { return };
    let labels = labels(fetched);
    let app = App::with_model(&fetched.model);
    block_on(async {
        let builder = host_async::Recognition::builder(app).limits(limits());
        let guest = builder.load_async(guest()).await.unwrap();
        for photo in &fetched.photos {
            let scores = guest.scores(&photo.file).await.unwrap();
            check(photo, &scores, &labels);
            let again = guest.scores_step_by_step(&photo.file).await.unwrap();
            assert_eq!(again, scores, "{}", photo.name);
        }
        // Many at a time are the same.
        let photo = &fetched.photos[0];
        let alone = guest.scores(&photo.file).await.unwrap();
        let calls: Vec<_> = (0..4)
            .map(|_| {
                let (guest, file) = (guest.clone(), photo.file.clone());
                tokio::spawn(async move { guest.scores(&file).await.unwrap() })
            })
            .collect();
        for call in calls {
            assert_eq!(call.await.unwrap(), alone);
        }
    });
}

#[test]
fn a_guest_that_brings_the_model_gets_the_same() {
    let Some(fetched) = fetched() else { return };
    let file = std::fs::read(&fetched.model).unwrap();
    let photo = &fetched.photos[1];
    let pixels = load(
        &photo.file,
        224,
        224,
        Pixels::Rgb8,
        &abide_image_host::Limits::default(),
    );
    let pixels = pixels.unwrap();
    let models = Models::builder().build().unwrap();
    let refusing = App::with(models.clone());
    let accepting = App {
        inference: Inference::new(models.clone()).accept_models(),
        ..refusing.clone()
    };
    let builder = host::Recognition::builder(refusing).limits(limits());
    let error = builder
        .load(guest())
        .unwrap()
        .bring(&file, &pixels)
        .unwrap_err();
    assert_eq!(error.guest().unwrap(), "Refused");

    let builder = host::Recognition::builder(accepting.clone()).limits(limits());
    let scores = builder
        .load(guest())
        .unwrap()
        .bring(&file, &pixels)
        .unwrap();
    check(photo, &scores, &labels(fetched));
    // It is kept, and found again by whoever has the same bytes.
    let (one, other) = (
        models.load(&file, Encoding::Tflite).unwrap(),
        models.load(&file.clone(), Encoding::Detect).unwrap(),
    );
    assert!(std::sync::Arc::ptr_eq(&one, &other));
    let tensor = Tensor {
        element: one.inputs()[0].element,
        shape: &[1, 224, 224, 3],
        data: &pixels,
    };
    assert_eq!(models.run(&one, &[tensor]).unwrap()[0].data, scores);
    block_on(async {
        let builder = host_async::Recognition::builder(accepting).limits(limits());
        let guest = builder.load_async(guest()).await.unwrap();
        assert_eq!(guest.bring(&file, &pixels).await.unwrap(), scores);
    });
}
