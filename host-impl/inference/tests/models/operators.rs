//! What operators compute.

use crate::file::Field::{Byte, Float, Int};
use crate::file::{FLOAT, File, Operator, Tensor};
use crate::{assert_near, run};

fn float(shape: &[i32]) -> Tensor {
    Tensor::of(FLOAT, shape)
}

/// One number in, one out, as many as there are.
fn each(code: i32, input: &[f32]) -> Vec<f32> {
    let shape = [i32::try_from(input.len()).unwrap()];
    run(
        &File::one(code, float(&shape), float(&shape), vec![], &[]),
        input,
    )
}

#[test]
fn functions_of_one_number() {
    let input = [-7.0, -1.0, 0.0, 0.5, 9.0];
    assert_near(&each(19, &input), &[0.0, 0.0, 0.0, 0.5, 9.0]);
    assert_near(&each(20, &input), &[-1.0, -1.0, 0.0, 0.5, 1.0]);
    assert_near(&each(21, &input), &[0.0, 0.0, 0.0, 0.5, 6.0]);
    let sigmoid = input.map(|x| 1.0 / (1.0 + (-x).exp()));
    assert_near(&each(14, &input), &sigmoid);
    assert_near(&each(28, &input), &input.map(f32::tanh));
    let hard = input.map(|x| x * (x + 3.0).clamp(0.0, 6.0) / 6.0);
    assert_near(&each(117, &input), &hard);
}

#[test]
fn functions_of_two_numbers() {
    let two = |code, constant: &[f32], options: &[_]| {
        let length = i32::try_from(constant.len()).unwrap();
        let constant = Tensor::floats(&[length], constant);
        let file = File::one(
            code,
            float(&[2, 2]),
            float(&[2, 2]),
            vec![constant],
            options,
        );
        run(&file, &[1.0, -2.0, 3.0, 4.0])
    };
    let none = [Byte(0, 0)];
    assert_near(&two(0, &[10.0, 20.0], &none), &[11.0, 18.0, 13.0, 24.0]);
    assert_near(&two(0, &[1.0], &[Byte(0, 1)]), &[2.0, 0.0, 4.0, 5.0]);
    assert_near(&two(0, &[1.0], &[Byte(0, 3)]), &[2.0, 0.0, 4.0, 5.0]);
    assert_near(&two(18, &[2.0, 3.0], &none), &[2.0, -6.0, 6.0, 12.0]);
    assert_near(&two(41, &[2.0, 3.0], &none), &[-1.0, -5.0, 1.0, 1.0]);
    assert_near(&two(42, &[2.0, 4.0], &none), &[0.5, -0.5, 1.5, 1.0]);
    assert_near(&two(55, &[2.0, 3.0], &[]), &[2.0, 3.0, 3.0, 4.0]);
    assert_near(&two(57, &[2.0, 3.0], &[]), &[1.0, -2.0, 2.0, 3.0]);
}

/// A convolution with options in the order of the format.
fn convolution(file: (i32, Tensor, Tensor, Vec<Tensor>), same: bool, step: i32) -> File {
    let (code, input, output, constants) = file;
    let padding = Byte(0, i8::from(!same));
    let mut options = vec![padding, Int(1, step), Int(2, step)];
    if code == 4 {
        options.push(Int(3, 1));
    }
    File::one(code, input, output, constants, &options)
}

#[test]
fn a_convolution_sums_what_its_window_sees() {
    let input = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0];
    let kernel = || Tensor::floats(&[1, 2, 2, 1], &[1.0, 10.0, 100.0, 1000.0]);
    let bias = || Tensor::floats(&[1], &[0.5]);
    let inside = convolution(
        (
            3,
            float(&[1, 3, 3, 1]),
            float(&[1, 2, 2, 1]),
            vec![kernel(), bias()],
        ),
        false,
        1,
    );
    assert_near(&run(&inside, &input), &[5421.5, 6532.5, 8754.5, 9865.5]);
    // What lies outside is nothing; the odd row lies behind.
    let beyond = convolution(
        (
            3,
            float(&[1, 3, 3, 1]),
            float(&[1, 2, 2, 1]),
            vec![kernel(), bias()],
        ),
        true,
        2,
    );
    assert_near(&run(&beyond, &input), &[5421.5, 603.5 + 0.0, 87.5, 9.5]);
}

#[test]
fn channels_are_kept_apart() {
    // Two pixels of two channels, a kernel of one pixel: the outputs are first and second, their sum,
    // and their difference.
    let kernel = Tensor::floats(&[3, 1, 1, 2], &[1.0, 0.0, 1.0, 1.0, 1.0, -1.0]);
    let file = convolution(
        (3, float(&[1, 1, 2, 2]), float(&[1, 1, 2, 3]), vec![kernel]),
        true,
        1,
    );
    let output = run(&file, &[1.0, 2.0, 30.0, 40.0]);
    assert_near(&output, &[1.0, 3.0, -1.0, 30.0, 70.0, -10.0]);
    // Each channel has two outputs.
    let kernel = Tensor::floats(&[1, 1, 1, 4], &[1.0, 2.0, 3.0, 4.0]);
    let file = convolution(
        (4, float(&[1, 1, 2, 2]), float(&[1, 1, 2, 4]), vec![kernel]),
        true,
        1,
    );
    let output = run(&file, &[1.0, 10.0, 100.0, 1000.0]);
    assert_near(
        &output,
        &[1.0, 2.0, 30.0, 40.0, 100.0, 200.0, 3000.0, 4000.0],
    );
    // Two groups of one channel each.
    let kernel = Tensor::floats(&[2, 1, 1, 1], &[2.0, 3.0]);
    let file = convolution(
        (3, float(&[1, 1, 2, 2]), float(&[1, 1, 2, 2]), vec![kernel]),
        true,
        1,
    );
    let output = run(&file, &[1.0, 10.0, 100.0, 1000.0]);
    assert_near(&output, &[2.0, 30.0, 200.0, 3000.0]);
}

#[test]
fn windows_may_have_gaps() {
    let kernel = Tensor::floats(&[1, 1, 2, 1], &[1.0, 1.0]);
    let options = [Byte(0, 1), Int(1, 1), Int(2, 1), Int(4, 3), Int(5, 1)];
    let file = File::one(
        3,
        float(&[1, 1, 5, 1]),
        float(&[1, 1, 2, 1]),
        vec![kernel],
        &options,
    );
    assert_near(&run(&file, &[1.0, 2.0, 3.0, 4.0, 5.0]), &[5.0, 7.0]);
}

#[test]
fn pools_look_at_what_is_there() {
    let pool = |code, padding, output: &[i32]| {
        let options = [Byte(0, padding), Int(1, 2), Int(2, 2), Int(3, 2), Int(4, 2)];
        let file = File::one(code, float(&[1, 3, 3, 1]), float(output), vec![], &options);
        run(&file, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0])
    };
    assert_near(&pool(1, 1, &[1, 1, 1, 1]), &[3.0]);
    // What lies outside does not count for a mean.
    assert_near(&pool(1, 0, &[1, 2, 2, 1]), &[3.0, 4.5, 7.5, 9.0]);
    assert_near(&pool(17, 0, &[1, 2, 2, 1]), &[5.0, 6.0, 8.0, 9.0]);
}

#[test]
fn rows_times_weights() {
    let weights = || Tensor::floats(&[2, 3], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let bias = || Tensor::floats(&[2], &[0.5, -100.0]);
    let input = [1.0, 0.0, -1.0, 1.0, 1.0, 1.0];
    let file = File::one(
        9,
        float(&[2, 3]),
        float(&[2, 2]),
        vec![weights(), bias()],
        &[],
    );
    assert_near(&run(&file, &input), &[-1.5, -102.0, 6.5, -85.0]);
    let relu = [Byte(0, 1)];
    let file = File::one(9, float(&[1, 2, 3]), float(&[2, 2]), vec![weights()], &relu);
    assert_near(&run(&file, &input), &[0.0, 0.0, 6.0, 15.0]);
    let keeps = [Byte(2, 1)];
    let file = File::one(
        9,
        float(&[1, 2, 3]),
        float(&[1, 2, 2]),
        vec![weights()],
        &keeps,
    );
    assert_near(&run(&file, &input), &[-2.0, -2.0, 6.0, 15.0]);
}

#[test]
fn likelihoods_sum_up_to_one() {
    let softmax = |beta: f32| {
        let options = [Float(0, beta)];
        let file = File::one(25, float(&[2, 2]), float(&[2, 2]), vec![], &options);
        run(&file, &[0.0, 3.0_f32.ln(), 5.0, 5.0])
    };
    assert_near(&softmax(1.0), &[0.25, 0.75, 0.5, 0.5]);
    assert_near(&softmax(2.0), &[0.1, 0.9, 0.5, 0.5]);
}

#[test]
fn means_along_dimensions() {
    let mean = |axes: &[i32], keeps: i8, output: &[i32]| {
        let count = i32::try_from(axes.len()).unwrap();
        let axes = Tensor::ints(&[count], axes);
        let options = [Byte(0, keeps)];
        let file = File::one(
            40,
            float(&[1, 2, 2, 2]),
            float(output),
            vec![axes],
            &options,
        );
        run(&file, &[1.0, 10.0, 2.0, 20.0, 3.0, 30.0, 4.0, 40.0])
    };
    assert_near(&mean(&[1, 2], 0, &[1, 2]), &[2.5, 25.0]);
    assert_near(&mean(&[2, 1], 1, &[1, 1, 1, 2]), &[2.5, 25.0]);
    assert_near(&mean(&[-1], 0, &[1, 2, 2]), &[5.5, 11.0, 16.5, 22.0]);
    assert_near(&mean(&[1], 1, &[1, 1, 2, 2]), &[2.0, 20.0, 3.0, 30.0]);
}

#[test]
fn a_model_of_many() {
    // A convolution, then its output and a constant for each channel, then all of it in a row: the
    // channels come last again, whatever the engine does with them meanwhile.
    let kernel = Tensor::floats(&[2, 1, 1, 1], &[1.0, 10.0]);
    let operator = |code, inputs: &[i32], output, options: &[_]| Operator {
        code,
        inputs: inputs.to_vec(),
        outputs: vec![output],
        options: options.to_vec(),
    };
    let file = File {
        tensors: vec![
            float(&[1, 2, 2, 1]),
            kernel,
            float(&[1, 2, 2, 2]),
            Tensor::floats(&[2], &[0.5, 0.25]),
            float(&[1, 2, 2, 2]),
            float(&[1, 2, 2, 2]),
            float(&[1, 8]),
        ],
        operators: vec![
            operator(3, &[0, 1], 2, &[Byte(0, 0), Int(1, 1), Int(2, 1)]),
            operator(0, &[2, 3], 4, &[]),
            operator(0, &[4, 2], 5, &[]),
            operator(22, &[5], 6, &[]),
        ],
        inputs: vec![0],
        outputs: vec![6],
    };
    let output = run(&file, &[1.0, 2.0, 3.0, 4.0]);
    assert_near(&output, &[2.5, 20.25, 4.5, 40.25, 6.5, 60.25, 8.5, 80.25]);
}
