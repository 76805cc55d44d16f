//! Figures that filters count, and that Prometheus reads.

use std::collections::HashMap;

use abide_proxy::metrics::{Error, Kind};
use metrics::{counter, gauge, histogram};
use parking_lot::Mutex;

/// The most figures that filters may define.
const MOST: usize = 1024;

/// Figures of all filters.
#[derive(Debug, Default)]
pub(crate) struct Figures(Mutex<All>);

#[derive(Debug, Default)]
struct All {
    /// What figures are called, with their kinds and their numbers.
    numbers: HashMap<String, (Kind, u32)>,
    /// Counters, gauges, histograms.
    figures: [Vec<Figure>; 3],
}

/// Numbers tell of what kind a figure is by their last two bits, as Envoy's do.
const STEP: u32 = 4;

#[derive(Debug)]
struct Figure {
    kind: Kind,
    /// What Prometheus calls it.
    name: String,
    value: u64,
}

impl Figures {
    /// The number of a figure. One of the same name and another kind is none.
    pub(crate) fn define(&self, kind: Kind, name: &str) -> Option<u32> {
        let mut guard = self.0.lock();
        let all = &mut *guard;
        if let Some((known, number)) = all.numbers.get(name) {
            return (*known == kind).then_some(*number);
        }
        if all.numbers.len() >= MOST || name.len() > 256 {
            return None;
        }
        let figures = &mut all.figures[kind as usize];
        figures.push(Figure {
            kind,
            name: format!("filter_{}", cleaned(name)),
            value: 0,
        });
        let number = figures.len() as u32 * STEP + kind as u32;
        all.numbers.insert(name.to_owned(), (kind, number));
        Some(number)
    }

    fn with<R>(
        &self,
        number: u32,
        work: impl FnOnce(&mut Figure) -> Result<R, Error>,
    ) -> Result<R, Error> {
        let mut all = self.0.lock();
        let figures = all.figures.get_mut((number % STEP) as usize);
        let at = ((number / STEP) as usize).wrapping_sub(1);
        let figure = figures.and_then(|figures| figures.get_mut(at));
        work(figure.ok_or(Error::Unknown)?)
    }

    pub(crate) fn record(&self, number: u32, value: u64) -> Result<(), Error> {
        self.with(number, |figure| {
            match figure.kind {
                Kind::Histogram => histogram!(figure.name.clone()).record(value as f64),
                // As in Envoy.
                Kind::Counter => figure.value = figure.value.wrapping_add(value),
                Kind::Gauge => figure.value = value,
            }
            Ok(())
        })
    }

    pub(crate) fn increment(&self, number: u32, by: i64) -> Result<(), Error> {
        self.with(number, |figure| {
            if figure.kind == Kind::Histogram || figure.kind == Kind::Counter && by <= 0 {
                return Err(Error::WrongKind);
            }
            figure.value = figure.value.wrapping_add_signed(by);
            Ok(())
        })
    }

    pub(crate) fn value(&self, number: u32) -> Result<u64, Error> {
        self.with(number, |figure| match figure.kind {
            Kind::Histogram => Err(Error::WrongKind),
            Kind::Counter | Kind::Gauge => Ok(figure.value),
        })
    }

    /// Hands all to the recorder of this process.
    pub(crate) fn tell(&self) {
        for figure in self.0.lock().figures.iter().flatten() {
            let name = figure.name.clone();
            match figure.kind {
                Kind::Counter => counter!(name).absolute(figure.value),
                Kind::Gauge => gauge!(name).set(figure.value as i64 as f64),
                Kind::Histogram => {}
            }
        }
    }
}

/// What Prometheus takes as a name.
fn cleaned(name: &str) -> String {
    let clean = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    name.chars().map(clean).collect()
}

#[cfg(test)]
mod tests {
    use abide_proxy::metrics::{Error, Kind};

    use super::Figures;

    #[test]
    fn figures_are_what_their_kind_is() {
        let figures = Figures::default();
        let counter = figures.define(Kind::Counter, "a.b").unwrap();
        assert_eq!(figures.define(Kind::Counter, "a.b"), Some(counter));
        assert_eq!(figures.define(Kind::Gauge, "a.b"), None);
        figures.increment(counter, 2).unwrap();
        assert_eq!(figures.increment(counter, -1), Err(Error::WrongKind));
        assert_eq!(figures.value(counter), Ok(2));
        figures.record(counter, 3).unwrap();
        assert_eq!(figures.value(counter), Ok(5));
        let gauge = figures.define(Kind::Gauge, "c").unwrap();
        figures.record(gauge, 5).unwrap();
        figures.increment(gauge, -2).unwrap();
        assert_eq!(figures.value(gauge), Ok(3));
        let times = figures.define(Kind::Histogram, "d").unwrap();
        assert_eq!(figures.value(times), Err(Error::WrongKind));
        assert_eq!(figures.value(99), Err(Error::Unknown));
        assert_eq!([counter, gauge, times], [4, 5, 6]);
    }
}
