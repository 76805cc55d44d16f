//! Has functions, types, cases and fields with the names of keywords and of the prelude.

mod abi {
    //! What the macro makes, away from the names of the prelude.
    abide::abi!({ wit: "test.wit", module: "abi" });
}

use abi::guest::{self, words as host};
use abi::words::{Drop as Fall, Error, Send as Post, String as Text, Type};

struct Plugin;

impl guest::Words for Plugin {
    fn match_(ref_: Type, mut_: Text) -> Type {
        Type {
            self_: ref_.self_ + mut_.vec.len() as u8,
            r: format!("{} {}", ref_.r, mut_.box_),
            ..ref_
        }
    }

    fn result(option: Option<Fall>, loop_: Result<u64, Error>) -> Result<Fall, Error> {
        loop_.map(|vec| {
            if vec == u64::MAX {
                Fall::Static
            } else {
                option.unwrap_or(Fall::Default)
            }
        })
    }

    fn impl_(where_: Post, dyn_: Vec<Fall>, try_: u16) -> Post {
        let mut post = where_ ^ Post::from_bits_truncate(try_ as u8);
        post.set(Post::CONTAINS, dyn_.contains(&Fall::Debug));
        post
    }

    fn async_(await_: Text, yield_: u64, gen_: u32) -> Text {
        Text {
            vec: [
                yield_.to_le_bytes().as_slice(),
                &gen_.to_le_bytes(),
                &await_.vec,
            ]
            .concat(),
            box_: !await_.box_,
        }
    }

    fn self_(use_: Error) -> Error {
        match use_ {
            Error::Ok => Error::Err(1),
            Error::Err(number) => Error::Some(number.to_string()),
            Error::Some(text) if text.is_empty() => Error::None,
            Error::Some(_) => Error::Error,
            Error::None | Error::Error => Error::Ok,
        }
    }
}

impl guest::Keywords for Plugin {
    fn run() {
        let of = Type {
            self_: 1,
            type_: 2,
            fn_: 3,
            crate_: 4,
            super_: -5,
            r: "r".to_owned(),
        };
        let text = Text {
            vec: vec![1, 2],
            box_: true,
        };
        assert_eq!(host::match_(&of, &text), Type { super_: 5, ..of });
        assert_eq!(
            host::result(None, Err(&Error::None)),
            Err(Error::Some("None".to_owned()))
        );
        assert_eq!(host::result(Some(Fall::Clone), Ok(&7)), Ok(Fall::Clone));
        assert_eq!(
            host::impl_(Post::SYNC | Post::ALL, &[Fall::Debug], 0),
            Post::all() ^ Post::SYNC ^ Post::ALL
        );
        assert_eq!(
            host::async_(&text, 3, 4),
            Text {
                vec: vec![2, 1, 3, 4],
                box_: true
            }
        );
        assert_eq!(host::self_(&Error::Ok), Error::Error);
    }
}

abi::export!(Plugin);
