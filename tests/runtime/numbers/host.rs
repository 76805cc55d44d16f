//! Integers of every width at the ends of their ranges, and booleans.

abide::abi!({ wit: "numbers/test.wit", module: "numbers" });

#[derive(Clone)]
struct App;

impl host_async::Numbers for App {
    async fn on_u8(&mut self, a: u8) -> u8 {
        a.wrapping_add(3)
    }
    async fn on_s8(&mut self, a: i8) -> i8 {
        a.wrapping_add(3)
    }
    async fn on_u16(&mut self, a: u16) -> u16 {
        a.wrapping_add(3)
    }
    async fn on_s16(&mut self, a: i16) -> i16 {
        a.wrapping_add(3)
    }
    async fn on_u32(&mut self, a: u32) -> u32 {
        a.wrapping_add(3)
    }
    async fn on_s32(&mut self, a: i32) -> i32 {
        a.wrapping_add(3)
    }
    async fn on_u64(&mut self, a: u64) -> u64 {
        a.wrapping_add(3)
    }
    async fn on_s64(&mut self, a: i64) -> i64 {
        a.wrapping_add(3)
    }
    async fn on_bool(&mut self, a: bool) -> bool {
        !a
    }
    async fn mixed(
        &mut self,
        a: u8,
        b: i16,
        c: u32,
        d: i64,
        e: bool,
        f: i8,
        g: u16,
        h: i32,
        i: u64,
    ) -> String {
        format!("host {a} {b} {c} {d} {e} {f} {g} {h} {i}")
    }
}

#[awaited::test]
async fn the_guest_gets_what_the_host_gives() {
    load!(host_async::NumbersWorld, App).run().await.unwrap();
}

#[awaited::test]
async fn the_host_gets_what_the_guest_gives() {
    let guest = load!(host_async::NumbersWorld, App);
    let numbers = guest.numbers();
    for (given, expected) in [(0, 253), (2, 255), (3, 0), (128, 125), (255, 252)] {
        assert_eq!(numbers.on_u8(given).await.unwrap(), expected);
    }
    for (given, expected) in [(0, -3), (-128, 125), (127, 124), (-125, -128)] {
        assert_eq!(numbers.on_s8(given).await.unwrap(), expected);
    }
    assert_eq!(numbers.on_u16(0).await.unwrap(), u16::MAX - 2);
    assert_eq!(numbers.on_s16(i16::MIN).await.unwrap(), i16::MAX - 2);
    assert_eq!(numbers.on_u32(1).await.unwrap(), u32::MAX - 1);
    assert_eq!(numbers.on_s32(i32::MIN).await.unwrap(), i32::MAX - 2);
    assert_eq!(numbers.on_u64(0).await.unwrap(), u64::MAX - 2);
    assert_eq!(numbers.on_u64(0x1_0000_0000).await.unwrap(), 0xFFFF_FFFD);
    assert_eq!(numbers.on_s64(i64::MIN).await.unwrap(), i64::MAX - 2);
    assert!(numbers.on_bool(false).await.unwrap());
    assert!(!numbers.on_bool(true).await.unwrap());
}

#[awaited::test]
async fn neighbours_keep_apart() {
    let guest = load!(host_async::NumbersWorld, App);
    let text = guest
        .numbers()
        .mixed(200, -300, 3_000_000_000, -5, true, -6, 60_000, -8, u64::MAX)
        .await
        .unwrap();
    assert_eq!(
        text,
        "guest 200 -300 3000000000 -5 true -6 60000 -8 18446744073709551615"
    );
}
