//! Tensors as the engine has them, from and to those of guests.

use abide_inference::model::{Element, Error, Port, Tensor as OwnedTensor};
use tract_onnx::prelude::{Datum, DatumType, Tensor as Value, TypedFact, f16};

use crate::engine::Tensor;
use crate::formats::translated::{broken, said};

/// What is known of an input or an output of ONNX.
pub(super) fn port(name: String, fact: &TypedFact) -> Result<Port, Error> {
    let length = |length: &_| usize::try_from(length).ok();
    let shape = fact.shape.iter().map(|dimension| {
        let length = length(dimension)?;
        u32::try_from(length).ok()
    });
    Ok(Port {
        name,
        element: element(fact.datum_type)?,
        shape: shape.collect(),
        quantization: None,
    })
}

fn element(kind: DatumType) -> Result<Element, Error> {
    Ok(match kind {
        DatumType::F16 => Element::F16,
        DatumType::F32 => Element::F32,
        DatumType::F64 => Element::F64,
        DatumType::U8 => Element::U8,
        DatumType::I8 => Element::I8,
        DatumType::U16 => Element::U16,
        DatumType::I16 => Element::I16,
        DatumType::U32 => Element::U32,
        DatumType::I32 => Element::I32,
        DatumType::U64 => Element::U64,
        // Lengths are the engine's own type where it works with them.
        DatumType::I64 | DatumType::TDim => Element::I64,
        DatumType::Bool => Element::Bool,
        other => return Err(Error::Unsupported(format!("tensors of {other:?}"))),
    })
}

fn shape_of(tensor: &Tensor<'_>) -> Result<Vec<usize>, Error> {
    let lengths = tensor.shape.iter().map(|length| usize::try_from(*length));
    let lengths: Result<Vec<usize>, _> = lengths.collect();
    lengths.map_err(|_| Error::Mismatch("a length that no memory has room for".to_owned()))
}

fn value<T: Datum + Copy>(shape: &[usize], data: &[T]) -> Result<Value, Error> {
    Value::from_shape(shape, data).map_err(|error| Error::Mismatch(said(error)))
}

/// A tensor with the same numbers.
pub(super) fn like(tensor: &Tensor<'_>) -> Result<Value, Error> {
    let (shape, data) = (&*shape_of(tensor)?, tensor.data);
    match tensor.element {
        Element::F16 => value(shape, &each(data, f16::from_le_bytes)),
        Element::F32 => value(shape, &each(data, f32::from_le_bytes)),
        Element::F64 => value(shape, &each(data, f64::from_le_bytes)),
        Element::U8 => value(shape, data),
        Element::I8 => value(shape, &each(data, i8::from_le_bytes)),
        Element::U16 => value(shape, &each(data, u16::from_le_bytes)),
        Element::I16 => value(shape, &each(data, i16::from_le_bytes)),
        Element::U32 => value(shape, &each(data, u32::from_le_bytes)),
        Element::I32 => value(shape, &each(data, i32::from_le_bytes)),
        Element::U64 => value(shape, &each(data, u64::from_le_bytes)),
        Element::I64 => value(shape, &each(data, i64::from_le_bytes)),
        Element::Bool => value(shape, &each(data, |[byte]| byte != 0)),
    }
}

/// What a value holds, as a guest has it.
pub(super) fn tensor(value: &Value) -> Result<OwnedTensor, Error> {
    let element = element(value.datum_type())?;
    let data = match element {
        Element::F16 => bytes(value, f16::to_le_bytes),
        Element::F32 => bytes(value, f32::to_le_bytes),
        Element::F64 => bytes(value, f64::to_le_bytes),
        Element::U8 => bytes(value, |byte: u8| [byte]),
        Element::I8 => bytes(value, i8::to_le_bytes),
        Element::U16 => bytes(value, u16::to_le_bytes),
        Element::I16 => bytes(value, i16::to_le_bytes),
        Element::U32 => bytes(value, u32::to_le_bytes),
        Element::I32 => bytes(value, i32::to_le_bytes),
        Element::U64 => bytes(value, u64::to_le_bytes),
        Element::I64 => bytes(value, i64::to_le_bytes),
        Element::Bool => bytes(value, |is: bool| [u8::from(is)]),
    };
    Ok(OwnedTensor {
        element,
        shape: lengths(value.shape())?,
        data: data?,
    })
}

fn lengths(shape: &[usize]) -> Result<Vec<u32>, Error> {
    let lengths = shape.iter().map(|length| u32::try_from(*length));
    let lengths: Result<Vec<u32>, _> = lengths.collect();
    lengths.map_err(|_| Error::Failed(format!("an output of the shape {shape:?}")))
}

fn bytes<T: Datum + Copy, const N: usize>(
    value: &Value,
    encode: impl Fn(T) -> [u8; N],
) -> Result<Vec<u8>, Error> {
    let value = value.cast_to::<T>().map_err(broken)?;
    let numbers = value.view().as_slice::<T>().map_err(broken)?;
    Ok(numbers.iter().copied().flat_map(encode).collect())
}

fn each<const N: usize, T>(data: &[u8], make: impl Fn([u8; N]) -> T) -> Vec<T> {
    data.as_chunks().0.iter().copied().map(make).collect()
}
