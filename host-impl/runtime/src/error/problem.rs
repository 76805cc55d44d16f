//! One thing in which a guest does not fit its world, in WIT terms.

use std::fmt;

use super::untrusted;

/// How many problems of a guest are told.
const MOST: usize = 50;

/// How many bytes they may have together, in what comes from the guest. The last may pass it.
const ROOM: usize = 32 * 1024;

/// The longest path, note, and name within a note, in bytes: a guest chooses the names of what it
/// imports.
const LONGEST_PATH: usize = 256;
const LONGEST_NOTE: usize = 1024;
const LONGEST_NAME: usize = 128;

/// One thing in which a guest does not fit a world.
///
/// What the guest has chosen of it is cut where it is long, and has no control characters.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// What sort of thing it is.
    pub kind: ProblemKind,
    /// The function or item, as `package:name/interface.function`.
    pub path: String,
    /// The type that the world gives it, in WIT syntax, where it has one.
    pub expected: Option<String>,
    /// The type that the guest gives it, in WIT syntax, where it has one.
    pub found: Option<String>,
    /// What else helps: another version that is there, the engine's own words.
    pub note: Option<String>,
}

/// The sorts of [`Problem`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProblemKind {
    /// The guest lacks an export of the world.
    MissingExport,
    /// The guest has an export of that name, with another type.
    ExportType,
    /// The guest wants an import that the host does not offer.
    MissingImport,
    /// The guest wants an import of that name, with another type.
    ImportType,
    /// The engine refused to link for another reason, given in
    /// [`Problem::note`](field@Problem::note).
    Other,
}

impl Problem {
    pub(crate) fn new(kind: ProblemKind, path: impl fmt::Display) -> Self {
        Self {
            kind,
            path: untrusted::line(path, LONGEST_PATH).into(),
            expected: None,
            found: None,
            note: None,
        }
    }

    /// `expected` is of the world.
    pub(crate) fn expected(mut self, expected: impl fmt::Display) -> Self {
        self.expected = Some(expected.to_string());
        self
    }

    pub(crate) fn found(mut self, found: Box<str>) -> Self {
        self.found = Some(found.into());
        self
    }

    pub(crate) fn note(mut self, note: impl fmt::Display) -> Self {
        self.note = Some(untrusted::line(note, LONGEST_NOTE).into());
        self
    }

    /// How many bytes of it a guest may have chosen.
    fn size(&self) -> usize {
        let texts = [&self.found, &self.note];
        let lengths = texts.map(|text| text.as_ref().map_or(0, String::len));
        self.path.len() + lengths.iter().sum::<usize>()
    }
}

/// A name out of a guest in a note.
pub(crate) fn named(name: &str) -> Box<str> {
    untrusted::line(name, LONGEST_NAME)
}

/// The problems of a guest: the first ones, and how many more there are.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    pub(crate) list: Vec<Problem>,
    pub(crate) more: usize,
    /// How many bytes a guest may have chosen of those in the list.
    size: usize,
}

impl Problems {
    /// Adds one, which is not even made where there is no room for it.
    pub(crate) fn add(&mut self, problem: impl FnOnce() -> Problem) {
        if self.list.len() >= MOST || self.size >= ROOM {
            self.more += 1;
            return;
        }
        let problem = problem();
        self.size += problem.size();
        self.list.push(problem);
    }

    pub(crate) fn append(&mut self, others: Self) {
        self.more += others.more;
        for problem in others.list {
            self.add(|| problem);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, .. } = self;
        let (expected, found) = match self.kind {
            ProblemKind::MissingExport => {
                write!(f, "export `{path}` is missing")?;
                ("expected:", "found:   ")
            }
            ProblemKind::ExportType => {
                write!(f, "export `{path}` has another type")?;
                ("expected:", "found:   ")
            }
            ProblemKind::MissingImport => {
                write!(f, "import `{path}` is not offered by the host")?;
                ("offered: ", "wanted:  ")
            }
            ProblemKind::ImportType => {
                write!(f, "import `{path}` has another type")?;
                ("offered: ", "wanted:  ")
            }
            ProblemKind::Other => {
                write!(f, "the engine cannot link it")?;
                ("expected:", "found:   ")
            }
        };
        if let Some(text) = &self.expected {
            write!(f, "\n    {expected} {text}")?;
        }
        if let Some(text) = &self.found {
            write!(f, "\n    {found} {text}")?;
        }
        if let Some(text) = &self.note {
            write!(f, "\n    note: {text}")?;
        }
        Ok(())
    }
}

/// The problems as the list inside of an error message, with a line break after each, and `more`
/// that are not told.
pub(crate) fn indented_list(problems: &[Problem], more: usize) -> impl fmt::Display + '_ {
    fmt::from_fn(move |f| {
        for problem in problems {
            let text = problem.to_string();
            for (number, line) in text.lines().enumerate() {
                let bullet = if number == 0 { "  - " } else { "  " };
                writeln!(f, "{bullet}{line}")?;
            }
        }
        match more {
            0 => Ok(()),
            _ => writeln!(f, "  and {} more", Grouped(more)),
        }
    })
}

/// A number with commas: 49,990.
struct Grouped(usize);

impl fmt::Display for Grouped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            small @ 0..1000 => write!(f, "{small}"),
            large => write!(f, "{},{:03}", Self(large / 1000), large % 1000),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(path: &str) -> Problem {
        Problem::new(ProblemKind::MissingImport, path)
    }

    #[test]
    fn only_the_first_problems_are_told_and_the_others_counted() {
        let mut problems = Problems::default();
        for number in 0..50_000 {
            problems.add(|| missing(&format!("a:b/c.f{number}")));
        }
        assert_eq!((problems.list.len(), problems.more), (MOST, 50_000 - MOST));
        let text = indented_list(&problems.list, problems.more).to_string();
        assert!(text.ends_with("\n  and 49,950 more\n"), "{text}");
        let mut others = Problems::default();
        others.add(|| missing("x"));
        problems.append(others);
        assert_eq!((problems.list.len(), problems.more), (MOST, 50_001 - MOST));
    }

    #[test]
    fn long_texts_of_a_guest_are_cut_and_leave_room_for_few_problems() {
        let long = "n".repeat(100_000);
        let mut problems = Problems::default();
        for _ in 0..100 {
            problems.add(|| missing(&long).found(Box::from(&long[..2000])).note(&long));
        }
        assert!(problems.list.len() < MOST);
        assert_eq!(problems.list.len() + problems.more, 100);
        let text = indented_list(&problems.list, problems.more).to_string();
        assert!(text.len() < 2 * ROOM, "{}", text.len());
        let path = &problems.list[0].path;
        assert_eq!(path.len(), LONGEST_PATH + "…".len());
        assert_eq!(missing("a\x1b\nb").path, "a\u{fffd} b");
    }

    #[test]
    fn numbers_are_easy_to_read() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (1_002_003, "1,002,003"),
        ] {
            assert_eq!(Grouped(number).to_string(), text);
        }
    }
}
