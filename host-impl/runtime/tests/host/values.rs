//! Values whose way in and out is this crate's own work: flags of every size, also inside of lists.

use abide_host::__private::{
    self as __abide, Check, Description, Export, Handle, Linker, Signature, Step, World,
    WorldHandle,
};
use abide_host::{Builder, Result};

use crate::kit::component;

__abide::bitflags::bitflags! {
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(crate) struct Nine: u16 {
        const FIRST = 1;
        const LAST = 1 << 8;
    }

    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(crate) struct ThirtyTwo: u32 {
        const FIRST = 1;
        const LAST = 1 << 31;
    }
}
__abide::component_flags!(Nine: u16, ["a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8"]);
__abide::component_flags!(
    ThirtyTwo: u32,
    [
        "b0", "b1", "b2", "b3", "b4", "b5", "b6", "b7", "b8", "b9", "b10", "b11", "b12", "b13",
        "b14", "b15", "b16", "b17", "b18", "b19", "b20", "b21", "b22", "b23", "b24", "b25", "b26",
        "b27", "b28", "b29", "b30", "b31",
    ],
);

/// A guest that gives back what it gets.
fn guest() -> Vec<u8> {
    let flags = |letter: char, count: u32| -> String {
        (0..count)
            .map(|bit| format!(" \"{letter}{bit}\""))
            .collect()
    };
    component(&format!(
        r#"(component
          (core module $m
            (memory (export "memory") 1)
            (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
            (func (export "same") (param i32) (result i32) (local.get 0))
            (func (export "list") (param i32 i32) (result i32)
              (i32.store (i32.const 16) (local.get 0))
              (i32.store (i32.const 20) (local.get 1))
              (i32.const 16)))
          (core instance $i (instantiate $m))
          (type $nine' (flags{nine}))
          (export $nine "nine" (type $nine'))
          (type $thirty-two' (flags{thirty_two}))
          (export $thirty-two "thirty-two" (type $thirty-two'))
          (func $f (param "f" $nine) (result $nine) (canon lift (core func $i "same")))
          (func $g (param "f" $thirty-two) (result $thirty-two) (canon lift (core func $i "same")))
          (func $h (param "l" (list $nine)) (result (list $nine))
            (canon lift (core func $i "list") (memory $i "memory") (realloc (func $i "realloc"))))
          (export "same-nine" (func $f))
          (export "same-thirty-two" (func $g))
          (export "same-list" (func $h)))"#,
        nine = flags('a', 9),
        thirty_two = flags('b', 32),
    ))
}

struct Echo(Handle<Echo>);

struct EchoExports {
    nine: Export<(Nine,), (Nine,)>,
    thirty_two: Export<(ThirtyTwo,), (ThirtyTwo,)>,
    list: Export<(&'static [Nine],), (Vec<Nine>,)>,
}

const fn signature(name: &'static str) -> Signature {
    Signature {
        interface: "",
        name,
        params: &[],
        result: None,
    }
}

impl World for Echo {
    type Exports = EchoExports;

    const DESCRIPTION: &'static Description = &Description {
        name: "test:echo/echo",
        functions: &[
            signature("same-nine"),
            signature("same-thirty-two"),
            signature("same-list"),
        ],
        exports: ..3,
        imports: 3..,
        resources: &[],
    };

    fn exports(check: &mut Check<'_>) -> Option<EchoExports> {
        let nine = check.export(0);
        let thirty_two = check.export(1);
        let list = check.export(2);
        Some(EchoExports {
            nine: nine?,
            thirty_two: thirty_two?,
            list: list?,
        })
    }
}

impl WorldHandle for Echo {
    fn from_handle(handle: Handle<Self>) -> Self {
        Self(handle)
    }

    fn handle(&self) -> &Handle<Self> {
        &self.0
    }
}

#[test]
fn flags_of_every_size_go_in_and_out() -> Result<()> {
    fn link(_: &mut Linker) -> Step {
        Ok(())
    }
    let Echo(handle) = Builder::new::<(), ()>((), link).load_bytes(guest())?;
    for bits in [0, 1, 1 << 8, 0x1ff] {
        let flags = Nine::from_bits_retain(bits);
        assert_eq!(handle.call(0, |exports| &exports.nine, (flags,))?, (flags,));
        // A bit that no flag stands for stays outside.
        let stray = Nine::from_bits_retain(bits | 1 << 9);
        assert_eq!(handle.call(0, |exports| &exports.nine, (stray,))?, (flags,));
    }
    for bits in [0, 1, 1 << 31, u32::MAX] {
        let flags = ThirtyTwo::from_bits_retain(bits);
        assert_eq!(
            handle.call(1, |exports| &exports.thirty_two, (flags,))?,
            (flags,)
        );
    }
    let list = [Nine::LAST, Nine::empty(), Nine::FIRST, Nine::all()];
    let (same,) = handle.call(2, |exports| &exports.list, (&list[..],))?;
    assert_eq!(same, list);
    Ok(())
}
