//! Convolutions of pictures.

use abide_inference::model::Error;

use super::Call;
use super::window::{Window, Windows, number};
use crate::formats::onnx::write::Attribute;
use crate::formats::tflite::model::broken;
use crate::formats::tflite::translate::{Order, Translation, turned};

/// Each output looks at all channels, or at those of its group.
pub(super) fn full(to: &mut Translation<'_>, call: &Call<'_>) -> Result<(), Error> {
    let shape = &to.tensor(call.input(1)?).shape;
    let &[outputs, rows, columns, each] = &**shape else {
        return Err(broken(format!("a kernel of the shape {shape:?}")));
    };
    let channels = to.tensor(call.input(0)?).shape.last().copied().unwrap_or(0);
    if channels % each != 0 || outputs % (channels / each).max(1) != 0 {
        return Err(broken(format!(
            "a kernel of the shape {shape:?} for {channels} channels"
        )));
    }
    let kernel = to.floats(call.input(1)?)?;
    let kernel = turned(&kernel, shape);
    let kernel = Kernel {
        name: to.constant(&[outputs, each, rows, columns], &kernel),
        sides: [rows, columns],
        outputs,
        groups: channels / each,
        each,
        activation: 3,
        dilations: [5, 4],
    };
    convolve(to, call, kernel)
}

/// Each output looks at one channel.
pub(super) fn depthwise(to: &mut Translation<'_>, call: &Call<'_>) -> Result<(), Error> {
    let shape = &to.tensor(call.input(1)?).shape;
    let &[1, rows, columns, outputs] = &**shape else {
        return Err(broken(format!("a kernel of the shape {shape:?}")));
    };
    let channels = to.tensor(call.input(0)?).shape.last().copied().unwrap_or(0);
    if channels == 0 || outputs % channels != 0 {
        return Err(broken(format!("{outputs} outputs for {channels} channels")));
    }
    let kernel = to.floats(call.input(1)?)?;
    // The output is the last of its dimensions, so to turn it brings that to the front.
    let kernel = turned(&kernel, shape);
    let kernel = Kernel {
        name: to.constant(&[outputs, 1, rows, columns], &kernel),
        sides: [rows, columns],
        outputs,
        groups: channels,
        each: 1,
        activation: 4,
        dilations: [6, 5],
    };
    convolve(to, call, kernel)
}

struct Kernel {
    name: String,
    sides: [usize; 2],
    outputs: usize,
    groups: usize,
    /// How many channels an output looks at.
    each: usize,
    /// The fields of the options for these.
    activation: usize,
    dilations: [usize; 2],
}

fn convolve(to: &mut Translation<'_>, call: &Call<'_>, kernel: Kernel) -> Result<(), Error> {
    let input = call.input(0)?;
    let shape = &to.tensor(input).shape;
    let &[pictures, height, width, _] = &**shape else {
        return Err(broken(format!("a picture of the shape {shape:?}")));
    };
    let (rows, columns) = (call.length(2, 0)?, call.length(1, 0)?);
    let dilations = [
        call.length(kernel.dilations[0], 1)?,
        call.length(kernel.dilations[1], 1)?,
    ];
    let windows = Windows(
        Window::new(call, height, kernel.sides[0], rows, dilations[0])?,
        Window::new(call, width, kernel.sides[1], columns, dilations[1])?,
    );
    let shape = [pictures, windows.0.places, windows.1.places, kernel.outputs];
    let [rows, columns] = kernel.sides;
    let looks = [rows, columns, kernel.each];
    to.count_multiplications(&[&shape[..], &looks].concat())?;

    let mut names = vec![to.value(input, Order::ChannelsFirst)?, kernel.name];
    if let Some(bias) = call.optional(2) {
        if to.tensor(bias).shape != [kernel.outputs] {
            return Err(broken("not as many biases as outputs"));
        }
        names.push(to.value(bias, Order::Plain)?);
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (steps, dilations, pads) = windows.attributes();
    let attributes = [
        (
            "kernel_shape",
            Attribute::Ints(&[number(rows), number(columns)]),
        ),
        ("strides", Attribute::Ints(&steps)),
        ("dilations", Attribute::Ints(&dilations)),
        ("pads", Attribute::Ints(&pads)),
        ("group", Attribute::Int(number(kernel.groups))),
    ];
    let name = to.node("Conv", &names, &attributes);
    let name = to.activation(name, call.i8(kernel.activation)?)?;
    to.define(call.output, &shape, name, Order::ChannelsFirst)
}
