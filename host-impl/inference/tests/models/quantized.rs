//! Whole numbers that stand for real ones.

use abide_inference_host::{Element, Quantization};

use crate::file::Field::{Byte, Int};
use crate::file::{FLOAT, File, HALF, INT8, Operator, Tensor, UINT8};
use crate::{assert_near, load, run, run_bytes};

#[test]
fn ports_say_how_numbers_are_stored() {
    let file = File::one(
        114,
        Tensor::of(UINT8, &[2]).scaled(&[0.5], &[128], 0),
        Tensor::of(INT8, &[2]).scaled(&[0.25], &[-3], 0),
        vec![],
        &[],
    );
    let model = load(&file).unwrap();
    let ([input], [output]) = (model.inputs(), model.outputs()) else {
        panic!("{model:?}");
    };
    assert_eq!((&*input.name, input.element), ("t0", Element::U8));
    assert_eq!((&*output.name, output.element), ("t1", Element::I8));
    let quantization = |scale, zero| Some(Quantization { scale, zero });
    assert_eq!(input.quantization, quantization(0.5, 128));
    assert_eq!(output.quantization, quantization(0.25, -3));
    // (130 - 128) * 0.5 is 1, which is 4 quarters, less 3. What is too much is as much as there is.
    assert_eq!(run_bytes(&file, &[130, 255]).data, [1, 127]);
    assert_eq!(
        run_bytes(&file, &[127, 0]).data,
        [(-5_i8).cast_unsigned(), 128]
    );
}

#[test]
fn weights_have_scales_of_their_own() {
    let weights = Tensor::of(INT8, &[2, 2]).with(vec![1, 2, 3, 4]);
    let weights = weights.scaled(&[0.5, 10.0], &[0, 1], 0);
    let bias = Tensor::ints(&[2], &[100, 200]).scaled(&[0.01, 0.02], &[0, 0], 0);
    let floats = |shape: &[i32]| Tensor::of(FLOAT, shape);
    let file = File::one(
        9,
        floats(&[1, 2]),
        floats(&[1, 2]),
        vec![weights, bias],
        &[],
    );
    assert_near(&run(&file, &[1.0, 1.0]), &[2.5, 54.0]);

    // Along the last dimension, as depthwise convolutions have them.
    let kernel = Tensor::of(INT8, &[1, 1, 1, 2]).with(vec![2, 2]);
    let kernel = kernel.scaled(&[0.5, 50.0], &[0, 0], 3);
    let options = [Byte(0, 0), Int(1, 1), Int(2, 1), Int(3, 1)];
    let picture = || floats(&[1, 1, 2, 2]);
    let file = File::one(4, picture(), picture(), vec![kernel], &options);
    assert_near(
        &run(&file, &[1.0, 2.0, 3.0, 4.0]),
        &[1.0, 200.0, 3.0, 400.0],
    );
}

#[test]
fn weights_of_half_the_bits() {
    // 1, -2, 0.5 and the least that there is.
    let halves = [0x3c00_u16, 0xc000, 0x3800, 0x0001];
    let data = halves.iter().flat_map(|half| half.to_le_bytes()).collect();
    let floats = |shape: &[i32]| Tensor::of(FLOAT, shape);
    let file = File {
        tensors: vec![
            floats(&[1, 2]),
            Tensor::of(HALF, &[2, 2]).with(data),
            floats(&[2, 2]),
            floats(&[1, 2]),
        ],
        operators: vec![
            Operator {
                code: 6,
                inputs: vec![1],
                outputs: vec![2],
                options: vec![],
            },
            Operator {
                code: 9,
                inputs: vec![0, 2],
                outputs: vec![3],
                options: vec![],
            },
        ],
        inputs: vec![0],
        outputs: vec![3],
    };
    let least = 2.0_f32.powi(-24);
    assert_near(&run(&file, &[1.0, 3.0]), &[-5.0, 0.5 + 3.0 * least]);
}
