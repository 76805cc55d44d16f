//! How values of the fixture's types are generated.

use proptest::collection::vec;
use proptest::num::{f32, f64};
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::select;
use proptest::strategy::LazyJust;

use crate::types::{
    All, Color, Flags1, Flags8, Flags9, Flags16, Flags17, Flags32, Many, Person, Point, Problem,
    Shape,
};

/// Characters with those at the edges of the encoding's lengths and of the surrogates more often.
pub(crate) fn character() -> impl Strategy<Value = char> {
    let edges = select(vec![
        '\0',
        '\u{7f}',
        '\u{80}',
        '\u{7ff}',
        '\u{800}',
        '\u{d7ff}',
        '\u{e000}',
        '\u{ffff}',
        '\u{10000}',
        '\u{10ffff}',
    ]);
    prop_oneof![3 => any::<char>(), 1 => edges]
}

/// Text with NULs and characters of every length, also none at all.
pub(crate) fn text() -> impl Strategy<Value = String> {
    vec(character(), 0..20).prop_map(String::from_iter)
}

/// Every kind of float, NaN and both zeros too.
pub(crate) fn float32() -> impl Strategy<Value = f32> {
    prop_oneof![
        f32::ANY,
        select(vec![0.0, -0.0, f32::INFINITY, f32::NEG_INFINITY, f32::NAN])
    ]
}

/// See [`float32`].
pub(crate) fn float64() -> impl Strategy<Value = f64> {
    prop_oneof![
        f64::ANY,
        select(vec![0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN])
    ]
}

pub(crate) fn point() -> impl Strategy<Value = Point> {
    (any::<i32>(), any::<i32>()).prop_map(|(x, y)| Point { x, y })
}

pub(crate) fn person() -> impl Strategy<Value = Person> {
    let text_and_tags = (text(), option::of(text()), vec(text(), 0..4));
    let others = (character(), any::<u8>(), float64(), point());
    (text_and_tags, others).prop_map(
        |((name, email, tags), (initial, age, score, home))| Person {
            name,
            initial,
            age,
            score,
            email,
            tags,
            home,
        },
    )
}

pub(crate) fn shape() -> impl Strategy<Value = Shape> {
    prop_oneof![
        Just(Shape::Dot),
        float64().prop_map(Shape::Circle),
        (point(), point()).prop_map(Shape::Line),
        vec(point(), 0..5).prop_map(Shape::Polygon),
        person().prop_map(Shape::Portrait),
        option::of(text()).prop_map(Shape::Label),
        any::<u8>().prop_map(Shape::Tiny),
    ]
}

pub(crate) fn color() -> impl Strategy<Value = Color> {
    select(vec![Color::Red, Color::Green, Color::Blue])
}

/// The first, the last, and those around the end of a byte.
pub(crate) fn many() -> impl Strategy<Value = Many> {
    select(vec![
        Many::C0,
        Many::C1,
        Many::C127,
        Many::C128,
        Many::C255,
        Many::C256,
        Many::C299,
    ])
}

pub(crate) fn problem() -> impl Strategy<Value = Problem> {
    prop_oneof![
        LazyJust::new(|| Problem::Missing),
        text().prop_map(Problem::Refused),
        point().prop_map(Problem::At),
    ]
}

macro_rules! flags {
    ($($function:ident: $flags:ident, $bits:ty;)*) => {$(
        pub(crate) fn $function() -> impl Strategy<Value = $flags> {
            any::<$bits>().prop_map($flags::from_bits_truncate)
        }
    )*};
}

flags! {
    flags1: Flags1, u8;
    flags8: Flags8, u8;
    flags9: Flags9, u16;
    flags16: Flags16, u16;
    flags17: Flags17, u32;
    flags32: Flags32, u32;
}

pub(crate) fn result<T: std::fmt::Debug, E: std::fmt::Debug>(
    ok: impl Strategy<Value = T>,
    err: impl Strategy<Value = E>,
) -> impl Strategy<Value = Result<T, E>> {
    prop_oneof![ok.prop_map(Ok), err.prop_map(Err)]
}

pub(crate) fn all() -> impl Strategy<Value = All> {
    let lists = (
        vec(shape(), 0..4),
        vec(vec(any::<u16>(), 0..4), 0..4),
        vec((color(), option::of(many())), 0..4),
        vec(point(), 0..4),
    );
    let deep = option::of(option::of(option::of(text())));
    let outcome = result(vec(person(), 0..3), problem());
    let rights = (
        flags1(),
        flags8(),
        flags9(),
        flags16(),
        flags17(),
        flags32(),
    );
    (lists, deep, outcome, rights, any::<u64>(), text()).prop_map(
        |((shapes, grid, pairs, path), deep, outcome, rights, id, nickname)| All {
            shapes,
            grid,
            pairs,
            deep,
            outcome,
            rights,
            id,
            nickname,
            path,
        },
    )
}
