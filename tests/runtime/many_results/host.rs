//! Functions that answer with nothing, with one value and with up to twelve.

abide::abi!({ wit: "many_results/test.wit", module: "many_results" });

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use self::answers::Point;

#[derive(Clone, Default)]
struct App {
    nothings: Arc<AtomicU32>,
}

type Twelve = (
    u8,
    String,
    i64,
    Vec<u8>,
    f32,
    bool,
    Option<u16>,
    char,
    Point,
    Vec<Point>,
    Result<u8, String>,
    u8,
);

impl host_async::Answers for App {
    async fn nothing(&mut self) {
        self.nothings.fetch_add(1, Ordering::Relaxed);
    }

    async fn one(&mut self, seed: u8) -> u64 {
        u64::from(seed) << 32
    }

    async fn two(&mut self, seed: u8) -> (u8, u64) {
        (seed, u64::from(seed) << 50)
    }

    async fn texts(&mut self, seed: u8) -> (String, String, String) {
        let text = ('a'..).take(seed.into()).collect();
        (text, "Wirt\0".to_owned(), String::new())
    }

    async fn twelve(&mut self, seed: u8) -> Twelve {
        (
            seed,
            String::new(),
            i64::MIN,
            Vec::new(),
            -0.25,
            false,
            None,
            '\0',
            Point { x: 255, y: -1.0 },
            Vec::new(),
            Ok(3),
            4,
        )
    }
}

#[awaited::test]
async fn the_guest_gets_what_the_host_gives() {
    let app = App::default();
    load!(host_async::ManyResults, app.clone())
        .run()
        .await
        .unwrap();
    assert_eq!(app.nothings.load(Ordering::Relaxed), 1);
}

#[awaited::test]
async fn the_host_gets_what_the_guest_gives() {
    let app = App::default();
    let guest = load!(host_async::ManyResults, app.clone());
    let answers = guest.answers();
    answers.nothing().await.unwrap();
    assert_eq!(app.nothings.load(Ordering::Relaxed), 1);
    assert_eq!(answers.one(3).await.unwrap(), 3 << 33);
    assert_eq!(answers.two(254).await.unwrap(), (255, 254 << 40));
    let (first, second, third) = answers.texts(100).await.unwrap();
    assert_eq!(first, "é".repeat(100));
    assert_eq!((&*second, &*third), ("", "Gast 100"));
    let point = Point { x: 5, y: 0.625 };
    let expected: Twelve = (
        5,
        "Gast".to_owned(),
        -6,
        vec![5; 3],
        0.5,
        true,
        Some(0xFFFF),
        '🦀',
        point,
        vec![point; 2],
        Err("Fehler".to_owned()),
        255,
    );
    assert_eq!(answers.twelve(5).await.unwrap(), expected);
}
