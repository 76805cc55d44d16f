//! What came of a scenario in two proxies, compared.

use std::fmt::Write as _;

use crate::scenarios::{Scenario, What};
use crate::trace::Trace;

/// Fields of answers that are not compared, all that there are: when it was.
const ASIDE: [&str; 1] = ["date"];

/// How many lines of a difference are told.
const TOLD: usize = 10;

/// What came of a scenario.
pub(crate) struct Outcome {
    pub(crate) trace: Trace,
    pub(crate) answers: Vec<u8>,
}

impl Outcome {
    fn lines(&self, what: What) -> Vec<String> {
        match what {
            What::Starts => self.trace.starts.concat(),
            What::Calls => self.trace.lines.clone(),
            What::Answers => {
                let text = String::from_utf8_lossy(&self.answers);
                let lines = text.split_inclusive('\n').filter(|line| {
                    let name = line.split(':').next().unwrap_or_default();
                    !ASIDE.contains(&name)
                });
                lines.map(str::to_owned).collect()
            }
        }
    }
}

/// What is wrong with a scenario: that something differs, or does not differ any more.
pub(crate) fn told(scenario: &Scenario, theirs: &Outcome, ours: &Outcome) -> String {
    let (expected, why) = scenario.differs.unwrap_or_default();
    let mut text = String::new();
    for what in [What::Starts, What::Calls, What::Answers] {
        let (theirs, ours) = (theirs.lines(what), ours.lines(what));
        match (theirs != ours, expected.contains(&what)) {
            (true, false) => tell(&mut text, scenario, what, &theirs, &ours),
            (false, true) => {
                let _ = writeln!(
                    text,
                    "{}: {what:?} do not differ, because {why}",
                    scenario.name
                );
            }
            _ => {}
        }
    }
    text
}

/// Tells of a difference, from the first line that is another on.
fn tell(text: &mut String, scenario: &Scenario, what: What, theirs: &[String], ours: &[String]) {
    let pairs = theirs.iter().zip(ours);
    let same = pairs.take_while(|(theirs, ours)| theirs == ours).count();
    let _ = writeln!(
        text,
        "{}: {what:?} differ from line {} on:",
        scenario.name,
        same + 1
    );
    for (mark, lines) in [("Envoy", theirs), ("here ", ours)] {
        for line in lines[same..].iter().take(TOLD) {
            let _ = writeln!(text, "    {mark} | {}", line.trim_end().escape_debug());
        }
    }
}
