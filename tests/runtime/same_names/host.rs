//! Functions, types, parameters, interfaces and worlds that share their names.

abide::abi!({ wit: "same_names/test.wit", module: "same_names" });

#[derive(Clone)]
struct App;

impl host::Thing for App {
    fn get(&mut self, thing: thing::Item, item: u8) -> thing::Item {
        thing::Item {
            thing: item,
            item: thing.item + u16::from(thing.thing),
        }
    }

    fn thing(&mut self, thing: u32) -> u32 {
        thing * 2
    }
}

impl host::Other for App {
    fn get(&mut self, item: other::Item, thing: thing::Item) -> other::Item {
        other::Item {
            thing: format!("{} {} {}", item.thing, thing.thing, thing.item),
        }
    }

    fn thing(&mut self, thing: &str) -> String {
        format!("<{thing}")
    }
}

impl host::ThingWorldImports for App {
    fn get(&mut self, item: u8) -> u8 {
        item * 2
    }
}

#[test]
fn each_name_means_what_stands_there() {
    let guest = load!(host::ThingWorld, App);
    let item = thing::Item {
        thing: 200,
        item: 1000,
    };
    let got = guest.thing().get(&item, 7).unwrap();
    assert_eq!((got.thing, got.item), (8, 1200));
    assert_eq!(guest.thing().thing(21).unwrap(), 43);
    let text = other::Item {
        thing: "é".to_owned(),
    };
    let got = guest.other().get(&text, &item).unwrap();
    assert_eq!(got.thing, "<é 200 1000>");
    assert_eq!(guest.other().thing("ß").unwrap(), "<ß>");
    assert_eq!(guest.item(20).unwrap(), 41);
}
