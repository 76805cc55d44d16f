//! A real model on real photos, through the unmodified guests: they say what LiteRT says. Model and
//! photos are what `cargo xtask setup` fetches.

use std::fs;
use std::sync::LazyLock;
use std::time::Duration;

use abide::{Limits, Warm};
use abide_build::Target;
use abide_inference_host::{Encoding, Models};
use abide_recognition_tests::{Fetched, difference, fetched};
use abide_wasmedge::{Alive, Bindgen, WasmEdge};

use crate::support::build;

/// How far a score may be from that of LiteRT, of 256: its pixels and its sums are made in another way.
const MOST: u8 = 8;

/// One for all tests: the engine takes a while to load what a guest brings.
static MODELS: LazyLock<Models> = LazyLock::new(|| Models::builder().build().unwrap());

fn classifier(fixture: &str, target: Target) -> (Bindgen, WasmEdge) {
    let host = WasmEdge::new(MODELS.clone());
    let limits = Limits::new().deadline(Duration::from_secs(120));
    let guest = Bindgen::load_with(host.clone(), |builder| {
        let builder = builder.limits(limits).isolation(Warm::new());
        builder.load(build(fixture, target))
    });
    (guest.unwrap(), host)
}

fn says_what_litert_says(fetched: &Fetched, fixture: &str, target: Target) {
    let model = fs::read(&fetched.model).unwrap();
    let labels = MODELS.load(&model, Encoding::Tflite).unwrap();
    let labels = labels.labels();
    assert_eq!(labels.len(), 1000);
    let (guest, host) = classifier(fixture, target);
    for photo in &fetched.photos {
        let name = photo.name;
        let scores: Vec<u8> = guest.call("classify", (&model, &photo.file)).unwrap();
        assert_eq!(scores.len(), photo.scores.len());
        let best = (0..scores.len()).max_by_key(|index| scores[*index]);
        assert_eq!(labels[best.unwrap()], photo.label, "{name}");
        let off = difference(&scores, &photo.scores);
        assert!(off <= MOST, "{name}: {off} off, through {fixture}");
        // What the guest was given and what came out ends with its session.
        assert_eq!(host.alive(), Alive::default());
    }
}

#[test]
fn a_guest_on_0_2_2_says_what_litert_says() {
    let Some(fetched) = fetched() else { return };
    says_what_litert_says(fetched, "wasmedge-early", Target::Unknown);
}

#[test]
fn a_guest_on_0_3_0_says_what_litert_says() {
    let Some(fetched) = fetched() else { return };
    says_what_litert_says(fetched, "wasmedge", Target::Unknown);
}

#[cfg(feature = "wasip1")]
#[test]
fn so_does_one_for_wasi() {
    let Some(fetched) = fetched() else { return };
    says_what_litert_says(fetched, "wasmedge", Target::Wasip1);
}

/// The eight ways in which a picture is read, each of a picture of that format.
#[test]
fn pictures_are_read_in_all_ways_there_are() {
    let Some(fetched) = fetched() else { return };
    let picture = |name: &str| {
        let mut photos = fetched.photos.iter();
        &photos.find(|photo| photo.name == name).unwrap().file
    };
    let (jpg, png) = (picture("rocket"), picture("chelsea"));
    for fixture in ["wasmedge-early", "wasmedge"] {
        let (guest, _) = classifier(fixture, Target::Unknown);
        let read = |way: u32| {
            let file = if way < 4 { jpg } else { png };
            let pixels: Vec<u8> = guest.call("picture", (way, file, 20_u32, 10_u32)).unwrap();
            pixels
        };
        for first in [0, 4] {
            let (rgb, bgr) = (read(first), read(first + 1));
            assert_eq!((rgb.len(), bgr.len()), (600, 600));
            let turned: Vec<u8> = bgr
                .chunks_exact(3)
                .flat_map(|pixel| [pixel[2], pixel[1], pixel[0]])
                .collect();
            assert_eq!(turned, rgb, "{fixture}");
            assert!(rgb.iter().any(|value| *value > 100) && rgb.iter().any(|value| *value < 100));
            for (way, bytes) in [(first + 2, &rgb), (first + 3, &bgr)] {
                let floats = read(way);
                assert_eq!(floats.len(), 2400);
                let (floats, _) = floats.as_chunks();
                for (float, byte) in floats.iter().zip(bytes) {
                    let float = f32::from_le_bytes(*float) * 255.0;
                    let off = (float - f32::from(*byte)).abs();
                    assert!(off < 1.5, "{fixture}, {way}: {float} and {byte}");
                }
            }
        }
    }
}

#[test]
fn what_is_no_picture_and_no_model_is_told() {
    let Some(fetched) = fetched() else { return };
    let model = fs::read(&fetched.model).unwrap();
    let photo = &fetched.photos[0].file;
    for (fixture, is_early) in [("wasmedge-early", true), ("wasmedge", false)] {
        let (guest, host) = classifier(fixture, Target::Unknown);
        let classify =
            |model: &[u8], photo: &[u8]| guest.call::<Vec<u8>>("classify", (model, photo));
        let refused = classify(&model, b"no picture").unwrap_err();
        let text = "that is neither a photo nor a drawing".to_owned();
        assert_eq!(refused.guest(), Some(&text));
        // A model that is cut short, or is none: 0.2.2 has nothing, 0.3.0 panics.
        for model in [&model[..model.len() / 2], &model[..100], b"", photo] {
            match classify(model, photo) {
                Ok(nothing) => assert!(is_early && nothing.is_empty()),
                Err(error) => assert!(!is_early && error.failed().is_some(), "{error}"),
            }
        }
        // A photo that is cut short: 0.2.2 gives black pixels to the model, 0.3.0 panics.
        match classify(&model, &photo[..photo.len() / 2]) {
            Ok(scores) => assert!(is_early && scores.len() == 1000),
            Err(error) => assert!(!is_early && error.failed().is_some(), "{error}"),
        }
        assert_eq!(host.alive(), Alive::default());
    }
}
