//! What puts numbers elsewhere.

use crate::file::Field::{Byte, Int};
use crate::file::{FLOAT, File, Operator, Tensor};
use crate::{assert_near, run};

fn float(shape: &[i32]) -> Tensor {
    Tensor::of(FLOAT, shape)
}

#[test]
fn other_shapes_of_the_same_numbers() {
    let input = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    for code in [22, 43, 70] {
        let file = File::one(code, float(&[1, 2, 3]), float(&[3, 2]), vec![], &[]);
        assert_near(&run(&file, &input), &input);
    }
}

#[test]
fn dimensions_in_another_order() {
    let order = Tensor::ints(&[2], &[1, 0]);
    let file = File::one(39, float(&[2, 3]), float(&[3, 2]), vec![order], &[]);
    let output = run(&file, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    assert_near(&output, &[1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
}

#[test]
fn zeros_around() {
    let pads = Tensor::ints(&[2, 2], &[0, 1, 2, 0]);
    let file = File::one(34, float(&[1, 2]), float(&[2, 4]), vec![pads], &[]);
    let output = run(&file, &[1.0, 2.0]);
    assert_near(&output, &[0.0, 0.0, 1.0, 2.0, 0.0, 0.0, 0.0, 0.0]);
}

/// What a convolution that changes nothing gives, so that it lies with the channels first, goes into
/// another operator.
fn after_a_convolution(last: Operator, tensors: Vec<Tensor>) -> File {
    let kernel = Tensor::floats(&[2, 1, 1, 2], &[1.0, 0.0, 0.0, 1.0]);
    let first = [float(&[1, 1, 2, 2]), kernel, float(&[1, 1, 2, 2])];
    let convolution = Operator {
        code: 3,
        inputs: vec![0, 1],
        outputs: vec![2],
        options: vec![Byte(0, 0), Int(1, 1), Int(2, 1)],
    };
    File {
        tensors: [first.to_vec(), tensors].concat(),
        outputs: last.outputs.clone(),
        operators: vec![convolution, last],
        inputs: vec![0],
    }
}

const INPUT: [f32; 4] = [1.0, 2.0, 3.0, 4.0];

#[test]
fn pictures_with_zeros_around() {
    let pads = Tensor::ints(&[4, 2], &[0, 0, 0, 0, 1, 0, 0, 1]);
    let last = Operator {
        code: 34,
        inputs: vec![2, 3],
        outputs: vec![4],
        options: vec![],
    };
    let file = after_a_convolution(last, vec![pads, float(&[1, 1, 3, 3])]);
    let output = run(&file, &INPUT);
    assert_near(&output, &[0.0, 0.0, 0.0, 1.0, 2.0, 0.0, 3.0, 4.0, 0.0]);
}

#[test]
fn pictures_side_by_side() {
    let joined = |along, shape: &[i32], other: Tensor| {
        let last = Operator {
            code: 2,
            inputs: vec![2, 3],
            outputs: vec![4],
            options: vec![Int(0, along)],
        };
        run(
            &after_a_convolution(last, vec![other, float(shape)]),
            &INPUT,
        )
    };
    let other = || Tensor::floats(&[1, 1, 2, 1], &[8.0, 9.0]);
    let output = joined(3, &[1, 1, 2, 3], other());
    assert_near(&output, &[1.0, 2.0, 8.0, 3.0, 4.0, 9.0]);
    assert_near(&joined(-1, &[1, 1, 2, 3], other()), &output);
    let other = Tensor::floats(&[1, 1, 1, 2], &[8.0, 9.0]);
    let output = joined(2, &[1, 1, 3, 2], other);
    assert_near(&output, &[1.0, 2.0, 3.0, 4.0, 8.0, 9.0]);
}

#[test]
fn pictures_turned() {
    let last = Operator {
        code: 39,
        inputs: vec![2, 3],
        outputs: vec![4],
        options: vec![],
    };
    let order = Tensor::ints(&[4], &[0, 3, 1, 2]);
    let file = after_a_convolution(last, vec![order, float(&[1, 2, 1, 2])]);
    assert_near(&run(&file, &INPUT), &[1.0, 3.0, 2.0, 4.0]);
}
