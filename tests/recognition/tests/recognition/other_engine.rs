//! The library ONNX Runtime as the engine: the guest says what it says with the other.

use std::path::Path;

use abide_inference_host::{Models, OnnxRuntime};
use abide_recognition_tests::{App, MODEL, fetched, guest, host, host_async};

use crate::photos::{check, labels};
use crate::{block_on, limits};

const LIBRARY: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../target/recognise/libonnxruntime.so"
);

#[test]
fn a_guest_says_what_litert_says() {
    let Some(fetched) = fetched() else { return };
    if !Path::new(LIBRARY).is_file() {
        eprintln!("\n!!! NOT TESTED: ONNX Runtime; `cargo xtask setup` has not fetched it\n");
        return;
    }
    let models = Models::builder()
        .engine(OnnxRuntime::load(LIBRARY).unwrap())
        .model(MODEL, &*fetched.model)
        .build();
    let app = App::with(models.unwrap());
    let labels = labels(fetched);
    let builder = host::Recognition::builder(app.clone()).limits(limits());
    let guest_here = builder.load(guest()).unwrap();
    block_on(async {
        let builder = host_async::Recognition::builder(app).limits(limits());
        let awaited = builder.load_async(guest()).await.unwrap();
        for photo in &fetched.photos {
            let scores = awaited.scores(&photo.file).await.unwrap();
            check(photo, &scores, &labels);
            let here = tokio::task::block_in_place(|| guest_here.scores(&photo.file));
            assert_eq!(here.unwrap(), scores, "{}", photo.name);
        }
    });
}
