//! Providers of `abide:common/random`: the system's random numbers, and numbers that only look
//! random.

use abide_common::host::Random;
use abide_common::random::Error;

/// The most bytes that a guest gets at once.
pub const MOST_RANDOM_BYTES: u32 = 65_536;

/// The operating system's random numbers, fit for keys and passwords.
///
/// Where the system has none, a guest that asks for bytes is told so, and one that asks for a
/// number is stopped with [`abide::Error::HostPanic`].
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn bytes(&mut self, len: u32) -> Result<Vec<u8>, Error> {
        let mut bytes = vec![0; checked(len)?];
        getrandom::fill(&mut bytes).map_err(|_| Error::Unavailable)?;
        Ok(bytes)
    }

    /// # Panics
    /// Where the operating system has no random numbers. Called by a guest, that stops the guest.
    fn number(&mut self) -> u64 {
        match getrandom::u64() {
            Ok(number) => number,
            // There is no number to go on with, and any that is made up would be worse than none.
            Err(error) => panic!("the operating system has no random numbers: {error}"),
        }
    }
}

/// Numbers that follow from a seed, for tests: the same seed gives the same numbers, now and in
/// later versions. **Not for secrets**: who knows one number knows the next.
///
/// Clones go on separately. A host is cloned for every instance, so each instance of a guest gets
/// the same numbers.
///
/// ```
/// use abide_common::host::Random;
/// use abide_common_host::SeededRandom;
///
/// let mut first = SeededRandom::new(7);
/// let mut second = first.clone();
/// assert_eq!(first.bytes(20), second.bytes(20));
/// ```
#[derive(Debug, Clone, Default)]
pub struct SeededRandom {
    state: u64,
}

impl SeededRandom {
    /// The numbers that follow from `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next number, by the algorithm known as SplitMix64.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

impl Random for SeededRandom {
    fn bytes(&mut self, len: u32) -> Result<Vec<u8>, Error> {
        let mut bytes = vec![0; checked(len)?];
        for part in bytes.chunks_mut(8) {
            let number = self.next().to_le_bytes();
            part.copy_from_slice(&number[..part.len()]);
        }
        Ok(bytes)
    }

    fn number(&mut self) -> u64 {
        self.next()
    }
}

/// A number of bytes, if it is not more than a guest gets.
fn checked(len: u32) -> Result<usize, Error> {
    if len > MOST_RANDOM_BYTES {
        return Err(Error::TooMany(MOST_RANDOM_BYTES));
    }
    usize::try_from(len).map_err(|_| Error::TooMany(MOST_RANDOM_BYTES))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_numbers_of_splitmix64() {
        // What the authors' own implementation gives for the seed 0.
        let mut random = SeededRandom::new(0);
        let numbers = [(); 3].map(|()| random.number());
        let expected = [
            0xe220_a839_7b1d_cdaf,
            0x6e78_9e6a_a1b9_65f4,
            0x06c4_5d18_8009_454f,
        ];
        assert_eq!(numbers, expected);
        assert_eq!(
            SeededRandom::new(0).bytes(9).unwrap(),
            [0xaf, 0xcd, 0x1d, 0x7b, 0x39, 0xa8, 0x20, 0xe2, 0xf4],
        );
    }

    #[test]
    fn the_systems_bytes_are_as_many_as_asked_for_and_differ() {
        let mut random = SystemRandom;
        assert!(random.bytes(0).unwrap().is_empty());
        let (first, second) = (random.bytes(32).unwrap(), random.bytes(32).unwrap());
        assert_eq!(first.len(), 32);
        assert_ne!(first, second);
        assert_ne!(random.number(), random.number());
    }

    #[test]
    fn a_guest_gets_so_many_bytes_and_no_more() {
        let most = MOST_RANDOM_BYTES;
        let all = |random: &mut dyn Random| {
            assert_eq!(random.bytes(most).unwrap().len(), 65_536);
            for too_many in [most + 1, u32::MAX] {
                assert_eq!(random.bytes(too_many), Err(Error::TooMany(65_536)));
            }
        };
        all(&mut SystemRandom);
        all(&mut SeededRandom::new(1));
    }
}
