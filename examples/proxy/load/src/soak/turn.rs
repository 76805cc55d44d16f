//! What each number asks for. Numbers only.

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// A small body, there and back.
    Small,
    /// A larger one.
    Large,
    /// All fields, which the filters count.
    Count,
    /// What waits for a request of the filters' own.
    Callout,
    /// What a filter answers itself.
    Denied,
    /// What makes a filter trap: the first or the second.
    Trap(usize),
}

/// Of a hundred requests, one traps.
pub(super) fn turn(number: u64) -> Turn {
    match number % 100 {
        50 => Turn::Trap((number / 100 % 2) as usize),
        13 | 63 => Turn::Denied,
        17 | 67 => Turn::Callout,
        23 => Turn::Large,
        other if other % 10 == 9 => Turn::Count,
        _ => Turn::Small,
    }
}

#[cfg(test)]
mod tests {
    use super::{Turn, turn};

    #[test]
    fn one_in_a_hundred_traps() {
        let of = |turn| {
            (0..200)
                .filter(|number| self::turn(*number) == turn)
                .count()
        };
        assert_eq!((of(Turn::Trap(0)), of(Turn::Trap(1))), (1, 1));
        assert_eq!((of(Turn::Denied), of(Turn::Callout)), (4, 4));
        assert_eq!((of(Turn::Large), of(Turn::Count)), (2, 20));
    }
}
