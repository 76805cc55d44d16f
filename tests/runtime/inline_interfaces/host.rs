//! Interfaces that are written in the world itself, one of them with nothing in it.

abide::abi!({ wit: "inline_interfaces/test.wit", module: "inline_interfaces" });

use self::answer::{Ask, Mood, Reply};
use self::ask::Question;
use self::shared::Pair;

#[derive(Clone)]
struct App;

impl host_async::Ask for App {
    async fn choose(&mut self, question: Question) -> Option<Pair> {
        assert_eq!(question.text, format!("{} Paare", question.choices.len()));
        question.choices.into_iter().max_by_key(|pair| pair.a)
    }
}

#[awaited::test]
async fn both_sides_see_the_shared_type() {
    let guest = load!(host_async::InlineInterfaces, App);
    let pair = |a, b: &str| Pair { a, b: b.to_owned() };
    let reply = guest
        .answer()
        .choose(&[pair(3, "c"), pair(255, "ÿ"), pair(4, "")])
        .await
        .unwrap();
    assert_eq!(
        reply,
        Reply {
            mood: Mood::Glad,
            pair: pair(255, "ÿ")
        }
    );
    let reply = guest.answer().choose(&[]).await.unwrap();
    assert_eq!(
        reply,
        Reply {
            mood: Mood::Sad,
            pair: pair(0, "0 Paare")
        }
    );
}

#[awaited::test]
async fn interfaces_may_have_types_of_one_name() {
    let guest = load!(host_async::InlineInterfaces, App);
    let again = async |number| {
        let question = answer::Question { number };
        guest.answer().again(&question).await
    };
    assert_eq!(again(1).await.unwrap(), answer::Question { number: 2 });
    let refused = async |number| match again(number).await {
        Err(abide::CallError::Guest(ask)) => ask,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(0).await, Ask::Never);
    assert_eq!(refused(u32::MAX).await, Ask::Always);
}
