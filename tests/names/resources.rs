//! Resources with the names of Rust's own types and traits, in the world of `keywords`.

use abide::CallError;

use crate::keywords::host::{self, resources as of};
use crate::keywords::resources;
use crate::keywords::{App, guest};

pub(crate) struct Optional(u32);

pub(crate) struct Outcome {
    ok: Optional,
    err: Option<Failure>,
}

pub(crate) struct Failure(String);

pub(crate) struct Copies;

impl host::Resources for App {
    type Option_ = Optional;
    type Result = Outcome;
    type Error = Failure;
    type Copy_ = Copies;

    fn option_new(&mut self, some: u32) -> Optional {
        Optional(some)
    }

    fn option_from(&mut self, from: Outcome) -> Optional {
        from.ok
    }

    fn result_new(&mut self, ok: Optional, err: Option<Failure>) -> Outcome {
        Outcome { ok, err }
    }

    fn error_type(&mut self, box_: Vec<Optional>) -> Result<Failure, Optional> {
        match <[Optional; 1]>::try_from(box_) {
            Ok([one]) => Err(one),
            Err(all) => {
                let texts: Vec<_> = all.iter().map(|option| option.0.to_string()).collect();
                Ok(Failure(texts.join(" ")))
            }
        }
    }

    fn copy_new(&mut self) -> Copies {
        Copies
    }

    fn unbox(&mut self, box_: resources::Box<Optional, Outcome>) -> resources::String<Outcome> {
        match box_.string {
            resources::String::Some(_) => resources::String::None,
            resources::String::None => resources::String::Some(Outcome {
                ok: box_.option,
                err: None,
            }),
        }
    }

    fn vec(&mut self, result: Vec<&Optional>) -> u32 {
        result.iter().map(|option| option.0).sum()
    }
}

impl of::Option_ for Optional {
    fn get(&mut self) -> u32 {
        self.0
    }

    fn gen_(&self, gen_: &Self) -> Self {
        Self(self.0 * 10 + gen_.0)
    }
}

impl of::Result for Outcome {
    fn drop(&mut self) -> u32 {
        self.err
            .as_ref()
            .map_or(0, |error| error.0.len().try_into().unwrap())
    }

    fn clone(&mut self) -> Self {
        Self {
            ok: Optional(self.ok.0 + 1),
            err: None,
        }
    }
}

impl of::Error for Failure {
    fn to_string(&mut self) -> String {
        self.0.clone()
    }

    fn into_(&mut self) -> u32 {
        self.0.len().try_into().unwrap()
    }
}

impl of::Copy_ for Copies {
    type Error = Failure;

    fn guest(&self, _: &Self, self_of: &mut Failure) -> u32 {
        self_of.0.len().try_into().unwrap()
    }
}

#[test]
fn resources_with_the_names_of_rusts_own() {
    let session = guest().session().unwrap();
    let all = session.resources();
    let option = |some| all.option_new(some).unwrap();
    let (one, two) = (option(1), option(2));
    assert_eq!(one.get().unwrap(), 1);
    assert_eq!(one.gen_(&two).unwrap().get().unwrap(), 12);
    assert_eq!(all.vec(vec![&one, &two, &one]).unwrap(), 4);

    let error = all.error_type(vec![one, option(34)]).unwrap();
    assert_eq!(error.to_string().unwrap(), "1 34");
    assert_eq!(error.into_().unwrap(), 4);
    let single = match all.error_type(vec![option(5)]) {
        Err(CallError::Guest(option)) => option,
        other => panic!("{other:?}"),
    };
    assert_eq!(single.get().unwrap(), 5);
    let copy = all.copy_new().unwrap();
    assert_eq!(copy.guest(&copy, &error).unwrap(), 4);

    let result = all.result_new(single, Some(error)).unwrap();
    assert_eq!(result.drop().unwrap(), 4);
    let copied = result.clone().unwrap();
    assert_eq!(copied.drop().unwrap(), 0);
    assert_eq!(all.option_from(copied).unwrap().get().unwrap(), 6);

    let string = resources::String::None;
    let option = two;
    let made = all.unbox(resources::Box { option, string }).unwrap();
    let resources::String::Some(made) = made else {
        panic!("{made:?}");
    };
    assert_eq!(all.option_from(made).unwrap().get().unwrap(), 2);
}
