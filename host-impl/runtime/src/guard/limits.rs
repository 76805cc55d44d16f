//! What one guest may use: numbers and their defaults, nothing that enforces them.

use std::time::Duration;

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

/// The stack of a guest unless it is changed, in bytes.
pub(crate) const STACK: usize = 512 * KIB;

/// How much of its thread's stack a call may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stack {
    pub(crate) bytes: usize,
    /// Whether it was asked for. If not, an engine that is given decides.
    pub(crate) is_chosen: bool,
}

impl Stack {
    const fn usual(bytes: usize) -> Self {
        Self {
            bytes,
            is_chosen: false,
        }
    }
}

/// What one instance of a guest may use, and what it may cost to load the guest.
///
/// Every limit is on unless it is changed here, each with the default below. Reaching one ends the
/// call with a typed error, never the process.
///
/// ```
/// use std::time::Duration;
/// use abide_host::Limits;
///
/// let limits = Limits::new()
///     .deadline(Duration::from_millis(200))
///     .memory(16 * 1024 * 1024);
/// assert_ne!(limits, Limits::default());
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
#[must_use]
pub struct Limits {
    pub(crate) deadline: Duration,
    pub(crate) memory: usize,
    pub(crate) memories: usize,
    pub(crate) tables: usize,
    pub(crate) table_elements: usize,
    pub(crate) instances: usize,
    pub(crate) handles: usize,
    pub(crate) resource_table: usize,
    pub(crate) open_files: usize,
    pub(crate) name_lookups: usize,
    pub(crate) host_allocation: usize,
    pub(crate) random: u64,
    pub(crate) stack: Stack,
    pub(crate) output: usize,
    pub(crate) wait: Duration,
    pub(crate) fuel: Option<u64>,
    pub(crate) component_size: usize,
    pub(crate) compile_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(1),
            memory: 64 * MIB,
            memories: 16,
            tables: 16,
            table_elements: 64 * KIB,
            instances: 64,
            handles: 4096,
            resource_table: 1024,
            open_files: 64,
            name_lookups: 4,
            host_allocation: 64 * MIB,
            random: 64 * KIB as u64,
            stack: Stack::usual(STACK),
            output: MIB,
            wait: Duration::from_secs(1),
            fuel: None,
            component_size: 64 * MIB,
            compile_time: Duration::from_secs(300),
        }
    }
}

impl Limits {
    /// The default limits.
    pub fn new() -> Self {
        Self::default()
    }

    /// For code of strangers that computes a little: a tenth of a second, 8 MiB of memory and of
    /// what is handed to the host, and little of everything else. Guests in Python and JavaScript
    /// need more than that. Loading one says all that it needs.
    ///
    /// They may be used on any engine. Without one they run on one that is shared in this process
    /// and whose guests have stacks of 256 KiB.
    ///
    /// ```
    /// use abide_host::Limits;
    ///
    /// assert_ne!(Limits::strict(), Limits::default());
    /// ```
    pub fn strict() -> Self {
        Self {
            deadline: Duration::from_millis(100),
            memory: 8 * MIB,
            memories: 4,
            tables: 4,
            table_elements: 16 * KIB,
            instances: 16,
            handles: 256,
            resource_table: 64,
            open_files: 16,
            name_lookups: 1,
            host_allocation: 8 * MIB,
            random: 4 * KIB as u64,
            output: 64 * KIB,
            stack: Stack::usual(256 * KIB),
            wait: Duration::from_millis(100),
            fuel: None,
            component_size: 8 * MIB,
            compile_time: Duration::from_secs(10),
        }
    }

    /// For guests that a host would also link into itself: a minute, 2 GiB of memory and of what is
    /// handed to the host, and enough of everything else. They end runaway code and leaks, and not
    /// much more.
    pub fn trusted() -> Self {
        Self {
            deadline: Duration::from_secs(60),
            memory: 2048 * MIB,
            memories: 16,
            tables: 64,
            table_elements: 1024 * KIB,
            instances: 256,
            handles: 100_000,
            resource_table: 100_000,
            open_files: 1024,
            name_lookups: 16,
            host_allocation: 2048 * MIB,
            random: 64 * MIB as u64,
            output: 64 * MIB,
            stack: Stack::usual(STACK),
            wait: Duration::from_secs(10),
            fuel: None,
            component_size: 1024 * MIB,
            compile_time: Duration::from_secs(600),
        }
    }

    /// How long one call may take, and how long a guest may take to start. Default: 1 second.
    ///
    /// Time is counted in ticks of 10 ms and rounded up, so a call may take up to two ticks longer.
    /// Time that the guest spends inside of imports counts, but a host function that does not
    /// return is not interrupted. One of `host_async` that is awaited is: its future is dropped.
    /// The longest deadline is about a hundred years.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// How many bytes of linear memory an instance may have, in sum over all its memories. Default:
    /// 64 MiB.
    ///
    /// A guest asks for memory in pages of 64 KiB, and is told no like on a machine that has no
    /// more; if it then stops, the call fails with [`Error::Limit`](crate::Error::Limit).
    pub fn memory(mut self, bytes: usize) -> Self {
        self.memory = bytes;
        self
    }

    /// How many linear memories an instance may have. Default: 16.
    pub fn memories(mut self, count: usize) -> Self {
        self.memories = count;
        self
    }

    /// How many tables an instance may have. Default: 16.
    pub fn tables(mut self, count: usize) -> Self {
        self.tables = count;
        self
    }

    /// How many elements the tables of an instance may have in sum. Default: 65,536, which is also
    /// the most that a single table can have.
    pub fn table_elements(mut self, count: usize) -> Self {
        self.table_elements = count;
        self
    }

    /// How many core instances one component may be made of. Default: 64.
    pub fn instances(mut self, count: usize) -> Self {
        self.instances = count;
        self
    }

    /// How many resource handles may be live at once. Default: 4,096.
    pub fn handles(mut self, count: usize) -> Self {
        self.handles = count;
        self
    }

    /// How many host resources, such as files and streams, a guest may hold at once. Default:
    /// 1,024.
    pub fn resource_table(mut self, count: usize) -> Self {
        self.resource_table = count;
        self
    }

    /// How many files, folders and sockets an instance may have open at once. Default: 64.
    ///
    /// A folder that is being listed counts, and so does a request over HTTP; the folders that it
    /// was granted do not. One more ends the call with [`Error::Limit`](crate::Error::Limit); for a
    /// request it is the guest's own error, `connection-limit-reached`. What all instances of an
    /// engine may have open together is
    /// [`EngineBuilder::open_files`](crate::EngineBuilder::open_files).
    ///
    /// ```
    /// use abide_host::Limits;
    ///
    /// let limits = Limits::new().open_files(8);
    /// ```
    pub fn open_files(mut self, count: usize) -> Self {
        self.open_files = count;
        self
    }

    /// How many names an instance may look up at the same time, at least 1. Default: 4. More of
    /// them wait for their turn.
    ///
    /// Each takes a thread, for as long as the system's resolver needs, also when the guest is gone
    /// by then. What all instances of an engine may look up at the same time is
    /// [`EngineBuilder::name_lookups`](crate::EngineBuilder::name_lookups).
    pub fn name_lookups(mut self, count: usize) -> Self {
        self.name_lookups = count;
        self
    }

    /// How many bytes the guest may make the host allocate in one step: the arguments of one
    /// import, or the result of one export. Default: 64 MiB.
    ///
    /// It is a bound for all that is allocated, also for lists of many small lists or texts, which
    /// take far more than what is in them. Of a guest that hands over texts or lists inside of
    /// lists, in whatever function, every byte is therefore counted four times, and the size of an
    /// element at least: it reaches the limit with a quarter of that in large texts. Texts that are
    /// not UTF-8 in the guest's memory are decoded, and may take twice as much meanwhile.
    pub fn host_allocation(mut self, bytes: usize) -> Self {
        self.host_allocation = bytes;
        self
    }

    /// How many random bytes a guest may ask for in one request. Default: 64 KiB.
    pub fn random(mut self, bytes: u64) -> Self {
        self.random = bytes;
        self
    }

    /// How many bytes a guest may write in one call, to its standard output and standard error
    /// together. Default: 1 MiB.
    ///
    /// It is the same wherever the output goes. What fits is passed on, then the call ends with
    /// [`Error::Limit`](crate::Error::Limit). What a guest writes while it starts counts by itself.
    ///
    /// It also bounds what becomes of it in [`tracing`]: a guest that writes many short lines gets
    /// several of them told as one.
    ///
    /// ```
    /// use abide_host::Limits;
    ///
    /// let quiet = Limits::new().output(4 * 1024);
    /// ```
    pub fn output(mut self, bytes: usize) -> Self {
        self.output = bytes;
        self
    }

    /// How many instructions one call may execute, and how many a guest may execute to start.
    /// Default: not counted.
    ///
    /// Unlike time, fuel is the same on every machine and however busy it is: the same call with
    /// the same arguments ends at the same instruction. Counting makes guests slower. Most
    /// instructions cost one unit; wasmtime does not promise what an instruction costs in another
    /// of its versions.
    ///
    /// ```
    /// use abide_host::Limits;
    ///
    /// let limits = Limits::new().fuel(10_000_000);
    /// assert_ne!(limits, Limits::default());
    /// ```
    pub fn fuel(mut self, instructions: u64) -> Self {
        self.fuel = Some(instructions);
        self
    }

    /// How many bytes of its thread's stack a call may use. Default: that of the engine that is
    /// given, or else 512 KiB. From 16 KiB to 1.5 MiB.
    ///
    /// The stack is a property of the engine: handles that ask for another one than the default use
    /// an engine that is shared in this process for this number of bytes, unless they are given one
    /// made by [`Engine::builder`](crate::Engine::builder) with the same. Calls inside of one
    /// another on one thread may have 1.5 MiB of it in all.
    pub fn stack(mut self, bytes: usize) -> Self {
        self.stack = Stack {
            bytes,
            is_chosen: true,
        };
        self
    }

    /// How long a call waits for a free instance, or for a session that another thread is using.
    /// Default: 1 second.
    pub fn wait(mut self, wait: Duration) -> Self {
        self.wait = wait;
        self
    }

    /// How many bytes a component, or what it is loaded from, may have. Default: 64 MiB.
    ///
    /// What has more is not compiled. A file that has more than four times as much, or than 64 MiB,
    /// is not even read.
    pub fn component_size(mut self, bytes: usize) -> Self {
        self.component_size = bytes;
        self
    }

    /// How long loading a guest waits until it is compiled. Default: 5 minutes, which is enough for
    /// guests in Python and JavaScript, of 12 to 18 MB, also in a host that is built without
    /// optimisation.
    ///
    /// Guests whose code is [kept](crate::Artefacts) or in use already are not compiled.
    ///
    /// The compiler cannot be interrupted. What it has begun goes on after this time on threads of
    /// its own, and its result is thrown away unless somebody loads the same component meanwhile.
    /// At most 8 compilations run at the same time in a process for somebody who waits, and at most
    /// 8 more for nobody; loading waits for its turn, as part of this time, and fails with
    /// [`LoadError::AllBusy`](crate::LoadError::AllBusy) when there is none.
    pub fn compile_time(mut self, time: Duration) -> Self {
        self.compile_time = time;
        self
    }
}
