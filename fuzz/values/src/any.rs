//! Random values of Rust's own types, with a liking for the edges of each. The generated code adds
//! the types of a world.

use crate::Rng;

/// A type of which there are random values.
pub trait Any: Sized {
    /// A value that depends on nothing but the state of `rng`.
    fn any(rng: &mut Rng) -> Self;
}

macro_rules! integers {
    ($($ty:ty)*) => {$(
        impl Any for $ty {
            fn any(rng: &mut Rng) -> Self {
                match rng.below(6) {
                    0 => *rng.pick(&[0, 1, Self::MIN, Self::MAX]),
                    // The lowest bits of a random number are as random as all of them.
                    _ => rng.number() as Self,
                }
            }
        }
    )*};
}

integers!(u8 u16 u32 u64 i8 i16 i32 i64);

macro_rules! floats {
    ($($ty:ty: $bits:ty;)*) => {$(
        impl Any for $ty {
            fn any(rng: &mut Rng) -> Self {
                const EDGES: [$ty; 9] = [
                    0.0,
                    -0.0,
                    1.5,
                    <$ty>::INFINITY,
                    <$ty>::NEG_INFINITY,
                    <$ty>::NAN,
                    <$ty>::MAX,
                    <$ty>::MIN_POSITIVE,
                    // The smallest that is not 0.
                    <$ty>::from_bits(1),
                ];
                match rng.below(3) {
                    0 => *rng.pick(&EDGES),
                    _ => Self::from_bits(<$bits>::any(rng)),
                }
            }
        }
    )*};
}

floats! {
    f32: u32;
    f64: u64;
}

impl Any for () {
    fn any(_: &mut Rng) -> Self {}
}

impl Any for bool {
    fn any(rng: &mut Rng) -> Self {
        rng.once_in(2)
    }
}

impl Any for char {
    fn any(rng: &mut Rng) -> Self {
        // The ends of what one, two, three and four bytes of UTF-8 hold, and of the surrogates'
        // gap.
        const EDGES: [char; 14] = [
            '\0',
            '\n',
            '"',
            '\\',
            '\u{7f}',
            '\u{80}',
            '\u{7ff}',
            '\u{800}',
            '\u{d7ff}',
            '\u{e000}',
            '\u{feff}',
            '\u{ffff}',
            '\u{10000}',
            '\u{10ffff}',
        ];
        match rng.below(3) {
            0 => *rng.pick(&EDGES),
            1 => char::from(b'a' + (rng.below(26) as u8)),
            _ => char::from_u32(rng.below(0x11_0000) as u32).unwrap_or('\u{fffd}'),
        }
    }
}

impl Any for String {
    fn any(rng: &mut Rng) -> Self {
        const NASTY: [&str; 10] = [
            "",
            "\0",
            "{}",
            "\r\n\t",
            "a\0b",
            "\u{feff}begins with a mark",
            "e\u{301} is not \u{e9}",
            "\u{202e}turned around",
            "\u{1f469}\u{200d}\u{1f52c}",
            "\"'\\`$%&</script>",
        ];
        match rng.below(8) {
            0..3 => (*rng.pick(&NASTY)).to_owned(),
            // Longer than a page, where there is room for it.
            3 if rng.length() > 7 => "\u{e9}\u{20ac}".repeat(2_000),
            _ => (0..rng.length()).map(|_| char::any(rng)).collect(),
        }
    }
}

impl<T: Any> Any for Vec<T> {
    fn any(rng: &mut Rng) -> Self {
        let length = rng.length();
        rng.inside(|rng| (0..length).map(|_| T::any(rng)).collect())
    }
}

impl<T: Any> Any for Option<T> {
    fn any(rng: &mut Rng) -> Self {
        (!rng.once_in(3)).then(|| T::any(rng))
    }
}

impl<T: Any, E: Any> Any for Result<T, E> {
    fn any(rng: &mut Rng) -> Self {
        if rng.once_in(2) {
            Ok(T::any(rng))
        } else {
            Err(E::any(rng))
        }
    }
}

macro_rules! tuples {
    ($($first:ident $($rest:ident)*)?) => {$(
        impl<$first: Any, $($rest: Any),*> Any for ($first, $($rest,)*) {
            fn any(rng: &mut Rng) -> Self {
                ($first::any(rng), $($rest::any(rng),)*)
            }
        }
        tuples!($($rest)*);
    )?};
}

tuples!(A B C D E F G H I J K L);

#[cfg(test)]
mod tests {
    use super::Any;
    use crate::Rng;

    type Value = (
        Vec<Vec<Option<String>>>,
        Result<f64, (char, i8)>,
        Vec<Result<(), u64>>,
    );

    fn value(seed: u64) -> String {
        format!("{:?}", Value::any(&mut Rng::new(&[seed])))
    }

    #[test]
    fn a_seed_decides_the_value() {
        assert_eq!(value(7), value(7));
        let mut different: Vec<_> = (0..100).map(value).collect();
        different.sort_unstable();
        different.dedup();
        // Two seeds may happen on one value, not many.
        assert!(different.len() > 90, "{} of 100", different.len());
    }
}
