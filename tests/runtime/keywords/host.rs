//! Names that are keywords of Rust or WIT, or those of Rust's prelude.

pub(crate) mod abi {
    abide::abi!({ wit: "keywords/test.wit", module: "keywords::abi" });
}

use abi::host_async;
use abi::words::{Drop as Fall, Error, Send as Post, String as Text, Type};

#[derive(Clone)]
struct App;

impl host_async::Words for App {
    async fn match_(&mut self, ref_: Type, mut_: Text) -> Type {
        assert_eq!((mut_.vec, mut_.box_), (vec![1, 2], true));
        Type {
            super_: -ref_.super_,
            ..ref_
        }
    }

    async fn result(
        &mut self,
        option: Option<Fall>,
        loop_: Result<u64, Error>,
    ) -> Result<Fall, Error> {
        match loop_ {
            Ok(_) => Ok(option.unwrap_or(Fall::Debug)),
            Err(error) => Err(Error::Some(format!("{error:?}"))),
        }
    }

    async fn impl_(&mut self, where_: Post, dyn_: Vec<Fall>, try_: u16) -> Post {
        assert_eq!((dyn_, try_), (vec![Fall::Debug], 0));
        where_.complement()
    }

    async fn async_(&mut self, await_: Text, yield_: u64, gen_: u32) -> Text {
        let mut vec = await_.vec;
        vec.reverse();
        vec.extend([yield_ as u8, gen_ as u8]);
        Text { vec, ..await_ }
    }

    async fn self_(&mut self, use_: Error) -> Error {
        match use_ {
            Error::Ok => Error::Error,
            other => other,
        }
    }
}

#[awaited::test]
async fn the_guest_gets_what_the_host_gives() {
    load!(host_async::Keywords, App).run().await.unwrap();
}

#[awaited::test]
async fn the_host_gets_what_the_guest_gives() {
    let guest = load!(host_async::Keywords, App);
    let words = guest.words();
    let of = Type {
        self_: 250,
        type_: 65_535,
        fn_: u32::MAX,
        crate_: u64::MAX,
        super_: i8::MIN,
        r: "ß".to_owned(),
    };
    let text = Text {
        vec: vec![9; 5],
        box_: false,
    };
    let expected = Type {
        self_: 255,
        r: "ß false".to_owned(),
        ..of.clone()
    };
    assert_eq!(words.match_(&of, &text).await.unwrap(), expected);
    let drop = words.result(Some(Fall::Clone), Ok(u64::MAX)).await.unwrap();
    assert_eq!(drop, Fall::Static);
    assert_eq!(words.result(None, Ok(0)).await.unwrap(), Fall::Default);
    let error = words.result(None, Err(&Error::Err(7))).await.unwrap_err();
    assert_eq!(error.guest(), Some(&Error::Err(7)));
    let post = words
        .impl_(Post::SIZED, &[Fall::Debug, Fall::Clone], 1)
        .await
        .unwrap();
    assert_eq!(post, Post::SYNC | Post::SIZED | Post::CONTAINS);
    let text = words.async_(&text, 1 << 56, 0x0302_0100).await.unwrap();
    assert_eq!(
        text.vec,
        [0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 2, 3, 9, 9, 9, 9, 9]
    );
    assert!(text.box_);
    let mut error = Error::Ok;
    for expected in [
        Error::Err(1),
        Error::Some("1".to_owned()),
        Error::Error,
        Error::Ok,
    ] {
        error = words.self_(&error).await.unwrap();
        assert_eq!(error, expected);
    }
    assert_eq!(
        words.self_(&Error::Some(String::new())).await.unwrap(),
        Error::None
    );
}
