//! Lists of flat values: what is read, written and refused is what the engine reads, writes and
//! refuses for the same type by its own derive.

use abide_host::__private::{self as __abide, wasmtime};
use proptest::prelude::*;
use wasmtime::component::{
    Component, ComponentNamedList, Instance, Lift, Linker, Lower, TypedFunc,
};
use wasmtime::{Config, Engine, Result, Store};

use crate::kit::component;

/// Size and alignment of a [`Mixed`] by the canonical ABI.
const SIZE: usize = 64;

#[derive(Debug, Clone, Copy, PartialEq, __abide::ComponentType, __abide::Lift, __abide::Lower)]
#[component(enum)]
#[component(wasmtime_crate = __abide::wasmtime)]
#[repr(u8)]
enum Kind {
    #[component(name = "low")]
    Low,
    #[component(name = "middle")]
    Middle,
    #[component(name = "high")]
    High,
}
__abide::flat_enum!(Kind: u8 { Low, Middle, High });

__abide::bitflags::bitflags! {
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    struct Marks: u16 {
        const ANY = !0;
    }
}
__abide::component_flags!(Marks: u16, ["m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8"]);

/// Types made by this crate.
mod ours {
    use super::{__abide, Kind, Marks};

    #[derive(Debug, Clone, Copy, PartialEq)]
    pub(super) struct Spot {
        pub(super) x: f32,
        pub(super) shown: bool,
    }
    __abide::flat_record!(pub(super) Spot {
        x: f32 = "x",
        shown: bool = "shown"
    });

    /// One field of every type that there is, with padding between them and at the end.
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub(super) struct Mixed {
        pub(super) tiny: u8,
        pub(super) real: f64,
        pub(super) kind: Kind,
        pub(super) letter: char,
        pub(super) marks: Marks,
        pub(super) spot: Spot,
        pub(super) pair: (i8, u16),
        pub(super) on: bool,
        pub(super) maybe: Option<char>,
        pub(super) signed: i64,
    }
    __abide::flat_record!(pub(super) Mixed {
        tiny: u8 = "tiny",
        real: f64 = "real",
        kind: Kind = "kind",
        letter: char = "letter",
        marks: Marks = "marks",
        spot: Spot = "spot",
        pair: (i8, u16) = "pair",
        on: bool = "on",
        maybe: Option<char> = "maybe",
        signed: i64 = "signed",
    });
}

/// The same types, made by the engine's derives.
mod engines {
    use super::{__abide, Kind, Marks};

    #[derive(
        Debug, Clone, Copy, PartialEq, __abide::ComponentType, __abide::Lift, __abide::Lower,
    )]
    #[component(record)]
    #[component(wasmtime_crate = __abide::wasmtime)]
    pub(super) struct Spot {
        pub(super) x: f32,
        pub(super) shown: bool,
    }

    #[derive(
        Debug, Clone, Copy, PartialEq, __abide::ComponentType, __abide::Lift, __abide::Lower,
    )]
    #[component(record)]
    #[component(wasmtime_crate = __abide::wasmtime)]
    pub(super) struct Mixed {
        pub(super) tiny: u8,
        pub(super) real: f64,
        pub(super) kind: Kind,
        pub(super) letter: char,
        pub(super) marks: Marks,
        pub(super) spot: Spot,
        pub(super) pair: (i8, u16),
        pub(super) on: bool,
        pub(super) maybe: Option<char>,
        pub(super) signed: i64,
    }
}

impl From<ours::Mixed> for engines::Mixed {
    fn from(of: ours::Mixed) -> Self {
        Self {
            tiny: of.tiny,
            real: of.real,
            kind: of.kind,
            letter: of.letter,
            marks: of.marks,
            spot: engines::Spot {
                x: of.spot.x,
                shown: of.spot.shown,
            },
            pair: of.pair,
            on: of.on,
            maybe: of.maybe,
            signed: of.signed,
        }
    }
}

fn kinds() -> impl Strategy<Value = Kind> {
    prop_oneof![Just(Kind::Low), Just(Kind::Middle), Just(Kind::High)]
}

prop_compose! {
    fn mixed()(
        (tiny, real, kind, letter, marks) in (
            any::<u8>(), proptest::num::f64::NORMAL, kinds(), any::<char>(), 0..0x200_u16,
        ),
        (x, shown, pair, on, maybe, signed) in (
            proptest::num::f32::NORMAL, any::<bool>(), any::<(i8, u16)>(), any::<bool>(), any::<Option<char>>(),
            any::<i64>(),
        ),
    ) -> ours::Mixed {
        ours::Mixed {
            tiny,
            real,
            kind,
            letter,
            marks: Marks::from_bits_retain(marks),
            spot: ours::Spot { x, shown },
            pair,
            on,
            maybe,
            signed,
        }
    }
}

/// The bytes of a record as they may be in a guest: mostly such that they stand for a value.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let letter = || prop_oneof![9 => any::<char>().prop_map(u32::from), 1 => any::<u32>()];
    let kind = prop_oneof![9 => 0..3_u8, 1 => any::<u8>()];
    let tag = prop_oneof![9 => 0..2_u8, 1 => any::<u8>()];
    let bytes = proptest::collection::vec(any::<u8>(), SIZE);
    (bytes, kind, letter(), tag, letter()).prop_map(|(mut bytes, kind, letter, tag, other)| {
        bytes[16] = kind;
        bytes[44] = tag;
        bytes[48..52].copy_from_slice(&other.to_le_bytes());
        bytes[20..24].copy_from_slice(&letter.to_le_bytes());
        bytes
    })
}

struct Guest {
    store: Store<()>,
    instance: Instance,
}

impl Guest {
    fn new() -> Result<Self> {
        let mut config = Config::new();
        config.concurrency_support(false);
        let engine = Engine::new(&config)?;
        let guest = Component::new(&engine, component(include_str!("flat.wat")))?;
        let mut store = Store::new(&engine, ());
        let instance = Linker::new(&engine).instantiate(&mut store, &guest)?;
        Ok(Self { store, instance })
    }

    fn func<P, R>(&mut self, name: &str) -> Result<TypedFunc<P, R>>
    where
        P: ComponentNamedList + Lower,
        R: ComponentNamedList + Lift,
    {
        self.instance.get_typed_func(&mut self.store, name)
    }

    /// The bytes of `records` in memory, lowered as `P`, over memory that was full of `before`.
    fn put<P: Lower>(&mut self, records: &[P], before: u8) -> Result<Vec<u8>> {
        let fill = self.func::<(&[u8],), (Vec<u8>,)>("fill")?;
        fill.call(&mut self.store, (&vec![before; records.len() * SIZE],))?;
        let put = self.func::<(&[P],), (Vec<u8>,)>("put")?;
        Ok(put.call(&mut self.store, (records,))?.0)
    }

    /// The records that `bytes` are, lifted as `R`.
    fn get<R: Lift + 'static>(&mut self, bytes: &[u8]) -> Result<R> {
        let get = self.func::<(&[u8],), (R,)>("get")?;
        Ok(get.call(&mut self.store, (bytes,))?.0)
    }

    /// The records at a place in memory, lifted as `R`.
    fn at<R: Lift + 'static>(&mut self, pointer: u32, len: u32) -> Result<R> {
        let at = self.func::<(u32, u32), (R,)>("at")?;
        Ok(at.call(&mut self.store, (pointer, len))?.0)
    }
}

/// The same outcome: the same values, or an error in the same words.
fn assert_same(ours: Result<Vec<ours::Mixed>>, engines: Result<Vec<engines::Mixed>>) {
    match (ours, engines) {
        // As text, since one NaN does not equal another.
        (Ok(ours), Ok(engines)) => assert_eq!(format!("{ours:?}"), format!("{engines:?}")),
        (Err(ours), Err(engines)) => {
            assert_eq!(
                ours.root_cause().to_string(),
                engines.root_cause().to_string()
            );
        }
        (ours, engines) => panic!("ours: {ours:?}; the engine's: {engines:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn records_are_written_as_the_engine_writes_them(
        records in proptest::collection::vec(mixed(), 0..20),
        before: u8,
    ) {
        let same: Vec<_> = records.iter().copied().map(engines::Mixed::from).collect();
        let mut guest = Guest::new().unwrap();
        let engines = guest.put(&same, before).unwrap();
        let ours = guest.put(&records, before).unwrap();
        // Padding included: it is not written by either.
        prop_assert_eq!(ours, engines);
    }

    #[test]
    fn records_are_read_and_refused_as_the_engine_does(
        records in proptest::collection::vec(bytes(), 0..6),
    ) {
        let bytes = records.concat();
        let ours = Guest::new().unwrap().get(&bytes);
        let engines = Guest::new().unwrap().get(&bytes);
        assert_same(ours, engines);
    }

    #[test]
    fn places_in_memory_are_checked_as_the_engine_does(
        pointer in prop_oneof![0..2048_u32, 0x1_ff00..0x2_0040_u32, any::<u32>()],
        len in prop_oneof![0..3_u32, any::<u32>()],
    ) {
        let ours = Guest::new().unwrap().at(pointer, len);
        let engines = Guest::new().unwrap().at(pointer, len);
        assert_same(ours, engines);
    }

    #[test]
    fn single_records_are_passed_as_the_engine_passes_them(record in mixed()) {
        let mut guest = Guest::new().unwrap();
        type Same<T> = TypedFunc<(T,), (T,)>;
        let ours: Same<ours::Mixed> = guest.func("same").unwrap();
        let engines: Same<engines::Mixed> = guest.func("same").unwrap();
        prop_assert_eq!(ours.call(&mut guest.store, (record,)).unwrap().0, record);
        let record = engines::Mixed::from(record);
        prop_assert_eq!(engines.call(&mut guest.store, (record,)).unwrap().0, record);
        let spot: Same<ours::Spot> = guest.func("same-spot").unwrap();
        let sent = ours::Spot { x: record.spot.x, shown: record.spot.shown };
        prop_assert_eq!(spot.call(&mut guest.store, (sent,)).unwrap().0, sent);
    }
}

#[test]
fn a_list_costs_what_it_makes_the_host_allocate() -> Result<()> {
    let bytes = [0; 10 * SIZE];
    let enough = 10 * size_of::<ours::Mixed>();
    for (fuel, fits) in [(enough, true), (enough - 1, false)] {
        let mut guest = Guest::new()?;
        guest.store.set_hostcall_fuel(fuel);
        assert_eq!(
            guest.get::<Vec<ours::Mixed>>(&bytes).is_ok(),
            fits,
            "ours with {fuel}"
        );
        let mut guest = Guest::new()?;
        guest.store.set_hostcall_fuel(fuel);
        assert_eq!(
            guest.get::<Vec<engines::Mixed>>(&bytes).is_ok(),
            fits,
            "the engine's with {fuel}"
        );
    }
    Ok(())
}

#[test]
fn a_record_of_another_shape_is_refused() -> Result<()> {
    let mut guest = Guest::new()?;
    assert!(guest.func::<(&[ours::Spot],), (Vec<u8>,)>("put").is_err());
    assert!(guest.func::<(&[u8],), (Vec<ours::Spot>,)>("get").is_err());
    assert!(guest.func::<(&[ours::Mixed],), (Vec<u8>,)>("put").is_ok());
    Ok(())
}
