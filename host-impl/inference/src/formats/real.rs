//! Real numbers, and the numbers that stand for them in models which are quantised.

use std::borrow::Cow;

use abide_inference::model::{Element, Error, Port, Quantization, Tensor as OwnedTensor};

use crate::engine::Tensor;
use crate::formats::tflite::half;

/// The bytes of the real numbers, as `F32`, that a tensor for a port stands for.
pub(crate) fn real<'a>(port: &Port, tensor: &Tensor<'a>) -> Result<Cow<'a, [u8]>, Error> {
    let Quantization { scale, zero } = scale(port);
    let real = |number: i64| number.saturating_sub(zero.into()) as f32 * scale;
    let data = tensor.data;
    Ok(Cow::Owned(match tensor.element {
        Element::F32 => return Ok(Cow::Borrowed(data)),
        Element::F16 => each(data, |bytes| half(u16::from_le_bytes(bytes))),
        Element::U8 => {
            // Of 256 numbers none has to be computed twice.
            let table: Vec<[u8; 4]> = (0..=255).map(|number| real(number).to_le_bytes()).collect();
            let each = data.iter().flat_map(|byte| table[usize::from(*byte)]);
            each.collect()
        }
        Element::I8 => each(data, |bytes| real(i8::from_le_bytes(bytes).into())),
        Element::I16 => each(data, |bytes| real(i16::from_le_bytes(bytes).into())),
        Element::I32 => each(data, |bytes| real(i32::from_le_bytes(bytes).into())),
        Element::I64 => each(data, |bytes| real(i64::from_le_bytes(bytes))),
        other => return Err(Error::Unsupported(format!("tensors of {other:?}"))),
    }))
}

/// Real numbers, as the numbers that a port says stand for them.
pub(crate) fn stored(port: &Port, real: OwnedTensor) -> Result<OwnedTensor, Error> {
    if real.element != Element::F32 {
        return Err(Error::Failed(format!(
            "an output of {:?} where there are real numbers",
            real.element
        )));
    }
    let Quantization { scale, zero } = scale(port);
    // What lies beyond a type's ends becomes these, and what is no number 0: so `as` has it.
    let stored = |real: f32| (real / scale).round() + zero as f32;
    let data = match port.element {
        Element::F32 => return Ok(real),
        Element::U8 => encoded(&real.data, |real| [stored(real) as u8]),
        Element::I8 => encoded(&real.data, |real| (stored(real) as i8).to_le_bytes()),
        Element::I16 => encoded(&real.data, |real| (stored(real) as i16).to_le_bytes()),
        Element::I32 => encoded(&real.data, |real| (stored(real) as i32).to_le_bytes()),
        Element::I64 => encoded(&real.data, |real| (stored(real) as i64).to_le_bytes()),
        other => return Err(Error::Unsupported(format!("outputs of {other:?}"))),
    };
    Ok(OwnedTensor {
        element: port.element,
        shape: real.shape,
        data,
    })
}

fn scale(port: &Port) -> Quantization {
    port.quantization.unwrap_or(Quantization {
        scale: 1.0,
        zero: 0,
    })
}

fn each<const N: usize>(data: &[u8], real: impl Fn([u8; N]) -> f32) -> Vec<u8> {
    let numbers = data.as_chunks().0.iter();
    let numbers = numbers.flat_map(|number| real(*number).to_le_bytes());
    numbers.collect()
}

fn encoded<const N: usize>(reals: &[u8], encode: impl Fn(f32) -> [u8; N]) -> Vec<u8> {
    let reals = reals.as_chunks().0.iter();
    let numbers = reals.flat_map(|real| encode(f32::from_le_bytes(*real)));
    numbers.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn port(element: Element, quantization: Option<Quantization>) -> Port {
        Port {
            name: "port".to_owned(),
            element,
            shape: vec![None],
            quantization,
        }
    }

    fn reals(numbers: &[f32]) -> Vec<u8> {
        let bytes = numbers.iter().flat_map(|number| number.to_le_bytes());
        bytes.collect()
    }

    #[test]
    fn numbers_stand_for_real_ones_and_back() {
        let quantization = Some(Quantization {
            scale: 0.5,
            zero: 3,
        });
        for (element, data) in [
            (Element::U8, vec![3, 5, 0]),
            (Element::I8, vec![3, 5, 0]),
            (Element::I16, vec![3, 0, 5, 0, 0, 0]),
            (Element::I32, vec![3, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0]),
        ] {
            let port = port(element, quantization);
            let tensor = Tensor {
                element,
                shape: &[3],
                data: &data,
            };
            let found = real(&port, &tensor).unwrap();
            assert_eq!(*found, *reals(&[0.0, 1.0, -1.5]), "{element:?}");
            let back = OwnedTensor {
                element: Element::F32,
                shape: vec![3],
                data: found.into_owned(),
            };
            let back = stored(&port, back).unwrap();
            assert_eq!((back.element, back.data), (element, data));
        }
    }

    #[test]
    fn what_does_not_fit_becomes_the_nearest_that_does() {
        let found = OwnedTensor {
            element: Element::F32,
            shape: vec![3],
            data: reals(&[1e9, -1e9, f32::NAN]),
        };
        let stored = stored(&port(Element::U8, None), found).unwrap();
        assert_eq!(stored.data, [255, 0, 0]);
    }

    #[test]
    fn real_ones_stand_for_themselves() {
        let data = reals(&[0.25, -7.0]);
        let tensor = Tensor {
            element: Element::F32,
            shape: &[2],
            data: &data,
        };
        let found = real(&port(Element::F32, None), &tensor).unwrap();
        assert!(matches!(found, Cow::Borrowed(_)));
        let half = Tensor {
            element: Element::F16,
            shape: &[1],
            data: &0x3C00_u16.to_le_bytes(),
        };
        let found = real(&port(Element::F16, None), &half).unwrap();
        assert_eq!(*found, *reals(&[1.0]));
    }
}
