//! The sorts of traps and limits that errors name.

use std::fmt;

/// Why a guest stopped, as the engine saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TrapKind {
    /// The guest ran into `unreachable`, which is what a panic in a guest comes down to.
    Unreachable,
    /// The guest recursed deeper than its stack allows.
    StackOverflow,
    /// The guest read or wrote outside of its memory. So does one that has used up the stack in its
    /// memory, where arrays and whatever else has an address are; how large it is was decided when
    /// the guest was linked.
    MemoryOutOfBounds,
    /// The guest called a function through a table entry that does not exist or is empty.
    BadTableEntry,
    /// The guest called a function through a pointer of another type.
    BadSignature,
    /// The guest divided an integer by zero.
    DivideByZero,
    /// An integer operation of the guest overflowed.
    IntegerOverflow,
    /// The guest converted a float that no integer can hold.
    BadConversion,
    /// The guest ended its own process, with success (`true`) or not.
    Exit {
        /// The exit code the guest gave.
        code: i32,
    },
    /// Anything else, in the engine's words.
    Other(Box<str>),
}

impl fmt::Display for TrapKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreachable => "it ran into `unreachable`",
            Self::StackOverflow => "its call stack is exhausted",
            Self::MemoryOutOfBounds => {
                "it accessed memory out of bounds, as a guest also does that has used up the stack in its \
                 memory"
            }
            Self::BadTableEntry => "it called a function that its table does not hold",
            Self::BadSignature => "it called a function pointer of another type",
            Self::DivideByZero => "it divided an integer by zero",
            Self::IntegerOverflow => "an integer overflowed",
            Self::BadConversion => "it converted a float that no integer can hold",
            Self::Exit { code } => return write!(f, "it ended its process with exit code {code}"),
            Self::Other(text) => text,
        })
    }
}

/// What a guest can run out of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LimitKind {
    /// Bytes of linear memory, in sum over all memories of an instance.
    Memory,
    /// Linear memories.
    Memories,
    /// Elements of tables, in sum over all tables of an instance.
    TableElements,
    /// Tables.
    Tables,
    /// Core instances inside one component.
    Instances,
    /// Live resource handles.
    Handles,
    /// Host resources, such as files and streams, that the guest holds at once.
    ResourceTable,
    /// Files, folders and sockets that an instance has open at once.
    OpenFiles,
    /// Bytes that one call makes the host allocate.
    HostAllocation,
    /// Random bytes in one request.
    Random,
    /// Bytes of the component, or of what it is loaded from.
    ComponentSize,
    /// Milliseconds that loading waits for the compiler.
    CompileTime,
    /// Bytes that one call writes to standard output and standard error together.
    Output,
}

/// What a guest needs of something, and may not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Beyond {
    /// What there is not enough of.
    pub what: LimitKind,
    /// The limit, in the unit of `what`.
    pub limit: u64,
    /// What the guest needs; for the time to compile it, a guess.
    pub wanted: u64,
}

impl fmt::Display for Beyond {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            what,
            limit,
            wanted,
        } = self;
        let about = match what {
            LimitKind::CompileTime => "about ",
            _ => "",
        };
        let (unit, setter) = (what.unit(), what.setter());
        write!(
            f,
            "{about}{wanted}{unit}, and the limit is {limit}: `Limits::{setter}`"
        )
    }
}

impl LimitKind {
    /// The name of the setter in [`Limits`](crate::Limits).
    pub(crate) fn setter(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Memories => "memories",
            Self::TableElements => "table_elements",
            Self::Tables => "tables",
            Self::Instances => "instances",
            Self::Handles => "handles",
            Self::ResourceTable => "resource_table",
            Self::OpenFiles => "open_files",
            Self::HostAllocation => "host_allocation",
            Self::Random => "random",
            Self::ComponentSize => "component_size",
            Self::CompileTime => "compile_time",
            Self::Output => "output",
        }
    }

    /// The unit with a space before it, for a number.
    pub(crate) fn unit(self) -> &'static str {
        match self {
            Self::Memory => " bytes of memory",
            Self::Memories => " linear memories",
            Self::TableElements => " table elements",
            Self::Tables => " tables",
            Self::Instances => " core instances",
            Self::Handles => " resource handles",
            Self::ResourceTable => " host resources",
            Self::OpenFiles => " open files and sockets",
            Self::HostAllocation => " bytes handed to the host in one call",
            Self::Random => " random bytes a request",
            Self::ComponentSize => " bytes of component",
            Self::CompileTime => " ms to compile it",
            Self::Output => " bytes of output in one call",
        }
    }
}
