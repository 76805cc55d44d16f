//! Writes models of ONNX, as far as translated models need it. The numbers of fields are those of
//! `onnx.proto`; protobuf is written by hand, for it is little.

/// The version of operators that nodes are of.
const OPSET: i64 = 17;

/// The version of the format that has them.
const IR_VERSION: i64 = 8;

/// ONNX' number for floats of 32 bits, and for whole numbers of 64.
const FLOAT: i64 = 1;
const INT64: i64 = 7;

/// A value of a node's attribute.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Attribute<'a> {
    Int(i64),
    Ints(&'a [i64]),
}

/// A model that is being written. Names of values are the caller's; no two are to be the same.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    nodes: Message,
    constants: Message,
    inputs: Message,
    outputs: Message,
}

impl Writer {
    pub(crate) fn node(
        &mut self,
        operator: &str,
        inputs: &[&str],
        output: &str,
        attributes: &[(&str, Attribute<'_>)],
    ) {
        let mut node = Message::default();
        for input in inputs {
            node.bytes(1, input.as_bytes());
        }
        node.bytes(2, output.as_bytes());
        // Unique, because the output is.
        node.bytes(3, output.as_bytes());
        node.bytes(4, operator.as_bytes());
        for (name, value) in attributes {
            let mut attribute = Message::default();
            attribute.bytes(1, name.as_bytes());
            match value {
                Attribute::Int(value) => {
                    attribute.int(3, *value);
                    attribute.int(20, 2);
                }
                Attribute::Ints(values) => {
                    for value in *values {
                        attribute.int(8, *value);
                    }
                    attribute.int(20, 7);
                }
            }
            node.bytes(5, &attribute.0);
        }
        self.nodes.bytes(1, &node.0);
    }

    pub(crate) fn floats(&mut self, name: &str, shape: &[usize], values: &[f32]) {
        let bytes: Vec<u8> = values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        self.constant(name, FLOAT, shape, &bytes);
    }

    pub(crate) fn integers(&mut self, name: &str, values: &[i64]) {
        let bytes: Vec<u8> = values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        self.constant(name, INT64, &[values.len()], &bytes);
    }

    fn constant(&mut self, name: &str, element: i64, shape: &[usize], bytes: &[u8]) {
        let mut tensor = Message::default();
        for length in shape {
            tensor.int(1, length_of(*length));
        }
        tensor.int(2, element);
        tensor.bytes(8, name.as_bytes());
        tensor.bytes(9, bytes);
        self.constants.bytes(5, &tensor.0);
    }

    pub(crate) fn input(&mut self, name: &str, shape: &[usize]) {
        self.inputs.bytes(11, &value(name, shape));
    }

    pub(crate) fn output(&mut self, name: &str, shape: &[usize]) {
        self.outputs.bytes(12, &value(name, shape));
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        let mut graph = self.nodes;
        graph.bytes(2, b"model");
        for part in [self.constants, self.inputs, self.outputs] {
            graph.0.extend(part.0);
        }
        let mut opset = Message::default();
        opset.bytes(1, b"");
        opset.int(2, OPSET);
        let mut model = Message::default();
        model.int(1, IR_VERSION);
        model.bytes(8, &opset.0);
        model.bytes(7, &graph.0);
        model.0
    }
}

/// What is known of a value: its name, and that it has floats in that shape.
fn value(name: &str, shape: &[usize]) -> Vec<u8> {
    let mut dimensions = Message::default();
    for length in shape {
        let mut dimension = Message::default();
        dimension.int(1, length_of(*length));
        dimensions.bytes(1, &dimension.0);
    }
    let mut tensor = Message::default();
    tensor.int(1, FLOAT);
    tensor.bytes(2, &dimensions.0);
    let mut kind = Message::default();
    kind.bytes(1, &tensor.0);
    let mut value = Message::default();
    value.bytes(1, name.as_bytes());
    value.bytes(2, &kind.0);
    value.0
}

/// No slice is longer than that.
fn length_of(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// Fields one after the other.
#[derive(Debug, Default)]
struct Message(Vec<u8>);

impl Message {
    fn int(&mut self, field: u64, value: i64) {
        self.varint(field << 3);
        self.varint(value.cast_unsigned());
    }

    fn bytes(&mut self, field: u64, value: &[u8]) {
        self.varint(field << 3 | 2);
        self.varint(value.len() as u64);
        self.0.extend(value);
    }

    fn varint(&mut self, mut value: u64) {
        loop {
            let [low, ..] = value.to_le_bytes();
            value >>= 7;
            if value == 0 {
                return self.0.push(low & 0x7f);
            }
            self.0.push(low | 0x80);
        }
    }
}
