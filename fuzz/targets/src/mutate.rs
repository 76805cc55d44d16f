//! Inputs made from others: cut, joined, repeated, with bytes and words changed.

use abide_fuzz_values::Rng;

/// The longest input that is made, in bytes.
pub const LONGEST: usize = 64 * 1024;

const ODD: &[u8] = &[
    0, 1, 2, 3, 0x0f, 0x10, 0x3f, 0x40, 0x41, 0x60, 0x7e, 0x7f, 0x80, 0x81, 0xc0, 0xfe, 0xff,
];

/// An input made of one or two of `seeds`, changed in one to eight places.
///
/// # Panics
/// If there are no seeds.
pub fn mutated(seeds: &[Vec<u8>], words: &[&str], rng: &mut Rng) -> Vec<u8> {
    let mut bytes = rng.pick(seeds).clone();
    for _ in 0..=rng.below(8) {
        change(&mut bytes, seeds, words, rng);
        bytes.truncate(LONGEST);
    }
    bytes
}

/// Random bytes, up to `most`.
pub fn random(most: usize, rng: &mut Rng) -> Vec<u8> {
    let length = rng.below(most + 1);
    let mut bytes: Vec<u8> = (0..length.div_ceil(8))
        .flat_map(|_| rng.number().to_le_bytes())
        .collect();
    bytes.truncate(length);
    bytes
}

fn change(bytes: &mut Vec<u8>, seeds: &[Vec<u8>], words: &[&str], rng: &mut Rng) {
    let at = rng.below(bytes.len() + 1);
    let some = at..bytes.len().min(at + 1 + rng.below(32));
    match rng.below(if words.is_empty() { 8 } else { 11 }) {
        0 => set(bytes, at, |byte| byte ^ (1 << rng.below(8))),
        1 => set(bytes, at, |_| *rng.pick(ODD)),
        2 => set(bytes, at, |byte| {
            byte.wrapping_add(rng.below(7) as u8).wrapping_sub(3)
        }),
        3 => bytes.insert(at, rng.number() as u8),
        4 => drop(bytes.drain(some)),
        5 => {
            let copied = bytes[some].to_vec();
            let times = if rng.once_in(8) { 200 } else { 1 };
            let to = rng.below(bytes.len() + 1);
            bytes.splice(to..to, copied.repeat(times));
        }
        6 => {
            // The beginning of this one, and the end of another.
            let other = rng.pick(seeds);
            let from = rng.below(other.len() + 1);
            bytes.truncate(at);
            bytes.extend(&other[from..]);
        }
        7 if rng.once_in(8) => bytes.truncate(at),
        7 => {
            let other = rng.pick(seeds);
            let from = rng.below(other.len() + 1);
            let to = other.len().min(from + 1 + rng.below(64));
            bytes.splice(at..at, other[from..to].iter().copied());
        }
        // A word more, or instead of another.
        8 => drop(bytes.splice(at..at, rng.pick(words).bytes())),
        9 => drop(bytes.splice(some, rng.pick(words).bytes())),
        _ => {
            let (old, new) = (rng.pick(words).as_bytes(), rng.pick(words));
            if let Some(at) = bytes.windows(old.len()).position(|found| found == old) {
                bytes.splice(at..at + old.len(), new.bytes());
            }
        }
    }
}

fn set(bytes: &mut [u8], at: usize, to: impl FnOnce(u8) -> u8) {
    if let Some(byte) = bytes.get_mut(at) {
        *byte = to(*byte);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_numbers_make_the_same_inputs() {
        let seeds = [b"one seed".to_vec(), b"another".to_vec(), Vec::new()];
        let make = |seed| {
            let mut rng = Rng::new(&[seed]);
            (0..500)
                .map(|_| mutated(&seeds, &["word"], &mut rng))
                .collect::<Vec<_>>()
        };
        assert_eq!(make(1), make(1));
        assert_ne!(make(1), make(2));
        let changed = make(1);
        assert!(changed.iter().all(|bytes| bytes.len() <= LONGEST));
        assert!(changed.iter().any(|bytes| !seeds.contains(bytes)));
    }
}
