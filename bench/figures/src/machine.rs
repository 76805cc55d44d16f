//! What the figures were measured on, as far as the operating system tells.

use std::fmt;
use std::fs;
use std::thread;

/// The machine.
#[derive(Debug)]
pub struct Machine {
    processor: String,
    /// What it runs at right now, in MHz: it differs from the one in its name.
    clock: Option<f64>,
    cores: usize,
}

impl Machine {
    /// Asks. On other systems than Linux it is known only how many cores there are.
    pub fn this() -> Self {
        let told = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let value = |name: &str| {
            let mut lines = told.lines().filter_map(|line| line.split_once(':'));
            let (_, value) = lines.find(|(of, _)| of.trim() == name)?;
            Some(value.trim().to_owned())
        };
        Self {
            processor: value("model name").unwrap_or_else(|| "unknown processor".to_owned()),
            clock: value("cpu MHz").and_then(|clock| clock.parse().ok()),
            cores: thread::available_parallelism().map_or(1, usize::from),
        }
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            processor,
            clock,
            cores,
        } = self;
        write!(f, "{processor}, {cores} cores")?;
        match clock {
            Some(clock) => write!(f, ", now at {:.2} GHz", clock / 1000.0),
            None => f.write_str(", at an unknown clock"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_told_in_gigahertz() {
        let mut machine = Machine {
            processor: "Some CPU".to_owned(),
            clock: Some(2799.998),
            cores: 2,
        };
        assert_eq!(machine.to_string(), "Some CPU, 2 cores, now at 2.80 GHz");
        machine.clock = None;
        assert_eq!(
            machine.to_string(),
            "Some CPU, 2 cores, at an unknown clock"
        );
    }
}
