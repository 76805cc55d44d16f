//! Models that are wrong: each is an error that says what, and none brings anything down.

use abide_inference_host::{Encoding, Error, Tensor as Given};

use crate::file::Field::{Byte, Int};
use crate::file::{FLOAT, File, INT, Operator, Tensor, UINT8};
use crate::{limited, load, models};

fn float(shape: &[i32]) -> Tensor {
    Tensor::of(FLOAT, shape)
}

/// A model with a bit of everything.
fn whole() -> File {
    let operator = |code, inputs: &[i32], output, options: &[_]| Operator {
        code,
        inputs: inputs.to_vec(),
        outputs: vec![output],
        options: options.to_vec(),
    };
    let convolution = [Byte(0, 0), Int(1, 1), Int(2, 1), Byte(3, 3)];
    let pool = [Byte(0, 1), Int(1, 1), Int(2, 1), Int(3, 4), Int(4, 4)];
    File {
        tensors: vec![
            Tensor::of(UINT8, &[1, 4, 4, 2]).scaled(&[0.1], &[100], 0),
            Tensor::of(UINT8, &[3, 3, 3, 2])
                .with(vec![7; 54])
                .scaled(&[0.1], &[5], 0),
            Tensor::ints(&[3], &[1, 2, 3]).scaled(&[0.1], &[0], 0),
            float(&[1, 4, 4, 3]),
            float(&[1, 1, 1, 3]),
            float(&[1, 3]),
            Tensor::floats(&[2, 3], &[1.0; 6]),
            float(&[1, 2]),
            Tensor::of(UINT8, &[1, 2]).scaled(&[0.1], &[0], 0),
        ],
        operators: vec![
            operator(3, &[0, 1, 2], 3, &convolution),
            operator(1, &[3], 4, &pool),
            operator(22, &[4], 5, &[]),
            operator(9, &[5, 6, -1], 7, &[]),
            operator(114, &[7], 8, &[]),
        ],
        inputs: vec![0],
        outputs: vec![8],
    }
}

#[track_caller]
fn broken(file: &File) -> String {
    match load(file) {
        Err(Error::Broken(text)) => text,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn unsupported(file: &File) -> String {
    match load(file) {
        Err(Error::Unsupported(text)) => text,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_whole_one_is_right() {
    let model = load(&whole()).unwrap();
    let input = Given {
        element: model.inputs()[0].element,
        shape: &[1, 4, 4, 2],
        data: &[120; 32],
    };
    models().run(&model, &[input]).unwrap();
}

#[test]
fn one_that_is_cut_short_anywhere() {
    let bytes = whole().bytes();
    for length in 0..bytes.len() {
        match models().load(&bytes[..length], Encoding::Tflite) {
            Err(Error::Broken(_)) => {}
            // The last bytes are alignment, or a constant's that is not used.
            Ok(_) if length + 8 > bytes.len() => {}
            other => panic!("{length} of {} bytes: {other:?}", bytes.len()),
        }
    }
}

#[test]
fn no_bytes_bring_the_host_down() {
    let bytes = whole().bytes();
    let models = limited(|limits| {
        limits.tensor_bytes = 1024 * 1024;
        limits.multiplications = 10_000_000;
    });
    let mut number = 1_u64;
    let mut random = |below: usize| {
        number = number
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(number >> 33).unwrap() % below
    };
    let (mut ran, mut refused) = (0, 0);
    for _ in 0..3000 {
        let mut bad = bytes.clone();
        for _ in 0..=random(4) {
            let at = random(bad.len());
            bad[at] = match random(3) {
                0 => 0xff,
                1 => bad[at].wrapping_add(1),
                _ => u8::try_from(random(256)).unwrap(),
            };
        }
        let Ok(model) = models.load(&bad, Encoding::Tflite) else {
            refused += 1;
            continue;
        };
        let shapes: Vec<Vec<u32>> = model
            .inputs()
            .iter()
            .map(|port| port.shape.iter().copied().flatten().collect())
            .collect();
        let data = vec![1; 1024 * 1024];
        let inputs = model.inputs().iter().zip(&shapes).map(|(port, shape)| {
            let size: u32 = shape.iter().product();
            Given {
                element: port.element,
                shape,
                data: &data[..size as usize * bytes_of(port.element)],
            }
        });
        let inputs: Vec<_> = inputs.collect();
        match models.run(&model, &inputs) {
            Ok(_) => ran += 1,
            // A model that loads runs: all shapes were computed before.
            Err(error) => panic!("{error:?}"),
        }
    }
    assert!(
        ran > 200 && refused > 200,
        "{ran} ran, {refused} were refused"
    );
}

fn bytes_of(element: abide_inference_host::Element) -> usize {
    use abide_inference_host::Element as E;
    match element {
        E::U8 | E::I8 | E::Bool => 1,
        E::F16 | E::U16 | E::I16 => 2,
        E::F32 | E::U32 | E::I32 => 4,
        E::F64 | E::U64 | E::I64 => 8,
    }
}

#[test]
fn operators_that_are_not_here_are_named() {
    let with = |code| {
        let mut file = whole();
        file.operators[2].code = code;
        unsupported(&file)
    };
    assert_eq!(with(97), "RESIZE_NEAREST_NEIGHBOR");
    assert_eq!(with(32), "CUSTOM");
    assert_eq!(with(16), "LSTM");
    assert_eq!(with(4000), "operator 4000");
    let mut file = whole();
    file.operators[2].outputs.push(3);
    assert_eq!(unsupported(&file), "RESHAPE");
    let mut file = whole();
    file.operators[0].options[3] = Byte(3, 5);
    assert_eq!(unsupported(&file), "CONV_2D: the activation 5");
    let mut file = whole();
    file.tensors[1].data = None;
    assert!(unsupported(&file).starts_with("CONV_2D: a value that is computed"));
    file.tensors[3].kind = 8;
    assert_eq!(unsupported(&file), "tensors of type 8");
}

#[test]
fn shapes_that_make_no_sense() {
    let with = |tensor: usize, shape: &[i32]| {
        let mut file = whole();
        file.tensors[tensor].shape = shape.to_vec();
        broken(&file)
    };
    assert_eq!(with(0, &[1, -4, 4, 2]), "a tensor with a length of -4");
    assert_eq!(with(0, &[1, 0, 4, 2]), "a tensor with a length of 0");
    assert_eq!(
        with(3, &[i32::MAX, i32::MAX, i32::MAX, i32::MAX]),
        format!("a tensor of the shape {:?}", [i32::MAX; 4])
    );
    assert_eq!(with(3, &[1; 9]), "a tensor of 9 dimensions");
    let said =
        "operator 0, CONV_2D: it makes the shape [1, 4, 4, 3], and the file says [1, 4, 4, 4]";
    assert_eq!(with(3, &[1, 4, 4, 4]), said);
    assert_eq!(
        with(0, &[4, 4, 2]),
        "operator 0, CONV_2D: a picture of the shape [4, 4, 2]"
    );
    let said = "operator 0, CONV_2D: a kernel of the shape [3, 3, 3, 2] for 3 channels";
    assert_eq!(with(0, &[1, 4, 4, 3]), said);
    assert_eq!(
        with(1, &[3, 3, 3, 3]),
        "54 bytes for a tensor of the shape [3, 3, 3, 3]"
    );
    assert_eq!(
        with(5, &[1, 4]),
        "operator 2, RESHAPE: [1, 4] from [1, 1, 1, 3]"
    );
    assert_eq!(
        with(6, &[3, 2]),
        "operator 3, FULLY_CONNECTED: rows of 2 in the shape [1, 3]"
    );
}

#[test]
fn numbers_that_lead_nowhere() {
    let mut file = whole();
    file.operators[0].inputs[0] = 99;
    assert_eq!(broken(&file), "there is no tensor 99");
    file.operators[0].inputs[0] = -2;
    assert_eq!(broken(&file), "there is no tensor -2");
    file.operators[0].inputs[0] = -1;
    assert_eq!(broken(&file), "operator 0, CONV_2D: there is no input 0");
    let mut file = whole();
    file.operators.swap(1, 2);
    let said = "operator 1, RESHAPE: a value is used before it is computed";
    assert_eq!(broken(&file), said);
    let mut file = whole();
    file.operators[2].outputs = vec![4];
    file.tensors[4].shape = vec![1, 1, 1, 3];
    let said = "operator 2, RESHAPE: it gives what is there already";
    assert_eq!(broken(&file), said);
    let mut file = whole();
    file.outputs = vec![];
    assert_eq!(broken(&file), "it has no outputs");
    file.outputs = vec![-1];
    assert_eq!(broken(&file), "a value is left out that has to be there");
    let mut file = whole();
    file.inputs = vec![0, 1];
    assert_eq!(broken(&file), "an input is a constant, or is there twice");
    let mut file = whole();
    file.outputs = vec![8, 7];
    file.tensors[7].name = Some("t8".to_owned());
    assert_eq!(
        broken(&file),
        "two inputs or two outputs have the same name"
    );
}

#[test]
fn scales_that_make_no_sense() {
    let with = |scales: &[f32], zeros: &[i64], dimension| {
        let mut file = whole();
        file.tensors[1] = file.tensors[1].clone().scaled(scales, zeros, dimension);
        broken(&file)
    };
    assert_eq!(with(&[0.0], &[0], 0), "a scale that is not above zero");
    assert_eq!(with(&[f32::NAN], &[0], 0), "a scale that is not above zero");
    assert_eq!(
        with(&[0.1, 0.1], &[0, 0], 0),
        "2 scales for the shape [3, 3, 3, 2]"
    );
    assert_eq!(
        with(&[0.1, 0.1], &[0, 0], 9),
        "2 scales for the shape [3, 3, 3, 2]"
    );
    assert_eq!(with(&[0.1], &[0], -1), "a negative dimension");
    assert_eq!(with(&[0.1], &[1 << 40], 0), "a zero point of 1099511627776");
    let mut file = whole();
    file.tensors[1].quantized = None;
    assert_eq!(
        unsupported(&file),
        "CONV_2D: a constant of Uint8 without a scale"
    );
    let mut file = whole();
    file.tensors[0].quantized = None;
    let said = "an input or output of Uint8 without a scale";
    assert_eq!(unsupported(&file), said);
    let file = File::one(0, Tensor::of(INT, &[1]), float(&[1]), vec![], &[]);
    assert!(unsupported(&file).contains("Int32 without a scale"));
}

#[test]
fn options_that_make_no_sense() {
    let with = |operator: usize, field: usize, option| {
        let mut file = whole();
        file.operators[operator].options[field] = option;
        broken(&file)
    };
    assert_eq!(
        with(0, 1, Int(1, 0)),
        "operator 0, CONV_2D: a length or a step of 0"
    );
    assert_eq!(
        with(0, 2, Int(2, -1)),
        "operator 0, CONV_2D: a length or a step of -1"
    );
    assert_eq!(with(0, 0, Byte(0, 7)), "operator 0, CONV_2D: the padding 7");
    assert_eq!(
        with(1, 3, Int(3, 5)),
        "operator 1, AVERAGE_POOL_2D: a window of 5 over 4"
    );
    let mut file = whole();
    file.operators[0].options.clear();
    assert_eq!(
        broken(&file),
        "operator 0, CONV_2D: a length or a step of 0"
    );
}

#[test]
fn what_costs_too_much_is_refused_before_it_is_run() {
    // Two numbers in, ten billion out.
    let side = 100_000;
    let file = File {
        tensors: vec![float(&[side, 1]), float(&[1, side]), float(&[side, side])],
        operators: vec![Operator {
            code: 0,
            inputs: vec![0, 1],
            outputs: vec![2],
            options: vec![],
        }],
        inputs: vec![0, 1],
        outputs: vec![2],
    };
    assert_eq!(load(&file).unwrap_err(), Error::TooLarge(256 * 1024 * 1024));
    let few = limited(|limits| limits.multiplications = 863);
    let error = few.load(&whole().bytes(), Encoding::Tflite).unwrap_err();
    let said = "CONV_2D: more than 863 multiplications a run".to_owned();
    assert_eq!(error, Error::Unsupported(said));
    // The convolution 864, the pool 48, the weights 6.
    let enough = limited(|limits| limits.multiplications = 918);
    enough.load(&whole().bytes(), Encoding::Tflite).unwrap();
    let few = limited(|limits| limits.multiplications = 917);
    few.load(&whole().bytes(), Encoding::Tflite).unwrap_err();
    let small = limited(|limits| limits.tensor_bytes = 500);
    let error = small.load(&whole().bytes(), Encoding::Tflite).unwrap_err();
    assert_eq!(error, Error::TooLarge(500));
    // A window that is larger than what it moves over costs what it is large.
    let options = [
        Byte(0, 0),
        Int(1, 1),
        Int(2, 1),
        Int(3, i32::MAX),
        Int(4, i32::MAX),
    ];
    let file = File::one(
        1,
        float(&[1, 4, 4, 1]),
        float(&[1, 4, 4, 1]),
        vec![],
        &options,
    );
    assert!(unsupported(&file).starts_with("AVERAGE_POOL_2D: more than"));
}
