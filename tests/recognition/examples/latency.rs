//! How long a picture takes: decoded and run by the parts of the host themselves, and through a guest.
//! The two take turns, and the middle of each counts. Arguments: how many rounds; the library
//! ONNX Runtime, if it is to be the engine.

use std::time::{Duration, Instant};

use abide::{Limits, Warm};
use abide_image_host::{Pixels, load};
use abide_inference_host::{Models, OnnxRuntime, Tensor};
use abide_recognition_tests::{App, MODEL, difference, fetched, guest, host};

fn main() {
    let rounds = std::env::args().nth(1).and_then(|word| word.parse().ok());
    let rounds: usize = rounds.unwrap_or(20);
    let Some(fetched) = fetched() else { return };
    let mut builder = Models::builder().model(MODEL, &*fetched.model);
    if let Some(library) = std::env::args().nth(2) {
        let engine = OnnxRuntime::load(library);
        builder = builder.engine(engine.unwrap_or_else(|error| panic!("{error}")));
    }
    let app = App::with(builder.build().unwrap_or_else(|error| panic!("{error}")));
    let models = app.inference.models().clone();
    let model = models.named(MODEL).expect("it was given this name");
    let limits = Limits::new().deadline(Duration::from_secs(60));
    let builder = host::Recognition::builder(app).limits(limits);
    let guest = builder.isolation(Warm::new()).load(guest());
    let guest = guest.unwrap_or_else(|error| panic!("{error}"));
    for photo in &fetched.photos {
        let native = || {
            let limits = abide_image_host::Limits::default();
            let pixels = load(&photo.file, 224, 224, Pixels::Rgb8, &limits);
            let pixels = pixels.unwrap_or_else(|error| panic!("{error}"));
            let tensor = Tensor {
                element: model.inputs()[0].element,
                shape: &[1, 224, 224, 3],
                data: &pixels,
            };
            let outputs = models.run(&model, &[tensor]);
            outputs
                .unwrap_or_else(|error| panic!("{error}"))
                .remove(0)
                .data
        };
        let through = || {
            guest
                .scores(&photo.file)
                .unwrap_or_else(|error| panic!("{error}"))
        };
        let scores = through();
        assert_eq!(native(), scores, "{}", photo.name);
        let off = difference(&scores, &photo.scores);
        let (mut alone, mut guests) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            alone.push(time(native));
            guests.push(time(through));
        }
        let (alone, guests) = (middle(alone), middle(guests));
        let more = (guests.as_secs_f64() / alone.as_secs_f64() - 1.0) * 100.0;
        let name = photo.name;
        println!("{name}: {alone:.2?} alone, {guests:.2?} through a guest, {more:+.1} %");
        println!("{name}: {off} of 256 off LiteRT at most");
    }
}

fn time<T>(run: impl FnOnce() -> T) -> Duration {
    let begun = Instant::now();
    run();
    begun.elapsed()
}

fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
