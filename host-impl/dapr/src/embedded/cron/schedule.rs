//! Schedules as cron writes them.

use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Timelike};

/// For how many days a match is looked for: leap years on a certain weekday are 40 years apart at
/// most.
const DAYS: u32 = 41 * 366;

const MONTHS: [&str; 12] = [
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
];
const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// What is not understood of a schedule.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ScheduleError {
    /// Neither five nor six fields, and none of the words behind an `@`.
    #[error("`{0}` is no schedule: it has neither five fields, nor six, nor a known `@`")]
    Form(String),
    /// A field.
    #[error("`{0}` does not say {1}")]
    Field(String, &'static str),
    /// What `@every` is followed by.
    #[error("`{0}` is no time such as `1h30m`, of a second at least")]
    Every(String),
}

/// When it is time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Schedule {
    Every(TimeDelta),
    At(Box<Fields>),
}

/// Each is a set of bits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fields {
    seconds: u64,
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    weekdays: u64,
    /// Whether both have to be right: one of them is `*`. Otherwise one of them is enough.
    both_days: bool,
}

impl Schedule {
    pub(super) fn parse(text: &str) -> Result<Self, ScheduleError> {
        let text = text.trim();
        if let Some(every) = text.strip_prefix("@every ") {
            return Ok(Self::Every(duration(every.trim())?));
        }
        let text = match text {
            "@yearly" | "@annually" => "0 0 1 1 *",
            "@monthly" => "0 0 1 * *",
            "@weekly" => "0 0 * * 0",
            "@daily" | "@midnight" => "0 0 * * *",
            "@hourly" => "0 * * * *",
            other => other,
        };
        let fields: Vec<&str> = text.split_whitespace().collect();
        let (second, fields) = match *fields {
            [second, ref fields @ ..] if fields.len() == 5 => (second, fields),
            ref fields if fields.len() == 5 => ("0", fields),
            _ => return Err(ScheduleError::Form(text.to_owned())),
        };
        let [minute, hour, day, month, weekday] = *fields else {
            return Err(ScheduleError::Form(text.to_owned()));
        };
        let weekdays = set(weekday, "weekdays", 0, 7, &WEEKDAYS)?;
        Ok(Self::At(Box::new(Fields {
            seconds: set(second, "seconds", 0, 59, &[])?,
            minutes: set(minute, "minutes", 0, 59, &[])?,
            hours: set(hour, "hours", 0, 23, &[])?,
            days: set(day, "days", 1, 31, &[])?,
            months: set(month, "months", 1, 12, &MONTHS)?,
            // Sunday has two numbers.
            weekdays: weekdays | weekdays >> 7 & 1,
            both_days: [day, weekday]
                .iter()
                .any(|field| field.starts_with(['*', '?'])),
        })))
    }

    /// The next time after that, if there is one.
    pub(super) fn after<T: TimeZone>(&self, now: &DateTime<T>) -> Option<DateTime<T>> {
        match self {
            Self::Every(time) => now.clone().checked_add_signed(*time),
            Self::At(fields) => fields.after(now),
        }
    }
}

impl Fields {
    fn after<T: TimeZone>(&self, now: &DateTime<T>) -> Option<DateTime<T>> {
        let local = now.naive_local();
        let mut day = local.date();
        let mut from = Some(local.time().num_seconds_from_midnight() + 1);
        for _ in 0..DAYS {
            if self.has_day(day) {
                while let Some(time) = from.and_then(|from| self.time(from)) {
                    let seconds = time.num_seconds_from_midnight();
                    let at = now.timezone().from_local_datetime(&day.and_time(time));
                    // Some hours are not there, and some are there twice.
                    match at.clone().earliest().filter(|at| at > now).or(at.latest()) {
                        Some(at) if at > *now => return Some(at),
                        _ => from = Some(seconds + 1),
                    }
                }
            }
            day = day.checked_add_days(Days::new(1))?;
            from = Some(0);
        }
        None
    }

    fn has_day(&self, day: NaiveDate) -> bool {
        let is_day = has(self.days, day.day());
        let is_weekday = has(self.weekdays, day.weekday().num_days_from_sunday());
        let fits = match self.both_days {
            true => is_day && is_weekday,
            false => is_day || is_weekday,
        };
        fits && has(self.months, day.month())
    }

    /// The first time of a day that is no earlier than so many seconds.
    fn time(&self, from: u32) -> Option<NaiveTime> {
        let (hour, minute, second) = (from / 3600, from / 60 % 60, from % 60);
        for h in (hour..24).filter(|h| has(self.hours, *h)) {
            let first = if h == hour { minute } else { 0 };
            for m in (first..60).filter(|m| has(self.minutes, *m)) {
                let first = if (h, m) == (hour, minute) { second } else { 0 };
                if let Some(s) = (first..60).find(|s| has(self.seconds, *s)) {
                    return NaiveTime::from_hms_opt(h, m, s);
                }
            }
        }
        None
    }
}

fn has(set: u64, bit: u32) -> bool {
    set >> bit & 1 == 1
}

fn set(
    field: &str,
    what: &'static str,
    least: u32,
    most: u32,
    names: &[&str],
) -> Result<u64, ScheduleError> {
    let wrong = || ScheduleError::Field(field.to_owned(), what);
    let number = |text: &str| {
        let name = names
            .iter()
            .position(|name| name.eq_ignore_ascii_case(text));
        let number = match name {
            Some(at) => Some(at as u32 + least.min(1)),
            None => text.parse().ok(),
        };
        number
            .filter(|n| (least..=most).contains(n))
            .ok_or_else(wrong)
    };
    let mut set = 0;
    for part in field.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, Some(step)),
            None => (part, None),
        };
        let (first, last) = match range {
            "*" | "?" => (least, most),
            range => match range.split_once('-') {
                Some((first, last)) => (number(first)?, number(last)?),
                // `5/15` is from 5 on.
                None if step.is_some() => (number(range)?, most),
                None => (number(range)?, number(range)?),
            },
        };
        let step = match step {
            Some(step) => step
                .parse()
                .ok()
                .filter(|step| *step > 0)
                .ok_or_else(wrong)?,
            None => 1,
        };
        if first > last {
            return Err(wrong());
        }
        for bit in (first..=last).step_by(step) {
            set |= 1_u64 << bit;
        }
    }
    Ok(set)
}

/// A time as Go writes it, such as `1h30m` or `1.5s`.
fn duration(text: &str) -> Result<TimeDelta, ScheduleError> {
    let wrong = || ScheduleError::Every(text.to_owned());
    let mut rest = text;
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let end = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .ok_or_else(wrong)?;
        let (number, behind) = rest.split_at(end);
        let end = behind
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(behind.len());
        let (unit, behind) = behind.split_at(end);
        let unit = match unit {
            "h" => 3600.0,
            "m" => 60.0,
            "s" => 1.0,
            "ms" => 0.001,
            _ => return Err(wrong()),
        };
        seconds += number.parse::<f64>().map_err(|_| wrong())? * unit;
        rest = behind;
    }
    // A hundred years are enough, and can be added to any date.
    if !(1.0..=3.2e9).contains(&seconds) {
        return Err(wrong());
    }
    Ok(TimeDelta::milliseconds((seconds * 1000.0) as i64))
}

#[cfg(test)]
mod tests {
    use super::{Schedule, ScheduleError};
    use chrono::{DateTime, Utc};

    fn next(schedule: &str, now: &str) -> Option<String> {
        let now: DateTime<Utc> = now.parse().unwrap();
        let next = Schedule::parse(schedule).unwrap().after(&now);
        next.map(|next| next.format("%F %T").to_string())
    }

    #[test]
    fn the_next_time_is_found() {
        for (schedule, now, expected) in [
            ("* * * * *", "2026-12-01T03:44:56Z", "2026-12-01 03:45:00"),
            (
                "* * * * * *",
                "2026-12-01T03:44:56.5Z",
                "2026-12-01 03:44:57",
            ),
            (
                "*/15 * * * *",
                "2026-12-01T03:45:00Z",
                "2026-12-01 04:00:00",
            ),
            (
                "0 30 6 * * *",
                "2026-12-31T07:00:00Z",
                "2027-01-01 06:30:00",
            ),
            ("0 0 29 2 *", "2026-01-01T00:00:00Z", "2028-02-29 00:00:00"),
            (
                "0 9 * * MON-FRI",
                "2026-12-05T12:00:00Z",
                "2026-12-07 09:00:00",
            ),
            ("0 0 * * 7", "2026-12-01T00:00:00Z", "2026-12-06 00:00:00"),
            (
                "0 0 13 * FRI",
                "2026-12-01T00:00:00Z",
                "2026-12-04 00:00:00",
            ),
            (
                "5/20 8-9 1,15 JAN,jul ?",
                "2026-12-01T00:00:00Z",
                "2027-01-01 08:05:00",
            ),
            ("@hourly", "2026-12-01T03:00:00Z", "2026-12-01 04:00:00"),
            ("@weekly", "2026-12-01T03:00:00Z", "2026-12-06 00:00:00"),
            (
                "@every 1h30m",
                "2026-12-01T03:00:00Z",
                "2026-12-01 04:30:00",
            ),
        ] {
            assert_eq!(next(schedule, now).as_deref(), Some(expected), "{schedule}");
        }
        assert_eq!(next("0 0 31 2 *", "2026-01-01T00:00:00Z"), None);
    }

    #[test]
    fn what_is_not_understood_is_told() {
        for schedule in ["", "* * * *", "* * * * * * *", "@sometimes", "@every"] {
            let error = Schedule::parse(schedule).unwrap_err();
            assert!(matches!(error, ScheduleError::Form(_)), "{schedule}");
        }
        for schedule in [
            "60 * * * *",
            "a * * * *",
            "* * 0 * *",
            "5-3 * * * *",
            "*/0 * * * *",
        ] {
            let error = Schedule::parse(schedule).unwrap_err();
            assert!(matches!(error, ScheduleError::Field(..)), "{schedule}");
        }
        for schedule in [
            "@every 1",
            "@every 10ms",
            "@every x",
            "@every 1d",
            "@every 9999999999h",
        ] {
            let error = Schedule::parse(schedule).unwrap_err();
            assert!(matches!(error, ScheduleError::Every(_)), "{schedule}");
        }
    }
}
