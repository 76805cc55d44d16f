//! The guest of the benchmarks as a program, which is called over its standard input and output.
//!
//! A call is a byte that says which, a length of four bytes, and as many bytes; the answer is a length
//! and bytes.

use std::io::{BufReader, BufWriter, Read, Result, Write};

fn main() -> Result<()> {
    let mut calls = BufReader::with_capacity(64 * 1024, std::io::stdin().lock());
    let mut answers = BufWriter::with_capacity(64 * 1024, std::io::stdout().lock());
    let mut head = [0; 5];
    let mut bytes = Vec::new();
    while calls.read_exact(&mut head).is_ok() {
        let [call, len @ ..] = head;
        bytes.resize(u32::from_le_bytes(len) as usize, 0);
        calls.read_exact(&mut bytes)?;
        if call == b'+' {
            let number = |at: usize| {
                let number = bytes.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
                u32::from_le_bytes(number.unwrap_or_default())
            };
            let sum = number(0).wrapping_add(number(4));
            bytes.clear();
            bytes.extend(sum.to_le_bytes());
        }
        answers.write_all(&(bytes.len() as u32).to_le_bytes())?;
        answers.write_all(&bytes)?;
        answers.flush()?;
    }
    Ok(())
}
