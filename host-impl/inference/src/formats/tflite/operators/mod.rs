//! The operators that are translated, each kind in a file.

mod convolution;
mod dense;
mod elements;
mod pool;
mod shapes;
mod window;

use abide_inference::model::Error;

use super::flat::Table;
use super::model::{Operator, broken};
use super::translate::{Translation, unsupported};

/// One operator as it is translated: one output, as all of these have.
pub(super) struct Call<'a> {
    inputs: &'a [Option<usize>],
    output: usize,
    options: Option<Table<'a>>,
}

impl Call<'_> {
    fn input(&self, number: usize) -> Result<usize, Error> {
        let missing = || broken(format!("there is no input {number}"));
        self.optional(number).ok_or_else(missing)
    }

    fn optional(&self, number: usize) -> Option<usize> {
        self.inputs.get(number).copied().flatten()
    }

    fn all(&self) -> Result<Vec<usize>, Error> {
        (0..self.inputs.len())
            .map(|number| self.input(number))
            .collect()
    }

    fn i8(&self, field: usize) -> Result<i8, Error> {
        self.options
            .map_or(Ok(0), |options| Ok(options.i8(field, 0)?))
    }

    fn bool(&self, field: usize) -> Result<bool, Error> {
        self.options
            .map_or(Ok(false), |options| Ok(options.bool(field)?))
    }

    fn i32(&self, field: usize, default: i32) -> Result<i32, Error> {
        self.options
            .map_or(Ok(default), |options| Ok(options.i32(field, default)?))
    }

    /// A number of the options: without any it is the first of two, without the field the second.
    fn f32(&self, field: usize, usual: f32, default: f32) -> Result<f32, Error> {
        self.options
            .map_or(Ok(usual), |options| Ok(options.f32(field, default)?))
    }

    /// A number that is a length, a step or the like.
    fn length(&self, field: usize, default: i32) -> Result<usize, Error> {
        let number = self.i32(field, default)?;
        match usize::try_from(number) {
            Ok(length) if length > 0 => Ok(length),
            _ => Err(broken(format!("a length or a step of {number}"))),
        }
    }
}

pub(super) fn translate(to: &mut Translation<'_>, operator: &Operator<'_>) -> Result<(), Error> {
    let &[output] = &*operator.outputs else {
        // Each that has more is one of those that are not here.
        return Err(unsupported(super::names::name(operator.code)));
    };
    let call = Call {
        inputs: &operator.inputs,
        output,
        options: operator.options,
    };
    match operator.code {
        0 => elements::two(to, &call, "Add"),
        1 => pool::average(to, &call),
        2 => shapes::concatenate(to, &call),
        3 => convolution::full(to, &call),
        4 => convolution::depthwise(to, &call),
        // Of a model with floats throughout, both are nothing.
        6 | 114 => elements::same(to, &call),
        9 => dense::fully_connected(to, &call),
        14 => elements::one(to, &call, "Sigmoid"),
        17 => pool::max(to, &call),
        18 => elements::two(to, &call, "Mul"),
        19 => elements::activated(to, &call, 1),
        20 => elements::activated(to, &call, 2),
        21 => elements::activated(to, &call, 3),
        22 => shapes::reshape(to, &call),
        25 => dense::softmax(to, &call),
        28 => elements::one(to, &call, "Tanh"),
        34 => shapes::pad(to, &call),
        39 => shapes::transpose(to, &call),
        40 => dense::mean(to, &call),
        41 => elements::two(to, &call, "Sub"),
        42 => elements::two(to, &call, "Div"),
        // They leave out dimensions of one, or add some.
        43 | 70 => shapes::reshape(to, &call),
        55 => elements::two(to, &call, "Max"),
        57 => elements::two(to, &call, "Min"),
        117 => elements::one(to, &call, "HardSwish"),
        code => Err(unsupported(super::names::name(code))),
    }
}

impl Translation<'_> {
    /// A value after the function that an operator has built in.
    fn activation(&mut self, name: String, function: i8) -> Result<String, Error> {
        let (low, high) = match function {
            0 => return Ok(name),
            1 => return Ok(self.node("Relu", &[&name], &[])),
            2 => (-1.0, 1.0),
            3 => (0.0, 6.0),
            4 => return Ok(self.node("Tanh", &[&name], &[])),
            other => return Err(unsupported(format!("the activation {other}"))),
        };
        let low = self.constant(&[], &[low]);
        let high = self.constant(&[], &[high]);
        Ok(self.node("Clip", &[&name, &low, &high], &[]))
    }
}
