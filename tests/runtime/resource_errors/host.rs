//! Results whose errors are resources, or hold some.

use abide::CallError;

use crate::alive::{Alive, One};

abide::abi!({ wit: "resource_errors/test.wit", module: "resource_errors" });

use self::links::Trouble;

#[derive(Clone, Default)]
struct App(Alive);

struct Failure(
    u32,
    Alive,
    #[expect(dead_code, reason = "counts the value")] One,
);

struct Link(String, Alive);

fn failure(code: u32, alive: &Alive) -> Failure {
    Failure(code, alive.clone(), alive.one(&code.to_string()))
}

impl host::Links for App {
    type Failure = Failure;
    type Link = Link;

    fn link_new(&mut self, name: &str) -> Result<Link, Failure> {
        if name.is_empty() {
            return Err(failure(100, &self.0));
        }
        Ok(Link(name.to_owned(), self.0.clone()))
    }

    fn link_close(&mut self, of: Link) -> Result<(), Failure> {
        if of.0 == "stuck" {
            return Err(failure(101, &self.0));
        }
        Ok(())
    }

    fn check(&mut self, number: u32) -> Result<(), Trouble<Failure>> {
        Err(match number {
            0 => return Ok(()),
            1 => Trouble::Unknown,
            2 => Trouble::Known(failure(103, &self.0)),
            other => Trouble::Tagged((other as u8, failure(104, &self.0))),
        })
    }
}

impl host::links::Failure for Failure {
    fn code(&mut self) -> u32 {
        self.0
    }

    fn text(&mut self) -> String {
        format!("host {}", self.0)
    }

    fn cause(&mut self) -> Option<Self> {
        (self.0 > 100).then(|| failure(self.0 - 1, &self.1))
    }
}

impl host::links::Link for Link {
    type Failure = Failure;

    fn send(&mut self, text: &str) -> Result<u32, Failure> {
        if text.is_empty() {
            return Err(failure(102, &self.1));
        }
        Ok(text.len() as u32)
    }
}

#[test]
fn the_guest_asks_what_went_wrong() {
    let app = App::default();
    load!(host::ResourceErrors, app.clone()).run().unwrap();
    assert_eq!((app.0.made(), app.0.count()), (7, 0));
}

#[test]
fn the_host_asks_what_went_wrong() {
    let session = load!(host::ResourceErrors, App::default())
        .session()
        .unwrap();
    let links = session.links();
    let Err(CallError::Guest(error)) = links.link_new("") else {
        panic!("expected a failure")
    };
    assert_eq!(error.code().unwrap(), 7);
    assert_eq!(error.text().unwrap(), "Gast 7");
    assert_eq!(error.cause().unwrap().unwrap().code().unwrap(), 6);
    let link = links.link_new("same").unwrap();
    assert_eq!(link.send("ß").unwrap(), 2);
    let Err(CallError::Guest(error)) = link.send("same") else {
        panic!("expected a failure")
    };
    let none = error.cause().unwrap().unwrap();
    assert!(none.cause().unwrap().is_none());
    links.link_close(link).unwrap();
    let stuck = links.link_new("stuck").unwrap();
    let Err(CallError::Guest(error)) = links.link_close(stuck) else {
        panic!("expected a failure")
    };
    assert_eq!(error.code().unwrap(), 0);
    links.check(0).unwrap();
    assert!(matches!(
        links.check(1),
        Err(CallError::Guest(Trouble::Unknown))
    ));
    let Err(CallError::Guest(Trouble::Tagged((9, error)))) = links.check(9) else {
        panic!("expected a tag")
    };
    assert_eq!(error.code().unwrap(), 9);
}
