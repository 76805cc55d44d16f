//! What is done to each number by itself.

use abide_inference::model::Error;

use super::Call;
use crate::formats::tflite::model::broken;
use crate::formats::tflite::translate::{Order, Translation};

/// The same numbers, written down in another way.
pub(super) fn same(to: &mut Translation<'_>, call: &Call<'_>) -> Result<(), Error> {
    let input = call.input(0)?;
    match to.is_constant(input) {
        true => to.copy(input, call.output),
        false => one(to, call, "Identity"),
    }
}

pub(super) fn one(to: &mut Translation<'_>, call: &Call<'_>, operator: &str) -> Result<(), Error> {
    let (name, order) = lying(to, call.input(0)?)?;
    let name = to.node(operator, &[&name], &[]);
    to.define(call.output, &to.tensor(call.input(0)?).shape, name, order)
}

/// One of the functions that other operators have built in.
pub(super) fn activated(
    to: &mut Translation<'_>,
    call: &Call<'_>,
    function: i8,
) -> Result<(), Error> {
    let (name, order) = lying(to, call.input(0)?)?;
    let name = to.activation(name, function)?;
    to.define(call.output, &to.tensor(call.input(0)?).shape, name, order)
}

/// A value as it lies.
fn lying(to: &mut Translation<'_>, input: usize) -> Result<(String, Order), Error> {
    let order = match to.has_channels_first(input) {
        true => Order::ChannelsFirst,
        false => Order::Plain,
    };
    Ok((to.value(input, order)?, order))
}

/// Two numbers each; what is shorter is repeated.
pub(super) fn two(to: &mut Translation<'_>, call: &Call<'_>, operator: &str) -> Result<(), Error> {
    let (left, right) = (call.input(0)?, call.input(1)?);
    let shape = broadcast(&to.tensor(left).shape, &to.tensor(right).shape)?;
    let order = order_of_both(to, left, right);
    let mut name = |input: usize| match to.tensor(input).shape.len() {
        4 => to.value(input, order),
        _ => to.value(input, Order::Plain),
    };
    let (left, right) = (name(left)?, name(right)?);
    let name = to.node(operator, &[&left, &right], &[]);
    // The field of those that have one: the greatest and the least of two have not.
    let function = if matches!(operator, "Max" | "Min") {
        0
    } else {
        call.i8(0)?
    };
    let name = to.activation(name, function)?;
    to.define(call.output, &shape, name, order)
}

/// The order in which two values go together, and what they make lies.
fn order_of_both(to: &Translation<'_>, left: usize, right: usize) -> Order {
    // What has fewer dimensions would be repeated along others with the channels first.
    let fits = |input: usize| {
        let tensor = to.tensor(input);
        tensor.shape.len() == 4 || tensor.count == 1
    };
    let lies = |input: usize| to.has_channels_first(input);
    match fits(left) && fits(right) && (lies(left) || lies(right)) {
        true => Order::ChannelsFirst,
        false => Order::Plain,
    }
}

/// The shape of what two make together.
fn broadcast(left: &[usize], right: &[usize]) -> Result<Vec<usize>, Error> {
    let dimensions = left.len().max(right.len());
    let length = |shape: &[usize], at: usize| {
        let missing = dimensions - shape.len();
        at.checked_sub(missing).map_or(1, |at| shape[at])
    };
    let shape = (0..dimensions).map(|at| match (length(left, at), length(right, at)) {
        (left, right) if left == right || right == 1 => Ok(left),
        (1, right) => Ok(right),
        _ => Err(broken(format!("{left:?} and {right:?} do not go together"))),
    });
    shape.collect()
}
