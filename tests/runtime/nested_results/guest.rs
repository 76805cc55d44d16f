//! Gives and takes results in results by their numbers.

abide::abi!("test.wit");

use trials::{Failure, Reason};

use guest::trials as host;

struct Plugin;

type Outcome = Result<Result<Option<u64>, Reason>, Result<String, Failure>>;

impl guest::Trials for Plugin {
    fn outcome(number: u8) -> Outcome {
        match number {
            0 => Ok(Ok(None)),
            1 => Ok(Ok(Some(u64::MAX))),
            2 => Ok(Err(Reason::Later)),
            3 => Err(Ok("Gast".to_owned())),
            4 => Err(Err(Failure::Early(Reason::Never))),
            5 => Err(Err(Failure::Late(Ok(255)))),
            _ => Err(Err(Failure::Late(Err("spät".to_owned())))),
        }
    }

    fn number(of: Outcome) -> u8 {
        match of {
            Ok(Ok(None)) => 10,
            Ok(Ok(Some(number))) => number as u8,
            Ok(Err(Reason::Later)) => 12,
            Ok(Err(Reason::Never)) => 112,
            Err(Ok(text)) => text.len() as u8,
            Err(Err(Failure::Early(Reason::Never))) => 14,
            Err(Err(Failure::Early(Reason::Later))) => 114,
            Err(Err(Failure::Late(Ok(byte)))) => byte,
            Err(Err(Failure::Late(Err(text)))) => 100 + text.len() as u8,
        }
    }

    fn unfolded(of: Option<Result<Option<String>, Option<i64>>>) -> String {
        format!("Gast {of:?}")
    }
}

impl guest::NestedResults for Plugin {
    fn run() {
        let outcomes: Vec<_> = (0..7).map(host::outcome).collect();
        let expected = [
            Ok(Ok(None)),
            Ok(Ok(Some(1 << 33))),
            Ok(Err(Reason::Never)),
            Err(Ok("Wirt".to_owned())),
            Err(Err(Failure::Early(Reason::Later))),
            Err(Err(Failure::Late(Ok(7)))),
            Err(Err(Failure::Late(Err(String::new())))),
        ];
        assert_eq!(outcomes, expected);
        assert_eq!(host::number(Ok(Ok(Some(1 << 40)))), 41);
        assert_eq!(host::number(Ok(Err(&Reason::Later))), 2);
        assert_eq!(host::number(Err(Ok("é"))), 3);
        assert_eq!(
            host::number(Err(Err(&Failure::Late(Err("ß".to_owned()))))),
            6
        );
        assert_eq!(
            host::unfolded(Some(Err(Some(-1)))),
            "Wirt Some(Err(Some(-1)))"
        );
        assert_eq!(
            host::unfolded(Some(Ok(Some("é")))),
            "Wirt Some(Ok(Some(\"é\")))"
        );
        assert_eq!(host::unfolded(None), "Wirt None");
    }
}

export!(Plugin);
