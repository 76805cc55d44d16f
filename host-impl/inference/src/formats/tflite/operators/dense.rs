//! What looks at a whole row, or at all of it.

use abide_inference::model::Error;

use super::Call;
use super::window::number;
use crate::formats::onnx::write::Attribute;
use crate::formats::tflite::model::broken;
use crate::formats::tflite::translate::{Order, Translation, unsupported};

pub(super) fn fully_connected(to: &mut Translation<'_>, call: &Call<'_>) -> Result<(), Error> {
    let input = call.input(0)?;
    let (from, weights) = (to.tensor(input), to.tensor(call.input(1)?));
    let &[outputs, each] = &*weights.shape else {
        let shape = &weights.shape;
        return Err(broken(format!("weights of the shape {shape:?}")));
    };
    if call.i8(1)? != 0 {
        return Err(unsupported("weights in an order of their own"));
    }
    if from.count % each != 0 {
        let shape = &from.shape;
        return Err(broken(format!("rows of {each} in the shape {shape:?}")));
    }
    let rows = from.count / each;
    to.count_multiplications(&[rows, outputs, each])?;
    let mut name = to.value(input, Order::Plain)?;
    if from.shape != [rows, each] {
        let shape = to.integers(&[number(rows), number(each)]);
        name = to.node("Reshape", &[&name, &shape], &[]);
    }
    let weights = to.floats(call.input(1)?)?;
    let weights = to.constant(&[outputs, each], &weights);
    let mut names = vec![name, weights];
    if let Some(bias) = call.optional(2) {
        // Some have two dimensions.
        if to.tensor(bias).count != outputs {
            return Err(broken("not as many biases as outputs"));
        }
        let bias = to.floats(bias)?;
        names.push(to.constant(&[outputs], &bias));
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let name = to.node("Gemm", &names, &[("transB", Attribute::Int(1))]);
    let mut name = to.activation(name, call.i8(0)?)?;
    let mut made = vec![rows, outputs];
    if call.bool(2)? {
        made = from.shape.clone();
        match made.last_mut() {
            Some(last) if *last == each => *last = outputs,
            _ => {
                return Err(broken(format!(
                    "rows of {each} in the shape {:?}",
                    from.shape
                )));
            }
        }
        if made != [rows, outputs] {
            let shape: Vec<i64> = made.iter().copied().map(number).collect();
            let shape = to.integers(&shape);
            name = to.node("Reshape", &[&name, &shape], &[]);
        }
    }
    to.define(call.output, &made, name, Order::Plain)
}

pub(super) fn softmax(to: &mut Translation<'_>, call: &Call<'_>) -> Result<(), Error> {
    let input = call.input(0)?;
    let shape = &to.tensor(input).shape;
    if shape.is_empty() {
        return Err(broken("it has one number only"));
    }
    let mut name = to.value(input, Order::Plain)?;
    let beta = call.f32(0, 1.0, 0.0)?;
    if beta != 1.0 {
        let beta = to.constant(&[], &[beta]);
        name = to.node("Mul", &[&name, &beta], &[]);
    }
    let name = to.node("Softmax", &[&name], &[("axis", Attribute::Int(-1))]);
    to.define(call.output, shape, name, Order::Plain)
}

pub(super) fn mean(to: &mut Translation<'_>, call: &Call<'_>) -> Result<(), Error> {
    let input = call.input(0)?;
    let shape = &to.tensor(input).shape;
    let is_mean_of = axes(&to.tensor(call.input(1)?).integers()?, shape.len())?;
    let keeps = call.bool(0)?;
    // Of a picture's rows and columns what is left lies in the same way in both orders.
    let order = match (shape.len(), &*is_mean_of) {
        (4, [false, true, true, false]) => Order::ChannelsFirst,
        _ => Order::Plain,
    };
    let name = to.value(input, order)?;
    let mut made = Vec::new();
    let mut dimensions = Vec::new();
    for (at, (length, is_gone)) in shape.iter().zip(&is_mean_of).enumerate() {
        match is_gone {
            false => made.push(*length),
            true => {
                dimensions.push(number(order.dimension(at)));
                made.extend(keeps.then_some(1));
            }
        }
    }
    let attributes = [
        ("axes", Attribute::Ints(&dimensions)),
        ("keepdims", Attribute::Int(keeps.into())),
    ];
    let name = match dimensions.is_empty() {
        true => name,
        false => to.node("ReduceMean", &[&name], &attributes),
    };
    let order = if keeps { order } else { Order::Plain };
    to.define(call.output, &made, name, order)
}

/// Which dimensions are named; those below zero are counted from the end.
fn axes(numbers: &[i64], dimensions: usize) -> Result<Vec<bool>, Error> {
    let mut named = vec![false; dimensions];
    for number in numbers {
        let at = axis(*number, dimensions)?;
        named[at] = true;
    }
    Ok(named)
}

pub(super) fn axis(number: i64, dimensions: usize) -> Result<usize, Error> {
    let from_end = |number: i64| i64::try_from(dimensions).ok()?.checked_add(number);
    let at = if number < 0 {
        from_end(number)
    } else {
        Some(number)
    };
    let at = at.and_then(|at| usize::try_from(at).ok());
    at.filter(|at| *at < dimensions)
        .ok_or_else(|| broken(format!("dimension {number} of {dimensions}")))
}
