//! The library ONNX Runtime as the engine, where `cargo xtask setup` has fetched it: of every model that
//! tests here run, it gives what the engine of this crate gives.

use std::path::Path;
use std::sync::OnceLock;

use abide_inference_host::{
    Element, Encoding, Error, Limits, Models, OnnxRuntime, OnnxRuntimeError, OwnedTensor, Tensor,
};

use crate::file::File;
use crate::onnx::model;

const LIBRARY: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../target/recognise/libonnxruntime.so"
);

/// The engine. None, said loudly, is that there is no library.
pub(crate) fn engine() -> Option<OnnxRuntime> {
    static ENGINE: OnceLock<Option<OnnxRuntime>> = OnceLock::new();
    let engine = ENGINE.get_or_init(|| {
        if !Path::new(LIBRARY).is_file() {
            eprintln!("\n!!! NOT TESTED: ONNX Runtime; `cargo xtask setup` has not fetched it\n");
            return None;
        }
        Some(OnnxRuntime::load(LIBRARY).unwrap())
    });
    engine.clone()
}

/// That it gives of a model what the other engine has given.
#[track_caller]
pub(crate) fn check(file: &File, input: &Tensor<'_>, expected: &OwnedTensor) {
    let Some(engine) = engine() else { return };
    let models = Models::builder().engine(engine).build().unwrap();
    let model = models.load(&file.bytes(), Encoding::Tflite).unwrap();
    let found = models.run(&model, &[*input]).unwrap().remove(0);
    assert_eq!(
        (found.element, &found.shape),
        (expected.element, &expected.shape)
    );
    let is_near = |one: &[u8], other: &[u8]| match found.element {
        Element::F32 => {
            let number = |bytes: &[u8]| f32::from_le_bytes(bytes.try_into().unwrap());
            (number(one) - number(other)).abs() < 1e-4
        }
        // What lies in the middle is rounded to one side or the other.
        _ => one[0].abs_diff(other[0]) <= 1 && one[1..] == other[1..],
    };
    let size = found.data.len() / found.shape.iter().product::<u32>().max(1) as usize;
    let all = found.data.chunks(size).zip(expected.data.chunks(size));
    let all = all.into_iter().all(|(one, other)| is_near(one, other));
    assert!(all, "{found:?} and not {expected:?}");
}

#[test]
fn many_runs_at_a_time_are_as_one() {
    let Some(engine) = engine() else { return };
    let models = Models::builder().engine(engine);
    let models = models.model("relu", model("Relu")).build().unwrap();
    let relu = models.named("relu").unwrap();
    std::thread::scope(|scope| {
        for number in 1..9 {
            let (models, relu) = (&models, &relu);
            scope.spawn(move || {
                let numbers = [number as f32, -1.0];
                let data: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
                let tensor = Tensor {
                    element: Element::F32,
                    shape: &[1, 2],
                    data: &data,
                };
                for _ in 0..50 {
                    let outputs = models.run(relu, &[tensor]).unwrap();
                    let expected = [number as f32, 0.0].map(f32::to_le_bytes).concat();
                    assert_eq!(outputs[0].data, expected);
                }
            });
        }
    });
}

#[test]
fn a_library_that_cannot_be_had_is_an_error() {
    if engine().is_none() {
        return;
    }
    // It is loaded already, by this path.
    OnnxRuntime::load(LIBRARY).unwrap();
    let error = OnnxRuntime::load("libother.so").unwrap_err();
    assert!(matches!(error, OnnxRuntimeError::Another(_)), "{error:?}");
    assert!(error.to_string().contains("libonnxruntime.so"), "{error}");
}

#[test]
fn what_is_wrong_is_said() {
    let Some(engine) = engine() else { return };
    let limits = Limits {
        onnx: true,
        ..Limits::default()
    };
    let models = Models::builder().engine(engine).limits(limits);
    let trusting = models.build().unwrap();
    let error = trusting
        .load(&model("Frobnicate"), Encoding::Onnx)
        .unwrap_err();
    let Error::Unsupported(text) = &error else {
        panic!("{error:?}");
    };
    assert!(text.contains("Frobnicate"), "{text}");
    let bytes = model("Relu");
    for wrong in [&bytes[..bytes.len() / 2], &[0xff; 100]] {
        let error = trusting.load(wrong, Encoding::Onnx).unwrap_err();
        assert!(matches!(error, Error::Broken(_)), "{error:?}");
    }
}
