//! The `E` of a WIT `result`: an error of Rust's, apart from a call that failed.

use std::sync::OnceLock;

use abide::{CallError, Error};
use abide_build::Target;

use crate::{seconds, support};

abide::abi!({ wit: "tests/fixtures/errors/wit", module: "errors" });

use kinds::{Complaint, Place, Reason, Refusal, Troubles};

fn guest() -> &'static host::Errors {
    static GUEST: OnceLock<host::Errors> = OnceLock::new();
    GUEST.get_or_init(|| {
        // There is nothing to import, so there is nothing to implement.
        host::Errors::builder(())
            .limits(seconds(60))
            .load(support::guest("errors", Target::Wasip2))
            .unwrap()
    })
}

/// What a human reads, once the guest has answered with an error.
fn words<T: std::fmt::Debug, E: std::error::Error>(called: Result<T, CallError<E>>) -> String {
    match called {
        Err(CallError::Guest(error)) => error.to_string(),
        other => panic!("expected an error of the guest, found {other:?}"),
    }
}

#[test]
fn every_case_arrives_and_has_words() {
    let cases = [
        (Refusal::Denied, "denied"),
        (Refusal::NotFound("a.txt".to_owned()), "not found: a.txt"),
        (Refusal::TooBig(u64::MAX), "too big: 18446744073709551615"),
        (Refusal::Gone(Reason::TakenAway), "gone: taken away"),
        (
            Refusal::At(Place { line: 3, column: 5 }),
            "at: Place { line: 3, column: 5 }",
        ),
        (
            Refusal::Several(vec!["a".to_owned(), "b".to_owned()]),
            "several: [\"a\", \"b\"]",
        ),
    ];
    for (number, (refusal, text)) in (0..).zip(cases) {
        let error = guest().kinds().refuse(number).unwrap_err();
        assert_eq!(error.guest(), Some(&refusal));
        assert_eq!(refusal.to_string(), text);
        assert_eq!(
            error.to_string(),
            format!("the guest answered with an error: {text}")
        );
    }
    assert_eq!(guest().kinds().refuse(6).unwrap(), "6");
}

#[test]
fn named_types_are_errors_on_both_sides() {
    let kinds = guest().kinds();
    // The guest has made text of its own `Complaint`.
    assert_eq!(words(kinds.complain()), "not found: denied");
    assert_eq!(words(kinds.because()), "never existed");
    assert_eq!(words(kinds.somewhere()), "Place { line: 1, column: 2 }");
    assert_eq!(words(kinds.trouble()), "Troubles(NOISE | SMOKE)");
    let same: Refusal = Complaint::Denied;
    assert_eq!(same, Refusal::Denied);
}

#[test]
fn any_type_can_be_an_error() {
    let kinds = guest().kinds();
    let text = kinds.text().unwrap_err();
    assert_eq!(
        text.to_string(),
        "the guest answered with an error: plain text"
    );
    assert_eq!(kinds.number().unwrap_err().guest(), Some(&-7));
    assert_eq!(kinds.parts().unwrap_err().guest(), Some(&vec![1, 2]));
    assert_eq!(
        kinds.trouble().unwrap_err().guest(),
        Some(&(Troubles::NOISE | Troubles::SMOKE))
    );
    let nothing = kinds.nothing().unwrap_err();
    assert_eq!(nothing.guest(), Some(&()));
    assert_eq!(
        nothing.to_string(),
        "the guest answered with an error: it gave no reason"
    );
}

#[test]
fn a_question_mark_passes_them_on() {
    fn guests_error() -> abide::Result<String> {
        Ok(guest().kinds().refuse(3)?)
    }
    fn anything() -> Result<u8, Box<dyn std::error::Error>> {
        Ok(guest().kinds().somewhere()?)
    }
    fn of_the_call() -> Result<(), CallError<Reason>> {
        guest().session()?;
        guest().kinds().because()
    }
    let error = guests_error().unwrap_err();
    let Error::Guest { message } = &error else {
        panic!("{error:?}")
    };
    assert_eq!(&**message, "gone: taken away");
    assert_eq!(
        error.to_string(),
        "the guest answered with an error: gone: taken away"
    );
    assert_eq!(
        anything().unwrap_err().to_string(),
        "the guest answered with an error: Place { line: 1, column: 2 }"
    );
    assert_eq!(
        of_the_call().unwrap_err().guest(),
        Some(&Reason::NeverExisted)
    );
}

#[test]
fn a_call_that_fails_is_another_thing() {
    let error = guest().kinds().crash().unwrap_err();
    assert_eq!(error.guest(), None);
    let Some(Error::Trap {
        function, panic, ..
    }) = error.failed()
    else {
        panic!("{error:?}")
    };
    assert_eq!(&**function, "test:errors/kinds.crash");
    assert!(
        panic
            .as_ref()
            .is_some_and(|text| text.ends_with("as asked")),
        "{panic:?}"
    );
    let passed_on = Error::from(error);
    assert!(matches!(passed_on, Error::Trap { .. }), "{passed_on:?}");
}
