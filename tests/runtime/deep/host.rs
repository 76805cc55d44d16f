//! Types as deep as a component can have them.

abide::abi!({ wit: "deep/test.wit", module: "deep" });

use self::depths::{Mixed, R97};

#[derive(Clone)]
struct App;

impl host_async::Depths for App {
    async fn innermost(&mut self, of: R97) -> u64 {
        // The text of a record names all that is in it.
        let text = format!("{of:?}");
        let digits: String = text
            .rsplit("value: ")
            .next()
            .unwrap_or("")
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        assert_eq!(text.matches("inner: ").count(), 97);
        digits.parse().unwrap()
    }

    async fn wrapped(&mut self, value: u64) -> R97 {
        deep(value)
    }

    async fn turned(&mut self, of: Mixed) -> Mixed {
        of
    }
}

/// A record in a record in a record …
macro_rules! nested {
    ($value:expr; $($name:ident)*) => {{
        let inner = self::depths::R0 { value: $value };
        $(let inner = self::depths::$name { inner };)*
        inner
    }};
}

fn deep(value: u64) -> R97 {
    nested!(value; R1 R2 R3 R4 R5 R6 R7 R8 R9 R10 R11 R12 R13 R14 R15 R16 R17 R18 R19 R20 R21 R22 R23 R24 R25 R26 R27 R28 R29 R30 R31 R32 R33 R34 R35 R36 R37 R38 R39 R40 R41 R42 R43 R44 R45 R46 R47 R48 R49 R50 R51 R52 R53 R54 R55 R56 R57 R58 R59 R60 R61 R62 R63 R64 R65 R66 R67 R68 R69 R70 R71 R72 R73 R74 R75 R76 R77 R78 R79 R80 R81 R82 R83 R84 R85 R86 R87 R88 R89 R90 R91 R92 R93 R94 R95 R96 R97)
}

#[awaited::test]
async fn records_in_records() {
    let guest = load!(host_async::Deep, App);
    let depths = guest.depths();
    assert_eq!(
        depths.innermost(&deep(u64::MAX - 1)).await.unwrap(),
        u64::MAX
    );
    assert_eq!(depths.wrapped(41).await.unwrap(), deep(42));
}

#[awaited::test]
async fn everything_in_everything() {
    let guest = load!(host_async::Deep, App);
    let full: Mixed = (
        23,
        Ok(Some(vec![(
            19,
            Ok(Some(vec![(
                15,
                Ok(Some(vec![(
                    11,
                    Ok(Some(vec![(7, Ok(Some(vec![(3, Ok(Some(vec![0xABCD])))])))])),
                )])),
            )])),
        )])),
    );
    let ending: Mixed = (
        23,
        Ok(Some(vec![(
            19,
            Ok(Some(vec![(
                15,
                Ok(Some(vec![(11, Ok(Some(vec![(7, Err("ü".to_owned()))])))])),
            )])),
        )])),
    );
    let (23, Ok(_)) = &full else {
        panic!("{full:?}")
    };
    for mixed in [full, ending] {
        let (number, inner) = &mixed;
        let inner = inner.as_ref().map_err(String::as_str);
        let inner = inner.map(Option::as_deref);
        assert_eq!(
            guest.depths().turned((*number, inner)).await.unwrap(),
            mixed
        );
    }
}
