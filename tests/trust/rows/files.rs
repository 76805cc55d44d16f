//! Files that are no guests.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use crate::fault::{Act, Fault, faults};
use crate::setup::{Setup, component};

faults! {
    "The file is no guest";

    no_wasm: Fault {
        name: "a file that is no wasm",
        does: "is a program of another machine",
        ends: "Load(Native)",
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
    large_file: Fault {
        name: "a file of 1 GiB",
        does: "has the first bytes of a guest, and then only zeros",
        ends: "Limit(ComponentSize)",
        act: Act::Scene(|setup| {
            static FILE: LazyLock<Result<PathBuf, String>> = LazyLock::new(|| {
                large_file().map_err(|error| error.to_string())
            });
            let file = FILE.as_ref().map_err(String::clone)?;
            Ok(setup.builder(Setup::limits()).load(file).map(drop))
        }),
        ..Fault::USUAL
    },
    nested_components: Fault {
        name: "components nested ten thousand deep",
        does: "has a component in a component, and so on",
        ends: "Load(TooComplex)",
        act: Act::Scene(|setup| {
            static BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| nested_components(10_000));
            setup.refuses_bytes(&BYTES)
        }),
        times: 10,
        ..Fault::USUAL
    },
    multiplied_components: Fault {
        name: "components that instantiate one another",
        does: "has components that make two instances each of the one before, forty of them",
        ends: "Load(TooComplex)",
        act: Act::Scene(|setup| {
            static BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| multiplied_components(40));
            setup.refuses_bytes(&BYTES)
        }),
        times: 10,
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
    nested_instance_types: Fault {
        name: "types of instances nested ten thousand deep",
        does: "has the type of an instance in the type of an instance, and so on",
        ends: "Load(TooComplex)",
        act: Act::Scene(|setup| setup.refuses_bytes(&nested_instance_types(10_000))),
        times: 10,
        ..Fault::USUAL
    },
    instance_types_in_a_chain: Fault {
        name: "types of instances that refer to one another, a thousand deep",
        does: "has types that would make the compiler panic",
        ends: "Load(TooComplex)",
        act: Act::Scene(|setup| {
            static BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| chained_instance_types(1_000));
            setup.refuses_bytes(&BYTES)
        }),
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
        times: 2,
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
    // What stands before each of them, the innermost first: the length of what is inside is known
    // then.
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

/// A component in which each component makes two instances of the one before it.
fn multiplied_components(levels: usize) -> Vec<u8> {
    let mut text = String::from("(component $c0)");
    for level in 1..=levels {
        text.push_str(&format!(
            "(component $c{level}
                (alias outer $top $c{} (component $c))
                (instance (instantiate $c)) (instance (instantiate $c)))",
            level - 1
        ));
    }
    let text = format!("(component $top {text} (instance (instantiate $c{levels})))");
    wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}"))
}

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

/// A component with the type of an instance that has the type of an instance in it, and so on.
fn nested_instance_types(depth: usize) -> Vec<u8> {
    let (instance, ty) = (0x42, 0x01);
    let mut types = vec![1];
    for _ in 0..depth {
        types.extend([instance, 1, ty]);
    }
    types.extend([instance, 0]);
    [PREAMBLE, &section(TYPES, &types)].concat()
}

/// A component with types of instances, each of which exports an instance of the one before.
fn chained_instance_types(count: usize) -> Vec<u8> {
    let mut text = String::from("(component (type $t0 (instance))");
    for number in 1..=count {
        let before = number - 1;
        text.push_str(&format!(
            "(type $t{number} (instance
               (alias outer 1 $t{before} (type $t)) (export \"a\" (instance (type $t)))))"
        ));
    }
    text.push_str(&format!("(import \"i\" (instance (type $t{count}))))"));
    wat::parse_str(text).unwrap_or_else(|error| panic!("{error}"))
}

/// A file that takes no room on disks which know of holes.
fn large_file() -> io::Result<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("trust");
    fs::create_dir_all(&folder)?;
    let path = folder.join("large.wasm");
    let mut file = File::create(&path)?;
    file.write_all(PREAMBLE)?;
    file.set_len(1 << 30)?;
    Ok(path)
}
