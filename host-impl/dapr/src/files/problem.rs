//! What is wrong with files.

use std::fmt;
use std::path::{Path, PathBuf};

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    file: PathBuf,
    /// 0 is the file as a whole.
    line: usize,
    text: String,
}

impl Problem {
    pub(super) fn new(file: &Path, line: usize, text: String) -> Self {
        let file = file.to_owned();
        Self { file, line, text }
    }

    /// The file.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The line, from 1, if it is one.
    pub fn line(&self) -> Option<usize> {
        (self.line != 0).then_some(self.line)
    }

    /// What is wrong there.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.display();
        match self.line {
            0 => write!(f, "{file}: {}", self.text),
            line => write!(f, "{file}:{line}: {}", self.text),
        }
    }
}

/// All that is wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl Problems {
    pub(super) fn add(&mut self, file: &Path, line: usize, text: String) {
        self.0.push(Problem::new(file, line, text));
    }

    pub(super) fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    pub(super) fn keep<T>(&mut self, result: Result<T, Problem>) -> Option<T> {
        result.map_err(|problem| self.0.push(problem)).ok()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What there is, if nothing is wrong.
    pub(super) fn or<T>(mut self, good: T) -> Result<T, Self> {
        if self.0.is_empty() {
            return Ok(good);
        }
        self.0
            .sort_by(|one, other| (&one.file, one.line).cmp(&(&other.file, other.line)));
        Err(self)
    }

    /// Each of them, by file and line.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.0.iter()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, problem) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
