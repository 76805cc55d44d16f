//! Lists of flat values: what is read, written and refused is what the engine reads, writes and refuses
//! for the same type by its own derive.

use abide_host::__private::{self as __abide, FlatSlice, FlatVec, wasmtime};
use proptest::prelude::*;
use wasmtime::component::{
    Component, ComponentNamedList, Instance, Lift, Linker, Lower, TypedFunc,
};
use wasmtime::{Config, Engine, Result, Store};

use crate::kit::component;

/// Size and alignment of a [`Mixed`] by the canonical ABI.
const SIZE: usize = 56;

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

#[derive(Debug, Clone, Copy, PartialEq, __abide::ComponentType, __abide::Lift, __abide::Lower)]
#[component(record)]
#[component(wasmtime_crate = __abide::wasmtime)]
struct Spot {
    x: f32,
    shown: bool,
}
__abide::flat_record!(Spot {
    x: f32,
    shown: bool
});

/// One field of every type that there is, with padding between them and at the end.
#[derive(Debug, Clone, Copy, PartialEq, __abide::ComponentType, __abide::Lift, __abide::Lower)]
#[component(record)]
#[component(wasmtime_crate = __abide::wasmtime)]
struct Mixed {
    tiny: u8,
    real: f64,
    kind: Kind,
    letter: char,
    marks: Marks,
    spot: Spot,
    pair: (i8, u16),
    on: bool,
    signed: i64,
}
__abide::flat_record!(Mixed {
    tiny: u8,
    real: f64,
    kind: Kind,
    letter: char,
    marks: Marks,
    spot: Spot,
    pair: (i8, u16),
    on: bool,
    signed: i64,
});

fn kinds() -> impl Strategy<Value = Kind> {
    prop_oneof![Just(Kind::Low), Just(Kind::Middle), Just(Kind::High)]
}

prop_compose! {
    fn mixed()(
        (tiny, real, kind, letter, marks) in (
            any::<u8>(), proptest::num::f64::NORMAL, kinds(), any::<char>(), 0..0x200_u16,
        ),
        (x, shown, pair, on, signed) in (
            proptest::num::f32::NORMAL, any::<bool>(), any::<(i8, u16)>(), any::<bool>(), any::<i64>(),
        ),
    ) -> Mixed {
        Mixed {
            tiny,
            real,
            kind,
            letter,
            marks: Marks::from_bits_retain(marks),
            spot: Spot { x, shown },
            pair,
            on,
            signed,
        }
    }
}

/// The bytes of a record as they may be in a guest: mostly such that they stand for a value.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let letter = prop_oneof![9 => any::<char>().prop_map(u32::from), 1 => any::<u32>()];
    let kind = prop_oneof![9 => 0..3_u8, 1 => any::<u8>()];
    let bytes = proptest::collection::vec(any::<u8>(), SIZE);
    (bytes, kind, letter).prop_map(|(mut bytes, kind, letter)| {
        bytes[16] = kind;
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
    fn put<P: Lower + 'static>(&mut self, records: P, len: usize, before: u8) -> Result<Vec<u8>> {
        let fill = self.func::<(&[u8],), (Vec<bool>,)>("as-bools")?;
        fill.call(&mut self.store, (&vec![before; len * SIZE],))?;
        let put = self.func::<(P,), (Vec<u8>,)>("put")?;
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
fn assert_same(ours: Result<FlatVec<Mixed>>, engines: Result<Vec<Mixed>>) {
    match (ours.map(FlatVec::into_vec), engines) {
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
        let records: &'static [Mixed] = records.leak();
        let mut guest = Guest::new().unwrap();
        let engines = guest.put(records, records.len(), before).unwrap();
        let ours = guest.put(FlatSlice(records), records.len(), before).unwrap();
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
    fn tuples_and_bools_come_back(
        tuples in proptest::collection::vec(any::<(u16, char)>(), 0..20),
        bools in proptest::collection::vec(any::<bool>(), 0..20),
    ) {
        type Tuple = (u16, char);
        let mut guest = Guest::new().unwrap();
        let same = guest.func::<(FlatSlice<'_, Tuple>,), (FlatVec<Tuple>,)>("tuples").unwrap();
        let (back,) = same.call(&mut guest.store, (FlatSlice(&tuples),)).unwrap();
        prop_assert_eq!(back.into_vec(), tuples);
        let same = guest.func::<(FlatSlice<'_, bool>,), (FlatVec<bool>,)>("bools").unwrap();
        let (back,) = same.call(&mut guest.store, (FlatSlice(&bools),)).unwrap();
        prop_assert_eq!(back.into_vec(), bools);
    }
}

#[test]
fn every_byte_but_zero_is_true() -> Result<()> {
    let mut guest = Guest::new()?;
    let as_bools = guest.func::<(&[u8],), (FlatVec<bool>,)>("as-bools")?;
    let (bools,) = as_bools.call(&mut guest.store, (&[0, 1, 2, 128, 255][..],))?;
    assert_eq!(bools.into_vec(), [false, true, true, true, true]);
    Ok(())
}

#[test]
fn a_list_costs_what_it_makes_the_host_allocate() -> Result<()> {
    let bytes = [0; 10 * SIZE];
    let enough = 10 * size_of::<Mixed>();
    for (fuel, fits) in [(enough, true), (enough - 1, false)] {
        let mut guest = Guest::new()?;
        guest.store.set_hostcall_fuel(fuel);
        assert_eq!(
            guest.get::<FlatVec<Mixed>>(&bytes).is_ok(),
            fits,
            "ours with {fuel}"
        );
        let mut guest = Guest::new()?;
        guest.store.set_hostcall_fuel(fuel);
        assert_eq!(
            guest.get::<Vec<Mixed>>(&bytes).is_ok(),
            fits,
            "the engine's with {fuel}"
        );
    }
    Ok(())
}

#[test]
fn a_list_of_another_type_is_refused() -> Result<()> {
    let mut guest = Guest::new()?;
    assert!(
        guest
            .func::<(FlatSlice<'_, Spot>,), (Vec<u8>,)>("put")
            .is_err()
    );
    assert!(guest.func::<(&[u8],), (FlatVec<Spot>,)>("get").is_err());
    assert!(
        guest
            .func::<(FlatSlice<'_, Mixed>,), (Vec<u8>,)>("put")
            .is_ok()
    );
    Ok(())
}
