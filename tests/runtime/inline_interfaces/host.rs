//! Interfaces that are written in the world itself, one of them with nothing in it.

abide::abi!({ wit: "inline_interfaces/test.wit", module: "inline_interfaces" });

use self::answer::{Ask, Mood, Reply};
use self::ask::Question;
use self::shared::Pair;

#[derive(Clone)]
struct App;

impl host::Ask for App {
    fn choose(&mut self, question: Question) -> Option<Pair> {
        assert_eq!(question.text, format!("{} Paare", question.choices.len()));
        question.choices.into_iter().max_by_key(|pair| pair.a)
    }
}

#[test]
fn both_sides_see_the_shared_type() {
    let guest = load!(host::InlineInterfaces, App);
    let pair = |a, b: &str| Pair { a, b: b.to_owned() };
    let reply = guest
        .answer()
        .choose(&[pair(3, "c"), pair(255, "ÿ"), pair(4, "")])
        .unwrap();
    assert_eq!(
        reply,
        Reply {
            mood: Mood::Glad,
            pair: pair(255, "ÿ")
        }
    );
    let reply = guest.answer().choose(&[]).unwrap();
    assert_eq!(
        reply,
        Reply {
            mood: Mood::Sad,
            pair: pair(0, "0 Paare")
        }
    );
}

#[test]
fn interfaces_may_have_types_of_one_name() {
    let guest = load!(host::InlineInterfaces, App);
    let again = |number| guest.answer().again(&answer::Question { number });
    assert_eq!(again(1).unwrap(), answer::Question { number: 2 });
    let refused = |number| match again(number) {
        Err(abide::CallError::Guest(ask)) => ask,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(0), Ask::Never);
    assert_eq!(refused(u32::MAX), Ask::Always);
}
