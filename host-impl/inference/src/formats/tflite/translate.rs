//! From a graph of TensorFlow Lite to one of ONNX that has floats throughout. Every shape is computed
//! here and compared with what the file says, and what a run will cost is counted, so that an engine
//! has nothing to find out but how to be quick.
//!
//! Pictures lie in TensorFlow Lite with their channels last, in ONNX with the channels before the
//! rows. A value is in one of the two orders until somebody wants it in the other.

use std::fmt::Display;

use abide_inference::model::Error;

use super::model::{Graph, Tensor, broken};
use super::operators;
use crate::engine::Loading;
use crate::formats::onnx::write::{Attribute, Writer};

/// How the dimensions of a value lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// As in the file.
    Plain,
    /// Four dimensions, the last of which comes second.
    ChannelsFirst,
}

impl Order {
    /// A shape of the file in this order.
    pub(crate) fn of<T: Copy>(self, shape: &[T]) -> Vec<T> {
        match (self, shape) {
            (Self::ChannelsFirst, &[n, h, w, c]) => vec![n, c, h, w],
            _ => shape.to_vec(),
        }
    }

    /// Where a dimension of the file is in this order, of a tensor with so many.
    pub(crate) fn dimension(self, dimension: usize) -> usize {
        match (self, dimension) {
            (Self::ChannelsFirst, 1..=3) => [0, 2, 3, 1][dimension],
            _ => dimension,
        }
    }
}

/// The names of a value, in each order in which it was wanted so far.
#[derive(Debug, Default, Clone)]
struct Names {
    plain: Option<String>,
    channels_first: Option<String>,
}

impl Names {
    fn of(&mut self, order: Order) -> &mut Option<String> {
        match order {
            Order::Plain => &mut self.plain,
            Order::ChannelsFirst => &mut self.channels_first,
        }
    }
}

/// A translation at work.
pub(crate) struct Translation<'a> {
    pub(crate) graph: &'a Graph<'a>,
    pub(crate) writer: Writer,
    loading: &'a Loading,
    names: Vec<Names>,
    /// For what is a constant written down in another way: which.
    copies: Vec<Option<usize>>,
    made: usize,
    bytes: usize,
    multiplications: u64,
}

/// The model as ONNX. Its inputs and outputs are those of the graph, in order.
pub(crate) fn translate(graph: &Graph<'_>, loading: &Loading) -> Result<Vec<u8>, Error> {
    let mut translation = Translation {
        graph,
        writer: Writer::default(),
        loading,
        names: vec![Names::default(); graph.tensors.len()],
        copies: vec![None; graph.tensors.len()],
        made: 0,
        bytes: 0,
        multiplications: 0,
    };
    translation.inputs()?;
    for (number, operator) in graph.operators.iter().enumerate() {
        let name = super::names::name(operator.code);
        operators::translate(&mut translation, operator).map_err(|error| match error {
            Error::Broken(text) => broken(format!("operator {number}, {name}: {text}")),
            Error::Unsupported(text) if text != name => {
                Error::Unsupported(format!("{name}: {text}"))
            }
            error => error,
        })?;
    }
    translation.outputs()?;
    Ok(translation.writer.finish())
}

impl<'a> Translation<'a> {
    fn inputs(&mut self) -> Result<(), Error> {
        for (number, &input) in self.graph.inputs.iter().enumerate() {
            if self.is_known(input) {
                return Err(broken("an input is a constant, or is there twice"));
            }
            let name = format!("input{number}");
            let tensor = self.tensor(input);
            self.count_bytes(tensor.count)?;
            self.writer.input(&name, &tensor.shape);
            self.names[input].plain = Some(name);
        }
        Ok(())
    }

    fn outputs(&mut self) -> Result<(), Error> {
        for (number, &output) in self.graph.outputs.iter().enumerate() {
            let from = self.value(output, Order::Plain)?;
            let name = format!("output{number}");
            self.writer.node("Identity", &[&from], &name, &[]);
            self.writer.output(&name, &self.tensor(output).shape);
        }
        Ok(())
    }

    pub(crate) fn tensor(&self, index: usize) -> &'a Tensor<'a> {
        &self.graph.tensors[index]
    }

    fn is_known(&self, index: usize) -> bool {
        let Names {
            plain,
            channels_first,
        } = &self.names[index];
        self.is_constant(index) || plain.is_some() || channels_first.is_some()
    }

    pub(crate) fn is_constant(&self, index: usize) -> bool {
        self.tensor(index).data.is_some() || self.copies[index].is_some()
    }

    /// Has a value be a copy of a constant of the same shape.
    pub(crate) fn copy(&mut self, from: usize, to: usize) -> Result<(), Error> {
        if self.tensor(from).shape != self.tensor(to).shape || self.is_known(to) {
            return Err(broken("a copy that is not like what it is a copy of"));
        }
        self.copies[to] = Some(self.copies[from].unwrap_or(from));
        Ok(())
    }

    /// Whether a value lies with its channels first already.
    pub(crate) fn has_channels_first(&self, index: usize) -> bool {
        self.names[index].channels_first.is_some()
    }

    /// A name that nothing else has.
    pub(crate) fn fresh(&mut self) -> String {
        self.made += 1;
        format!("v{}", self.made)
    }

    /// The name of a value in an order. It is turned if it lies in the other.
    pub(crate) fn value(&mut self, index: usize, order: Order) -> Result<String, Error> {
        if let Some(name) = self.names[index].of(order) {
            return Ok(name.clone());
        }
        let tensor = self.tensor(index);
        if self.is_constant(index) {
            let (mut shape, mut floats) = (tensor.shape.clone(), self.floats(index)?);
            if order == Order::ChannelsFirst {
                floats = turned(&floats, &shape);
                shape = order.of(&shape);
            }
            let name = self.constant(&shape, &floats);
            *self.names[index].of(order) = Some(name.clone());
            return Ok(name);
        }
        let (other, turn) = match order {
            Order::Plain => (Order::ChannelsFirst, [0, 2, 3, 1]),
            Order::ChannelsFirst => (Order::Plain, [0, 3, 1, 2]),
        };
        let from = self.names[index].of(other).clone();
        let from = from.ok_or_else(|| broken("a value is used before it is computed"))?;
        let turn = [("perm", Attribute::Ints(&turn))];
        let name = self.node("Transpose", &[&from], &turn);
        self.count_bytes(tensor.count)?;
        *self.names[index].of(order) = Some(name.clone());
        Ok(name)
    }

    pub(crate) fn node(
        &mut self,
        operator: &str,
        inputs: &[&str],
        attributes: &[(&str, Attribute<'_>)],
    ) -> String {
        let name = self.fresh();
        self.writer.node(operator, inputs, &name, attributes);
        name
    }

    /// The numbers of a constant, of which not too many are taken.
    pub(crate) fn floats(&mut self, index: usize) -> Result<Vec<f32>, Error> {
        let tensor = self.tensor(self.copies[index].unwrap_or(index));
        self.count_bytes(tensor.count)?;
        tensor.floats()
    }

    pub(crate) fn constant(&mut self, shape: &[usize], floats: &[f32]) -> String {
        let name = self.fresh();
        self.writer.floats(&name, shape, floats);
        name
    }

    pub(crate) fn integers(&mut self, numbers: &[i64]) -> String {
        let name = self.fresh();
        self.writer.integers(&name, numbers);
        name
    }

    /// What an operator gives, if it is what the file says.
    pub(crate) fn define(
        &mut self,
        index: usize,
        shape: &[usize],
        name: String,
        order: Order,
    ) -> Result<(), Error> {
        let tensor = self.tensor(index);
        if tensor.shape != shape {
            return Err(broken(format!(
                "it makes the shape {shape:?}, and the file says {:?}",
                tensor.shape
            )));
        }
        if self.is_known(index) {
            return Err(broken("it gives what is there already"));
        }
        self.count_bytes(tensor.count)?;
        *self.names[index].of(order) = Some(name);
        Ok(())
    }

    /// That so many floats more are not too many.
    pub(crate) fn count_bytes(&mut self, floats: usize) -> Result<(), Error> {
        self.bytes = floats.saturating_mul(4).saturating_add(self.bytes);
        match self.bytes <= self.loading.tensor_bytes {
            true => Ok(()),
            false => Err(Error::TooLarge(self.loading.tensor_bytes as u64)),
        }
    }

    /// That so many multiplications more are not too many.
    pub(crate) fn count_multiplications(&mut self, factors: &[usize]) -> Result<(), Error> {
        let product = factors.iter().fold(1_u64, |product, factor| {
            product.saturating_mul(*factor as u64)
        });
        self.multiplications = self.multiplications.saturating_add(product);
        let most = self.loading.multiplications;
        match self.multiplications <= most {
            true => Ok(()),
            false => Err(unsupported(format!(
                "more than {most} multiplications a run"
            ))),
        }
    }
}

pub(crate) fn unsupported(what: impl Display) -> Error {
    Error::Unsupported(what.to_string())
}

/// Numbers in the shape of a picture with its channels last, with them first.
pub(crate) fn turned(floats: &[f32], shape: &[usize]) -> Vec<f32> {
    let &[n, h, w, c] = shape else {
        return floats.to_vec();
    };
    let mut turned = Vec::with_capacity(floats.len());
    for n in 0..n {
        for c_at in 0..c {
            let pixels = (0..h * w).map(|pixel| floats[(n * h * w + pixel) * c + c_at]);
            turned.extend(pixels);
        }
    }
    turned
}
