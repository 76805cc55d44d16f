//! Tensors as ONNX Runtime has them, from and to those of guests.

use abide_inference::model::{Element, Error, Port, Tensor as OwnedTensor};
use half::f16;
use ort::value::{
    DynValue, Outlet, PrimitiveTensorElementType, Tensor as Value, TensorElementType, ValueType,
};

use super::failed;
use crate::engine::Tensor;
use crate::formats::translated::said;

/// What is known of an input or an output.
pub(super) fn port(outlet: &Outlet) -> Result<Port, Error> {
    let ValueType::Tensor { ty, shape, .. } = outlet.dtype() else {
        let text = format!("`{}`, which is no tensor", outlet.name());
        return Err(Error::Unsupported(text));
    };
    // -1 is a length that the model leaves open.
    let shape = shape.iter().map(|length| u32::try_from(*length).ok());
    Ok(Port {
        name: outlet.name().to_owned(),
        element: element(*ty)?,
        shape: shape.collect(),
        quantization: None,
    })
}

fn element(kind: TensorElementType) -> Result<Element, Error> {
    Ok(match kind {
        TensorElementType::Float16 => Element::F16,
        TensorElementType::Float32 => Element::F32,
        TensorElementType::Float64 => Element::F64,
        TensorElementType::Uint8 => Element::U8,
        TensorElementType::Int8 => Element::I8,
        TensorElementType::Uint16 => Element::U16,
        TensorElementType::Int16 => Element::I16,
        TensorElementType::Uint32 => Element::U32,
        TensorElementType::Int32 => Element::I32,
        TensorElementType::Uint64 => Element::U64,
        TensorElementType::Int64 => Element::I64,
        TensorElementType::Bool => Element::Bool,
        other => return Err(Error::Unsupported(format!("tensors of {other}"))),
    })
}

/// A tensor with the same numbers.
pub(super) fn value(tensor: &Tensor<'_>) -> Result<DynValue, Error> {
    match tensor.element {
        Element::F16 => made(tensor, f16::from_le_bytes),
        Element::F32 => made(tensor, f32::from_le_bytes),
        Element::F64 => made(tensor, f64::from_le_bytes),
        Element::U8 => made(tensor, u8::from_le_bytes),
        Element::I8 => made(tensor, i8::from_le_bytes),
        Element::U16 => made(tensor, u16::from_le_bytes),
        Element::I16 => made(tensor, i16::from_le_bytes),
        Element::U32 => made(tensor, u32::from_le_bytes),
        Element::I32 => made(tensor, i32::from_le_bytes),
        Element::U64 => made(tensor, u64::from_le_bytes),
        Element::I64 => made(tensor, i64::from_le_bytes),
        Element::Bool => made(tensor, |[byte]: [u8; 1]| byte != 0),
    }
}

fn made<T, const N: usize>(
    tensor: &Tensor<'_>,
    make: impl Fn([u8; N]) -> T,
) -> Result<DynValue, Error>
where
    T: PrimitiveTensorElementType + std::fmt::Debug + Clone + 'static,
{
    let shape: Vec<i64> = tensor.shape.iter().copied().map(i64::from).collect();
    let numbers: Vec<T> = tensor
        .data
        .as_chunks()
        .0
        .iter()
        .copied()
        .map(make)
        .collect();
    let value = Value::from_array((shape, numbers));
    let value = value.map_err(|error| Error::Mismatch(said(error)))?;
    Ok(value.into_dyn())
}

/// What a value holds, as a guest has it.
pub(super) fn tensor(value: &DynValue) -> Result<OwnedTensor, Error> {
    let ValueType::Tensor { ty, .. } = value.dtype() else {
        return Err(failed("an output that is no tensor"));
    };
    let element = element(*ty)?;
    match element {
        Element::F16 => told(value, element, f16::to_le_bytes),
        Element::F32 => told(value, element, f32::to_le_bytes),
        Element::F64 => told(value, element, f64::to_le_bytes),
        Element::U8 => told(value, element, u8::to_le_bytes),
        Element::I8 => told(value, element, i8::to_le_bytes),
        Element::U16 => told(value, element, u16::to_le_bytes),
        Element::I16 => told(value, element, i16::to_le_bytes),
        Element::U32 => told(value, element, u32::to_le_bytes),
        Element::I32 => told(value, element, i32::to_le_bytes),
        Element::U64 => told(value, element, u64::to_le_bytes),
        Element::I64 => told(value, element, i64::to_le_bytes),
        Element::Bool => told(value, element, |is: bool| [u8::from(is)]),
    }
}

fn told<T, const N: usize>(
    value: &DynValue,
    element: Element,
    encode: impl Fn(T) -> [u8; N],
) -> Result<OwnedTensor, Error>
where
    T: PrimitiveTensorElementType + Copy,
{
    let (shape, numbers) = value.try_extract_tensor::<T>().map_err(failed)?;
    let lengths = shape.iter().map(|length| u32::try_from(*length));
    let lengths: Result<Vec<u32>, _> = lengths.collect();
    Ok(OwnedTensor {
        element,
        shape: lengths.map_err(|_| failed(format!("an output of the shape {shape:?}")))?,
        data: numbers.iter().copied().flat_map(encode).collect(),
    })
}
