//! Types nested as deep as a component can have them.

use abide_build::Target;

use crate::{patient, support};

abide::abi!({ wit: "tests/fixtures/deep/wit", module: "deep" });

use nested::*;

/// Wraps a value in as many layers as there are `x`.
macro_rules! layers {
    ($layer:path, $value:expr;) => { $value };
    ($layer:path, $value:expr; x $($more:tt)*) => { layers!($layer, $layer($value); $($more)*) };
    ($layer:path, $value:expr) => { layers!($layer, $value;
        x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x
        x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x
        x x x x x x x x x x x x x x x x x
    ) };
}

/// Lists are nested less: each is three types to the compiler, and it follows 128.
macro_rules! lists {
    ($value:expr) => { layers!(list, $value;
        x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x
    ) };
}

/// Wraps a value in records, the innermost first.
macro_rules! records {
    ($value:expr;) => { $value };
    ($value:expr; $name:ident $($more:ident)*) => { records!($name { at: $value }; $($more)*) };
    ($value:expr) => { records!($value;
        R0 R1 R2 R3 R4 R5 R6 R7 R8 R9 R10 R11 R12 R13 R14 R15 R16 R17 R18 R19 R20 R21 R22
        R23 R24 R25 R26 R27 R28 R29 R30 R31 R32 R33 R34 R35 R36 R37 R38 R39 R40 R41 R42
        R43 R44 R45 R46 R47 R48 R49 R50 R51 R52 R53 R54 R55 R56 R57 R58 R59 R60 R61 R62
        R63 R64 R65 R66 R67 R68 R69 R70 R71 R72 R73 R74 R75 R76 R77 R78 R79 R80 R81 R82
        R83 R84 R85 R86 R87 R88 R89 R90 R91 R92 R93 R94 R95 R96 R97 R98
    ) };
}

fn list<T>(of: T) -> Vec<T> {
    vec![of]
}

fn okay<T>(of: T) -> Result<T, ()> {
    Ok(of)
}

fn tuple<T>(of: T) -> (T,) {
    (of,)
}

#[derive(Clone)]
struct App;

impl host::Nested for App {
    fn pass_records(&mut self, value: R98) -> R98 {
        value
    }

    fn pass_options(&mut self, value: Options) -> Options {
        value
    }

    fn pass_lists(&mut self, value: Lists) -> Lists {
        value
    }

    fn pass_results(&mut self, value: Results) -> Option<u8> {
        (value == layers!(okay, 3)).then_some(4)
    }

    fn pass_tuples(&mut self, value: Tuples) -> Tuples {
        value
    }
}

#[test]
fn a_hundred_levels() {
    let guest = host::Deep::builder(App)
        .limits(patient())
        .load(support::guest("deep", Target::Wasip2))
        .unwrap();
    let guest = guest.nested();
    let records = records!(1);
    assert_eq!(guest.pass_records(&records).unwrap(), records);
    let options = layers!(Some, 2);
    assert_eq!(guest.pass_options(options).unwrap(), options);
    let lists = lists!(5);
    assert_eq!(guest.pass_lists(&lists).unwrap(), lists);
    assert_eq!(guest.pass_results(layers!(okay, 3)).unwrap(), Some(4));
    let tuples = layers!(tuple, 6);
    assert_eq!(guest.pass_tuples(tuples).unwrap(), tuples);
}
