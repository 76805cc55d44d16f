//! Lists of fields as they lie in a guest's memory: a count, the lengths of all names and values, and
//! then these, each with a zero behind it.

use std::borrow::Cow;

use abide::module::{Bad, Param, Raw, Ty};
use abide_proxy::types::Field;

/// The most fields that a guest may pass at once, and the most bytes of them. They are Envoy's.
const MOST_FIELDS: usize = 1024;
const MOST_BYTES: usize = 1 << 20;

/// The fields that a guest passes; none if its bytes are no such list.
pub(crate) struct Pairs(pub(crate) Option<Vec<Field>>);

impl Param<'_> for Pairs {
    const TYPES: &'static [Ty] = <&[u8]>::TYPES;

    fn take(raw: &mut Raw<'_>, memory: &[u8]) -> Result<Self, Bad> {
        let bytes = <&[u8]>::take(raw, memory)?;
        if bytes.len() > MOST_BYTES {
            return Ok(Self(None));
        }
        raw.charge(bytes.len())?;
        Ok(Self(parse(bytes)))
    }
}

/// The fields that are in these bytes. Names come in lower case.
pub(crate) fn parse(bytes: &[u8]) -> Option<Vec<Field>> {
    let (count, mut rest) = word(bytes)?;
    // The count is the guest's word for it: room is made only for what there are bytes of.
    if count > MOST_FIELDS || count > rest.len() / 8 {
        return None;
    }
    let mut lengths = Vec::with_capacity(count);
    for _ in 0..count {
        let (name, after) = word(rest)?;
        let (value, after) = word(after)?;
        lengths.push((name, value));
        rest = after;
    }
    let mut fields = Vec::with_capacity(count);
    for (name, value) in lengths {
        let (name, after) = text(rest, name)?;
        let (value, after) = text(after, value)?;
        fields.push((lower(name)?.into_owned(), value.to_vec()));
        rest = after;
    }
    rest.is_empty().then_some(fields)
}

/// The bytes of a list of fields. A list without fields has none.
pub(crate) fn encode(fields: &[Field]) -> Vec<u8> {
    if fields.is_empty() {
        return Vec::new();
    }
    let bytes: usize = fields
        .iter()
        .map(|(name, value)| name.len() + value.len() + 10)
        .sum();
    let mut out = Vec::with_capacity(bytes + 4);
    // None of these is longer than a guest's memory, in which it has to have room.
    let mut put = |len: usize| out.extend((len as u32).to_le_bytes());
    put(fields.len());
    for (name, value) in fields {
        put(name.len());
        put(value.len());
    }
    for (name, value) in fields {
        for part in [name.as_bytes(), value] {
            out.extend(part);
            out.push(0);
        }
    }
    out
}

/// The name of a field in lower case; none if it is no text.
pub(crate) fn lower(name: &[u8]) -> Option<Cow<'_, str>> {
    let name = str::from_utf8(name).ok()?;
    Some(match name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => name.to_ascii_lowercase().into(),
        false => name.into(),
    })
}

fn word(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (word, rest) = bytes.split_first_chunk()?;
    Some((u32::from_le_bytes(*word) as usize, rest))
}

/// So many bytes, without the zero behind them.
fn text(bytes: &[u8], len: usize) -> Option<(&[u8], &[u8])> {
    let (text, rest) = bytes.split_at_checked(len)?;
    match rest.split_first()? {
        (0, rest) => Some((text, rest)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        let fields = vec![
            (":path".to_owned(), b"/".to_vec()),
            ("x-empty".to_owned(), Vec::new()),
            ("x-bytes".to_owned(), vec![0, 255]),
        ];
        assert_eq!(parse(&encode(&fields)), Some(fields));
        assert_eq!(encode(&[]), []);
        assert_eq!(parse(&[0; 4]), Some(Vec::new()));
    }

    #[test]
    fn what_is_no_list_is_refused() {
        let mut good = encode(&[("A".to_owned(), b"b".to_vec())]);
        assert_eq!(parse(&good), Some(vec![("a".to_owned(), b"b".to_vec())]));
        for len in 0..good.len() {
            assert_eq!(parse(&good[..len]), None, "{len}");
        }
        good.push(0);
        assert_eq!(parse(&good), None, "something behind it");
        assert_eq!(parse(&u32::MAX.to_le_bytes()), None);
        let lies = [1_u32, 0x8000_0000, 0x8000_0000];
        assert_eq!(parse(&lies.map(u32::to_le_bytes).concat()), None);
        assert_eq!(parse(&encode(&vec![Field::default(); 1025])), None);
    }
}
