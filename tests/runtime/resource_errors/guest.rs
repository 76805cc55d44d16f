//! Fails with resources, and asks those of the host what went wrong.

abide::abi!("test.wit");

use guest::exports::links::{Failure, GuestFailure, GuestLink, Link, Trouble};
use guest::links as host;

struct Plugin;

struct OwnFailure(u32);

impl GuestFailure for OwnFailure {
    fn code(&self) -> u32 {
        self.0
    }

    fn text(&self) -> String {
        format!("Gast {}", self.0)
    }

    fn cause(&self) -> Option<Failure> {
        self.0.checked_sub(1).map(failure)
    }
}

struct OwnLink(String);

fn failure(code: u32) -> Failure {
    Failure::new(OwnFailure(code))
}

impl GuestLink for OwnLink {
    fn new(name: String) -> Result<Self, Failure> {
        if name.is_empty() {
            return Err(failure(7));
        }
        Ok(Self(name))
    }

    fn send(&self, text: String) -> Result<u32, Failure> {
        if text == self.0 {
            Err(failure(1))
        } else {
            Ok(text.len() as u32)
        }
    }

    fn close(of: Link) -> Result<(), Failure> {
        match of.get::<OwnLink>().0.as_str() {
            "stuck" => Err(failure(0)),
            _ => Ok(()),
        }
    }
}

impl guest::Links for Plugin {
    type Failure = OwnFailure;
    type Link = OwnLink;

    fn check(number: u32) -> Result<(), Trouble> {
        match number {
            0 => Ok(()),
            1 => Err(Trouble::Unknown),
            2 => Err(Trouble::Known(failure(2))),
            other => Err(Trouble::Tagged((other as u8, failure(other)))),
        }
    }
}

impl guest::ResourceErrors for Plugin {
    fn run() {
        let error = host::Link::new("").unwrap_err();
        assert_eq!((error.code(), error.text().as_str()), (100, "host 100"));
        assert!(error.cause().is_none());
        let link = host::Link::new("é").unwrap();
        assert_eq!(link.send("abc").unwrap(), 3);
        let error = link.send("").unwrap_err();
        assert_eq!(error.code(), 102);
        let causes = std::iter::successors(Some(error), host::Failure::cause);
        assert_eq!(
            causes.map(|error| error.code()).collect::<Vec<_>>(),
            [102, 101, 100]
        );
        host::Link::close(link).unwrap();
        assert_eq!(
            host::Link::close(host::Link::new("stuck").unwrap())
                .unwrap_err()
                .code(),
            101
        );
        host::check(0).unwrap();
        assert!(matches!(host::check(1), Err(host::Trouble::Unknown)));
        assert!(matches!(host::check(2), Err(host::Trouble::Known(of)) if of.code() == 103));
        let Err(host::Trouble::Tagged((255, of))) = host::check(255) else {
            panic!("expected a tag")
        };
        assert_eq!(of.code(), 104);
    }
}

export!(Plugin);
