//! Namespaces and packages that are called like interfaces inside the world, and like what is in
//! the guest's code.

abide::abi!({ wit: "namespaces/test.wit", module: "namespaces" });

use self::node::Point;

#[derive(Clone)]
struct App;

struct Line(u32);

impl host_async::Node for App {
    type Line = Line;

    async fn line_new(&mut self, of: Vec<Point>) -> Line {
        Line(of.len() as u32)
    }

    async fn mirror(&mut self, of: Point) -> Point {
        Point { x: of.y, y: of.x }
    }
}

impl host_async::node::Line for Line {
    async fn length(&mut self) -> u32 {
        self.0
    }
}

impl host_async::If for App {
    async fn x86(&mut self, mode: if_::Mode) -> Point {
        match mode {
            if_::Mode::On => Point { x: 100, y: 10 },
            if_::Mode::Off => Point { x: 0, y: 0 },
        }
    }
}

impl host_async::SideKv for App {
    async fn get(&mut self, key: &str) -> Option<String> {
        (!key.is_empty()).then(|| key.to_uppercase())
    }
}

impl host_async::ExportsKv for App {
    async fn put(&mut self, key: &str, value: &str) -> u32 {
        (key.len() * 10 + value.len()) as u32
    }
}

impl host_async::ExportsExports for App {
    async fn exports(&mut self) -> u8 {
        41
    }
}

impl host_async::Exports for App {
    async fn side(&mut self, of: u32) -> u32 {
        of + 1
    }
}

#[awaited::test]
async fn every_function_is_the_right_one() {
    let guest = load!(host_async::Namespaces, App);
    let (point, mirrored) = (Point { x: 1, y: -2 }, Point { x: -2, y: 1 });
    assert_eq!(guest.node().mirror(&point).await.unwrap(), mirrored);
    assert_eq!(guest.exported_if().x86(&point).await.unwrap(), 108);
    assert_eq!(
        guest.side_kv().get("ä").await.unwrap(),
        Some("Ä".to_owned())
    );
    assert_eq!(guest.side_kv().get("").await.unwrap(), None);
    assert_eq!(guest.exports_kv().put("a", "bcd").await.unwrap(), 13);
    assert_eq!(guest.exports_exports().exports().await.unwrap(), 42);
    assert_eq!(guest.side().exports(4).await.unwrap(), 10);
}

#[awaited::test]
async fn resources_too() {
    let session = load!(host_async::Namespaces, App).session().await.unwrap();
    let line = session
        .node()
        .line_new(&[Point { x: 0, y: 0 }; 3])
        .await
        .unwrap();
    assert_eq!(line.length().await.unwrap(), 4);
}
