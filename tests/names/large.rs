//! A world of a thousand functions.

use abide::CallError;
use abide_build::Target;

use crate::{patient, support};

abide::abi!({ wit: "tests/fixtures/large/wit", module: "large" });

#[derive(Clone)]
struct App;

/// Implements interfaces that have the same functions, each with an answer of its own.
macro_rules! serve {
    ($($interface:ident)*; $functions:tt) => {
        $(serve!(@ $interface $functions);)*
    };
    (@ $interface:ident { $($function:ident)* }) => {
        impl host::$interface for App {
            $(fn $function(&mut self, id: u32, name: &str) -> Result<String, u32> {
                match id {
                    0 => Err(name.len().try_into().unwrap()),
                    _ => Ok(format!("{}.{} {id} {name}", stringify!($interface), stringify!($function))),
                }
            })*
        }
    };
}

serve!(A B C D E; {
    n00 n01 n02 n03 n04 n05 n06 n07 n08 n09 n10 n11 n12 n13 n14 n15 n16 n17 n18 n19 n20
    n21 n22 n23 n24 n25 n26 n27 n28 n29 n30 n31 n32 n33 n34 n35 n36 n37 n38 n39 n40 n41
    n42 n43 n44 n45 n46 n47 n48 n49 n50 n51 n52 n53 n54 n55 n56 n57 n58 n59 n60 n61 n62
    n63 n64 n65 n66 n67 n68 n69 n70 n71 n72 n73 n74 n75 n76 n77 n78 n79 n80 n81 n82 n83
    n84 n85 n86 n87 n88 n89 n90 n91 n92 n93 n94 n95 n96 n97 n98 n99
});

#[test]
fn a_thousand_functions() {
    let guest = host::Large::builder(App)
        .limits(patient())
        .load(support::guest("large", Target::Wasip2))
        .unwrap();
    assert_eq!(guest.a().n00(1, "x").unwrap(), "A.n00 1 x");
    assert_eq!(guest.a().n99(2, "y").unwrap(), "A.n99 2 y");
    assert_eq!(guest.c().n42(3, "ü").unwrap(), "C.n42 3 ü");
    assert_eq!(guest.e().n99(4, "").unwrap(), "E.n99 4 ");
    let error = guest.d().n07(0, "four");
    assert!(matches!(error, Err(CallError::Guest(4))), "{error:?}");
}
