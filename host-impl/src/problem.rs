//! One thing in which a guest does not fit its world, in WIT terms.
//!
//! It knows how a problem reads, not how it is found.

use std::fmt;

/// One thing in which a guest does not fit a world.
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
    /// The engine refused to link for another reason, given in [`Problem::note`](field@Problem::note).
    Other,
}

impl Problem {
    pub(crate) fn new(kind: ProblemKind, path: impl Into<String>) -> Self {
        Self {
            kind,
            path: path.into(),
            expected: None,
            found: None,
            note: None,
        }
    }

    pub(crate) fn expected(mut self, expected: impl fmt::Display) -> Self {
        self.expected = Some(expected.to_string());
        self
    }

    pub(crate) fn found(mut self, found: impl fmt::Display) -> Self {
        self.found = Some(found.to_string());
        self
    }

    pub(crate) fn note(mut self, note: impl fmt::Display) -> Self {
        self.note = Some(note.to_string());
        self
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

/// The problems as the list inside of an error message, with a line break after each.
pub(crate) fn indented_list(problems: &[Problem]) -> impl fmt::Display + '_ {
    fmt::from_fn(move |f| {
        for problem in problems {
            let text = problem.to_string();
            for (number, line) in text.lines().enumerate() {
                let bullet = if number == 0 { "  - " } else { "  " };
                writeln!(f, "{bullet}{line}")?;
            }
        }
        Ok(())
    })
}
