//! Uses types under all the names they have.

abide::abi!("test.wit");

use aliases::{Key, ListOfNames, Maybe, Mine, Object, Outcome, Things};

use guest::aliases as host;

struct Plugin;

impl guest::Aliases for Plugin {
    fn get(key: Key) -> Outcome {
        if key == 0 {
            Err("null".to_owned())
        } else {
            Ok(key - 1)
        }
    }

    fn name(of: Mine) -> String {
        of.name
    }

    fn all(of: Things) -> ListOfNames {
        of.into_iter().map(|thing| thing.name).rev().collect()
    }

    fn made(of: Maybe) -> Mine {
        let id = of.as_ref().map_or(0, |names| names.len() as u64);
        Object {
            id,
            name: "Gast".to_owned(),
            maybe: of,
        }
    }
}

impl guest::AliasesWorld for Plugin {
    fn run() {
        assert_eq!(host::get(5), Ok(10));
        assert_eq!(host::get(0), Err("zero".to_owned()));
        let item = types::Item {
            id: 1,
            name: "ä".to_owned(),
            maybe: None,
        };
        assert_eq!(host::name(&item), "ä!");
        assert_eq!(
            host::all(&[
                item.clone(),
                types::Thing {
                    name: String::new(),
                    ..item.clone()
                }
            ]),
            ["ä", ""]
        );
        assert_eq!(
            host::made(&None),
            Object {
                id: 99,
                ..item.clone()
            }
        );
        let names = ["x".to_owned(), "y".to_owned()];
        assert_eq!(
            host::made(&Some(names.to_vec())).maybe,
            Some(vec!["x".to_owned(), "y".to_owned()])
        );
    }
}

export!(Plugin);
