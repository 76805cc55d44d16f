//! How much memory this process has, as the operating system counts it.

use anyhow::{Context as _, Result, bail};

/// Where Linux tells. Unlike `statm`, whose counters may be off by dozens of pages for each core on
/// some kernels, this is counted when it is read.
const ROLLUP: &str = "/proc/self/smaps_rollup";

/// The resident memory of this process, in bytes.
///
/// # Errors
/// On anything but a Linux that tells it.
pub(crate) fn resident() -> Result<u64> {
    if !cfg!(target_os = "linux") {
        bail!(
            "the memory of a process can be measured on Linux only, and this is {}; run the soak there",
            std::env::consts::OS
        );
    }
    let text = std::fs::read_to_string(ROLLUP).with_context(|| {
        format!(
            "cannot read `{ROLLUP}`, which Linux has since 4.14; run the soak on a kernel with it"
        )
    })?;
    parse(&text)
}

fn parse(text: &str) -> Result<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("Rss:"));
    let kib = line
        .and_then(|rest| rest.trim().strip_suffix("kB"))
        .and_then(|number| number.trim().parse::<u64>().ok())
        .with_context(|| {
            format!("expected a line like `Rss: 1764 kB` in `{ROLLUP}`, found:\n{text}")
        })?;
    Ok(kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_text_is_understood() {
        let text = "55831483e000-7ffd19580000 ---p 00000000 00:00 0    [rollup]\n\
                    Rss:                1764 kB\nPss:                 202 kB\n";
        assert_eq!(parse(text).unwrap(), 1764 * 1024);
        let error = parse("Pss: 1 kB").unwrap_err().to_string();
        assert!(error.contains("expected a line like"), "{error}");
        assert!(parse("Rss: many kB").is_err());
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn what_is_allocated_and_written_shows() {
        const MIB: usize = 1 << 20;
        let before = resident().unwrap();
        let block = std::hint::black_box(vec![1_u8; 64 * MIB]);
        let after = resident().unwrap();
        assert!(after >= before + 48 * MIB as u64, "{before}, then {after}");
        drop(block);
    }
}
