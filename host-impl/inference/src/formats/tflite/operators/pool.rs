//! The mean, or the most, of what a window sees.

use abide_inference::model::Error;

use super::Call;
use super::window::{Window, Windows, number};
use crate::formats::onnx::write::Attribute;
use crate::formats::tflite::model::broken;
use crate::formats::tflite::translate::{Order, Translation};

pub(super) fn average(to: &mut Translation<'_>, call: &Call<'_>) -> Result<(), Error> {
    pool(to, call, "AveragePool")
}

pub(super) fn max(to: &mut Translation<'_>, call: &Call<'_>) -> Result<(), Error> {
    pool(to, call, "MaxPool")
}

fn pool(to: &mut Translation<'_>, call: &Call<'_>, operator: &str) -> Result<(), Error> {
    let input = call.input(0)?;
    let shape = &to.tensor(input).shape;
    let &[pictures, height, width, channels] = &**shape else {
        return Err(broken(format!("a picture of the shape {shape:?}")));
    };
    let (rows, columns) = (call.length(4, 0)?, call.length(3, 0)?);
    let windows = Windows(
        Window::new(call, height, rows, call.length(2, 0)?, 1)?,
        Window::new(call, width, columns, call.length(1, 0)?, 1)?,
    );
    let shape = [pictures, windows.0.places, windows.1.places, channels];
    to.count_multiplications(&[&shape[..], &[rows, columns]].concat())?;
    let name = to.value(input, Order::ChannelsFirst)?;
    let (steps, _, pads) = windows.attributes();
    let sides = [number(windows.0.length), number(windows.1.length)];
    let attributes = [
        ("kernel_shape", Attribute::Ints(&sides)),
        ("strides", Attribute::Ints(&steps)),
        ("pads", Attribute::Ints(&pads)),
    ];
    let name = to.node(operator, &[&name], &attributes);
    let name = to.activation(name, call.i8(5)?)?;
    to.define(call.output, &shape, name, Order::ChannelsFirst)
}
