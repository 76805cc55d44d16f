//! Names with acronyms and digits.

abide::abi!({ wit: "acronyms/test.wit", module: "acronyms" });

use self::http2_client::{Abc, HttpMethod, Url};

#[derive(Clone)]
struct App;

impl host_async::Http2Client for App {
    async fn parse_url(&mut self, t3xt: &str) -> Url {
        let (scheme, rest) = t3xt.split_once("://").unwrap_or(("", t3xt));
        Url {
            is_tls: scheme == "https",
            port8080: 8080,
            utf8_path: rest.to_owned(),
            v2: 1,
        }
    }

    async fn to_json(&mut self, the_url: Url, m: HttpMethod) -> String {
        let Url {
            is_tls, utf8_path, ..
        } = the_url;
        format!("{m:?} {utf8_path} {is_tls}")
    }

    async fn x1(&mut self, a1: u8, b2_c3: Abc) -> Abc {
        b2_c3 ^ Abc::from_bits_truncate(a1)
    }
}

#[awaited::test]
async fn names_find_each_other() {
    let guest = load!(host_async::Acronyms2, App);
    let client = guest.http2_client();
    let url = client.parse_url("https://größe/").await.unwrap();
    let expected = Url {
        is_tls: true,
        port8080: 8080,
        utf8_path: "größe/".to_owned(),
        v2: 2,
    };
    assert_eq!(url, expected);
    let text = client.to_json(&url, HttpMethod::PostIt).await.unwrap();
    assert_eq!(text, "PostIt größe/ true!");
    assert_eq!(client.x1(1, Abc::B_C).await.unwrap(), Abc::all());
    assert_eq!(client.x1(3, Abc::B_C).await.unwrap(), Abc::A | Abc::DEF2);
    assert_eq!(guest.get_id2().await.unwrap(), 22);
}
