//! Calls a guest whose names are keywords, Rust's own, and ours. That both sides compile is most of
//! the test; the calls show that no name was taken for another.

#![forbid(unsafe_code)]

mod app;

use std::path::Path;
use std::sync::OnceLock;

use abide_hygiene::host::HygieneWorld;
use abide_hygiene::{exports, guest_, host_, hygiene, keywords, other_send, prelude as p};

use app::App;

fn guest() -> &'static HygieneWorld {
    static GUEST: OnceLock<HygieneWorld> = OnceLock::new();
    GUEST.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let wasm = abide_build::guest(root.join("../fixtures/hygiene/guest"))
            .target_dir(root.join("../../target/guests"))
            .build()
            .unwrap_or_else(|error| panic!("{error}"));
        HygieneWorld::load(wasm, App).unwrap()
    })
}

fn string(text: &str) -> p::String {
    p::String {
        text: text.to_owned(),
    }
}

#[test]
fn exports_with_the_names_of_the_handles_own_methods() {
    let guest = guest();
    assert_eq!(
        guest.load_(&string("path")).unwrap(),
        string("path, seen by main")
    );
    assert_eq!(
        guest.builder_(&p::Option_ { some: Some(3) }).unwrap(),
        p::Option_ { some: Some(3) }
    );
    assert_eq!(guest.session_(4).unwrap(), 5);
    assert_eq!(
        guest.clone_(&p::Result { ok: 6 }).unwrap(),
        p::Result { ok: 7 }
    );
    assert_eq!(guest.call(9, 1).unwrap(), 8);
    assert_eq!(guest.from_handle(9).unwrap(), 9);
    assert_eq!(guest.link_up(10).unwrap(), 10);
    assert_eq!(guest.exports_of(&string("text")).unwrap(), string("text"));
    let error = guest.exports_of(&string("11")).unwrap_err();
    assert_eq!(error.guest(), Some(&p::Result { ok: 11 }));
    // The handle's own.
    let session = guest.clone().session().unwrap();
    assert_eq!(session.call(2, 1).unwrap(), 1);
}

#[test]
fn keywords_as_names() {
    let guest = guest().keywords();
    let value = keywords::Type {
        type_: 1,
        self_: 2,
        super_: 3,
        crate_: 4,
        fn_: 5,
        async_: 6,
        r: 7,
    };
    assert_eq!(guest.self_of(&value).unwrap(), value);
    let move_ = keywords::Move { box_: vec![1, 2] };
    let flags = keywords::Unsafe::SELF | keywords::Unsafe::ALL;
    assert_eq!(
        guest
            .impl_(&move_, keywords::Enum::Yield, flags, u64::MAX)
            .unwrap(),
        (move_, keywords::Enum::Yield, flags, u64::MAX)
    );
    let case = keywords::Match::Dyn(vec![value]);
    assert_eq!(guest.async_(&case).unwrap(), case);
    let other = keywords::Match::Else(keywords::MatchArm {
        ref_: "&".to_owned(),
    });
    assert_eq!(guest.async_(&other).unwrap_err().guest(), Some(&other));
    assert_eq!(
        guest.become_("text", &[1], &[0.5]).unwrap(),
        "text [1] [0.5]"
    );
    guest.loop_().unwrap();
    assert_eq!(guest.macro_rules(1, 2, 3, 4).unwrap(), 10);
}

#[test]
fn rusts_own_names() {
    let guest = guest().prelude();
    let error = p::Error::Some(p::Option_ { some: None });
    assert_eq!(guest.fail(&error).unwrap_err().guest(), Some(&error));
    assert_eq!(guest.fail(&p::Error::Error).unwrap(), p::Result { ok: 1 });
    let option = p::Option_ { some: Some(1) };
    assert_eq!(guest.option_of(Some(&option)).unwrap(), Some(option));
    assert_eq!(guest.option_of(None).unwrap(), None);
    let list = [p::Vec { items: vec![1] }, p::Vec { items: vec![] }];
    assert_eq!(guest.list_of(&list).unwrap(), list);
    assert_eq!(guest.text("a", &[1], &[2.0]).unwrap(), "a [1] [2.0]");

    let page = p::Page {
        string: "s".to_owned(),
        option: Some("o".to_owned()),
        result: Err("r".to_owned()),
        vec: vec!["v".to_owned()],
    };
    let boxed = p::Box {
        inner: "b".to_owned(),
    };
    let nested = p::Nested::Result(Err(p::Error::None(string("x"))));
    let guest_error = p::GuestError {
        error: p::Error::Ok(p::Result { ok: 1 }),
    };
    let all = guest.all(
        &boxed,
        p::Ordering::Equal,
        p::Default::DEFAULT,
        p::Clone::Copy,
        &p::Copy_ { copy: 1 },
        &p::Debug { debug: 0.5 },
        &guest_error,
        &p::Handle { handle: 2 },
        &page,
        &nested,
    );
    assert_eq!(
        all.unwrap(),
        (
            boxed,
            p::Ordering::Equal,
            p::Default::DEFAULT,
            p::Clone::Copy,
            p::Copy_ { copy: 1 },
            p::Debug { debug: 0.5 },
            guest_error,
            p::Handle { handle: 2 },
            page,
            nested,
        )
    );

    let cases = (
        p::Ok_::OK,
        p::Err::empty(),
        p::Some_::SOME,
        p::None_::empty(),
    );
    let (a, b, c, d) = cases;
    assert_eq!(guest.cases(a, b, c, d).unwrap(), cases);
}

#[test]
fn more_of_rusts_own_names() {
    let text = || "1".to_owned();
    let guest = guest().prelude();
    let more = guest.more(
        &p::Send { send: text() },
        &p::Sync { sync: text() },
        &p::Sized { sized: text() },
        &p::PartialEq { eq: text() },
        &p::Eq { eq: text() },
        &p::Hash { hash: text() },
        &p::Display { display: text() },
        &p::Formatter { f: text() },
    );
    assert_eq!(more.unwrap(), 8);
    let others = guest.others(
        &p::Iterator { next: text() },
        &p::ToOwned { to_owned: text() },
        &p::Str { str: text() },
        &p::U8 { u8: 1 },
        &p::Bool { bool: true },
        &p::ComponentType { type_: text() },
        &p::Lift { lift: text() },
        &p::Lower { lower: text() },
    );
    assert_eq!(others.unwrap(), 8);
}

#[test]
fn interfaces_with_our_own_names() {
    let guest = guest();
    let host = host_::Host { host: 1 };
    let sum = guest
        .host()
        .host_of(&host, &host, "cx", &[1, 2, 3], 4)
        .unwrap();
    assert_eq!(
        sum,
        host_::Host {
            host: 1 + 1 + 2 + 3 + 4
        }
    );
    let value = guest_::Guest {
        guest: "guest".to_owned(),
    };
    let joined = guest
        .guest()
        .guest_of(&value, "f", 1, 2, &[3], 4, "ret")
        .unwrap();
    assert_eq!(joined.guest, "guest f 1 2 [3] 4 ret");
    let value = exports::Exports { exports: 1 };
    assert_eq!(guest.exports().exports_of(&value).unwrap(), value);
    let value = hygiene::Hygiene { hygiene: 2 };
    assert_eq!(guest.hygiene().hygiene_of(&value).unwrap(), value);
    // Two interfaces of one name, from two packages.
    assert_eq!(guest.hygiene_send().send("sync").unwrap(), "sync!");
    let value = other_send::Send { send: 3 };
    assert_eq!(guest.other_send().send_of(&value).unwrap(), value);
}

#[test]
fn interfaces_with_the_names_of_crates_and_traits() {
    use abide_hygiene::{abide, core, std as wit_std, wasmtime};
    let guest = guest();
    let value = wit_std::Std {
        std: "std".to_owned(),
    };
    assert_eq!(guest.std().std_of(&value).unwrap(), value);
    let value = core::Core::Core("core".to_owned());
    assert_eq!(guest.core().core_of(&value).unwrap(), value);
    let error = guest.core().core_of(&core::Core::Alloc).unwrap_err();
    assert_eq!(error.to_string(), "the guest answered with an error: alloc");
    assert_eq!(
        guest.abide().abide_of(abide::Abide::Renamed).unwrap(),
        abide::Abide::Renamed
    );
    let value = wasmtime::Wasmtime::all();
    assert_eq!(guest.wasmtime().wasmtime_of(value).unwrap(), value);
    let answer = guest.default().default(Some(&p::Option_ { some: Some(1) }));
    assert_eq!(answer.unwrap(), p::Result { ok: 1 });
    let answer = guest.default().default(None);
    assert_eq!(answer.unwrap_err().guest(), Some(&p::Result { ok: 0 }));
}
