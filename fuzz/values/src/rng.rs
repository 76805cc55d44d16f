//! Numbers that look random and are the same on every machine.

/// A generator of numbers, and how much of a value may still be made with it.
///
/// ```
/// use abide_fuzz_values::Rng;
///
/// let (mut one, mut other) = (Rng::new(&[1, 2]), Rng::new(&[1, 2]));
/// assert_eq!(one.number(), other.number());
/// assert_ne!(one.number(), Rng::new(&[2, 1]).number());
/// ```
#[derive(Debug, Clone)]
pub struct Rng {
    state: u64,
    depth: u32,
}

impl Rng {
    /// A generator for one purpose, which the numbers tell from all others.
    #[must_use]
    pub fn new(purpose: &[u64]) -> Self {
        let mut rng = Self { state: 0, depth: 0 };
        for part in purpose {
            rng.state ^= *part;
            rng.state = rng.number();
        }
        rng
    }

    /// Any number. (The algorithm is SplitMix64.)
    pub fn number(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 if `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        let number = self.number() % (end.max(1) as u64);
        usize::try_from(number).unwrap_or(0)
    }

    /// True once in `times`.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of `choices`.
    ///
    /// # Panics
    ///
    /// There is nothing to choose from.
    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }

    /// The length of a list, shorter the more lists it is in: so values stay small.
    pub(crate) fn length(&mut self) -> usize {
        let lengths: &[usize] = match self.depth {
            0 => &[0, 1, 2, 3, 5, 8, 33],
            1 => &[0, 1, 2, 3, 7],
            2 => &[0, 1, 2],
            _ => &[0, 1],
        };
        *self.pick(lengths)
    }

    /// Makes something that is inside of a list.
    pub(crate) fn inside<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> T {
        self.depth += 1;
        let made = make(self);
        self.depth -= 1;
        made
    }
}

/// The number of a new resource: what tells it from others.
pub fn label(rng: &mut Rng) -> u64 {
    rng.number()
}
