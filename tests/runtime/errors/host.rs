//! Errors that guests return, that pass through them, and that are passed on with `?`.

use abide::CallError;

abide::abi!({ wit: "errors/test.wit", module: "errors" });

use self::stores::{Error, Reason};

#[derive(Clone)]
struct App;

impl host::Stores for App {
    fn load(&mut self, key: &str) -> Result<String, Error> {
        match key {
            "denied" => Err(Error::Denied),
            "missing" => Err(Error::Missing(key.to_owned())),
            "gone" => Err(Error::Gone(Reason::TakenAway)),
            key => Ok(format!("value of {key}")),
        }
    }

    fn length(&mut self, key: &str) -> Result<u32, String> {
        u8::try_from(key.len())
            .map(u32::from)
            .map_err(|_| format!("{} bytes", key.len()))
    }

    fn check(&mut self, key: &str) -> Result<(), Reason> {
        if key == "gone" {
            return Err(Reason::TakenAway);
        }
        Ok(())
    }

    fn shut(&mut self) -> Result<(), ()> {
        Err(())
    }
}

#[test]
fn the_guest_passes_them_on() {
    load!(host::ErrorsWorld, App).run().unwrap();
}

#[test]
fn they_come_as_they_are() {
    let guest = load!(host::ErrorsWorld, App);
    let stores = guest.stores();
    assert_eq!(stores.load("ä").unwrap(), "<value of ä>");
    for (key, error, text) in [
        ("denied", Error::Denied, "denied"),
        (
            "missing",
            Error::Missing("missing".to_owned()),
            "missing: missing",
        ),
        ("gone", Error::Gone(Reason::TakenAway), "gone: taken away"),
        (
            "",
            Error::Several(vec!["leer".to_owned(), "é".to_owned()]),
            "several: [\"leer\", \"é\"]",
        ),
    ] {
        assert_eq!(error.to_string(), text);
        match stores.load(key) {
            Err(CallError::Guest(found)) => assert_eq!(found, error),
            other => panic!("expected an error of the guest, found {other:?}"),
        }
    }
    assert_eq!(stores.length("abc").unwrap(), 13);
    let error = stores.length("denied").unwrap_err();
    assert_eq!(error.guest().unwrap(), "denied");
    let error = stores.length(&"x".repeat(300)).unwrap_err();
    assert_eq!(error.guest().unwrap(), "309 bytes");
    stores.check("a").unwrap();
    let error = stores.check("gone").unwrap_err();
    assert_eq!(error.guest(), Some(&Reason::TakenAway));
    assert_eq!(stores.shut().unwrap_err().guest(), Some(&()));
}

#[test]
fn a_host_passes_them_on_too() {
    let guest = load!(host::ErrorsWorld, App);
    let load = |key: &str| -> abide::Result<usize> { Ok(guest.stores().load(key)?.len()) };
    assert_eq!(load("a").unwrap(), 12);
    let error = load("gone").unwrap_err();
    assert!(error.to_string().ends_with("gone: taken away"), "{error}");
}
