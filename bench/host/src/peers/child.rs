//! A program of its own, called over a pipe: what the operating system separates.

use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context as _, Result};

use super::compiled;

/// The program's file.
pub(crate) fn program() -> Result<PathBuf> {
    compiled("child.rs", "bin")
}

/// A process that answers calls. It ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Called {
    child: Child,
    calls: ChildStdin,
    answers: ChildStdout,
    /// One for all calls.
    message: Vec<u8>,
}

impl Called {
    pub(crate) fn start(program: &PathBuf) -> Result<Self> {
        let mut child = Command::new(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start `{}`", program.display()))?;
        Ok(Self {
            calls: child.stdin.take().context("it has no standard input")?,
            answers: child.stdout.take().context("it has no standard output")?,
            child,
            message: Vec::new(),
        })
    }

    fn call(&mut self, call: u8, bytes: &[u8], answer: &mut Vec<u8>) -> Result<()> {
        self.message.clear();
        self.message.push(call);
        self.message.extend((bytes.len() as u32).to_le_bytes());
        self.message.extend(bytes);
        self.calls.write_all(&self.message)?;
        let mut len = [0; 4];
        self.answers.read_exact(&mut len)?;
        answer.resize(u32::from_le_bytes(len) as usize, 0);
        Ok(self.answers.read_exact(answer)?)
    }

    pub(crate) fn add(&mut self, a: u32, b: u32) -> Result<u32> {
        let mut numbers = [0; 8];
        numbers[..4].copy_from_slice(&a.to_le_bytes());
        numbers[4..].copy_from_slice(&b.to_le_bytes());
        let mut sum = Vec::with_capacity(4);
        self.call(b'+', &numbers, &mut sum)?;
        let sum: [u8; 4] = sum.as_slice().try_into().context("it is no number")?;
        Ok(u32::from_le_bytes(sum))
    }

    pub(crate) fn echo(&mut self, bytes: &[u8]) -> Result<Vec<u8>> {
        let mut echoed = Vec::with_capacity(bytes.len());
        self.call(b'=', bytes, &mut echoed)?;
        Ok(echoed)
    }
}

impl Drop for Called {
    fn drop(&mut self) {
        // It has nothing to lose, and a drop could not report it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
