//! Tells from a filter's file what it is. Knows bytes only.

use crate::config::Kind;

/// What a filter is, by the beginning of its file and by what it exports.
pub(crate) fn kind_of(file: &[u8]) -> Kind {
    match file.strip_prefix(b"\0asm\x01\0\0\0") {
        None => Kind::Component,
        Some(sections) => {
            let exports = exports(Reader(sections)).unwrap_or_default();
            match exports.contains(&&b"handle_request"[..]) {
                true => Kind::HttpWasm,
                false => Kind::ProxyWasm,
            }
        }
    }
}

/// The number of the section with the exports.
const EXPORTS: u8 = 7;

/// The names of what a module exports; none if it is no good, which whoever loads it will say.
fn exports(mut sections: Reader<'_>) -> Option<Vec<&[u8]>> {
    loop {
        let number = sections.byte()?;
        let mut section = Reader(sections.part()?);
        if number != EXPORTS {
            continue;
        }
        let count = section.number()?;
        let export = |_| {
            let name = section.part()?;
            let (_kind, _index) = (section.byte()?, section.number()?);
            Some(name)
        };
        return (0..count).map(export).collect();
    }
}

/// What is left to be read.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// Seven bits in each byte, the lowest first.
    fn number(&mut self) -> Option<u32> {
        let mut number = 0_u64;
        for at in 0..5 {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << (7 * at);
            if byte & 0x80 == 0 {
                return u32::try_from(number).ok();
            }
        }
        None
    }

    /// So many bytes as the number says that stands before them.
    fn part(&mut self) -> Option<&'a [u8]> {
        let length = self.number()? as usize;
        let (part, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(part)
    }
}

#[cfg(test)]
mod tests {
    use super::kind_of;
    use crate::config::Kind;

    #[test]
    fn files_are_told_by_what_they_export() {
        let of = |text: &str| kind_of(&wat::parse_str(text).unwrap());
        assert_eq!(of("(component)"), Kind::Component);
        assert_eq!(of("(module)"), Kind::ProxyWasm);
        let text = r#"(module (memory (export "memory") 1) (func $f (result i64) (i64.const 1))
            (export "handle_request" (func $f)) (func (export "handle_response") (param i32 i32)))"#;
        assert_eq!(of(text), Kind::HttpWasm);
        let module = wat::parse_str(text).unwrap();
        for end in 0..module.len() {
            // What is cut short is no good, whatever it is taken for.
            kind_of(&module[..end]);
        }
        let long = b"\0asm\x01\0\0\0\x07\x05\xff\xff\xff\xff\x0f";
        assert_eq!(kind_of(long), Kind::ProxyWasm);
    }
}
