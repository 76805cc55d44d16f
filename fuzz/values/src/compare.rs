//! Whether two values are the same, and how to say that they are not.

use std::fmt::Debug;

use crate::Show;

/// Fails where `got` is not `expected`; `place` says where that is.
///
/// Compares them as text, which serves owned and borrowed values alike, tells -0.0 from 0.0, and
/// takes every NaN for the same. (Any boundary of a component may change the bits of a NaN.)
///
/// # Panics
///
/// The values differ.
///
/// ```
/// abide_fuzz_values::same("demo.greet, parameter `name`", &String::from("Ann"), "Ann");
/// ```
pub fn same<A, B>(place: &str, expected: &A, got: &B)
where
    A: Debug + ?Sized,
    B: Debug + ?Sized,
{
    check(place, &format!("{expected:?}"), &format!("{got:?}"));
}

/// The same for values that hold handles.
///
/// # Panics
///
/// The values differ.
pub fn same_shown(place: &str, expected: &dyn Show, got: &dyn Show) {
    let text = |value: &dyn Show| {
        let mut text = String::new();
        value.show(&mut text);
        text
    };
    check(place, &text(expected), &text(got));
}

fn check(place: &str, expected: &str, got: &str) {
    if expected != got {
        panic!("{place}: {}", difference(expected, got));
    }
}

/// The part in which two texts differ, with a little of what is before it.
fn difference(expected: &str, got: &str) -> String {
    const BEFORE: usize = 40;
    const SHOWN: usize = 120;
    let pairs = expected.chars().zip(got.chars());
    let equal = pairs.take_while(|(one, other)| one == other).count();
    let start = equal.saturating_sub(BEFORE);
    let part = |text: &str| -> String { text.chars().skip(start).take(SHOWN).collect() };
    format!(
        "they differ at character {equal}: expected `{}`, got `{}`",
        part(expected),
        part(got)
    )
}

#[cfg(test)]
mod tests {
    use super::{difference, same};

    #[test]
    fn equal_is_what_reads_equal() {
        same("here", &vec![f64::NAN], &[-f64::NAN][..]);
        same("here", "text", &String::from("text"));
    }

    #[test]
    #[should_panic(expected = "here: they differ at character 0: expected `0.0`, got `-0.0`")]
    fn zeros_have_signs() {
        same("here", &0.0, &-0.0);
    }

    #[test]
    fn of_long_values_the_difference_is_shown() {
        let long = "x".repeat(1_000);
        let text = difference(&format!("{long}a"), &format!("{long}b"));
        let x40 = &long[..40];
        let expected = format!("they differ at character 1000: expected `{x40}a`, got `{x40}b`");
        assert_eq!(text, expected);
    }
}
