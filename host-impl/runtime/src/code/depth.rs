//! Refuses components in which components, or types of components and instances, are nested very
//! deep, before the compiler sees them.
//!
//! The compiler reads such types by calling itself for each level, without a bound of its own, and
//! no stack is large enough for what fits into a file. For components in components it takes memory
//! that grows with the square of their depth: two gigabytes for ten thousand, which are a file of
//! 100 KB.

use wasmparser::{
    BinaryReader, BinaryReaderError, ComponentImport, ComponentType, InstanceTypeDeclaration,
    Parser, Payload,
};

/// How deep components, and types of components and instances, may be nested. Types of other kinds
/// have the same bound, which the compiler knows.
pub(crate) const MOST: usize = 100;

/// The first byte of the type of a component, and of an instance.
const COMPONENT: u8 = 0x41;
const INSTANCE: u8 = 0x42;

/// The first byte of a declaration inside of such a type, where it declares a type or an import.
const TYPE: u8 = 0x01;
const IMPORT: u8 = 0x03;

/// Something is nested deeper than [`MOST`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooDeep;

/// Checks a component, all types in it, and the components inside of it. What cannot be read is
/// left to the compiler, which gets no further than this.
pub(crate) fn check(component: &[u8]) -> Result<(), TooDeep> {
    let payloads = Parser::new(0).parse_all(component);
    // How many components and modules have begun and not ended.
    let mut open = 0_usize;
    for payload in payloads.map_while(Result::ok) {
        let section = match payload {
            Payload::ComponentTypeSection(section) => section,
            Payload::ComponentSection { .. } if open >= MOST => return Err(TooDeep),
            Payload::ComponentSection { .. } | Payload::ModuleSection { .. } => {
                open += 1;
                continue;
            }
            Payload::End(_) => {
                // The last is that of the whole.
                open = open.saturating_sub(1);
                continue;
            }
            _ => continue,
        };
        let range = section.range();
        let section = component.get(range.clone()).unwrap_or_default();
        match walk(&mut BinaryReader::new(section, range.start)) {
            Ok(()) | Err(Stop::Unreadable) => {}
            Err(Stop::TooDeep) => return Err(TooDeep),
        }
    }
    Ok(())
}

enum Stop {
    Unreadable,
    TooDeep,
}

impl From<BinaryReaderError> for Stop {
    fn from(_: BinaryReaderError) -> Self {
        Self::Unreadable
    }
}

/// Reads a section of types: their number, and they.
fn walk(reader: &mut BinaryReader<'_>) -> Result<(), Stop> {
    // Of each type that is open, how many declarations are still to come.
    let mut open = Vec::new();
    for _ in 0..reader.read_var_u32()? {
        begin(reader, &mut open)?;
        while let Some(left) = open.last_mut() {
            if *left == 0 {
                open.pop();
                continue;
            }
            *left -= 1;
            match first(reader)? {
                TYPE => {
                    reader.read_u8()?;
                    begin(reader, &mut open)?;
                }
                IMPORT => {
                    reader.read_u8()?;
                    reader.read::<ComponentImport<'_>>()?;
                }
                _ => drop(reader.read::<InstanceTypeDeclaration<'_>>()?),
            }
        }
    }
    Ok(())
}

/// Reads a type, or the beginning of one that has declarations.
fn begin(reader: &mut BinaryReader<'_>, open: &mut Vec<u32>) -> Result<(), Stop> {
    match first(reader)? {
        COMPONENT | INSTANCE if open.len() >= MOST => Err(Stop::TooDeep),
        COMPONENT | INSTANCE => {
            reader.read_u8()?;
            open.push(reader.read_var_u32()?);
            Ok(())
        }
        // The types of other kinds refer to one another, and do not contain one another.
        _ => {
            reader.read::<ComponentType<'_>>()?;
            Ok(())
        }
    }
}

/// The byte that is read next.
fn first(reader: &BinaryReader<'_>) -> Result<u8, Stop> {
    Ok(reader.clone().read_u8()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(depth: usize, inside: &str) -> Vec<u8> {
        let mut text = inside.to_owned();
        for level in 0..depth {
            let kind = ["component", "instance"][level % 2];
            text = format!(
                "(type ({kind} (type (func)) {text} (export \"f\" (func (type 0))) \
                   (type (list u8)) (core type (module)) (alias outer 0 0 (type))))"
            );
        }
        wat::parse_str(format!("(component {text} {text})")).unwrap()
    }

    #[test]
    fn types_may_be_nested_and_follow_one_another_up_to_the_bound() {
        assert_eq!(check(&nested(40, "")), Ok(()));
        assert_eq!(check(b"\0asm\x0d\0\x01\0"), Ok(()));
    }

    #[test]
    fn what_cannot_be_read_is_left_to_the_compiler() {
        let whole = nested(3, "");
        for length in 0..whole.len() {
            assert_eq!(check(&whole[..length]), Ok(()));
        }
    }

    #[test]
    fn deeper_than_the_bound_is_found_wherever_it_is() {
        // By hand: the text's parser has a bound too.
        let with_depth = |depth: usize| {
            let mut types = vec![1, COMPONENT, 2, TYPE, COMPONENT, 0];
            types.extend([TYPE, INSTANCE, 1].repeat(depth - 2));
            types.extend([TYPE, INSTANCE, 0]);
            let length = u8::try_from(types.len() & 0x7f).unwrap() | 0x80;
            let more = u8::try_from(types.len() >> 7).unwrap();
            [b"\0asm\x0d\0\x01\0\x07", &[length, more][..], &types].concat()
        };
        assert_eq!(check(&with_depth(MOST)), Ok(()));
        assert_eq!(check(&with_depth(MOST + 1)), Err(TooDeep));
        let inner = with_depth(MOST + 1);
        let length = u8::try_from(inner.len() & 0x7f).unwrap() | 0x80;
        let more = u8::try_from(inner.len() >> 7).unwrap();
        let outer = [b"\0asm\x0d\0\x01\0\x04", &[length, more][..], &inner].concat();
        assert_eq!(check(&outer), Err(TooDeep));
    }
    #[test]
    fn components_in_components_have_the_same_bound() {
        let nested = |depth: usize| {
            (0..depth).fold(COMPONENT_START.to_vec(), |inner, _| {
                let low = u8::try_from(inner.len() & 0x7f).unwrap() | 0x80;
                let high = u8::try_from(inner.len() >> 7).unwrap();
                [COMPONENT_START, &[0x04, low, high], &inner].concat()
            })
        };
        assert_eq!(check(&nested(MOST)), Ok(()));
        assert_eq!(check(&nested(MOST + 1)), Err(TooDeep));
        // Those beside one another do not count.
        let beside = "(component (component (core module)) (core module) (component))".repeat(MOST);
        let beside = wat::parse_str(format!("(component {beside})")).unwrap();
        assert_eq!(check(&beside), Ok(()));
    }

    const COMPONENT_START: &[u8] = b"\0asm\x0d\0\x01\0";
}
