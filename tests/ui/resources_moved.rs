//! Resources of a guest: used after they were given back, given back twice, lent while they are given away.

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
    let counter = counters.new_counter()?;
    counters.finish(counter)?;
    counter.add(1)?;
    counters.finish(counter)?;
    let twin = counters.new_counter()?;
    counters.replace(twin, &twin)
}

fn main() {}
