//! Has names with acronyms and digits in them.

abide::abi!("test.wit");

use http2_client::{Abc, HttpMethod, Url};

use guest::http2_client as host;

struct Plugin;

impl guest::Http2Client for Plugin {
    fn parse_url(t3xt: String) -> Url {
        let url = host::parse_url(&t3xt);
        Url { v2: 2, ..url }
    }

    fn to_json(the_url: Url, m: HttpMethod) -> String {
        host::to_json(&the_url, m) + "!"
    }

    fn x1(a1: u8, b2_c3: Abc) -> Abc {
        host::x1(a1, b2_c3) | Abc::DEF2
    }
}

impl guest::Acronyms2 for Plugin {
    fn get_id2() -> u32 {
        22
    }
}

export!(Plugin);
