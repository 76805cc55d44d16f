//! Handles in options, in results, in tuples and in variants.

use crate::alive::{Alive, One};

abide::abi!({ wit: "resource_in_variants/test.wit", module: "resource_in_variants" });

use self::offers::{Glance, Offer};

#[derive(Clone, Default)]
struct App(Alive);

struct Ware(
    String,
    #[expect(dead_code, reason = "counts the value")] One,
);

impl App {
    fn ware(&self, name: &str) -> Ware {
        Ware(name.to_owned(), self.0.one(name))
    }
}

impl host_async::Offers for App {
    type Ware = Ware;

    async fn ware_new(&mut self, name: &str) -> Ware {
        self.ware(name)
    }

    async fn next(&mut self, of: Offer<Ware>) -> Offer<Ware> {
        match of {
            Offer::Nothing => Offer::One(self.ware("new")),
            Offer::One(ware) => {
                let beside = self.ware(&format!("beside {}", ware.0));
                Offer::Two((ware, beside))
            }
            Offer::Two((_, second)) => Offer::Priced(Ok(second)),
            Offer::Priced(Ok(ware)) => Offer::Many(vec![None, Some(ware), None]),
            Offer::Many(wares) => Offer::Priced(Err((wares.len() as u64) << 40)),
            Offer::Priced(Err(_)) => Offer::Nothing,
        }
    }

    async fn maybe(&mut self, name: Option<String>) -> Option<Ware> {
        name.map(|name| self.ware(&name))
    }

    async fn deeper(&mut self, of: Option<Option<Ware>>) -> Option<Option<Ware>> {
        match of {
            None => Some(None),
            Some(None) => Some(Some(self.ware("inner"))),
            Some(Some(_)) => None,
        }
    }

    async fn bought(&mut self, of: Result<Ware, String>) -> Result<Ware, String> {
        match of {
            Ok(ware) => Err(format!("sold {}", ware.0)),
            Err(name) => Ok(self.ware(&name)),
        }
    }

    async fn sorted(&mut self, of: Ware) -> Result<Ware, Ware> {
        if of.0 == "good" { Ok(of) } else { Err(of) }
    }

    async fn seen(&mut self, of: Glance<&mut Ware>) -> String {
        match of {
            Glance::At(ware) => format!("at {}", ware.0),
            Glance::Aside => "aside".to_owned(),
        }
    }

    async fn lent(&mut self, of: Option<&mut Ware>) -> Option<String> {
        of.map(|ware| format!("lent {}", ware.0))
    }
}

impl host_async::offers::Ware for Ware {
    async fn name(&mut self) -> String {
        self.0.clone()
    }
}

#[awaited::test]
async fn wares_are_where_their_case_says() {
    let app = App::default();
    load!(host_async::ResourceInVariants, app.clone())
        .run()
        .await
        .unwrap();
    assert_eq!((app.0.made(), app.0.count()), (10, 0));
}
