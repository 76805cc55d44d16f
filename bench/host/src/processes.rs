//! Cases measured in several processes, one after the other, for the figures of one are not those of the
//! next: where a process's memory comes to lie makes a short call some hundredths slower or faster.
//!
//! It starts this program, reads what it measured, and knows no case.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, IsTerminal as _, Write as _};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail, ensure};

use crate::cases::Case;
use crate::measure::Samples;
use crate::options::Options;

/// The option that makes this program one of these processes.
pub(crate) const OPTION: &str = "--rounds-only";

/// Begins a line of figures.
const LINE: &str = "rounds";

/// Measures cases in as many processes as the options say: for each the rounds of all of them.
pub(crate) fn measured(chosen: &[&Case], options: &Options) -> Result<Vec<Vec<Samples>>> {
    let mut all: Vec<Vec<Samples>> = chosen.iter().map(|_| Vec::new()).collect();
    for number in 1..=options.processes {
        let process = format!("process {number} of {}", options.processes);
        let mut child = start(options).context("cannot start this program once more")?;
        let read = add(&mut child, chosen, &mut all, &process);
        if read.is_err() {
            // It may be stuck in what it tells; an error of its end would say less.
            let _ = child.kill();
        }
        let ended = child.wait();
        read.with_context(|| process.clone())?;
        let status = ended.with_context(|| process.clone())?;
        ensure!(status.success(), "{process} ended with {status}");
    }
    Ok(all)
}

fn start(options: &Options) -> Result<Child> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args([OPTION, "--processes", &options.processes.to_string()]);
    if options.is_quick {
        command.arg("--quick");
    }
    if options.proxies {
        command.arg("--proxies");
    }
    if !options.way.is_empty() {
        command.args(["--way", &options.way]);
    }
    command.args(&options.filters);
    Ok(command.stdout(Stdio::piped()).spawn()?)
}

/// Reads what a process tells of its cases, and adds it to what others told.
fn add(child: &mut Child, chosen: &[&Case], all: &mut [Vec<Samples>], process: &str) -> Result<()> {
    let output = child
        .stdout
        .take()
        .context("its output is not to be read")?;
    let mut lines = BufReader::new(output).lines();
    for (case, all) in chosen.iter().zip(all) {
        progress(&format!("{process}: {}", case.name));
        let line = lines.next().context("it measured fewer cases")??;
        let measured =
            read(&line).with_context(|| format!("of `{}` it printed {line}", case.name))?;
        if all.is_empty() {
            *all = measured;
            continue;
        }
        let same = all
            .iter()
            .map(|of| &of.name)
            .eq(measured.iter().map(|of| &of.name));
        ensure!(
            same,
            "of `{}` it measured other ways than those before",
            case.name
        );
        for (samples, more) in all.iter_mut().zip(measured) {
            samples.nanos.extend(more.nanos);
        }
    }
    progress("");
    Ok(())
}

/// Says what is being measured, where somebody looks.
fn progress(what: &str) {
    let mut terminal = std::io::stderr().lock();
    if terminal.is_terminal() {
        // What cannot be shown is not measured any worse.
        let _ = write!(terminal, "\r\x1b[K{what}");
        let _ = terminal.flush();
    }
}

/// What such a process prints of a case: a line.
pub(crate) fn told(measured: &[Samples]) -> String {
    let mut text = LINE.to_owned();
    for samples in measured {
        let _ = write!(text, "\t{}", samples.name);
        for nanos in &samples.nanos {
            let _ = write!(text, " | {nanos}");
        }
    }
    text
}

fn read(line: &str) -> Result<Vec<Samples>> {
    let mut fields = line.split('\t');
    if fields.next() != Some(LINE) {
        bail!("no figures where they are expected");
    }
    let samples = |field: &str| {
        let mut parts = field.split(" | ");
        let name = parts.next().unwrap_or_default().to_owned();
        let nanos: Result<_, _> = parts.map(str::parse).collect();
        let nanos = nanos.context("no time where one is expected")?;
        Ok(Samples { name, nanos })
    };
    fields.map(samples).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, nanos: &[f64]) -> Samples {
        Samples {
            name: name.to_owned(),
            nanos: nanos.to_vec(),
        }
    }

    #[test]
    fn what_is_told_is_what_is_read() -> Result<()> {
        let read = read(&told(&[
            of("Abide, session", &[1.5, 20.0]),
            of("none", &[]),
        ]))?;
        let read: Vec<_> = read
            .iter()
            .map(|of| (of.name.as_str(), &*of.nanos))
            .collect();
        assert_eq!(read, [("Abide, session", &[1.5, 20.0][..]), ("none", &[])]);
        Ok(())
    }

    #[test]
    fn what_is_no_figure_is_an_error() {
        assert!(read("rounds\tAbide | fast").is_err());
        assert!(read("compiling").is_err());
    }
}
