//! Files that are no guests.

use std::sync::LazyLock;

use crate::fault::{Act, Fault, faults};
use crate::setup::component;

faults! {
    "The file is no guest";

    no_wasm: Fault {
        name: "a file that is no wasm",
        does: "is a program of another machine",
        ends: "Load(NotWasm)",
        act: Act::Scene(|setup| setup.refuses_bytes(b"\x7fELF\x02\x01\x01\0\0")),
        ..Fault::USUAL
    },
    cut_short: Fault {
        name: "a file cut short",
        does: "ends at two thirds of a guest",
        ends: "Load(CutShort)",
        act: Act::Scene(|setup| {
            let whole = component(&[]);
            setup.refuses_bytes(&whole[..whole.len() * 2 / 3])
        }),
        times: 10,
        ..Fault::USUAL
    },
    nested_components: Fault {
        name: "components nested ten thousand deep",
        does: "has a component in a component, and so on; none of them is a guest",
        ends: "Link",
        act: Act::Scene(|setup| {
            static BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| nested_components(10_000));
            setup.refuses_bytes(&BYTES)
        }),
        times: 1,
        ..Fault::USUAL
    },
    nested_types: Fault {
        name: "types nested ten thousand deep",
        does: "has a list of lists of lists, and so on",
        ends: "Load(Invalid)",
        act: Act::Scene(|setup| setup.refuses_bytes(&nested_types(10_000))),
        times: 10,
        ..Fault::USUAL
    },
    nested_blocks: Fault {
        name: "blocks nested ten thousand deep",
        does: "has a function with a block in a block, and so on, and is a guest like any other",
        ends: crate::sort::FINE,
        act: Act::Scene(|setup| {
            let blocks = format!("{}{}", "(block ".repeat(10_000), ")".repeat(10_000));
            setup.refuses(&[("(; START ;)", &blocks)])
        }),
        times: 1,
        ..Fault::USUAL
    },
}

/// The first bytes of a component.
const PREAMBLE: &[u8] = b"\0asm\x0d\0\x01\0";

fn number(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

fn section(id: u8, body: &[u8]) -> Vec<u8> {
    [&[id], &number(body.len())[..], body].concat()
}

/// A component with a component in it, and so on.
fn nested_components(depth: usize) -> Vec<u8> {
    const COMPONENT: u8 = 4;
    // What stands before each of them, the innermost first: the length of what is inside is known then.
    let (mut starts, mut length) = (Vec::new(), PREAMBLE.len());
    for _ in 0..depth {
        let start = [PREAMBLE, &[COMPONENT], &number(length)].concat();
        length += start.len();
        starts.push(start);
    }
    starts.reverse();
    starts.push(PREAMBLE.to_vec());
    starts.concat()
}

const TYPES: u8 = 7;

/// A component that exports a type which is a list of lists, and so on.
fn nested_types(depth: usize) -> Vec<u8> {
    const EXPORTS: u8 = 11;
    let (list, bytes) = (0x70, 0x7d);
    let mut types = number(depth);
    types.extend([list, bytes]);
    for inner in 0..depth - 1 {
        types.push(list);
        types.extend(signed(inner));
    }
    let (kebab, ty) = (0x00, 0x03);
    let mut export = vec![1, kebab, 1, b't', ty];
    export.extend(number(depth - 1));
    export.push(0);
    [
        PREAMBLE,
        &section(TYPES, &types),
        &section(EXPORTS, &export),
    ]
    .concat()
}

/// A number of a type, which is signed in the binary form.
fn signed(value: usize) -> Vec<u8> {
    let mut bytes = number(value);
    if let Some(last) = bytes.last_mut()
        && *last & 0x40 != 0
    {
        *last |= 0x80;
        bytes.push(0);
    }
    bytes
}
