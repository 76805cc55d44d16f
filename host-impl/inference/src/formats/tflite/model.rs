//! What is in a file of TensorFlow Lite: tensors, operators, and what is beside them. The numbers of
//! fields are those of `schema.fbs`. Knows the format, and no engine.

use abide_inference::model::{Element, Error, Quantization};

use super::flat::{Outside, Table};

/// How many tensors and operators a model may have, and dimensions a tensor. No model has as many;
/// a file of nothing but offsets could.
const MOST_TENSORS: usize = 65_536;
const MOST_DIMENSIONS: usize = 8;

/// How many values go into an operator or a model, and come out.
const MOST_VALUES: usize = 1024;

/// The longest name of a port, in bytes.
const LONGEST_NAME: usize = 256;

/// What stands at the fifth byte.
pub(crate) const MARK: &[u8; 4] = b"TFL3";

/// The elements of tensors that models are made of here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Float32,
    Float16,
    Int32,
    Uint8,
    Int64,
    Int16,
    Int8,
}

impl Kind {
    fn of(number: i8) -> Result<Self, Error> {
        Ok(match number {
            0 => Self::Float32,
            1 => Self::Float16,
            2 => Self::Int32,
            3 => Self::Uint8,
            4 => Self::Int64,
            7 => Self::Int16,
            9 => Self::Int8,
            number => return Err(Error::Unsupported(format!("tensors of type {number}"))),
        })
    }

    pub(crate) fn element(self) -> Element {
        match self {
            Self::Float32 => Element::F32,
            Self::Float16 => Element::F16,
            Self::Int32 => Element::I32,
            Self::Uint8 => Element::U8,
            Self::Int64 => Element::I64,
            Self::Int16 => Element::I16,
            Self::Int8 => Element::I8,
        }
    }

    pub(crate) fn bytes(self) -> usize {
        match self {
            Self::Uint8 | Self::Int8 => 1,
            Self::Float16 | Self::Int16 => 2,
            Self::Float32 | Self::Int32 => 4,
            Self::Int64 => 8,
        }
    }
}

/// How whole numbers stand for real ones: one pair, or one for each step along a dimension.
#[derive(Debug, Clone)]
pub(crate) struct Quantized {
    pub(crate) scales: Vec<f32>,
    pub(crate) zeros: Vec<i32>,
    pub(crate) dimension: usize,
}

#[derive(Debug)]
pub(crate) struct Tensor<'a> {
    pub(crate) shape: Vec<usize>,
    /// How many elements that is.
    pub(crate) count: usize,
    pub(crate) kind: Kind,
    pub(crate) quantized: Option<Quantized>,
    /// The bytes of a constant.
    pub(crate) data: Option<&'a [u8]>,
    name: &'a [u8],
}

impl Tensor<'_> {
    pub(crate) fn name(&self) -> String {
        let name = &self.name[..self.name.len().min(LONGEST_NAME)];
        String::from_utf8_lossy(name).into_owned()
    }

    /// The one pair that an input or an output has.
    pub(crate) fn quantization(&self) -> Option<Quantization> {
        let quantized = self.quantized.as_ref()?;
        Some(Quantization {
            scale: *quantized.scales.first()?,
            zero: *quantized.zeros.first()?,
        })
    }
}

/// An operator at its place.
#[derive(Debug)]
pub(crate) struct Operator<'a> {
    pub(crate) code: i32,
    /// None is one that is left out.
    pub(crate) inputs: Vec<Option<usize>>,
    pub(crate) outputs: Vec<usize>,
    pub(crate) options: Option<Table<'a>>,
}

#[derive(Debug)]
pub(crate) struct Graph<'a> {
    pub(crate) tensors: Vec<Tensor<'a>>,
    pub(crate) operators: Vec<Operator<'a>>,
    pub(crate) inputs: Vec<usize>,
    pub(crate) outputs: Vec<usize>,
}

pub(crate) fn broken(text: impl Into<String>) -> Error {
    Error::Broken(text.into())
}

impl From<Outside> for Error {
    fn from(_: Outside) -> Self {
        broken("an offset leads out of the file; it may be cut short")
    }
}

/// Reads all of it but the constants.
pub(crate) fn read(bytes: &[u8]) -> Result<Graph<'_>, Error> {
    if bytes.get(4..8) != Some(MARK) {
        return Err(broken("it does not begin like TensorFlow Lite"));
    }
    let model = Table::root(bytes)?;
    let graphs = model.tables(2)?;
    if graphs.len() == 0 {
        return Err(broken("it has no graph"));
    }
    // Others belong to operators that are not here.
    let graph = graphs.get(0)?;
    let (tensors, operators) = (graph.tables(0)?, graph.tables(3)?);
    if tensors.len() > MOST_TENSORS || operators.len() > MOST_TENSORS {
        return Err(broken(format!(
            "more than {MOST_TENSORS} tensors or operators"
        )));
    }
    let buffers = model.tables(4)?;
    let buffer = |index: u32| -> Result<&[u8], Error> {
        let index = usize::try_from(index).map_err(|_| Outside)?;
        Ok(buffers.get(index)?.bytes(0)?)
    };
    let tensors = tensors.iter().map(|table| tensor(table?, buffer));
    let tensors = tensors.collect::<Result<Vec<_>, Error>>()?;
    let codes = model.tables(1)?;
    let code = |index: u32| -> Result<i32, Error> {
        let code = codes.get(usize::try_from(index).map_err(|_| Outside)?)?;
        // The old field has room for 127; what is more stands in the new one.
        Ok(code.i32(3, 0)?.max(code.i8(0, 0)?.into()))
    };
    let operators = operators
        .iter()
        .map(|table| operator(table?, code, tensors.len()));
    let operators = operators.collect::<Result<Vec<_>, Error>>()?;
    let ends = |field| indices(&graph, field, tensors.len());
    Ok(Graph {
        inputs: all(ends(1)?)?,
        outputs: all(ends(2)?)?,
        tensors,
        operators,
    })
}

fn tensor<'a>(
    table: Table<'a>,
    buffer: impl Fn(u32) -> Result<&'a [u8], Error>,
) -> Result<Tensor<'a>, Error> {
    let lengths = table.i32s(0)?;
    if lengths.len() > MOST_DIMENSIONS {
        return Err(broken(format!("a tensor of {} dimensions", lengths.len())));
    }
    let mut shape = Vec::new();
    for length in lengths {
        match usize::try_from(length) {
            Ok(length) if length > 0 => shape.push(length),
            _ => return Err(broken(format!("a tensor with a length of {length}"))),
        }
    }
    let count = shape
        .iter()
        .try_fold(1_usize, |count, length| count.checked_mul(*length));
    let count = count.ok_or_else(|| broken(format!("a tensor of the shape {shape:?}")))?;
    let kind = Kind::of(table.i8(1, 0)?)?;
    let data = Some(buffer(table.u32(2, 0)?)?).filter(|data| !data.is_empty());
    if let Some(data) = data
        && count.checked_mul(kind.bytes()) != Some(data.len())
    {
        let found = data.len();
        let text = format!("{found} bytes for a tensor of the shape {shape:?}");
        return Err(broken(text));
    }
    Ok(Tensor {
        quantized: quantized(&table, &shape)?,
        name: table.bytes(3)?,
        shape,
        count,
        kind,
        data,
    })
}

fn quantized(table: &Table<'_>, shape: &[usize]) -> Result<Option<Quantized>, Error> {
    let Some(table) = table.table(4)? else {
        return Ok(None);
    };
    let scales = table.f32s(2)?;
    let count = scales.len();
    if count == 0 {
        return Ok(None);
    }
    let dimension = usize::try_from(table.i32(6, 0)?).ok();
    let dimension = dimension.ok_or_else(|| broken("a negative dimension"))?;
    if count > 1 && shape.get(dimension) != Some(&count) {
        return Err(broken(format!("{count} scales for the shape {shape:?}")));
    }
    let scales: Vec<f32> = scales.collect();
    if !scales.iter().all(|scale| scale.is_finite() && *scale > 0.0) {
        return Err(broken("a scale that is not above zero"));
    }
    let zeros = table.i64s(3)?;
    if zeros.len() != count && zeros.len() > 1 {
        return Err(broken("not as many zero points as scales"));
    }
    let mut zeros = zeros
        .map(|zero| i32::try_from(zero).map_err(|_| broken(format!("a zero point of {zero}"))))
        .collect::<Result<Vec<_>, _>>()?;
    let zero = zeros.first().copied().unwrap_or(0);
    zeros.resize(count, zero);
    Ok(Some(Quantized {
        scales,
        zeros,
        dimension,
    }))
}

fn operator<'a>(
    table: Table<'a>,
    code: impl Fn(u32) -> Result<i32, Error>,
    tensors: usize,
) -> Result<Operator<'a>, Error> {
    Ok(Operator {
        code: code(table.u32(0, 0)?)?,
        inputs: indices(&table, 1, tensors)?,
        outputs: all(indices(&table, 2, tensors)?)?,
        options: table.table(4)?,
    })
}

/// Numbers of tensors.
fn indices(table: &Table<'_>, field: usize, tensors: usize) -> Result<Vec<Option<usize>>, Error> {
    let numbers = table.i32s(field)?;
    if numbers.len() > MOST_VALUES {
        return Err(broken(format!("an operator with {} values", numbers.len())));
    }
    let numbers = numbers.map(|number| match usize::try_from(number) {
        Ok(index) if index < tensors => Ok(Some(index)),
        Err(_) if number == -1 => Ok(None),
        _ => Err(broken(format!("there is no tensor {number}"))),
    });
    numbers.collect()
}

fn all(indices: Vec<Option<usize>>) -> Result<Vec<usize>, Error> {
    let indices: Option<Vec<usize>> = indices.into_iter().collect();
    indices.ok_or_else(|| broken("a value is left out that has to be there"))
}
