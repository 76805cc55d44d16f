//! The provider of `abide:common/log`: messages go to `tracing`.

use std::sync::Arc;

use abide_common::host::Log;
use abide_common::log::Level;

/// The longest message that is passed on, in bytes. The rest of a longer one is dropped.
const LONGEST_MESSAGE: usize = 4 * 1024;

/// The same for the name of the place in the guest that a message comes from.
const LONGEST_TARGET: usize = 256;

/// Passes messages on to [`tracing`], with the target `abide::guest`.
///
/// `tracing` wants to know its targets when the host is compiled, so what the guest calls the
/// target is the field `module`. The field `guest` is the [name](Self::named), where there is one.
/// A message is cut after 4 KiB, a target after 256 bytes.
///
/// ```
/// use abide_common::host::Log;
/// use abide_common::log::Level;
/// use abide_common_host::TracingLog;
///
/// let mut log = TracingLog::named("markdown");
/// log.log(Level::Warn, "links", "a link leads nowhere");
/// ```
#[derive(Debug, Clone, Default)]
pub struct TracingLog {
    guest: Option<Arc<str>>,
}

impl TracingLog {
    /// A log that does not say which guest a message is from.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A log that says with each message that it is from the guest `guest`.
    #[must_use]
    pub fn named(guest: &str) -> Self {
        Self {
            guest: Some(Arc::from(guest)),
        }
    }
}

impl Log for TracingLog {
    fn log(&mut self, level: Level, target: &str, message: &str) {
        let guest = self.guest.as_deref();
        let (module, _) = cut(target, LONGEST_TARGET);
        let (message, mark) = cut(message, LONGEST_MESSAGE);
        // The macro wants a level that is known when it is compiled.
        macro_rules! pass_on {
            ($level:ident) => {
                tracing::event!(
                    target: "abide::guest", tracing::Level::$level, guest, module, "{message}{mark}"
                )
            };
        }
        match level {
            Level::Trace => pass_on!(TRACE),
            Level::Debug => pass_on!(DEBUG),
            Level::Info => pass_on!(INFO),
            Level::Warn => pass_on!(WARN),
            Level::Error => pass_on!(ERROR),
        }
    }
}

/// As much of a text as fits, in whole characters, and what to put behind it.
fn cut(text: &str, most: usize) -> (&str, &'static str) {
    if text.len() <= most {
        return (text, "");
    }
    (&text[..text.floor_char_boundary(most)], " … (cut)")
}

#[cfg(test)]
mod tests {
    use std::fmt::{Debug, Write as _};
    use std::sync::Mutex;

    use tracing::field::{Field, Visit};
    use tracing::span::{Attributes, Id, Record};
    use tracing::{Event, Metadata, Subscriber};

    use super::*;

    /// Keeps events as text: level, target, fields.
    #[derive(Default)]
    struct Listener(Arc<Mutex<Vec<String>>>);

    struct Fields(String);

    impl Visit for Fields {
        fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
            write!(self.0, " {field}={value:?}").unwrap();
        }
    }

    impl Subscriber for Listener {
        fn enabled(&self, _: &Metadata<'_>) -> bool {
            true
        }
        fn new_span(&self, _: &Attributes<'_>) -> Id {
            Id::from_u64(1)
        }
        fn record(&self, _: &Id, _: &Record<'_>) {}
        fn record_follows_from(&self, _: &Id, _: &Id) {}
        fn enter(&self, _: &Id) {}
        fn exit(&self, _: &Id) {}
        fn event(&self, event: &Event<'_>) {
            let about = event.metadata();
            let mut fields = Fields(format!("{} {}", about.level(), about.target()));
            event.record(&mut fields);
            self.0.lock().unwrap().push(fields.0);
        }
    }

    fn heard(log: impl FnOnce()) -> Vec<String> {
        let listener = Listener::default();
        let events = Arc::clone(&listener.0);
        tracing::subscriber::with_default(listener, log);
        Arc::into_inner(events).unwrap().into_inner().unwrap()
    }

    #[test]
    fn messages_arrive_with_their_level_and_where_they_are_from() {
        let events = heard(|| {
            let mut log = TracingLog::named("markdown");
            log.log(Level::Trace, "a", "one");
            log.log(Level::Debug, "b", "two");
            log.log(Level::Info, "c", "three");
            log.log(Level::Warn, "d", "four");
            log.log(Level::Error, "", "{five}");
            TracingLog::new().log(Level::Info, "e", "six");
        });
        assert_eq!(
            events,
            [
                r#"TRACE abide::guest message=one guest="markdown" module="a""#,
                r#"DEBUG abide::guest message=two guest="markdown" module="b""#,
                r#"INFO abide::guest message=three guest="markdown" module="c""#,
                r#"WARN abide::guest message=four guest="markdown" module="d""#,
                r#"ERROR abide::guest message={five} guest="markdown" module="""#,
                r#"INFO abide::guest message=six module="e""#,
            ]
        );
    }

    #[test]
    fn what_is_long_is_cut_between_characters() {
        // Three bytes each: neither limit is a multiple of three.
        let long = "€".repeat(10_000);
        let events = heard(|| TracingLog::new().log(Level::Info, &long, &long));
        let message = "€".repeat(LONGEST_MESSAGE / 3);
        let module = "€".repeat(LONGEST_TARGET / 3);
        let expected = format!("INFO abide::guest message={message} … (cut) module={module:?}");
        assert_eq!(events, [expected]);

        let fits = "x".repeat(LONGEST_MESSAGE);
        let events = heard(|| TracingLog::new().log(Level::Info, "m", &fits));
        assert_eq!(
            events,
            [format!("INFO abide::guest message={fits} module=\"m\"")]
        );
    }
}
