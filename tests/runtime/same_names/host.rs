//! Functions, types, parameters, interfaces and worlds that share their names.

abide::abi!({ wit: "same_names/test.wit", module: "same_names" });

#[derive(Clone)]
struct App;

impl host_async::Thing for App {
    async fn get(&mut self, thing: thing::Item, item: u8) -> thing::Item {
        thing::Item {
            thing: item,
            item: thing.item + u16::from(thing.thing),
        }
    }

    async fn thing(&mut self, thing: u32) -> u32 {
        thing * 2
    }
}

impl host_async::Other for App {
    async fn get(&mut self, item: other::Item, thing: thing::Item) -> other::Item {
        other::Item {
            thing: format!("{} {} {}", item.thing, thing.thing, thing.item),
        }
    }

    async fn thing(&mut self, thing: &str) -> String {
        format!("<{thing}")
    }
}

impl host_async::ThingWorldImports for App {
    async fn get(&mut self, item: u8) -> u8 {
        item * 2
    }
}

#[awaited::test]
async fn each_name_means_what_stands_there() {
    let guest = load!(host_async::ThingWorld, App);
    let item = thing::Item {
        thing: 200,
        item: 1000,
    };
    let got = guest.thing().get(&item, 7).await.unwrap();
    assert_eq!((got.thing, got.item), (8, 1200));
    assert_eq!(guest.thing().thing(21).await.unwrap(), 43);
    let text = other::Item {
        thing: "é".to_owned(),
    };
    let got = guest.other().get(&text, &item).await.unwrap();
    assert_eq!(got.thing, "<é 200 1000>");
    assert_eq!(guest.other().thing("ß").await.unwrap(), "<ß>");
    assert_eq!(guest.item(20).await.unwrap(), 41);
}
