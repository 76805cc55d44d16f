//! What guests send, compared with what a model takes.

use abide_inference::model::{Element, Encoding, Error, Port, Tensor as OwnedTensor};

use crate::engine::{Model, Tensor};
use crate::formats::tflite;

/// How many bytes an element has.
pub(crate) fn bytes_of(element: Element) -> usize {
    match element {
        Element::U8 | Element::I8 | Element::Bool => 1,
        Element::F16 | Element::U16 | Element::I16 => 2,
        Element::F32 | Element::U32 | Element::I32 => 4,
        Element::F64 | Element::U64 | Element::I64 => 8,
    }
}

/// How many bytes a tensor has, if a number has room for it.
pub(crate) fn size(element: Element, shape: &[u32]) -> Option<usize> {
    shape.iter().try_fold(bytes_of(element), |size, length| {
        size.checked_mul(usize::try_from(*length).ok()?)
    })
}

/// What the bytes are, if they are what was said.
pub(crate) fn encoding(bytes: &[u8], said: Encoding) -> Result<Encoding, Error> {
    let is_tflite = tflite::is_one(bytes);
    match said {
        Encoding::Tflite if !is_tflite => {
            let text = "it does not begin like TensorFlow Lite; it may be cut short";
            Err(Error::Broken(text.to_owned()))
        }
        Encoding::Detect if is_tflite => Ok(Encoding::Tflite),
        // ONNX has no mark, but all of its files begin with the version of its format.
        Encoding::Detect if bytes.first() == Some(&0x08) => Ok(Encoding::Onnx),
        Encoding::Detect => Err(Error::Broken("it begins like no known model".to_owned())),
        said => Ok(said),
    }
}

/// That there is one tensor for each input, and that it fits.
pub(crate) fn inputs(
    model: &dyn Model,
    tensors: &[Tensor<'_>],
    most_bytes: usize,
) -> Result<(), Error> {
    let ports = model.inputs();
    if tensors.len() != ports.len() {
        let (expected, found) = (ports.len(), tensors.len());
        let text = format!("the model takes {expected} tensors, and was given {found}");
        return Err(Error::Mismatch(text));
    }
    let sum = tensors.iter().map(|tensor| tensor.data.len());
    if sum.fold(0, usize::saturating_add) > most_bytes {
        return Err(Error::TooLarge(most_bytes as u64));
    }
    ports
        .iter()
        .zip(tensors)
        .try_for_each(|(port, tensor)| input(port, tensor))
}

fn input(port: &Port, tensor: &Tensor<'_>) -> Result<(), Error> {
    let Port {
        name,
        element,
        shape,
        ..
    } = port;
    let is_like = shape.len() == tensor.shape.len()
        && shape
            .iter()
            .zip(tensor.shape)
            .all(|(wanted, found)| wanted.is_none_or(|wanted| wanted == *found));
    if *element != tensor.element || !is_like {
        return Err(Error::Mismatch(format!(
            "`{name}` takes {element:?} {}, and was given {:?} {:?}",
            lengths(shape),
            tensor.element,
            tensor.shape
        )));
    }
    let (expected, found) = (size(tensor.element, tensor.shape), tensor.data.len());
    if expected != Some(found) {
        let shape = tensor.shape;
        let text = format!("`{name}`: {found} bytes for the shape {shape:?} of {element:?}");
        return Err(Error::Mismatch(text));
    }
    Ok(())
}

/// A shape, with a question mark for a length that is open.
fn lengths(shape: &[Option<u32>]) -> String {
    let lengths = shape
        .iter()
        .map(|length| length.map_or_else(|| "?".to_owned(), |length| length.to_string()));
    format!("[{}]", lengths.collect::<Vec<_>>().join(", "))
}

/// The shape of the one input of a model that was given nothing but bytes.
pub(crate) fn shape_for(port: &Port, bytes: usize) -> Result<Vec<u32>, Error> {
    let mismatch = || {
        let Port { name, element, .. } = port;
        let shape = lengths(&port.shape);
        Error::Mismatch(format!(
            "`{name}` takes {element:?} {shape}, which {bytes} bytes are not"
        ))
    };
    let known: Vec<u32> = port.shape.iter().copied().flatten().collect();
    let open = match port.shape.len() - known.len() {
        0 => None,
        1 => {
            let each = size(port.element, &known).filter(|each| *each > 0);
            let each = each
                .filter(|each| bytes.is_multiple_of(*each))
                .ok_or_else(mismatch)?;
            Some(u32::try_from(bytes / each).map_err(|_| mismatch())?)
        }
        _ => return Err(mismatch()),
    };
    let shape: Option<Vec<u32>> = port.shape.iter().map(|length| length.or(open)).collect();
    let shape = shape.ok_or_else(mismatch)?;
    match size(port.element, &shape) == Some(bytes) {
        true => Ok(shape),
        false => Err(mismatch()),
    }
}

/// That what a model gives is not too much to pass on.
pub(crate) fn outputs(tensors: &[OwnedTensor], most_bytes: usize) -> Result<(), Error> {
    let sum = tensors.iter().map(|tensor| tensor.data.len());
    match sum.fold(0, usize::saturating_add) <= most_bytes {
        true => Ok(()),
        false => Err(Error::TooLarge(most_bytes as u64)),
    }
}
