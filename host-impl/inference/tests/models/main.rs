//! Models of TensorFlow Lite that were made for it, in the engine of this crate: what they give, and
//! what is said of those that are wrong.

mod broken;
mod file;
mod onnx;
#[cfg(feature = "onnxruntime")]
mod onnxruntime;
mod operators;
mod quantized;
mod shapes;

use abide_inference_host::{Element, Encoding, Error, Limits, Models, OwnedTensor, Tensor};

fn models() -> Models {
    Models::builder().build().unwrap()
}

/// A model as if a guest had brought it.
fn load(file: &file::File) -> Result<std::sync::Arc<dyn abide_inference_host::Model>, Error> {
    models().load(&file.bytes(), Encoding::Tflite)
}

/// What a model of floats gives for these.
fn run(file: &file::File, input: &[f32]) -> Vec<f32> {
    let data: Vec<u8> = input.iter().flat_map(|value| value.to_le_bytes()).collect();
    let output = run_bytes(file, &data);
    assert_eq!(output.element, Element::F32);
    let floats = output.data.as_chunks().0.iter().copied();
    floats.map(f32::from_le_bytes).collect()
}

fn run_bytes(file: &file::File, data: &[u8]) -> OwnedTensor {
    let model = load(file).unwrap();
    let [port] = model.inputs() else {
        panic!("{model:?} has not one input");
    };
    let shape: Vec<u32> = port.shape.iter().copied().flatten().collect();
    let tensor = Tensor {
        element: port.element,
        shape: &shape,
        data,
    };
    let mut outputs = models().run(&model, &[tensor]).unwrap();
    assert_eq!(outputs.len(), 1);
    let output = outputs.remove(0);
    let said: Vec<u32> = model.outputs()[0].shape.iter().copied().flatten().collect();
    assert_eq!(output.shape, said);
    #[cfg(feature = "onnxruntime")]
    onnxruntime::check(file, &tensor, &output);
    output
}

/// That numbers are those, but for what floats round.
#[track_caller]
fn assert_near(found: &[f32], expected: &[f32]) {
    let is_near = |(a, b): (&f32, &f32)| (a - b).abs() < 1e-4;
    let all = found.len() == expected.len() && found.iter().zip(expected).all(is_near);
    assert!(all, "{found:?} and not {expected:?}");
}

/// Limits of one sort.
fn limited(change: impl FnOnce(&mut Limits)) -> Models {
    let mut limits = Limits::default();
    change(&mut limits);
    Models::builder().limits(limits).build().unwrap()
}
