//! What a server says of itself at `/metrics`.

use std::net::SocketAddr;

use anyhow::{Context as _, Result};

use crate::client::Connection;

/// The samples of one reading.
#[derive(Debug, Clone)]
pub struct Scrape {
    text: String,
}

impl Scrape {
    /// Reads them.
    ///
    /// # Errors
    ///
    /// The server does not answer.
    pub async fn read(address: SocketAddr) -> Result<Self> {
        let answer = Connection::open(address).await?.get("/metrics").await?;
        let text = String::from_utf8(answer.body.into()).context("metrics are text")?;
        Ok(Self { text })
    }

    /// The sum of all samples of a name whose labels have all of these parts.
    #[must_use]
    pub fn sum(&self, name: &str, labels: &[&str]) -> f64 {
        let of_name = self.text.lines().filter_map(|line| {
            let rest = line.strip_prefix(name)?;
            let (of, value) = rest.rsplit_once(' ')?;
            let whole = of.is_empty() || of.starts_with('{');
            (whole && labels.iter().all(|label| of.contains(label))).then_some(value)
        });
        of_name.filter_map(|value| value.parse::<f64>().ok()).sum()
    }

    /// The resident memory of the server's process, in bytes.
    #[must_use]
    pub fn resident(&self) -> u64 {
        self.sum("process_resident_memory_bytes", &[]) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::Scrape;

    #[test]
    fn samples_are_added_up_by_their_labels() {
        let text = "# TYPE a counter\na{x=\"1\",y=\"2\"} 3\na{x=\"1\"} 4\na_b{x=\"1\"} 50\nc 7\n";
        let scrape = Scrape {
            text: text.to_owned(),
        };
        assert_eq!(scrape.sum("a", &[]), 7.0);
        assert_eq!(scrape.sum("a", &["y=\"2\""]), 3.0);
        assert_eq!(scrape.sum("c", &[]), 7.0);
        assert_eq!(scrape.sum("d", &[]), 0.0);
    }
}
