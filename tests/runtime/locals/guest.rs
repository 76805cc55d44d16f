//! Passes numbers under the names of locals, and looks whether they came back.

abide::abi!("test.wit");

use send::{All, Area, Crossing, Marks, Point, Shape};

use guest::send as host;

struct Plugin;

/// What comes before the numbers, with everything that needs locals to be passed.
fn all(name: &str) -> All {
    All {
        text: name.to_owned(),
        bytes: vec![1, 2, 3],
        words: vec!["one".to_owned(), String::new()],
        at: Point { x: 1, y: 2 },
        shape: Shape::Named("shape".to_owned()),
        marks: Marks::A | Marks::C,
    }
}

/// The first `N` numbers, which are none of those in [`all`].
fn numbers<const N: u32>() -> Vec<u32> {
    (100..100 + N).collect()
}

macro_rules! families {
    ($($free:ident, $all:ident, $resource:ident;)*) => {
        /// Behind one argument, and behind many, where all go through memory.
        fn free() {
            let (a, b) = (all("a"), all("b"));
            $(
                assert_eq!(host::$free(
                    "key", 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113,
                ), numbers::<14>());
                let sent = host::$all((
                    &a, &b,
                ), 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115, 116);
                assert_eq!(sent, numbers::<17>());
            )*
        }

        fn of_resources() {
            let words = ["one".to_owned(), "two".to_owned()];
            let (point, shape) = (Point { x: 1, y: 2 }, Shape::Named("shape".to_owned()));
            $({
                let made = host::$resource::new(
                    &shape, Marks::B, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111,
                );
                assert_eq!(made.read(), numbers::<12>());
                assert_eq!(made.list(
                    &words, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112,
                ), numbers::<13>());
                let sent = host::$resource::point(
                    point, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113,
                );
                assert_eq!(sent, numbers::<14>());
            })*
        }
    };
}

families! {
    ptr, ptr_all, ForPtr;
    len, len_all, ForLen;
    vec, vec_all, ForVec;
    result, result_all, ForResult;
    layout, layout_all, ForLayout;
    bytes, bytes_all, ForBytes;
    base, base_all, ForBase;
    map, map_all, ForMap;
    array, array_all, ForArray;
    idx, idx_all, ForIdx;
    e, e_all, ForE;
    t, t_all, ForT;
    l, l_all, ForL;
    v, v_all, ForV;
    handle, handle_all, ForHandle;
    flags, flags_all, ForFlags;
    cleanup, cleanup_all, ForCleanup;
    wit_import, wit_import_all, ForWitImport;
    arg, arg_all, ForArg;
    x, x_all, ForX;
    y, y_all, ForY;
    text, text_all, ForText;
}

/// Locals for fields against those of what comes later, and types against items.
fn crossed() {
    let fields = Crossing {
        vec1: 100,
        len1: 101,
        layout1: 102,
        result1: 103,
    };
    let deep = [vec![vec!["deep".to_owned()]]];
    let words = ["a".to_owned(), "b".to_owned()];
    let sent = host::crossed("a", "b", fields, &deep, &deep, &words);
    assert_eq!(sent, numbers::<4>());

    let of = host::ForPtr::new(
        &Shape::Named("shape".to_owned()),
        Marks::B,
        100,
        101,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        9,
        10,
        11,
    );
    let area = host::RetArea {
        of: &of,
        number: 102,
    };
    assert_eq!(host::area_of(&area, Area::RetArea(103)), numbers::<4>());
    let v1 = host::V1 {
        of: &of,
        number: 102,
    };
    let (sent, case) = host::aliased(&v1, Area::RetArea(103));
    assert_eq!((sent, case), (numbers::<4>(), Area::Other));
}

impl guest::Locals for Plugin {
    fn run() {
        free();
        of_resources();
        crossed();
        assert_eq!(
            host::plain(
                "key", 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113
            ),
            numbers::<14>()
        );
        let sent = host::plain_all(
            (&all("a"), &all("b")),
            100,
            101,
            102,
            103,
            104,
            105,
            106,
            107,
            108,
            109,
            110,
            111,
            112,
            113,
            114,
            115,
            116,
        );
        assert_eq!(sent, numbers::<17>());
    }
}

export!(Plugin);
