//! Results in results, in options and in variants.

abide::abi!({ wit: "nested_results/test.wit", module: "nested_results" });

use self::trials::{Failure, Reason};

#[derive(Clone)]
struct App;

type Outcome = Result<Result<Option<u64>, Reason>, Result<String, Failure>>;

impl host_async::Trials for App {
    async fn outcome(&mut self, number: u8) -> Outcome {
        match number {
            0 => Ok(Ok(None)),
            1 => Ok(Ok(Some(1 << 33))),
            2 => Ok(Err(Reason::Never)),
            3 => Err(Ok("Wirt".to_owned())),
            4 => Err(Err(Failure::Early(Reason::Later))),
            5 => Err(Err(Failure::Late(Ok(7)))),
            _ => Err(Err(Failure::Late(Err(String::new())))),
        }
    }

    async fn number(&mut self, of: Outcome) -> u8 {
        match of {
            Ok(Ok(None)) => 0,
            Ok(Ok(Some(number))) => number.ilog2() as u8 + 1,
            Ok(Err(_)) => 2,
            Err(Ok(_)) => 3,
            Err(Err(Failure::Early(_))) => 4,
            Err(Err(Failure::Late(Ok(_)))) => 5,
            Err(Err(Failure::Late(Err(_)))) => 6,
        }
    }

    async fn unfolded(&mut self, of: Option<Result<Option<String>, Option<i64>>>) -> String {
        format!("Wirt {of:?}")
    }
}

#[awaited::test]
async fn the_guest_gets_what_the_host_gives() {
    load!(host_async::NestedResults, App).run().await.unwrap();
}

#[awaited::test]
async fn outcomes_by_number() {
    let guest = load!(host_async::NestedResults, App);
    // The outer result is the answer of the call; what is in it stays as it is.
    let outcome = async |number| match guest.trials().outcome(number).await {
        Ok(ok) => Ok(ok),
        Err(error) => Err(error.guest().cloned().unwrap()),
    };
    assert_eq!(outcome(0).await, Ok(Ok(None)));
    assert_eq!(outcome(1).await, Ok(Ok(Some(u64::MAX))));
    assert_eq!(outcome(2).await, Ok(Err(Reason::Later)));
    assert_eq!(outcome(3).await, Err(Ok("Gast".to_owned())));
    assert_eq!(outcome(4).await, Err(Err(Failure::Early(Reason::Never))));
    assert_eq!(outcome(5).await, Err(Err(Failure::Late(Ok(255)))));
    let late = Failure::Late(Err("spät".to_owned()));
    assert_eq!(outcome(6).await, Err(Err(late)));
}

#[awaited::test]
async fn numbers_of_outcomes() {
    let guest = load!(host_async::NestedResults, App);
    let trials = guest.trials();
    let late = Failure::Late(Err("ü".to_owned()));
    for (outcome, expected) in [
        (Ok(Ok(None)), 10),
        (Ok(Ok(Some(11))), 11),
        (Ok(Err(Reason::Later)), 12),
        (Ok(Err(Reason::Never)), 112),
        (Err(Ok("dreizehn")), 8),
        (Err(Err(&Failure::Early(Reason::Later))), 114),
        (Err(Err(&Failure::Late(Ok(254)))), 254),
        (Err(Err(&late)), 102),
    ] {
        assert_eq!(
            trials.number(outcome).await.unwrap(),
            expected,
            "{outcome:?}"
        );
    }
    assert_eq!(
        trials.unfolded(Some(Err(None))).await.unwrap(),
        "Gast Some(Err(None))"
    );
    assert_eq!(trials.unfolded(None).await.unwrap(), "Gast None");
    assert_eq!(
        trials.unfolded(Some(Ok(Some("\u{301}")))).await.unwrap(),
        format!("Gast {:?}", Some(Ok::<_, Option<i64>>(Some("\u{301}"))))
    );
}
