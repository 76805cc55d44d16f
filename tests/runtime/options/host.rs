//! Options, options of options, and options of what is borrowed.

abide::abi!({ wit: "options/test.wit", module: "options" });

use self::options::Every;

#[derive(Clone)]
struct App;

impl host_async::Options for App {
    async fn turned(&mut self, of: Option<u32>) -> Option<u32> {
        super::pause().await;
        of.xor(Some(1))
    }

    async fn depth(&mut self, of: Option<Option<Option<u8>>>) -> u8 {
        super::pause().await;
        match of {
            None => 0,
            Some(None) => 1,
            Some(Some(None)) => 2,
            Some(Some(Some(value))) => value,
        }
    }

    async fn wrapped(&mut self, depth: u8) -> Option<Option<Option<String>>> {
        let innermost = (depth > 2).then(|| "Wirt".to_owned());
        (depth > 0).then(|| (depth > 1).then_some(innermost))
    }

    async fn text(&mut self, of: Option<String>) -> Option<String> {
        of.map(|text| format!("[{text}]"))
    }

    async fn bytes(&mut self, of: Option<Vec<u8>>) -> Option<u32> {
        of.map(|bytes| bytes.iter().copied().map(u32::from).sum())
    }

    async fn both(&mut self, a: Option<f64>, b: Option<char>) -> (Option<char>, Option<f64>) {
        (b, a)
    }

    async fn all(&mut self, of: Every) -> Every {
        Every {
            a: of.a.filter(|a| *a > 0),
            c: of.c.xor(Some("Wirt".to_owned())),
            ..of
        }
    }
}

#[awaited::test]
async fn the_guest_gets_what_the_host_gives() {
    load!(host_async::OptionsWorld, App).run().await.unwrap();
}

#[awaited::test]
async fn every_depth() {
    let guest = load!(host_async::OptionsWorld, App);
    let options = guest.options();
    let depths = [None, Some(None), Some(Some(None)), Some(Some(Some(7)))];
    for (given, expected) in depths.into_iter().zip([0, 1, 2, 7]) {
        assert_eq!(options.depth(given).await.unwrap(), expected);
    }
    assert_eq!(options.wrapped(0).await.unwrap(), None);
    assert_eq!(options.wrapped(1).await.unwrap(), Some(None));
    assert_eq!(options.wrapped(2).await.unwrap(), Some(Some(None)));
    assert_eq!(
        options.wrapped(3).await.unwrap(),
        Some(Some(Some("Gast".to_owned())))
    );
}

#[awaited::test]
async fn the_host_gets_what_the_guest_gives() {
    let guest = load!(host_async::OptionsWorld, App);
    let options = guest.options();
    assert_eq!(options.turned(None).await.unwrap(), Some(2));
    assert_eq!(options.turned(Some(2)).await.unwrap(), None);
    assert_eq!(options.text(None).await.unwrap(), None);
    assert_eq!(options.text(Some("")).await.unwrap().as_deref(), Some("<>"));
    assert_eq!(options.bytes(Some(&[1; 1000])).await.unwrap(), Some(1000));
    assert_eq!(options.bytes(None).await.unwrap(), None);
    assert_eq!(
        options.both(None, Some(char::MAX)).await.unwrap(),
        (Some(char::MAX), None)
    );
    assert_eq!(
        options.both(Some(0.0), None).await.unwrap(),
        (None, Some(0.0))
    );
    let all = Every {
        a: Some(254),
        b: Some(Some(u64::MAX - 1)),
        c: None,
        d: None,
    };
    let expected = Every {
        a: Some(255),
        b: Some(Some(u64::MAX)),
        ..all.clone()
    };
    assert_eq!(options.all(&all).await.unwrap(), expected);
    let all = Every {
        a: None,
        b: Some(None),
        c: Some(String::new()),
        d: Some(Vec::new()),
    };
    assert_eq!(options.all(&all).await.unwrap(), all);
}
