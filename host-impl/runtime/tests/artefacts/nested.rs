//! Components that are nested ten thousand deep, in every way in which something can be: each is
//! loaded or refused with a typed error, and none takes the process down.

use std::collections::VecDeque;

use abide_host::{Error, LoadError};

use crate::kit::{App, Kit, component};

const DEPTH: usize = 10_000;

/// The start of a component.
const COMPONENT: &[u8] = b"\0asm\x0d\0\x01\0";

/// The start of a core module.
const MODULE: &[u8] = b"\0asm\x01\0\0\0";

/// A number in LEB128.
fn number(mut n: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(n & 0x7f).unwrap_or_default();
        n >>= 7;
        bytes.push(if n == 0 { low } else { low | 0x80 });
        if n == 0 {
            return bytes;
        }
    }
}

/// `inner` with something around it `depth` times; `around` is told the length of what is inside.
fn nested(depth: usize, inner: &[u8], around: impl Fn(usize) -> (Vec<u8>, Vec<u8>)) -> Vec<u8> {
    let mut all: VecDeque<u8> = inner.iter().copied().collect();
    for _ in 0..depth {
        let (before, after) = around(all.len());
        before
            .into_iter()
            .rev()
            .for_each(|byte| all.push_front(byte));
        all.extend(after);
    }
    all.into()
}

fn section(id: u8, contents: &[u8]) -> Vec<u8> {
    [&[id][..], &number(contents.len()), contents].concat()
}

/// Loads it, and what is said: nothing where it is compiled and only does not fit its world.
fn said(bytes: &[u8]) -> String {
    match Kit::builder(App::default()).load_bytes(bytes) {
        Err(Error::Link { .. }) => String::new(),
        Err(Error::Load { reason, .. }) => match *reason {
            LoadError::Invalid { detail } | LoadError::TooComplex { detail } => detail.into(),
            other => panic!("{other}"),
        },
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it has no exports"),
    }
}

const TOO_DEEP: &str = "components or instances, or their types, are nested more than 100 deep";

#[test]
fn components_in_components() {
    let bytes = nested(DEPTH, COMPONENT, |length| {
        let mut before = COMPONENT.to_vec();
        before.push(4);
        before.extend(number(length));
        (before, Vec::new())
    });
    assert_eq!(said(&bytes), TOO_DEEP);
}

#[test]
fn types_of_components_in_types_of_components() {
    // A component type is 0x41 and its declarations, an instance type 0x42; a declaration of a type
    // is 0x01 and the type.
    for kind in [0x41, 0x42] {
        let ty = nested(DEPTH, &[kind, 0], |_| (vec![kind, 1, 1], Vec::new()));
        let bytes = [COMPONENT, &section(7, &[&[1][..], &ty].concat())].concat();
        assert_eq!(said(&bytes), TOO_DEEP);
    }
}

#[test]
fn values_in_values() {
    for kind in ["list", "option", "tuple", "result"] {
        // A type refers to one before it by its number.
        let mut text = String::from("(component (type (list u8))");
        for index in 0..DEPTH {
            text.push_str(&format!("(type ({kind} {index}))"));
        }
        text.push(')');
        let said = said(&component(&text));
        assert!(said.contains("type nesting is too deep"), "{said}");
    }
}

/// A component of one core module with one function, which takes a number and returns one.
fn with_function(body: &[u8]) -> Vec<u8> {
    // No locals; the end.
    let code = [&[0][..], body, &[0x0b]].concat();
    let function = [&[1][..], &number(code.len()), &code].concat();
    let module = [
        MODULE,
        &section(1, &[1, 0x60, 1, 0x7f, 1, 0x7f]),
        &section(3, &[1, 0]),
        &section(7, b"\x01\x01f\x00\x00"),
        &section(10, &function),
    ]
    .concat();
    [COMPONENT, &section(1, &module)].concat()
}

/// The instruction that reads the function's parameter.
const PARAM: [u8; 2] = [0x20, 0];

#[test]
fn control_in_control() {
    const EMPTY: u8 = 0x40;
    for (depth, before) in [
        (DEPTH, &[0x02, EMPTY][..]),
        // For loops the compiler takes time that grows with the square of their depth.
        (DEPTH / 10, &[0x03, EMPTY]),
        (DEPTH, &[PARAM[0], PARAM[1], 0x04, EMPTY]),
    ] {
        let control = nested(depth, &[], |_| (before.to_vec(), vec![0x0b]));
        assert_eq!(said(&with_function(&[&control, &PARAM[..]].concat())), "");
    }
}

#[test]
fn operators_on_operators() {
    const ADD: u8 = 0x6a;
    let sum = [PARAM[0], PARAM[1], ADD].repeat(DEPTH);
    let to_the_left = [&PARAM[..], &sum].concat();
    let to_the_right = [PARAM.repeat(DEPTH + 1), vec![ADD; DEPTH]].concat();
    for body in [to_the_left, to_the_right] {
        assert_eq!(said(&with_function(&body)), "");
    }
}
