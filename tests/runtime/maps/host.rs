//! Maps as lists of pairs, of which some hold lists of pairs.

abide::abi!({ wit: "maps/test.wit", module: "maps" });

use std::collections::{BTreeMap, HashMap};

use self::maps::{Headers, Index};

#[derive(Clone)]
struct App;

impl host_async::Maps for App {
    async fn added(&mut self, mut to: Headers, name: &str, value: &str) -> Headers {
        super::pause().await;
        to.insert(0, (name.to_owned(), value.to_owned()));
        to
    }

    async fn turned(&mut self, of: Index) -> Vec<(String, u32)> {
        let mut turned = BTreeMap::new();
        for (number, names) in of {
            turned.extend(names.into_iter().map(|name| (name, number)));
        }
        turned.into_iter().collect()
    }

    async fn looked_up(
        &mut self,
        in_: Vec<(String, Option<f64>)>,
        name: &str,
    ) -> Option<Option<f64>> {
        super::pause().await;
        in_.into_iter().collect::<HashMap<_, _>>().remove(name)
    }

    async fn counted(&mut self, text: &str) -> Vec<(char, u64)> {
        let mut counts = BTreeMap::<char, u64>::new();
        text.chars()
            .for_each(|c| *counts.entry(c).or_default() += 1);
        counts.into_iter().collect()
    }

    async fn two_deep(&mut self, of: Vec<(String, Headers)>) -> Vec<(String, u32)> {
        let length = |(name, headers): (String, Headers)| (name, headers.len() as u32);
        of.into_iter().map(length).collect()
    }
}

fn pairs<const N: usize>(of: [(&str, &str); N]) -> Headers {
    of.map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}

#[awaited::test]
async fn the_guest_gets_what_the_host_gives() {
    load!(host_async::MapsWorld, App).run().await.unwrap();
}

#[awaited::test]
async fn the_host_gets_what_the_guest_gives() {
    let guest = load!(host_async::MapsWorld, App);
    let maps = guest.maps();
    // Order stays, and what is there twice is there twice.
    let headers = pairs([("z", "1"), ("a", "2"), ("z", "1")]);
    let expected = pairs([("z", "1"), ("a", "2"), ("z", "1"), ("", "\0")]);
    assert_eq!(maps.added(&headers, "", "\0").await.unwrap(), expected);
    let index = [
        (1, vec!["same".to_owned()]),
        (2, vec!["same".to_owned(), "other".to_owned()]),
    ];
    assert_eq!(
        maps.turned(&index).await.unwrap(),
        [("other".to_owned(), 2), ("same".to_owned(), 2)]
    );
    let values = [("é".to_owned(), None), ("e\u{301}".to_owned(), Some(1.5))];
    assert_eq!(maps.looked_up(&values, "é").await.unwrap(), Some(None));
    assert_eq!(
        maps.looked_up(&values, "e\u{301}").await.unwrap(),
        Some(Some(1.5))
    );
    assert_eq!(maps.looked_up(&values, "e").await.unwrap(), None);
    let counts = maps.counted(&"ab€".repeat(5_000)).await.unwrap();
    assert_eq!(counts, [('a', 5_000), ('b', 5_000), ('€', 5_000)]);
    assert_eq!(
        maps.two_deep(&[("deep".to_owned(), headers)])
            .await
            .unwrap(),
        [("deep".to_owned(), 3)]
    );
}
