//! Hosts made of parts by `#[derive(abide::Host)]`, in either colour and in both.

mod parts {
    abide::abi!({
        inline: "
            package demo:parts@0.1.0;
            interface clock { ticks: func() -> u32; }
            interface shelf { books: func() -> u32; }
            world parts {
                import clock;
                import shelf;
                export sum: func() -> u32;
            }
        ",
        module: "parts",
    });
}

/// Calls both imports and adds up what they return.
const GUEST: &str = r#"(component
    (import "demo:parts/clock@0.1.0" (instance $clock (export "ticks" (func (result u32)))))
    (import "demo:parts/shelf@0.1.0" (instance $shelf (export "books" (func (result u32)))))
    (core func $ticks (canon lower (func $clock "ticks")))
    (core func $books (canon lower (func $shelf "books")))
    (core module $m
        (import "host" "ticks" (func $ticks (result i32)))
        (import "host" "books" (func $books (result i32)))
        (func (export "sum") (result i32) (i32.add (call $ticks) (call $books))))
    (core instance $i (instantiate $m
        (with "host" (instance (export "ticks" (func $ticks)) (export "books" (func $books))))))
    (func (export "sum") (result u32) (canon lift (core func $i "sum"))))"#;

fn guest() -> Vec<u8> {
    wat::parse_str(GUEST).unwrap_or_else(|error| panic!("{error}"))
}

#[derive(Debug, Clone)]
struct Clock(u32);

impl parts::host_async::Clock for Clock {
    async fn ticks(&mut self) -> u32 {
        tokio::task::yield_now().await;
        self.0
    }
}

impl parts::host::Clock for Clock {
    fn ticks(&mut self) -> u32 {
        self.0
    }
}

#[derive(Debug, Clone)]
struct Shelf(Vec<&'static str>);

impl parts::host_async::Shelf for Shelf {
    async fn books(&mut self) -> u32 {
        tokio::task::yield_now().await;
        self.0.len() as u32
    }
}

impl parts::host::Shelf for Shelf {
    fn books(&mut self) -> u32 {
        self.0.len() as u32
    }
}

#[derive(Debug, Clone, abide::Host)]
#[host(abi = parts, host_async)]
struct Awaited<C> {
    #[host(clock)]
    clock: C,
    #[host(shelf)]
    shelf: Shelf,
}

#[derive(Debug, Clone, abide::Host)]
#[host(abi = parts, host, host_async)]
struct Both {
    #[host(clock)]
    clock: Clock,
    #[host(parts::shelf)]
    shelf: Shelf,
}

fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(future)
}

#[test]
fn parts_are_awaited() {
    let host = Awaited {
        clock: Clock(40),
        shelf: Shelf(vec!["a", "b"]),
    };
    let loaded = parts::host_async::Parts::builder(host).load_bytes(guest());
    assert_eq!(block_on(loaded.unwrap().sum()).unwrap(), 42);
}

#[test]
fn one_host_serves_both() {
    let host = Both {
        clock: Clock(7),
        shelf: Shelf(vec!["a"]),
    };
    let awaited = parts::host_async::Parts::builder(host.clone()).load_bytes(guest());
    assert_eq!(block_on(awaited.unwrap().sum()).unwrap(), 8);
    let plain = parts::host::Parts::builder(host).load_bytes(guest());
    assert_eq!(plain.unwrap().sum().unwrap(), 8);
}
