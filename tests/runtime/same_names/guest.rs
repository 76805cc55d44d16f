//! Tells things of one name apart.

abide::abi!("test.wit");

use guest::{other as other_host, thing as thing_host};

struct Plugin;

impl guest::Thing for Plugin {
    fn get(thing: thing::Item, item: u8) -> thing::Item {
        let got = thing_host::get(thing, item);
        thing::Item {
            thing: got.thing + 1,
            ..got
        }
    }

    fn thing(thing: u32) -> u32 {
        thing_host::thing(thing) + 1
    }
}

impl guest::Other for Plugin {
    fn get(item: other::Item, thing: thing::Item) -> other::Item {
        let got = other_host::get(&item, thing);
        other::Item {
            thing: format!("<{}>", got.thing),
        }
    }

    fn thing(thing: String) -> String {
        other_host::thing(&thing) + ">"
    }
}

impl guest::ThingWorld for Plugin {
    fn item(item: u8) -> u8 {
        guest::get(item) + 1
    }
}

export!(Plugin);
