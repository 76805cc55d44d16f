//! Writes models of TensorFlow Lite, right ones and others.

use flatbuffers::{FlatBufferBuilder, UnionWIPOffset, WIPOffset};

/// Types of tensors, by the numbers of the format.
pub(crate) const FLOAT: i8 = 0;
pub(crate) const HALF: i8 = 1;
pub(crate) const INT: i8 = 2;
pub(crate) const UINT8: i8 = 3;
pub(crate) const INT8: i8 = 9;

#[derive(Debug, Clone, Default)]
pub(crate) struct Tensor {
    pub(crate) shape: Vec<i32>,
    pub(crate) kind: i8,
    pub(crate) data: Option<Vec<u8>>,
    /// Scales, zero points, and the dimension along which there are several.
    pub(crate) quantized: Option<(Vec<f32>, Vec<i64>, i32)>,
    pub(crate) name: Option<String>,
}

impl Tensor {
    pub(crate) fn of(kind: i8, shape: &[i32]) -> Self {
        Self {
            shape: shape.to_vec(),
            kind,
            ..Self::default()
        }
    }

    pub(crate) fn floats(shape: &[i32], values: &[f32]) -> Self {
        let data = values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        Self::of(FLOAT, shape).with(data)
    }

    pub(crate) fn ints(shape: &[i32], values: &[i32]) -> Self {
        let data = values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        Self::of(INT, shape).with(data)
    }

    pub(crate) fn with(self, data: Vec<u8>) -> Self {
        Self {
            data: Some(data),
            ..self
        }
    }

    pub(crate) fn scaled(self, scales: &[f32], zeros: &[i64], dimension: i32) -> Self {
        Self {
            quantized: Some((scales.to_vec(), zeros.to_vec(), dimension)),
            ..self
        }
    }
}

/// A field of an operator's options.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Field {
    Byte(u16, i8),
    Int(u16, i32),
    Float(u16, f32),
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Operator {
    pub(crate) code: i32,
    pub(crate) inputs: Vec<i32>,
    pub(crate) outputs: Vec<i32>,
    pub(crate) options: Vec<Field>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct File {
    pub(crate) tensors: Vec<Tensor>,
    pub(crate) operators: Vec<Operator>,
    pub(crate) inputs: Vec<i32>,
    pub(crate) outputs: Vec<i32>,
}

impl File {
    /// One operator: tensor 0 is what goes in, tensor 1 what comes out, and constants follow.
    pub(crate) fn one(
        code: i32,
        input: Tensor,
        output: Tensor,
        constants: Vec<Tensor>,
        options: &[Field],
    ) -> Self {
        let count = i32::try_from(constants.len()).unwrap();
        Self {
            tensors: [vec![input, output], constants].concat(),
            operators: vec![Operator {
                code,
                inputs: [vec![0], (2..2 + count).collect()].concat(),
                outputs: vec![1],
                options: options.to_vec(),
            }],
            inputs: vec![0],
            outputs: vec![1],
        }
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut to = FlatBufferBuilder::new();
        let mut buffers = vec![table(&mut to, |_| ())];
        let mut tensors = Vec::new();
        for (number, tensor) in self.tensors.iter().enumerate() {
            let buffer = match &tensor.data {
                None => 0,
                Some(data) => {
                    let data = to.create_vector(data);
                    buffers.push(table(&mut to, |to| to.push_slot_always(slot(0), data)));
                    u32::try_from(buffers.len() - 1).unwrap()
                }
            };
            tensors.push(tensor.write(&mut to, number, buffer));
        }
        let (mut codes, mut operators) = (Vec::new(), Vec::new());
        for operator in &self.operators {
            let index = u32::try_from(codes.len()).unwrap();
            codes.push(table(&mut to, |to| {
                to.push_slot_always(slot(0), i8::try_from(operator.code).unwrap_or(127));
                to.push_slot_always(slot(3), operator.code);
            }));
            operators.push(operator.write(&mut to, index));
        }
        let (tensors, operators) = (to.create_vector(&tensors), to.create_vector(&operators));
        let (inputs, outputs) = (
            to.create_vector(&self.inputs),
            to.create_vector(&self.outputs),
        );
        let graph = table(&mut to, |to| {
            to.push_slot_always(slot(0), tensors);
            to.push_slot_always(slot(1), inputs);
            to.push_slot_always(slot(2), outputs);
            to.push_slot_always(slot(3), operators);
        });
        let (graphs, codes) = (to.create_vector(&[graph]), to.create_vector(&codes));
        let buffers = to.create_vector(&buffers);
        let model = table(&mut to, |to| {
            to.push_slot_always(slot(0), 3_u32);
            to.push_slot_always(slot(1), codes);
            to.push_slot_always(slot(2), graphs);
            to.push_slot_always(slot(4), buffers);
        });
        to.finish(model, Some("TFL3"));
        to.finished_data().to_vec()
    }
}

impl Tensor {
    fn write(&self, to: &mut FlatBufferBuilder<'_>, number: usize, buffer: u32) -> At {
        let name = self.name.clone().unwrap_or_else(|| format!("t{number}"));
        let (shape, name) = (to.create_vector(&self.shape), to.create_string(&name));
        let quantized = self.quantized.as_ref().map(|(scales, zeros, dimension)| {
            let (scales, zeros) = (to.create_vector(scales), to.create_vector(zeros));
            table(to, |to| {
                to.push_slot_always(slot(2), scales);
                to.push_slot_always(slot(3), zeros);
                to.push_slot_always(slot(6), *dimension);
            })
        });
        table(to, |to| {
            to.push_slot_always(slot(0), shape);
            to.push_slot_always(slot(1), self.kind);
            to.push_slot_always(slot(2), buffer);
            to.push_slot_always(slot(3), name);
            if let Some(quantized) = quantized {
                to.push_slot_always(slot(4), quantized);
            }
        })
    }
}

impl Operator {
    fn write(&self, to: &mut FlatBufferBuilder<'_>, index: u32) -> At {
        let (inputs, outputs) = (
            to.create_vector(&self.inputs),
            to.create_vector(&self.outputs),
        );
        let options = (!self.options.is_empty()).then(|| {
            table(to, |to| {
                for field in &self.options {
                    match *field {
                        Field::Byte(field, value) => to.push_slot_always(slot(field), value),
                        Field::Int(field, value) => to.push_slot_always(slot(field), value),
                        Field::Float(field, value) => to.push_slot_always(slot(field), value),
                    }
                }
            })
        });
        table(to, |to| {
            to.push_slot_always(slot(0), index);
            to.push_slot_always(slot(1), inputs);
            to.push_slot_always(slot(2), outputs);
            if let Some(options) = options {
                to.push_slot_always(slot(4), options);
            }
        })
    }
}

type At = WIPOffset<UnionWIPOffset>;

fn table<'a>(to: &mut FlatBufferBuilder<'a>, fill: impl FnOnce(&mut FlatBufferBuilder<'a>)) -> At {
    let start = to.start_table();
    fill(to);
    to.end_table(start).as_union_value()
}

/// Where the table of fields has one.
fn slot(field: u16) -> u16 {
    4 + 2 * field
}
