//! Errors that guests return, that pass through them, and that are passed on with `?`.

use abide::CallError;

abide::abi!({ wit: "errors/test.wit", module: "errors" });

use self::stores::{Error, Reason};

#[derive(Clone)]
struct App;

impl host_async::Stores for App {
    async fn load(&mut self, key: &str) -> Result<String, Error> {
        super::pause().await;
        match key {
            "denied" => Err(Error::Denied),
            "missing" => Err(Error::Missing(key.to_owned())),
            "gone" => Err(Error::Gone(Reason::TakenAway)),
            key => Ok(format!("value of {key}")),
        }
    }

    async fn length(&mut self, key: &str) -> Result<u32, String> {
        super::pause().await;
        u8::try_from(key.len())
            .map(u32::from)
            .map_err(|_| format!("{} bytes", key.len()))
    }

    async fn check(&mut self, key: &str) -> Result<(), Reason> {
        if key == "gone" {
            return Err(Reason::TakenAway);
        }
        Ok(())
    }

    async fn shut(&mut self) -> Result<(), ()> {
        Err(())
    }
}

#[awaited::test]
async fn the_guest_passes_them_on() {
    load!(host_async::ErrorsWorld, App).run().await.unwrap();
}

#[awaited::test]
async fn they_come_as_they_are() {
    let guest = load!(host_async::ErrorsWorld, App);
    let stores = guest.stores();
    assert_eq!(stores.load("ä").await.unwrap(), "<value of ä>");
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
        match stores.load(key).await {
            Err(CallError::Guest(found)) => assert_eq!(found, error),
            other => panic!("expected an error of the guest, found {other:?}"),
        }
    }
    assert_eq!(stores.length("abc").await.unwrap(), 13);
    let error = stores.length("denied").await.unwrap_err();
    assert_eq!(error.guest().unwrap(), "denied");
    let error = stores.length(&"x".repeat(300)).await.unwrap_err();
    assert_eq!(error.guest().unwrap(), "309 bytes");
    stores.check("a").await.unwrap();
    let error = stores.check("gone").await.unwrap_err();
    assert_eq!(error.guest(), Some(&Reason::TakenAway));
    assert_eq!(stores.shut().await.unwrap_err().guest(), Some(&()));
}

#[awaited::test]
async fn a_host_passes_them_on_too() {
    let guest = load!(host_async::ErrorsWorld, App);
    let load =
        async |key: &str| -> abide::Result<usize> { Ok(guest.stores().load(key).await?.len()) };
    assert_eq!(load("a").await.unwrap(), 12);
    let error = load("gone").await.unwrap_err();
    assert!(error.to_string().ends_with("gone: taken away"), "{error}");
}
