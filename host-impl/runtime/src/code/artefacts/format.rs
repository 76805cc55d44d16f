//! The bytes of an artefact: a header, the compiled code, and a seal over both.

use std::fmt;

use blake3::Hash;

/// The first bytes of every artefact.
const MAGIC: &[u8; 8] = b"abideart";

/// The version of this form. Any change to it is a new one.
const FORMAT: u32 = 1;

/// The bytes before the code: the magic, the format, the key, and how many bytes of code follow.
const HEADER: usize = 8 + 4 + 32 + 8;

/// The bytes after the code.
const SEAL: usize = blake3::OUT_LEN;

/// The secret of one folder, with which its artefacts are sealed.
pub(super) struct Secret(pub(super) [u8; blake3::KEY_LEN]);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// Why bytes are not trusted to be the artefact that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Distrusted {
    #[error("it ends after {length} bytes, too few for any artefact")]
    TooShort { length: usize },
    #[error("it is not an artefact")]
    Magic,
    #[error("it has the form of version {found}, expected {FORMAT}")]
    Format { found: u32 },
    #[error("it is of another component, engine or version")]
    Key,
    #[error("it has {found} bytes of code, expected {expected}")]
    Length { found: usize, expected: u64 },
    #[error("its seal is broken: it was changed, or made with another key")]
    Seal,
}

/// The header and the seal for `code`, which belong before and after it.
pub(super) fn seal(secret: &Secret, key: &Hash, code: &[u8]) -> ([u8; HEADER], [u8; SEAL]) {
    let mut header = [0; HEADER];
    let parts = [
        &MAGIC[..],
        &FORMAT.to_le_bytes(),
        key.as_bytes(),
        &(code.len() as u64).to_le_bytes(),
    ];
    let mut rest = &mut header[..];
    for part in parts {
        let (place, after) = rest.split_at_mut(part.len());
        place.copy_from_slice(part);
        rest = after;
    }
    let seal = blake3::Hasher::new_keyed(&secret.0)
        .update(&header)
        .update(code)
        .finalize();
    (header, *seal.as_bytes())
}

/// The code in an artefact, if it was sealed with `secret` for `key` and not changed since.
pub(super) fn open<'a>(
    secret: &Secret,
    key: &Hash,
    artefact: &'a [u8],
) -> Result<&'a [u8], Distrusted> {
    let too_short = Distrusted::TooShort {
        length: artefact.len(),
    };
    let Some((sealed, seal)) = artefact.split_last_chunk::<SEAL>() else {
        return Err(too_short);
    };
    let Some((header, code)) = sealed.split_first_chunk::<HEADER>() else {
        return Err(too_short);
    };
    // What is said here is only for the message. What counts is the seal.
    told(header, key, code.len())?;
    let expected = blake3::keyed_hash(&secret.0, sealed);
    // Compared in constant time, which is how a `Hash` compares.
    match expected == Hash::from_bytes(*seal) {
        true => Ok(code),
        false => Err(Distrusted::Seal),
    }
}

/// What a header says against its artefact.
fn told(header: &[u8; HEADER], key: &Hash, found: usize) -> Result<(), Distrusted> {
    let Some(rest) = header.strip_prefix(MAGIC) else {
        return Err(Distrusted::Magic);
    };
    let Some((format, rest)) = rest.split_first_chunk() else {
        return Err(Distrusted::Magic);
    };
    let format = u32::from_le_bytes(*format);
    if format != FORMAT {
        return Err(Distrusted::Format { found: format });
    }
    let Some((of, length)) = rest.split_first_chunk() else {
        return Err(Distrusted::Magic);
    };
    if Hash::from_bytes(*of) != *key {
        return Err(Distrusted::Key);
    }
    let Some((length, _)) = length.split_first_chunk() else {
        return Err(Distrusted::Magic);
    };
    let expected = u64::from_le_bytes(*length);
    match found as u64 == expected {
        true => Ok(()),
        false => Err(Distrusted::Length { found, expected }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &[u8] = b"the code";

    fn secret(byte: u8) -> Secret {
        Secret([byte; 32])
    }

    fn key() -> Hash {
        blake3::hash(b"a component")
    }

    fn artefact() -> Vec<u8> {
        let (header, seal) = seal(&secret(1), &key(), CODE);
        [&header[..], CODE, &seal].concat()
    }

    #[test]
    fn what_was_sealed_is_opened() {
        assert_eq!(open(&secret(1), &key(), &artefact()), Ok(CODE));
    }

    #[test]
    fn any_bit_that_changed_is_found() {
        let whole = artefact();
        for at in 0..whole.len() {
            for bit in 0..8 {
                let mut changed = whole.clone();
                changed[at] ^= 1 << bit;
                let found = open(&secret(1), &key(), &changed);
                let expected = match at {
                    0..8 => matches!(found, Err(Distrusted::Magic)),
                    8..12 => matches!(found, Err(Distrusted::Format { .. })),
                    12..44 => found == Err(Distrusted::Key),
                    44..52 => matches!(found, Err(Distrusted::Length { .. })),
                    _ => found == Err(Distrusted::Seal),
                };
                assert!(expected, "bit {bit} of byte {at}: {found:?}");
            }
        }
    }

    #[test]
    fn any_length_but_its_own_is_found() {
        let mut whole = artefact();
        for length in 0..whole.len() {
            let found = open(&secret(1), &key(), &whole[..length]);
            let expected = match length {
                0..84 => found == Err(Distrusted::TooShort { length }),
                _ => matches!(found, Err(Distrusted::Length { .. })),
            };
            assert!(expected, "{length}: {found:?}");
        }
        whole.push(0);
        let found = open(&secret(1), &key(), &whole);
        assert!(matches!(found, Err(Distrusted::Length { .. })), "{found:?}");
    }

    #[test]
    fn the_artefact_of_another_secret_or_component_is_refused() {
        let whole = artefact();
        assert_eq!(open(&secret(2), &key(), &whole), Err(Distrusted::Seal));
        let other = blake3::hash(b"another component");
        assert_eq!(open(&secret(1), &other, &whole), Err(Distrusted::Key));
    }
}
