//! Adds to what it is given, another number in each function, and lets the host add.

abide::abi!("test.wit");

struct Plugin;

macro_rules! exports {
    ($($name:ident = $number:expr;)*) => {
        impl guest::Symbols for Plugin {
            $(fn $name(of: u32) -> u32 {
                of + $number
            })*

            fn cabi_post_start(of: String) -> String {
                of + "!"
            }
        }
    };
}

exports! {
    memory = guest::memory(1000);
    write = guest::write(1000);
    malloc = guest::malloc(1000);
    main = guest::main(1000);
    initialize = 1;
    start = 2;
    table = 3;
    data_end = 4;
    heap_base = 5;
    stack_pointer = 6;
    indirect_function_table = 7;
    wasm_call_ctors = 8;
    cabi_realloc = 9;
    canonical_abi_realloc = 10;
}

impl guest::Inside for Plugin {
    fn memory(of: u32) -> u32 {
        guest::inside::memory(of)
    }

    fn write(of: u32) -> u32 {
        guest::inside::write(of)
    }

    fn malloc(of: u32) -> u32 {
        guest::inside::malloc(of)
    }

    fn main(of: u32) -> u32 {
        guest::inside::main(of)
    }
}

export!(Plugin);
