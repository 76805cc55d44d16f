//! Resources of a guest: one taken for another, and cloned.

abide::abi!({
    inline: "
        package demo:counters@0.1.0;
        interface counters {
            resource counter {
                add: func(by: u32);
            }
            resource timer {}
            new-counter: func() -> counter;
            new-timer: func() -> timer;
            finish: func(c: counter);
            reset: func(c: borrow<counter>);
            replace: func(old: counter, by: borrow<counter>);
        }
        world counting { export counters; }
    ",
});

fn misuse(guest: &host::Counting) -> abide::Result<()> {
    let counters = guest.counters();
    let timer = counters.new_timer()?;
    counters.reset(&timer)?;
    counters.finish(counters.new_counter()?.clone())
}

fn main() {}
