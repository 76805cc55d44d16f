//! Imports by which a host may end its guest: with a reason that comes out of the call.

use std::error::Error as _;
use std::fmt;

use abide::{CallError, Error};

abide::abi!({
    wit: "trappable/test.wit",
    module: "trappable",
    trappable: ["gates.pass", "gates.open", "gates.close", "stop"],
});

#[derive(Clone, Default)]
struct App(u32);

/// The host's own reason.
#[derive(Debug, PartialEq)]
struct Shut(String);

impl fmt::Display for Shut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is shut", self.0)
    }
}

impl std::error::Error for Shut {}

fn shut(name: &str) -> abide::Result<()> {
    match name {
        "ä" => Err(Error::host(Shut(name.to_owned()))),
        _ => Ok(()),
    }
}

impl host_async::Gates for App {
    async fn pass(&mut self, name: &str) -> abide::Result<u32> {
        super::pause().await;
        shut(name)?;
        Ok(name.len() as u32)
    }

    async fn open(&mut self, name: &str) -> abide::Result<Result<String, u8>> {
        super::pause().await;
        shut(name)?;
        Ok(name
            .bytes()
            .next()
            .map_or(Err(255), |_| Ok(name.to_owned())))
    }

    async fn close(&mut self, name: &str) -> abide::Result<()> {
        shut(name)?;
        self.0 += 1;
        Ok(())
    }

    async fn count(&mut self) -> u32 {
        self.0
    }
}

impl host_async::TrappableImports for App {
    async fn stop(&mut self, reason: &str) -> abide::Result<()> {
        Err(Error::host(reason.to_owned()))
    }
}

/// The import that ended the guest, and the reason that the host gave.
fn reason(error: &Error) -> (&'static str, &Shut) {
    let Error::Host { import, source, .. } = error else {
        panic!("{error}")
    };
    (import, source.downcast_ref().unwrap())
}

#[awaited::test]
async fn without_a_reason_they_are_like_others() {
    let session = load!(host_async::Trappable, App::default())
        .session()
        .await
        .unwrap();
    assert_eq!(session.pass("abc").await.unwrap(), 4);
    assert_eq!(session.try_open("b").await.unwrap(), "b!");
    // The error of the WIT is no reason to end anybody.
    assert_eq!(session.try_open("").await.unwrap_err().guest(), Some(&255));
    assert_eq!(session.try_close("c").await.unwrap(), 1);
    assert_eq!(session.try_close("d").await.unwrap(), 2);
}

#[awaited::test]
async fn the_reason_comes_out_of_the_call() {
    let guest = load!(host_async::Trappable, App::default());
    let expected = Shut("ä".to_owned());
    let error = guest.pass("ä").await.unwrap_err();
    assert_eq!(reason(&error), ("test:trappable/gates.pass", &expected));
    assert!(error.to_string().contains("`pass`"), "{error}");
    assert_eq!(error.source().unwrap().to_string(), "`ä` is shut");
    let Err(CallError::Failed(error)) = guest.try_open("ä").await else {
        panic!("expected a call that failed")
    };
    assert_eq!(reason(&error), ("test:trappable/gates.open", &expected));
    let error = guest.stopped("Schluß").await.unwrap_err();
    let Error::Host { import, source, .. } = &error else {
        panic!("{error}")
    };
    assert_eq!((*import, &*source.to_string()), ("stop", "Schluß"));
}

#[awaited::test]
async fn the_session_ends_with_its_guest() {
    let guest = load!(host_async::Trappable, App::default());
    let session = guest.session().await.unwrap();
    assert_eq!(session.try_close("x").await.unwrap(), 1);
    let error = session.try_close("ä").await.unwrap_err();
    assert_eq!(reason(&error).0, "test:trappable/gates.close");
    assert!(!session.is_alive());
    assert!(matches!(
        session.try_close("x").await.unwrap_err(),
        Error::Discarded { .. }
    ));
    assert_eq!(guest.try_close("x").await.unwrap(), 1);
}
