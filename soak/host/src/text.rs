//! How figures are written, in all that is printed and drawn.

use std::time::Duration;

/// `1,000,000`.
#[must_use]
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1.3 MiB`, `328 KiB`, `12 bytes`; with a sign if it is negative.
#[must_use]
pub fn bytes(number: f64) -> String {
    const KIB: f64 = 1024.0;
    const MIB: f64 = 1024.0 * KIB;
    if number.abs() >= MIB {
        format!("{:.1} MiB", number / MIB)
    } else if number.abs() >= KIB {
        format!("{:.0} KiB", number / KIB)
    } else {
        format!("{:.0} bytes", zero(number))
    }
}

/// A slope and its bound in bytes for each thousand calls: `-12 ± 30`.
#[must_use]
pub fn slope(slope: f64, bound: f64) -> String {
    let [slope, bound] = [slope * 1000.0, bound * 1000.0];
    if slope.abs().max(bound) >= 1000.0 {
        let sign = if slope < 0.0 { "-" } else { "" };
        let [slope, bound] = [slope.abs(), bound].map(|number| thousands(number.round() as u64));
        format!("{sign}{slope} ± {bound}")
    } else {
        format!("{:.1} ± {bound:.1}", zero(slope))
    }
}

/// `0` and not `-0` where so little is left after rounding.
fn zero(number: f64) -> f64 {
    if number.abs() < 0.05 { 0.0 } else { number }
}

/// `41 s`, `12 min 5 s`.
#[must_use]
pub fn time(time: Duration) -> String {
    match time.as_secs() {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        seconds @ 10..120 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

/// The machine, in words that say nothing of whose it is.
#[must_use]
pub fn machine() -> String {
    let cores = match std::thread::available_parallelism() {
        Ok(cores) if cores.get() == 1 => "1 core".to_owned(),
        Ok(cores) => format!("{cores} cores"),
        Err(_) => "an unknown number of cores".to_owned(),
    };
    let system = match std::env::consts::OS {
        "linux" => "Linux",
        other => other,
    };
    format!("{system} on {} with {cores}", std::env::consts::ARCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_easy_to_read() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(1_000), "1,000");
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!(bytes(12.4), "12 bytes");
        assert_eq!(bytes(-335_872.0), "-328 KiB");
        assert_eq!(bytes(1_363_149.0), "1.3 MiB");
        assert_eq!(slope(-0.000_01, 0.004_2), "0.0 ± 4.2");
        assert_eq!(slope(10.3, 0.02), "10,300 ± 20");
        assert_eq!(slope(-2.0, 3.0), "-2,000 ± 3,000");
        assert_eq!(slope(0.5, 3.0), "500 ± 3,000");
        assert_eq!(time(Duration::from_millis(1_540)), "1.5 s");
        assert_eq!(time(Duration::from_secs(725)), "12 min 5 s");
    }
}
