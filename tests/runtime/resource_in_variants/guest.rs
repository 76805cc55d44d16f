//! Sends wares about in options, results and variants.

abide::abi!("test.wit");

use guest::offers::{self as host, Glance, Offer, Ware};

struct Plugin;

fn ware(name: &str) -> Ware {
    Ware::new(name)
}

impl guest::ResourceInVariants for Plugin {
    fn run() {
        let Offer::One(one) = host::next(Offer::Nothing) else {
            panic!("expected one")
        };
        assert_eq!(one.name(), "new");
        let Offer::Two((a, b)) = host::next(Offer::One(one)) else {
            panic!("expected two")
        };
        assert_eq!(
            (a.name(), b.name()),
            ("new".to_owned(), "beside new".to_owned())
        );
        let Offer::Priced(Ok(of)) = host::next(Offer::Two((a, b))) else {
            panic!("expected a ware")
        };
        assert_eq!(of.name(), "beside new");
        let Offer::Many(many) = host::next(Offer::Priced(Ok(of))) else {
            panic!("expected many")
        };
        let names: Vec<_> = many
            .iter()
            .map(|ware| ware.as_ref().map(Ware::name))
            .collect();
        assert_eq!(names, [None, Some("beside new".to_owned()), None]);
        let Offer::Priced(Err(price)) = host::next(Offer::Many(many)) else {
            panic!("expected a price")
        };
        assert_eq!(price, 3 << 40);
        assert!(matches!(
            host::next(Offer::Priced(Err(price))),
            Offer::Nothing
        ));

        assert!(host::maybe(None).is_none());
        assert_eq!(host::maybe(Some("ö")).unwrap().name(), "ö");
        assert!(host::deeper(None).unwrap().is_none());
        assert_eq!(host::deeper(Some(None)).unwrap().unwrap().name(), "inner");
        assert!(host::deeper(Some(Some(ware("gone")))).is_none());
        assert_eq!(host::bought(Ok(ware("x"))).unwrap_err(), "sold x");
        assert_eq!(host::bought(Err("y".to_owned())).unwrap().name(), "y");
        assert_eq!(host::sorted(ware("good")).unwrap().name(), "good");
        assert_eq!(host::sorted(ware("bad")).unwrap_err().name(), "bad");
        let here = ware("here");
        assert_eq!(host::seen(&Glance::At(&here)), "at here");
        assert_eq!(host::seen(&Glance::Aside), "aside");
        assert_eq!(host::lent(Some(&here)).as_deref(), Some("lent here"));
        assert_eq!(host::lent(None), None);
    }
}

export!(Plugin);
