//! Leaves the choice to the host.

abide::abi!("test.wit");

use answer::{Ask, Mood, Pair, Reply};
use ask::Question;

use guest::ask as host;

struct Plugin;

impl guest::Answer for Plugin {
    fn choose(of: Vec<Pair>) -> Reply {
        let question = Question {
            text: format!("{} Paare", of.len()),
            choices: of,
        };
        match host::choose(&question) {
            Some(pair) => Reply {
                mood: Mood::Glad,
                pair,
            },
            None => Reply {
                mood: Mood::Sad,
                pair: Pair {
                    a: 0,
                    b: question.text,
                },
            },
        }
    }

    fn again(question: answer::Question) -> Result<answer::Question, Ask> {
        match question.number {
            0 => Err(Ask::Never),
            u32::MAX => Err(Ask::Always),
            number => Ok(answer::Question { number: number + 1 }),
        }
    }
}

export!(Plugin);
