//! What puts numbers elsewhere.

use abide_inference::model::Error;

use super::Call;
use super::dense::axis;
use super::window::number;
use crate::formats::onnx::write::Attribute;
use crate::formats::tflite::model::broken;
use crate::formats::tflite::translate::{Order, Translation};

/// The shape is that of the output, which is in the file in any case.
pub(super) fn reshape(to: &mut Translation<'_>, call: &Call<'_>) -> Result<(), Error> {
    let (from, into) = (to.tensor(call.input(0)?), to.tensor(call.output));
    if from.count != into.count {
        let text = format!("{:?} from {:?}", into.shape, from.shape);
        return Err(broken(text));
    }
    let name = to.value(call.input(0)?, Order::Plain)?;
    let shape: Vec<i64> = into.shape.iter().copied().map(number).collect();
    let shape = to.integers(&shape);
    let name = to.node("Reshape", &[&name, &shape], &[]);
    to.define(call.output, &into.shape, name, Order::Plain)
}

pub(super) fn transpose(to: &mut Translation<'_>, call: &Call<'_>) -> Result<(), Error> {
    let shape = &to.tensor(call.input(0)?).shape;
    let places = to.tensor(call.input(1)?).integers()?;
    let mut made = Vec::new();
    let mut left = shape.iter().copied().map(Some).collect::<Vec<_>>();
    for place in &places {
        let length = left.get_mut(axis(*place, shape.len())?);
        let length = length.and_then(Option::take);
        made.push(length.ok_or_else(|| broken(format!("the order {places:?}")))?);
    }
    if places.len() != shape.len() || places.iter().any(|place| *place < 0) {
        return Err(broken(format!("the order {places:?} for {shape:?}")));
    }
    let name = to.value(call.input(0)?, Order::Plain)?;
    let name = to.node("Transpose", &[&name], &[("perm", Attribute::Ints(&places))]);
    to.define(call.output, &made, name, Order::Plain)
}

pub(super) fn pad(to: &mut Translation<'_>, call: &Call<'_>) -> Result<(), Error> {
    let input = call.input(0)?;
    let shape = &to.tensor(input).shape;
    let pads = to.tensor(call.input(1)?);
    if pads.shape != [shape.len(), 2] {
        return Err(broken(format!("pads of the shape {:?}", pads.shape)));
    }
    let pads = pads.integers()?;
    let (mut before, mut after, mut made) = (Vec::new(), Vec::new(), Vec::new());
    for (length, pads) in shape.iter().zip(pads.as_chunks::<2>().0) {
        let pad = |at: usize| usize::try_from(pads[at]).ok();
        let sum = pad(0).and_then(|before| length.checked_add(before)?.checked_add(pad(1)?));
        made.push(sum.ok_or_else(|| broken(format!("pads of {pads:?}")))?);
        before.push(pads[0]);
        after.push(pads[1]);
    }
    let order = match to.has_channels_first(input) {
        true => Order::ChannelsFirst,
        false => Order::Plain,
    };
    let name = to.value(input, order)?;
    let pads = [order.of(&before), order.of(&after)].concat();
    let pads = to.integers(&pads);
    let name = to.node("Pad", &[&name, &pads], &[]);
    to.define(call.output, &made, name, order)
}

pub(super) fn concatenate(to: &mut Translation<'_>, call: &Call<'_>) -> Result<(), Error> {
    let inputs = call.all()?;
    let Some(&first) = inputs.first() else {
        return Err(broken("it has no inputs"));
    };
    let mut made = to.tensor(first).shape.clone();
    let along = axis(call.i32(0, 0)?.into(), made.len())?;
    made[along] = 0;
    for &input in &inputs {
        let shape = &to.tensor(input).shape;
        let mut others = shape.clone();
        let length = others
            .get_mut(along)
            .map(|length| std::mem::replace(length, made[along]));
        match length.filter(|_| others == made) {
            Some(length) => made[along] = made[along].saturating_add(length),
            None => return Err(broken(format!("{shape:?} does not go with {made:?}"))),
        }
    }
    let is_picture = made.len() == 4 && inputs.iter().any(|input| to.has_channels_first(*input));
    let order = if is_picture {
        Order::ChannelsFirst
    } else {
        Order::Plain
    };
    let mut names = Vec::new();
    for input in inputs {
        names.push(to.value(input, order)?);
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let along = [("axis", Attribute::Int(number(order.dimension(along))))];
    let name = to.node("Concat", &names, &along);
    let name = to.activation(name, call.i8(1)?)?;
    to.define(call.output, &made, name, order)
}
