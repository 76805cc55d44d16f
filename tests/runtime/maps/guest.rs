//! Puts lists of pairs into Rust's maps and back.

abide::abi!("test.wit");

use std::collections::BTreeMap;

use maps::{Headers, Index};

use guest::maps as host;

struct Plugin;

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

impl guest::Maps for Plugin {
    fn added(mut to: Headers, name: String, value: String) -> Headers {
        to.push((name, value));
        to
    }

    fn turned(of: Index) -> Vec<(String, u32)> {
        let pairs = of
            .into_iter()
            .flat_map(|(number, names)| names.into_iter().map(move |name| (name, number)));
        pairs.collect::<BTreeMap<_, _>>().into_iter().collect()
    }

    fn looked_up(in_: Vec<(String, Option<f64>)>, name: String) -> Option<Option<f64>> {
        in_.into_iter()
            .collect::<BTreeMap<_, _>>()
            .get(&name)
            .copied()
    }

    fn counted(text: String) -> Vec<(char, u64)> {
        let mut counts = BTreeMap::new();
        for c in text.chars() {
            *counts.entry(c).or_default() += 1;
        }
        counts.into_iter().collect()
    }

    fn two_deep(of: Vec<(String, Headers)>) -> Vec<(String, u32)> {
        of.into_iter()
            .map(|(name, headers)| (name, headers.len() as u32))
            .collect()
    }
}

impl guest::MapsWorld for Plugin {
    fn run() {
        let headers = [pair("accept", "*/*"), pair("accept", "text/html")];
        let added = host::added(&headers, "ÿ", "");
        assert_eq!(
            added,
            [
                pair("ÿ", ""),
                pair("accept", "*/*"),
                pair("accept", "text/html")
            ]
        );
        let index = [
            (u32::MAX, vec!["b".to_owned(), "a".to_owned()]),
            (0, vec![]),
            (7, vec!["ä".to_owned()]),
        ];
        let turned = host::turned(&index);
        assert_eq!(
            turned,
            [
                ("a".to_owned(), u32::MAX),
                ("b".to_owned(), u32::MAX),
                ("ä".to_owned(), 7)
            ]
        );
        let values = [("here".to_owned(), Some(0.5)), ("empty".to_owned(), None)];
        assert_eq!(host::looked_up(&values, "here"), Some(Some(0.5)));
        assert_eq!(host::looked_up(&values, "empty"), Some(None));
        assert_eq!(host::looked_up(&values, "nowhere"), None);
        assert_eq!(host::counted("🦀a🦀\0"), [('\0', 1), ('a', 1), ('🦀', 2)]);
        let deep = [("x".to_owned(), headers.to_vec()), ("y".to_owned(), vec![])];
        assert_eq!(
            host::two_deep(&deep),
            [("x".to_owned(), 2), ("y".to_owned(), 0)]
        );
    }
}

export!(Plugin);
