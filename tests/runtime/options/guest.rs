//! Counts how deep options are, and checks that the host counts the same.

abide::abi!("test.wit");

use options::Every;

use guest::options as host;

struct Plugin;

impl guest::Options for Plugin {
    fn turned(of: Option<u32>) -> Option<u32> {
        of.xor(Some(2))
    }

    fn depth(of: Option<Option<Option<u8>>>) -> u8 {
        match of {
            None => 0,
            Some(None) => 1,
            Some(Some(None)) => 2,
            Some(Some(Some(value))) => value,
        }
    }

    fn wrapped(depth: u8) -> Option<Option<Option<String>>> {
        match depth {
            0 => None,
            1 => Some(None),
            2 => Some(Some(None)),
            _ => Some(Some(Some("Gast".to_owned()))),
        }
    }

    fn text(of: Option<String>) -> Option<String> {
        of.map(|text| format!("<{text}>"))
    }

    fn bytes(of: Option<Vec<u8>>) -> Option<u32> {
        of.map(|bytes| bytes.iter().copied().map(u32::from).sum())
    }

    fn both(a: Option<f64>, b: Option<char>) -> (Option<char>, Option<f64>) {
        (b, a)
    }

    fn all(of: Every) -> Every {
        Every {
            a: of.a.map(|a| a + 1),
            b: of.b.map(|b| b.map(|b| b + 1)),
            ..of
        }
    }
}

impl guest::OptionsWorld for Plugin {
    fn run() {
        assert_eq!(host::turned(None), Some(1));
        assert_eq!(host::turned(Some(0)), None);
        assert_eq!(
            [None, Some(None), Some(Some(None)), Some(Some(Some(99)))].map(host::depth),
            [0, 1, 2, 99]
        );
        assert_eq!(host::wrapped(0), None);
        assert_eq!(host::wrapped(1), Some(None));
        assert_eq!(host::wrapped(2), Some(Some(None)));
        assert_eq!(host::wrapped(3), Some(Some(Some("Wirt".to_owned()))));
        assert_eq!(host::text(None), None);
        assert_eq!(host::text(Some("")), Some("[]".to_owned()));
        assert_eq!(host::text(Some("\0é")), Some("[\0é]".to_owned()));
        assert_eq!(host::bytes(Some(&[255, 1])), Some(256));
        assert_eq!(host::bytes(Some(&[])), Some(0));
        assert_eq!(host::bytes(None), None);
        assert_eq!(host::both(Some(-0.5), None), (None, Some(-0.5)));
        assert_eq!(host::both(None, Some('\0')), (Some('\0'), None));
        let all = Every {
            a: Some(0),
            b: Some(None),
            c: None,
            d: Some(vec![None, Some(true), Some(false)]),
        };
        assert_eq!(
            host::all(&all),
            Every {
                a: None,
                c: Some("Wirt".to_owned()),
                ..all
            }
        );
    }
}

export!(Plugin);
