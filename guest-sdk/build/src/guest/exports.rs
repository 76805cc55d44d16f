//! Warns of a guest that exports nothing: it compiles, and nobody can call it.

use std::{env, fs, path::Path};

/// What a component begins with.
const HEADER: &[u8] = b"\0asm\x0d\0\x01\0";

/// The section of exports.
const EXPORTS: u8 = 11;

/// Says so, if the component at `path` exports nothing: a build script to cargo, anything else to
/// standard error.
///
/// It is no error. A world may have no exports, and a guest is not asked which world it is of.
pub(crate) fn warn_if_none(path: &Path, package: &str) {
    // A file that cannot be read or understood is not a matter of exports.
    if !fs::read(path).is_ok_and(|component| exports_nothing(&component)) {
        return;
    }
    let warning = format!(
        "guest `{package}` exports nothing, so no host can call it: does its library have the `export!(…)` of its ABI?"
    );
    match env::var_os("OUT_DIR") {
        Some(_) => println!("cargo::warning={warning}"),
        None => eprintln!("warning: {warning}"),
    }
}

/// Whether these are the bytes of a component without a section of exports.
fn exports_nothing(component: &[u8]) -> bool {
    let Some(mut rest) = component.strip_prefix(HEADER) else {
        return false;
    };
    while let [id, after @ ..] = rest {
        let Some((size, after)) = number(after) else {
            return false;
        };
        match after.get(size..) {
            Some(next) if *id != EXPORTS => rest = next,
            _ => return false,
        }
    }
    true
}

/// A number in LEB128, and what is behind it.
fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut value: u64 = 0;
    for (index, byte) in bytes.iter().enumerate().take(5) {
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((usize::try_from(value).ok()?, &bytes[index + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{HEADER, exports_nothing};

    #[test]
    fn a_component_is_looked_through_by_its_sections() {
        let with = |sections: &[u8]| exports_nothing(&[HEADER, sections].concat());
        assert!(with(&[]));
        // A custom section that is longer than one byte can say, and a section of types.
        let long = [&[0, 0x82, 0x01][..], &[11; 130]].concat();
        assert!(with(&[&long[..], &[7, 1, 0]].concat()));
        assert!(!with(&[&long[..], &[11, 1, 0]].concat()));
        // Cut short, or no component: nothing is known of it.
        assert!(!with(&[7, 5, 0]));
        assert!(!with(&[7, 0x80]));
        assert!(!exports_nothing(b"\0asm\x01\0\0\0"));
        assert!(!exports_nothing(b""));
    }
}
