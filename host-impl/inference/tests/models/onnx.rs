//! Models of ONNX, which a host has by a name, and guests may bring only where it trusts them.

use abide_inference_host::{Element, Encoding, Error, Models, Tensor};

use crate::{limited, models};

/// A field of protobuf: its number, and bytes.
fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let length = u8::try_from(bytes.len()).unwrap();
    assert!(length < 128);
    [&[number << 3 | 2, length], bytes].concat()
}

fn number(field: u8, value: u8) -> Vec<u8> {
    vec![field << 3, value]
}

/// A value of floats, the first length of which is open.
fn value(name: &str) -> Vec<u8> {
    let open = field(1, &field(2, b"n"));
    let two = field(1, &number(1, 2));
    let tensor = [number(1, 1), field(2, &[open, two].concat())].concat();
    [field(1, name.as_bytes()), field(2, &field(1, &tensor))].concat()
}

/// One operator of one input.
pub(crate) fn model(operator: &str) -> Vec<u8> {
    let node = [
        field(1, b"x"),
        field(2, b"y"),
        field(3, b"n"),
        field(4, operator.as_bytes()),
    ];
    let graph = [
        field(1, &node.concat()),
        field(2, b"g"),
        field(11, &value("x")),
        field(12, &value("y")),
    ];
    let opset = [field(1, b""), number(2, 17)].concat();
    [number(1, 8), field(8, &opset), field(7, &graph.concat())].concat()
}

#[test]
fn a_host_has_one_by_a_name() {
    let models = Models::builder()
        .model("relu", model("Relu"))
        .build()
        .unwrap();
    let relu = models.named("relu").unwrap();
    let port = &relu.inputs()[0];
    assert_eq!((&*port.name, port.element), ("x", Element::F32));
    assert_eq!(port.shape, [None, Some(2)]);
    assert_eq!(relu.outputs()[0].name, "y");
    assert!(relu.labels().is_empty());
    for rows in 1..4 {
        let numbers: Vec<f32> = (0..2 * rows).map(|at| at as f32 - 2.0).collect();
        let data: Vec<u8> = numbers
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        let tensor = Tensor {
            element: Element::F32,
            shape: &[rows, 2],
            data: &data,
        };
        let outputs = models.run(&relu, &[tensor]).unwrap();
        let expected = numbers.iter().map(|value| value.max(0.0).to_le_bytes());
        assert_eq!(outputs[0].data, expected.collect::<Vec<_>>().concat());
        assert_eq!(outputs[0].shape, [rows, 2]);
    }
}

#[test]
fn guests_bring_one_only_where_they_are_trusted() {
    let bytes = model("Relu");
    for encoding in [Encoding::Onnx, Encoding::Detect] {
        let error = models().load(&bytes, encoding).unwrap_err();
        assert!(matches!(error, Error::Unsupported(_)), "{error:?}");
        let trusting = limited(|limits| limits.onnx = true);
        trusting.load(&bytes, encoding).unwrap();
    }
}

#[test]
fn what_is_wrong_is_said() {
    let trusting = limited(|limits| limits.onnx = true);
    let error = trusting
        .load(&model("Frobnicate"), Encoding::Onnx)
        .unwrap_err();
    assert_eq!(error, Error::Unsupported("Frobnicate".to_owned()));
    let bytes = model("Relu");
    let error = trusting
        .load(&bytes[..bytes.len() / 2], Encoding::Onnx)
        .unwrap_err();
    assert!(matches!(error, Error::Broken(_)), "{error:?}");
    for nothing in [&b""[..], b"a text", &[0xff; 100]] {
        let error = trusting.load(nothing, Encoding::Detect).unwrap_err();
        assert!(matches!(error, Error::Broken(_)), "{error:?}");
    }
}
