//! Enums of 1, 4, 256 and 257 cases.

abide::abi!({ wit: "enums/test.wit", module: "enums" });

use self::enums::{Byte, Color, More, One};

#[derive(Clone)]
struct App;

impl host_async::Enums for App {
    async fn only(&mut self, of: One) -> One {
        of
    }

    async fn next(&mut self, of: Color) -> Color {
        match of {
            Color::Red => Color::Type,
            Color::Green => Color::Red,
            Color::Blue => Color::Green,
            Color::Type => Color::Blue,
        }
    }

    async fn of_bytes(&mut self, of: Vec<Byte>) -> Vec<Byte> {
        of.into_iter().rev().collect()
    }

    async fn of_more(&mut self, of: Vec<More>) -> Vec<More> {
        of.into_iter().rev().collect()
    }

    async fn both(&mut self, of: Vec<(Byte, More, u8)>) -> Vec<(u8, More, Byte)> {
        of.into_iter()
            .map(|(byte, more, n)| (n, more, byte))
            .collect()
    }
}

#[awaited::test]
async fn the_guest_gets_what_the_host_gives() {
    load!(host_async::EnumsWorld, App).run().await.unwrap();
}

#[awaited::test]
async fn the_host_gets_what_the_guest_gives() {
    let guest = load!(host_async::EnumsWorld, App);
    let enums = guest.enums();
    assert_eq!(enums.only(One::Only).await.unwrap(), One::Only);
    let mut color = Color::Red;
    for expected in [Color::Green, Color::Blue, Color::Type, Color::Red] {
        color = enums.next(color).await.unwrap();
        assert_eq!(color, expected);
    }
    let bytes = [Byte::B1, Byte::B127, Byte::B128, Byte::B254, Byte::B255];
    assert!(
        enums
            .of_bytes(&bytes)
            .await
            .unwrap()
            .iter()
            .rev()
            .eq(&bytes)
    );
    let more = [More::M256, More::M0, More::M255, More::M1];
    assert!(enums.of_more(&more).await.unwrap().iter().rev().eq(&more));
    assert_eq!(
        enums
            .both(&[(Byte::B0, More::M256, 7), (Byte::B255, More::M255, 8)])
            .await
            .unwrap(),
        [(7, More::M256, Byte::B0), (8, More::M255, Byte::B255)]
    );
}
