//! Methods of another type than WIT says: an owned string for a borrowed one, another number, a
//! result that WIT does not have, `&self`.

abide::abi!({
    inline: "
        package demo:host@0.1.0;
        interface log {
            write: func(line: string);
            count: func() -> u64;
            flush: func();
            level: func() -> u8;
        }
        world plugin {
            import log;
        }
    ",
});

#[derive(Clone)]
struct App;

impl host::Log for App {
    fn write(&mut self, line: String) {
        drop(line);
    }

    fn count(&mut self) -> u32 {
        0
    }

    fn flush(&mut self) -> abide::Result<()> {
        Ok(())
    }

    fn level(&self) -> u8 {
        0
    }
}

fn main() {}
