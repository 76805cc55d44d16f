//! The world of the fuzzed guests, and a host for it.

use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use abide::{CancelHandle, Error};

mod world {
    abide::abi!({
        wit: "wit/fuzzed.wit",
        module: "guest::host::world",
        borrowed: ["things.lend"],
        trappable: ["things.refuse"],
    });
}

pub(crate) use self::world::host::Fuzzed;
pub(crate) use self::world::host::exports::answers::Counter;
pub(crate) use self::world::things::{Answer, Item, Level, Point, Rights};

use self::world::host;
use self::world::things::{AnswerView, ItemView};

/// With what the import `fail` panics.
pub(crate) const PANIC: &str = "the host was told to panic";

/// The longest list or text that the host answers with: it is no guest, and bounds itself.
const MOST: usize = 4096;

/// The host. Its clones are of one run.
#[derive(Clone, Default)]
pub(crate) struct App(Arc<Run>);

#[derive(Default)]
struct Run {
    alive: AtomicUsize,
    number: AtomicU32,
    /// What `again` calls.
    back: Mutex<Option<Fuzzed>>,
    /// What it cancels.
    cancel: OnceLock<CancelHandle>,
}

/// A file of the host's, which counts itself.
pub(crate) struct File {
    name: String,
    run: Arc<Run>,
}

impl Drop for File {
    fn drop(&mut self) {
        self.run.alive.fetch_sub(1, Ordering::Relaxed);
    }
}

impl App {
    /// A new file.
    pub(crate) fn file(&self, name: &str) -> File {
        File::new(&self.0, name.to_owned())
    }

    /// How many files there are.
    pub(crate) fn alive(&self) -> usize {
        self.0.alive.load(Ordering::Relaxed)
    }

    /// From now on, `again` calls `world`.
    pub(crate) fn calls_back(&self, world: Fuzzed) {
        *self.back() = Some(world);
    }

    /// From now on, `again` and `log` cancel the calls of a handle.
    pub(crate) fn cancels(&self, cancel: CancelHandle) {
        // Said once for each run.
        let _ = self.0.cancel.set(cancel);
    }

    /// Lets go of what `again` called.
    pub(crate) fn forget(&self) {
        let back = self.back().take();
        // Not under the lock: the last handle may drop an instance, and this host's clone with it.
        drop(back);
    }

    /// Cancels the calls of the handle, if they are to be.
    fn cancel(&self) {
        if let Some(cancel) = self.0.cancel.get() {
            cancel.cancel();
        }
    }

    fn back(&self) -> MutexGuard<'_, Option<Fuzzed>> {
        self.0.back.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl File {
    fn new(run: &Arc<Run>, mut name: String) -> Self {
        name.truncate(name.floor_char_boundary(MOST));
        run.alive.fetch_add(1, Ordering::Relaxed);
        Self {
            name,
            run: Arc::clone(run),
        }
    }
}

impl host::things::File for File {
    fn name(&mut self) -> String {
        self.name.clone()
    }

    fn write(&mut self, bytes: &[u8]) -> u32 {
        let sum = bytes
            .iter()
            .fold(0_u32, |sum, byte| sum.wrapping_add(u32::from(*byte)));
        self.name = format!("{sum}");
        sum
    }

    fn same(&self, other: &Self) -> bool {
        self.name == other.name
    }

    fn join(&mut self, other: File) -> File {
        File::new(&self.run, format!("{}{}", self.name, other.name))
    }
}

impl host::Things for App {
    type File = File;

    fn file_new(&mut self, name: &str) -> File {
        self.file(name)
    }

    fn file_open(&mut self, name: &str) -> Result<File, String> {
        match name.is_empty() {
            true => Err("no name".to_owned()),
            false => Ok(self.file(name)),
        }
    }

    fn log(&mut self, message: &str) {
        self.cancel();
        self.0
            .number
            .fetch_add(message.chars().count() as u32, Ordering::Relaxed);
    }

    fn sum(&mut self, bytes: &[u8], words: &[u32], reals: &[f64]) -> u64 {
        let bytes = bytes
            .iter()
            .fold(0_u64, |sum, byte| sum.wrapping_add(u64::from(*byte)));
        let words = words
            .iter()
            .fold(bytes, |sum, word| sum.wrapping_add(u64::from(*word)));
        reals.iter().fold(words, |sum, real| sum ^ real.to_bits())
    }

    fn lend(
        &mut self,
        items: Vec<ItemView<'_>>,
        answer: AnswerView<'_>,
        names: Option<Vec<&str>>,
    ) -> u32 {
        let owned: Vec<Item> = items.into_iter().map(ItemView::into_owned).collect();
        let answer = answer.into_owned();
        let texts = names.unwrap_or_default();
        let chars: usize = texts.iter().map(|text| text.chars().count()).sum();
        let tags: usize = owned
            .iter()
            .map(|item| item.tags.len() + item.name.len())
            .sum();
        let more = usize::from(matches!(answer, Answer::Many(_)));
        (chars + tags + more) as u32
    }

    fn points(&mut self, mut points: Vec<Point>) -> Vec<Point> {
        points.truncate(MOST);
        points.reverse();
        points
    }

    fn ask(&mut self, question: Answer, rights: Rights, level: Level) -> Result<Answer, Level> {
        match rights.contains(Rights::READ) {
            true => Ok(question),
            false => Err(level),
        }
    }

    fn letters(&mut self, letters: Vec<char>, marks: Vec<Rights>) -> (String, Vec<Level>) {
        let level = |mark: Rights| match mark.is_empty() {
            true => Level::Low,
            false => Level::High,
        };
        let levels = marks.into_iter().take(MOST).map(level).collect();
        (letters.into_iter().take(MOST).collect(), levels)
    }

    fn all(&mut self, mut files: Vec<File>) -> Vec<File> {
        files.reverse();
        files
    }

    fn again(&mut self, which: u32) -> u32 {
        self.cancel();
        let Some(world) = self.back().clone() else {
            return 0;
        };
        let answered = match which % 3 {
            0 => world.run(which).map_err(drop),
            1 => world
                .answers()
                .text("again")
                .map(|text| text.len() as u32)
                .map_err(drop),
            _ => world
                .session()
                .and_then(|session| session.run(which))
                .map_err(drop),
        };
        answered.unwrap_or(u32::MAX)
    }

    fn refuse(&mut self, reason: &str) -> abide::Result<u32> {
        match reason.len() % 2 {
            0 => Err(Error::host(reason.to_owned())),
            _ => Ok(1),
        }
    }

    fn fail(&mut self) {
        // Not `panic!`: fuzzers end the process wherever a panic begins, and this one is meant.
        std::panic::resume_unwind(Box::new(PANIC));
    }
}
