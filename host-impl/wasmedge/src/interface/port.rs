//! How large the tensors of a model are.

use abide_inference_host::{Element, Port};

/// How many bytes one element has.
fn element(element: Element) -> usize {
    match element {
        Element::U8 | Element::I8 | Element::Bool => 1,
        Element::F16 | Element::U16 | Element::I16 => 2,
        Element::F32 | Element::U32 | Element::I32 => 4,
        Element::F64 | Element::U64 | Element::I64 => 8,
    }
}

/// How many bytes a tensor of a port has; none if the model leaves that open.
pub(super) fn len(port: &Port) -> Option<usize> {
    let lengths = port.shape.iter();
    let count = lengths.copied().try_fold(1_usize, |count, length| {
        count.checked_mul(usize::try_from(length?).ok()?)
    });
    count?.checked_mul(element(port.element))
}

/// The shape of a tensor of so many bytes; none if a port has no such tensor. One length may be open.
pub(super) fn shape(port: &Port, bytes: usize) -> Option<Vec<u32>> {
    let mut open = None;
    let mut known = element(port.element);
    let mut shape = Vec::with_capacity(port.shape.len());
    for (at, length) in port.shape.iter().enumerate() {
        match length {
            Some(length) => known = known.checked_mul(usize::try_from(*length).ok()?)?,
            None if open.replace(at).is_some() => return None,
            None => {}
        }
        shape.push(length.unwrap_or_default());
    }
    match open {
        None => (known == bytes).then_some(shape),
        Some(at) => {
            let is_whole = known > 0 && bytes.is_multiple_of(known);
            shape[at] = u32::try_from(bytes.checked_div(known)?).ok()?;
            is_whole.then_some(shape)
        }
    }
}
