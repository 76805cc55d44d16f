//! Resources of one name in two interfaces: two Rust types, or one that is both.

use crate::alive::{Alive, One};

abide::abi!({ wit: "resource_two_interfaces/test.wit", module: "resource_two_interfaces" });

#[derive(Clone, Default)]
struct App(Alive);

/// Both resources: the guest cannot take one for the other all the same.
struct Drink(
    String,
    #[expect(dead_code, reason = "counts the value")] One,
);

impl App {
    fn drink(&self, name: &str) -> Drink {
        Drink(name.to_owned(), self.0.one(name))
    }
}

impl host_async::Warm for App {
    type Drink = Drink;

    async fn drink_new(&mut self, name: &str) -> Drink {
        self.drink(name)
    }

    async fn serve(&mut self, of: Drink) -> String {
        format!("warm {}", of.0)
    }
}

impl host_async::warm::Drink for Drink {
    async fn degrees(&mut self) -> i32 {
        70 + (self.0.len() as i32).min(5)
    }
}

impl host_async::Cold for App {
    type Drink = Drink;

    async fn drink_new(&mut self, name: &str) -> Drink {
        self.drink(name)
    }

    async fn serve(&mut self, of: Drink) -> String {
        format!("cold {}", of.0)
    }
}

impl host_async::cold::Drink for Drink {
    async fn degrees(&mut self) -> i32 {
        -10 + (self.0.len() as i32).min(7)
    }
}

impl host_async::Bar for App {
    type Drink = Drink;
    type ColdDrink = Drink;

    async fn mixed(&mut self, a: &mut Drink, b: &mut Drink) -> (Drink, Drink) {
        let name = format!("{} and {}", a.0, b.0);
        (self.drink(&name), self.drink(&name))
    }
}

#[awaited::test]
async fn names_do_not_mix() {
    let app = App::default();
    load!(host_async::ResourceTwoInterfaces, app.clone())
        .run()
        .await
        .unwrap();
    assert_eq!((app.0.made(), app.0.count()), (4, 0));
}
