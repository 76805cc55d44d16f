//! The calls between hosts and VMs, as both proxies write them, and what is no difference in them.

/// Those of one proxy in one scenario.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Trace {
    /// How each VM was started: Envoy's VMs start with Envoy, ours when they are needed.
    pub(crate) starts: Vec<Vec<String>>,
    /// Everything else.
    pub(crate) lines: Vec<String>,
}

/// What calls begin with, and what modules log.
const MARKS: [&str; 5] = [
    "[host->vm]",
    "[host<-vm]",
    "[vm->host]",
    "[vm<-host]",
    "wasm log ",
];

/// The calls that a start may begin with, and the one that it ends with.
const FIRST: [&str; 3] = [
    "[host->vm] _initialize",
    "[host->vm] proxy_on_context_create(1, 0)",
    "[host->vm] proxy_on_vm_start",
];
const LAST: &str = "[host<-vm] proxy_on_configure";

/// A line of a log that is of a trace: the thread, and what is compared.
pub(crate) fn line(line: &str) -> Option<(&str, String)> {
    let at = MARKS.iter().find_map(|mark| line.find(mark))?;
    // [time][thread][level][component] [file] …
    let thread = line.split("][").nth(1)?;
    let text = &line[at..];
    // Before what a module says Envoy has the names of more than the filter.
    let said = text
        .strip_prefix("wasm log ")
        .and_then(|text| text.split_once(": "));
    let text = said.map_or_else(|| text.to_owned(), |(_, said)| format!("says: {said}"));
    Some((thread, text))
}

impl Trace {
    /// That of the thread which the worker is.
    pub(crate) fn of(log: &str, worker: &str) -> Self {
        let lines = log.lines().filter_map(line);
        let lines = lines.filter(|(thread, _)| *thread == worker);
        let mut trace = Self::default();
        let mut start: Option<Vec<String>> = None;
        for (_, line) in lines {
            if start.is_none() && FIRST.iter().any(|first| line.starts_with(first)) {
                start = Some(Vec::new());
            }
            let is_last = line.starts_with(LAST);
            start.as_mut().unwrap_or(&mut trace.lines).push(line);
            if is_last {
                trace.starts.extend(start.take());
            }
        }
        trace
    }

    /// How many lines there are.
    pub(crate) fn len(&self) -> usize {
        let starts = self.starts.iter().map(Vec::len);
        starts.sum::<usize>() + self.lines.len()
    }

    /// Whether each stream that began is gone.
    pub(crate) fn is_over(&self) -> bool {
        let count = |start: &str| {
            let found = self.lines.iter().filter(|line| line.starts_with(start));
            found.count()
        };
        let done = count("[host<-vm] proxy_on_done");
        // A module need not have all of these.
        done >= count("[host->vm] proxy_on_request_headers")
            && count("[host->vm] proxy_on_context_create") == count("[host<-vm] proxy_on_delete")
    }
}

/// The thread of Envoy's that serves requests: not the one that begins.
pub(crate) fn worker(log: &str) -> Option<&str> {
    let mut threads = log.lines().filter_map(line).map(|(thread, _)| thread);
    let first = threads.next()?;
    threads.find(|thread| *thread != first)
}
