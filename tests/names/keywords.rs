//! Names that are keywords of Rust, names in Rust's prelude that the guest's code needs, digits and
//! acronyms.

use abide::CallError;
use abide_build::Target;

use crate::{patient, support};

abide::abi!({ wit: "tests/fixtures/names/wit", module: "keywords" });

/// The same world in another module: two expansions do not get in each other's way.
mod again {
    abide::abi!({ wit: "tests/fixtures/names/wit", module: "keywords::again" });
}

#[derive(Clone)]
pub(crate) struct App;

impl host::NamesImports for App {
    fn type_(&mut self, type_: u32) -> u32 {
        type_ * 2
    }

    fn gen_of(&mut self, gen_: Gen) -> Gen {
        Gen {
            gen_: gen_.gen_ + "!",
        }
    }
}

impl host::NamesGen for App {
    fn gen_(&mut self, gen_: names_gen::GenOf) -> names_gen::GenOf {
        names_gen::GenOf {
            gen_: gen_.gen_ + 1,
            gen_gen: gen_.gen_gen + 2,
        }
    }

    fn generations(
        &mut self,
        gen_: Vec<names_gen::Generation>,
    ) -> Result<names_gen::Gens, names_gen::Generation> {
        match gen_.last() {
            None => Ok(names_gen::Gens::GEN),
            Some(last) => Err(*last),
        }
    }
}

impl host::Cases for App {
    fn whose_is(&mut self, self_: cases::Whose) -> cases::Whose {
        use cases::Whose;
        match self_ {
            Whose::Self_ => Whose::Other,
            Whose::Other => Whose::Super,
            Whose::Super => Whose::Crate,
            Whose::Crate => Whose::Self_,
        }
    }

    fn either_of(
        &mut self,
        self_: cases::Either,
        super_: Option<cases::Whose>,
        crate_: cases::Rights,
    ) -> Result<cases::Either, cases::Whose> {
        match super_ {
            Some(whose) => Err(whose),
            None if crate_.contains(cases::Rights::SUPER) => Ok(cases::Either::Self_(7)),
            None => Ok(self_),
        }
    }
}

impl host::Conversions for App {
    fn convert(
        &mut self,
        from: conversions::From,
        bytes: &[u8],
        words: &[u32],
    ) -> conversions::Into {
        let sum = |numbers: &[u8]| numbers.iter().copied().map(u32::from).sum();
        let name = from.name.len().try_into().unwrap();
        conversions::Into::Words([&[sum(&from.bytes), sum(bytes), name], words].concat())
    }

    fn back(
        &mut self,
        into: conversions::Into,
        option: conversions::Option_,
        some: &[u64],
    ) -> Result<conversions::From, conversions::None> {
        match (into, option) {
            (conversions::Into::Flag(true), None) => Err(conversions::None::Some),
            (into, option) => Ok(conversions::From {
                bytes: some.iter().map(|word| word.to_le_bytes()[0]).collect(),
                name: format!("{into:?} {option:?}"),
            }),
        }
    }

    fn texts(&mut self, names: Vec<String>) -> Vec<(String, Vec<f64>)> {
        let numbered = names.into_iter().enumerate();
        numbered
            .map(|(index, name)| (name, vec![0.5; index]))
            .collect()
    }
}

impl host::Into for App {
    fn into_(&mut self, into: u32) -> u32 {
        into * 3
    }

    fn try_into_(&mut self, try_into: &str) -> String {
        try_into.to_uppercase()
    }
}

impl host::Labels for App {
    fn get_http_2(&mut self, http_url: &str, a1_b2: labels::X8664) -> labels::HttpVersion {
        match (http_url, &*a1_b2.http) {
            ("one", _) => labels::HttpVersion::Http1,
            (_, "one.one") => labels::HttpVersion::Http11,
            _ => labels::HttpVersion::Http2,
        }
    }

    fn a_1(&mut self, u8: u8) -> labels::A1 {
        labels::A1::from_bits_truncate(u8)
    }

    fn b_2(&mut self, i18n: labels::A1) -> labels::X8664 {
        labels::X8664 {
            a_1: i18n.bits(),
            a1: 2,
            b2_c3: 3,
            http: "http".to_owned(),
        }
    }
}

impl host::Match for App {
    fn async_(&mut self, await_: match_::Await) -> match_::Await {
        match_::Await {
            async_: await_.async_ + 1,
        }
    }
}

impl host::Self_ for App {
    fn crate_(&mut self, self_: self_::Super) -> self_::Self_ {
        self_::Self_ {
            async_: self_.self_.async_ + 10,
        }
    }
}

impl host::Where for App {
    fn pub_(&mut self, pub_: u32) -> u32 {
        pub_ + 5
    }
}

impl host::Super for App {
    fn self_(&mut self, super_: super_::Crate) -> super_::Crate {
        match super_ {
            super_::Crate::Self_ => super_::Crate::Super,
            super_::Crate::Super => super_::Crate::Self_,
        }
    }
}

impl host::GenGen for App {
    fn gen_(&mut self, gen_: &str) -> gen_gen::Gens {
        gen_.to_uppercase()
    }
}

pub(crate) fn guest() -> host::Names {
    host::Names::builder(App)
        .limits(patient())
        .load(support::guest("names", Target::Wasip2))
        .unwrap()
}

#[test]
fn functions_parameters_and_fields() {
    let guest = guest();
    assert_eq!(guest.type_(21).unwrap(), 42);
    assert_eq!(guest.gen_(1).unwrap(), 2);
    let text = |text: &str| Gen {
        gen_: text.to_owned(),
    };
    assert_eq!(guest.match_(&text("ü")).unwrap(), text("ü!"));
    let one = names_gen::GenOf {
        gen_: 1,
        gen_gen: 2,
    };
    let two = names_gen::GenOf {
        gen_: 2,
        gen_gen: 4,
    };
    assert_eq!(guest.names_gen().gen_(&one).unwrap(), two);
    assert_eq!(guest.gen_gen().gen_("gen").unwrap(), "GEN");
}

#[test]
fn cases_and_flags() {
    use cases::{Either, Rights, Whose};
    let guest = guest();
    for (whose, next) in [
        (Whose::Self_, Whose::Other),
        (Whose::Other, Whose::Super),
        (Whose::Super, Whose::Crate),
        (Whose::Crate, Whose::Self_),
    ] {
        assert_eq!(guest.cases().whose_is(whose).unwrap(), next);
    }
    let none = Rights::empty();
    for either in [
        Either::Self_(1),
        Either::Super("x".to_owned()),
        Either::Crate,
        Either::Other(Whose::Self_),
    ] {
        assert_eq!(
            guest.cases().either_of(&either, None, none).unwrap(),
            either
        );
    }
    let right = guest.cases().either_of(&Either::Crate, None, Rights::SUPER);
    assert_eq!(right.unwrap(), Either::Self_(7));
    let error = guest
        .cases()
        .either_of(&Either::Crate, Some(Whose::Self_), none);
    assert!(
        matches!(error, Err(CallError::Guest(Whose::Self_))),
        "{error:?}"
    );
    assert_eq!(Whose::Self_.to_string(), "self");

    let last = [
        names_gen::Generation::None,
        names_gen::Generation::Gen(names_gen::GenOf {
            gen_: 1,
            gen_gen: 2,
        }),
    ];
    let error = guest.names_gen().generations(&last);
    assert!(
        matches!(&error, Err(CallError::Guest(found)) if *found == last[1]),
        "{error:?}"
    );
    assert_eq!(
        guest.names_gen().generations(&[]).unwrap(),
        names_gen::Gens::GEN
    );
}

#[test]
fn types_with_the_names_of_conversions() {
    use conversions::{From, Into, None as Nothing};
    let guest = guest();
    let from = From {
        bytes: vec![1, 2],
        name: "name".to_owned(),
    };
    let words = guest
        .conversions()
        .convert(&from, &[5], &[u32::MAX])
        .unwrap();
    assert_eq!(words, Into::Words(vec![3, 5, 4, u32::MAX]));
    let back = guest
        .conversions()
        .back(&words, Some(9), &[0x1_07, 8])
        .unwrap();
    assert_eq!(back.bytes, [7, 8]);
    assert_eq!(back.name, "Words([3, 5, 4, 4294967295]) Some(9)");
    let error = guest.conversions().back(&Into::Flag(true), None, &[]);
    assert!(
        matches!(error, Err(CallError::Guest(Nothing::Some))),
        "{error:?}"
    );
    let names = ["a".to_owned(), String::new()];
    let texts = guest.conversions().texts(&names).unwrap();
    assert_eq!(
        texts,
        [("a".to_owned(), vec![]), (String::new(), vec![0.5])]
    );
}

#[test]
fn functions_with_the_names_of_those_that_every_value_has() {
    let guest = guest();
    assert_eq!(guest.into_().into_(4).unwrap(), 12);
    assert_eq!(guest.into_().try_into_("ä").unwrap(), "Ä");
    assert_eq!(guest.try_into_(1).unwrap(), 3);
}

#[test]
fn digits_and_acronyms() {
    use labels::{A1, HttpVersion, X8664};
    let guest = guest();
    let label = |http: &str| X8664 {
        a_1: 1,
        a1: 2,
        b2_c3: 3,
        http: http.to_owned(),
    };
    let version = |url, http| guest.labels().get_http_2(url, &label(http)).unwrap();
    assert_eq!(version("one", "two"), HttpVersion::Http1);
    assert_eq!(version("two", "one.one"), HttpVersion::Http11);
    assert_eq!(version("two", "two"), HttpVersion::Http2);
    assert_eq!(guest.labels().a_1(2).unwrap(), A1::C_3_P_0);
    let made = guest.labels().b_2(A1::R2_D2).unwrap();
    assert_eq!(made, label("http"));
}

#[test]
fn packages_and_interfaces_called_like_keywords() {
    let guest = guest();
    let one = match_::Await { async_: 1 };
    assert_eq!(guest.match__().async_(&one).unwrap().async_, 2);
    let outer = self_::Super { self_: one };
    assert_eq!(guest.self_().crate_(&outer).unwrap().async_, 11);
    let other = guest.super_().self_(super_::Crate::Self_).unwrap();
    assert_eq!(other, super_::Crate::Super);
    assert_eq!(guest.where_().pub_(1).unwrap(), 6);
}

#[test]
fn the_same_world_twice() {
    // The host of one is no host of the other; what they say of themselves is the same.
    assert_eq!(ABI.fingerprint, again::ABI.fingerprint);
    assert_eq!(ABI.world, "names");
}
