//! Strings in borrowed arguments, in every encoding that a guest's strings can have.

use std::sync::Arc;

use abide_host::__private::{
    Borrowed, Check, Cx, Description, Export, Handle, Linker, Signature, Step, Text, WireList,
    World, WorldHandle, call_host,
};
use abide_host::{Builder, Error, LimitKind, Limits, Result};
use parking_lot::Mutex;

use crate::kit::component;

#[derive(Debug)]
struct Lender(Handle<Lender>);

impl World for Lender {
    type Exports = Export<(), ()>;

    const DESCRIPTION: &'static Description = &Description {
        name: "test:lent/lender",
        functions: &[Signature {
            interface: "",
            name: "run",
            params: &[],
            result: None,
        }],
        exports: ..1,
        imports: 1..,
        resources: &[],
    };

    fn exports(check: &mut Check<'_>) -> Option<Self::Exports> {
        check.export(0)
    }
}

impl WorldHandle for Lender {
    fn from_handle(handle: Handle<Self>) -> Self {
        Self(handle)
    }

    fn handle(&self) -> &Handle<Self> {
        &self.0
    }
}

/// What the guest lent: a text and a number each.
type Seen = Arc<Mutex<Vec<(String, u8)>>>;

fn link(linker: &mut Linker) -> Step {
    type Texts = Borrowed<WireList<(Text, u8)>>;
    linker
        .interface("")?
        .func("take", |cx: Cx<'_>, (texts,): (Texts,)| {
            call_host(cx, "take", |seen: &mut Seen, (): &mut (), guest| {
                let (texts, memory) = guest.open(texts)?;
                for (text, number) in texts {
                    seen.lock().push((memory.text(text)?.to_owned(), number));
                }
                Ok(())
            })
        })
}

/// A string in a guest's memory: its bytes, and the length that the guest says it has.
struct Raw {
    bytes: Vec<u8>,
    len: u32,
}

/// A guest that lends these strings, numbered from 1, or says that they are at `pointer`.
fn guest(encoding: &str, strings: &[Raw], pointer: Option<u32>) -> Vec<u8> {
    guest_of_list(encoding, strings, pointer, (LIST, strings.len() as u32))
}

/// Where the list of strings is.
const LIST: u32 = 1024;

/// The same, with a list that the guest says is at this place and of this length.
fn guest_of_list(
    encoding: &str,
    strings: &[Raw],
    pointer: Option<u32>,
    (at, count): (u32, u32),
) -> Vec<u8> {
    let escaped = |bytes: &[u8]| -> String {
        let each = bytes.iter().map(|byte| format!("\\{byte:02x}"));
        each.collect()
    };
    // The strings are behind the list, each at an even place.
    let (mut list, mut data) = (Vec::new(), Vec::new());
    let start = LIST + 12 * strings.len() as u32;
    for (string, number) in strings.iter().zip(1_u32..) {
        let at = pointer.unwrap_or(start + data.len() as u32);
        for word in [at, string.len, number] {
            list.extend(word.to_le_bytes());
        }
        data.extend(&string.bytes);
        data.resize(data.len().next_multiple_of(2), 0);
    }
    component(&format!(
        r#"(component
          (import "take" (func $take (param "l" (list (tuple string u8)))))
          (core module $memory
            (memory (export "memory") 1)
            (data (i32.const {LIST}) "{list}{data}"))
          (core instance $memory (instantiate $memory))
          (core func $lowered (canon lower (func $take)
            (memory $memory "memory") string-encoding={encoding}))
          (core module $main
            (import "host" "take" (func $take (param i32 i32)))
            (func (export "run") (call $take (i32.const {at}) (i32.const {count}))))
          (core instance $main (instantiate $main
            (with "host" (instance (export "take" (func $lowered))))))
          (func (export "run") (canon lift (core func $main "run"))))"#,
        list = escaped(&list),
        data = escaped(&data),
    ))
}

/// Lends the strings and returns what the host saw of them.
fn lend(encoding: &str, strings: &[Raw], pointer: Option<u32>) -> Result<Vec<(String, u8)>> {
    run(&guest(encoding, strings, pointer))
}

fn run(guest: &[u8]) -> Result<Vec<(String, u8)>> {
    let seen = Seen::default();
    let limits = Limits::new().host_allocation(4096);
    let Lender(handle) = Builder::new::<_, ()>(seen.clone(), link)
        .limits(limits)
        .load_bytes(guest)?;
    handle.call(0, |export| export, ())?;
    Ok(std::mem::take(&mut seen.lock()))
}

const TEXTS: [&str; 4] = ["", "plain", "ÄÖÜ ß é", "z€𝄞\0ф"];

fn numbered(texts: &[&str]) -> Vec<(String, u8)> {
    let each = texts.iter().map(|text| (*text).to_owned());
    each.zip(1..).collect()
}

fn utf8(text: &str) -> Raw {
    Raw {
        bytes: text.as_bytes().to_vec(),
        len: text.len() as u32,
    }
}

fn utf16(text: &str) -> Raw {
    let units: Vec<u16> = text.encode_utf16().collect();
    Raw {
        bytes: units.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
        len: units.len() as u32,
    }
}

/// Latin-1 where it can be, UTF-16 with a tag otherwise.
fn compact(text: &str) -> Raw {
    match text
        .chars()
        .map(u8::try_from)
        .collect::<Result<Vec<u8>, _>>()
    {
        Ok(bytes) => Raw {
            len: bytes.len() as u32,
            bytes,
        },
        Err(_) => {
            let Raw { bytes, len } = utf16(text);
            Raw {
                bytes,
                len: len | 1 << 31,
            }
        }
    }
}

#[test]
fn every_encoding_is_read() -> Result<()> {
    for (encoding, strings) in [
        ("utf8", TEXTS.map(utf8)),
        ("utf16", TEXTS.map(utf16)),
        ("latin1+utf16", TEXTS.map(compact)),
    ] {
        let seen = lend(encoding, &strings, None)?;
        assert_eq!(seen, numbered(&TEXTS), "{encoding}");
    }
    Ok(())
}

#[test]
fn what_is_no_text_or_not_in_memory_is_refused() {
    let broken = |bytes: &[u8], len| Raw {
        bytes: bytes.to_vec(),
        len,
    };
    let cases = [
        ("utf8", broken(b"a\xff", 2), None),
        ("utf16", broken(&[0, 0xd8], 1), None),
        ("utf8", broken(b"", 1), Some(65_536)),
        ("utf8", broken(b"", 2), Some(65_535)),
        ("utf8", broken(b"", u32::MAX), Some(u32::MAX)),
        ("utf16", broken(b"", 1), Some(65_536)),
    ];
    for (encoding, string, pointer) in cases {
        let what = format!("{encoding} {:?} at {pointer:?}", string.bytes);
        match lend(encoding, &[string], pointer) {
            Err(Error::AbiViolation { .. }) => {}
            other => panic!("{what}: {other:?}"),
        }
    }
    // One byte less is in memory.
    let last = broken(b"", 1);
    assert_eq!(lend("utf8", &[last], Some(65_535)).unwrap()[0].0, "\0");
}

#[test]
fn text_is_paid_for_although_it_is_not_copied() {
    // In a list, and so at four times its length.
    let long = || utf8(&"x".repeat(900));
    assert!(lend("utf8", &[long()], None).is_ok());
    match lend("utf8", &[long(), long()], None) {
        Err(Error::Limit {
            what: LimitKind::HostAllocation,
            ..
        }) => {}
        other => panic!("{other:?}"),
    }
}

#[test]
fn lists_that_are_not_in_memory_or_not_aligned_are_refused() {
    // A page has 65,536 bytes, an element 12.
    let lend = |at, count| run(&guest_of_list("utf8", &[], None, (at, count)));
    for (at, count) in [
        (65_536, 1),
        (65_528, 1),
        (0, u32::MAX),
        (u32::MAX, 1),
        (2, 1),
        (65_538, 0),
    ] {
        match lend(at, count) {
            Err(Error::AbiViolation { .. }) => {}
            other => panic!("{count} at {at}: {other:?}"),
        }
    }
    assert_eq!(lend(65_536, 0).unwrap(), []);
    assert_eq!(lend(65_524, 1).unwrap(), [(String::new(), 0)]);
    // In memory, and more than the host lets one call make it allocate.
    match lend(0, 4096) {
        Err(Error::Limit {
            what: LimitKind::HostAllocation,
            ..
        }) => {}
        other => panic!("{other:?}"),
    }
}
