//! What each number asks for. Numbers only.

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// To render a text.
    Render,
    /// To render it on an instance of its own.
    Fresh,
    /// To keep a note.
    Save,
    /// To show one that was kept.
    Show,
    /// To find one, which looks at all of them.
    Search,
    /// What has to be refused.
    Refused,
    /// What never ends.
    Timeout,
    /// What traps, in two ways.
    Trap,
    /// What never ends, by a client who does not wait for that.
    GoAway,
}

/// Of a thousand requests, one times out, three trap, three are given up, and twenty are refused.
pub(super) fn turn(number: u64) -> Turn {
    match number % 1000 {
        7 => Turn::Timeout,
        107 | 407 | 607 => Turn::Trap,
        207 | 507 | 807 => Turn::GoAway,
        other => match other % 50 {
            9 => Turn::Refused,
            3 | 23 => Turn::Save,
            13 | 14 | 15 | 33 | 34 | 35 => Turn::Show,
            41 if number % 200 == 41 => Turn::Search,
            5 | 25 | 45 => Turn::Fresh,
            _ => Turn::Render,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{Turn, turn};

    #[test]
    fn all_that_can_go_wrong_does() {
        let of = |turn| (0..1000).filter(|n| self::turn(*n) == turn).count();
        assert_eq!(of(Turn::Timeout), 1);
        assert_eq!(of(Turn::Trap), 3);
        assert_eq!(of(Turn::GoAway), 3);
        assert_eq!(of(Turn::Refused), 20);
        assert_eq!(of(Turn::Save), 40);
        assert_eq!(of(Turn::Show), 120);
        assert_eq!(of(Turn::Search), 5);
    }
}
