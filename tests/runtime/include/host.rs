//! A world that includes worlds, of this package and of another, under other names.

abide::abi!({ wit: "include/test.wit", module: "include", world: "everything" });

use self::shapes::Size;

#[derive(Clone)]
struct App;

impl host_async::Log for App {
    async fn write(&mut self, text: &str) -> u32 {
        text.len() as u32
    }
}

impl host_async::Shapes for App {
    async fn area(&mut self, of: Size) -> u64 {
        u64::from(of.w) * u64::from(of.h)
    }
}

impl host_async::EverythingImports for App {
    async fn clock(&mut self) -> u64 {
        1 << 40
    }

    async fn other(&mut self) -> bool {
        true
    }
}

#[awaited::test]
async fn everything_is_there_under_its_new_name() {
    let guest = load!(host_async::Everything, App);
    assert_eq!(guest.begin("é").await.unwrap(), "é: 2 at 1099511627776");
    assert_eq!(guest.moment().await.unwrap(), "now 1099511627776");
    assert_eq!(guest.finish().await.unwrap(), 255);
    let size = Size { w: u32::MAX, h: 3 };
    assert_eq!(
        guest.shapes().area(&size).await.unwrap(),
        u64::from(u32::MAX) * 6
    );
}
