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

impl host_async::Links for App {
    type Failure = Failure;
    type Link = Link;

    async fn link_new(&mut self, name: &str) -> Result<Link, Failure> {
        if name.is_empty() {
            return Err(failure(100, &self.0));
        }
        Ok(Link(name.to_owned(), self.0.clone()))
    }

    async fn link_close(&mut self, of: Link) -> Result<(), Failure> {
        if of.0 == "stuck" {
            return Err(failure(101, &self.0));
        }
        Ok(())
    }

    async fn check(&mut self, number: u32) -> Result<(), Trouble<Failure>> {
        Err(match number {
            0 => return Ok(()),
            1 => Trouble::Unknown,
            2 => Trouble::Known(failure(103, &self.0)),
            other => Trouble::Tagged((other as u8, failure(104, &self.0))),
        })
    }
}

impl host_async::links::Failure for Failure {
    async fn code(&mut self) -> u32 {
        self.0
    }

    async fn text(&mut self) -> String {
        format!("host {}", self.0)
    }

    async fn cause(&mut self) -> Option<Self> {
        (self.0 > 100).then(|| failure(self.0 - 1, &self.1))
    }
}

impl host_async::links::Link for Link {
    type Failure = Failure;

    async fn send(&mut self, text: &str) -> Result<u32, Failure> {
        if text.is_empty() {
            return Err(failure(102, &self.1));
        }
        Ok(text.len() as u32)
    }
}

#[awaited::test]
async fn the_guest_asks_what_went_wrong() {
    let app = App::default();
    load!(host_async::ResourceErrors, app.clone())
        .run()
        .await
        .unwrap();
    assert_eq!((app.0.made(), app.0.count()), (7, 0));
}

#[awaited::test]
async fn the_host_asks_what_went_wrong() {
    let session = load!(host_async::ResourceErrors, App::default())
        .session()
        .await
        .unwrap();
    let links = session.links();
    let Err(CallError::Guest(error)) = links.link_new("").await else {
        panic!("expected a failure")
    };
    assert_eq!(error.code().await.unwrap(), 7);
    assert_eq!(error.text().await.unwrap(), "Gast 7");
    assert_eq!(
        error.cause().await.unwrap().unwrap().code().await.unwrap(),
        6
    );
    let link = links.link_new("same").await.unwrap();
    assert_eq!(link.send("ß").await.unwrap(), 2);
    let Err(CallError::Guest(error)) = link.send("same").await else {
        panic!("expected a failure")
    };
    let none = error.cause().await.unwrap().unwrap();
    assert!(none.cause().await.unwrap().is_none());
    links.link_close(link).await.unwrap();
    let stuck = links.link_new("stuck").await.unwrap();
    let Err(CallError::Guest(error)) = links.link_close(stuck).await else {
        panic!("expected a failure")
    };
    assert_eq!(error.code().await.unwrap(), 0);
    links.check(0).await.unwrap();
    assert!(matches!(
        links.check(1).await,
        Err(CallError::Guest(Trouble::Unknown))
    ));
    let Err(CallError::Guest(Trouble::Tagged((9, error)))) = links.check(9).await else {
        panic!("expected a tag")
    };
    assert_eq!(error.code().await.unwrap(), 9);
}
