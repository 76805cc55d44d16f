//! Flags of 1, 8, 9, 16, 17 and 32.

abide::abi!({ wit: "flags/test.wit", module: "flags" });

use self::flags_of::{Every, F1, F8, F9, F16, F17, F32x, Rights};

#[derive(Clone)]
struct App;

impl host_async::FlagsOf for App {
    async fn one(&mut self, of: F1) -> F1 {
        super::pause().await;
        of | F1::X0
    }
    async fn eight(&mut self, of: F8) -> F8 {
        super::pause().await;
        of | F8::X0 | F8::X7
    }
    async fn nine(&mut self, of: F9) -> F9 {
        of | F9::X0 | F9::X8
    }
    async fn sixteen(&mut self, of: F16) -> F16 {
        of | F16::X0 | F16::X15
    }
    async fn seventeen(&mut self, of: F17) -> F17 {
        of | F17::X0 | F17::X16
    }
    async fn thirty_two(&mut self, of: F32x) -> F32x {
        of | F32x::X0 | F32x::X31
    }
    async fn named(&mut self, of: Rights) -> Rights {
        of | Rights::READ | Rights::ALL_OF_IT
    }
    async fn inverted(&mut self, of: Vec<Every>) -> Vec<Every> {
        of.into_iter()
            .map(|every| Every {
                a: every.a.complement(),
                b: every.b.complement(),
                d: every.d.complement(),
                e: every.e.complement(),
                f: every.f.complement(),
                g: every.g.complement(),
                ..every
            })
            .collect()
    }
}

#[awaited::test]
async fn the_guest_gets_what_the_host_gives() {
    load!(host_async::FlagsWorld, App).run().await.unwrap();
}

#[awaited::test]
async fn the_host_gets_what_the_guest_gives() {
    let guest = load!(host_async::FlagsWorld, App);
    let flags = guest.flags_of();
    assert_eq!(flags.one(F1::X0).await.unwrap(), F1::empty());
    assert_eq!(flags.one(F1::empty()).await.unwrap().bits(), 1);
    assert_eq!(flags.eight(F8::X7).await.unwrap().bits(), 0x7F);
    assert_eq!(flags.nine(F9::X0).await.unwrap().bits(), 0x1FE);
    assert_eq!(flags.nine(F9::X8).await.unwrap().bits(), 0xFF);
    assert_eq!(flags.sixteen(F16::X15).await.unwrap().bits(), 0x7FFF);
    assert_eq!(flags.seventeen(F17::X16).await.unwrap().bits(), 0xFFFF);
    assert_eq!(flags.seventeen(F17::empty()).await.unwrap(), F17::all());
    assert_eq!(
        flags.thirty_two(F32x::X31).await.unwrap().bits(),
        0x7FFF_FFFF
    );
    assert_eq!(flags.thirty_two(F32x::all()).await.unwrap(), F32x::empty());
    assert_eq!(
        flags.named(Rights::WRITE | Rights::ASYNC).await.unwrap(),
        Rights::READ | Rights::ALL_OF_IT
    );
}

#[awaited::test]
async fn sizes_beside_each_other() {
    let guest = load!(host_async::FlagsWorld, App);
    let every = Every {
        a: F1::X0,
        b: F9::X0 | F9::X7,
        c: 1,
        d: F17::X1 | F17::X15,
        e: F8::empty(),
        f: F32x::X2 | F32x::X30,
        g: F16::X3,
        h: 254,
    };
    let inverted = guest.flags_of().inverted(&[every, every]).await.unwrap();
    let expected = Every {
        a: F1::empty(),
        b: F9::from_bits_truncate(0x17E),
        c: 1,
        d: F17::from_bits_truncate(0x1_7FFD),
        e: F8::all(),
        f: F32x::from_bits_truncate(0xBFFF_FFFB),
        g: F16::from_bits_truncate(0xFFF7),
        h: 254,
    };
    assert_eq!(inverted, [expected, expected]);
}
