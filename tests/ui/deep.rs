//! Types nested deeper than the compiler follows by default: it says what to write, and where.

abide::abi!({
    inline: "
        package demo:deep@0.1.0;
        world deep {
            type a = list<list<list<list<list<list<list<list<list<list<u8>>>>>>>>>>;
            type b = list<list<list<list<list<list<list<list<list<list<a>>>>>>>>>>;
            type c = list<list<list<list<list<list<list<list<list<list<b>>>>>>>>>>;
            export f: func() -> list<list<list<list<list<list<list<list<list<list<c>>>>>>>>>>;
        }
    ",
});

fn main() {}
