//! scratch
#![allow(warnings)]
use std::hint::black_box;
use std::time::Instant;
use wasmtime::component::{Component, HasSelf, Linker};
use wasmtime::*;
abide::abi!({ wit: "../wit" });
mod hand {
    wasmtime::component::bindgen!({ path: "../wit", world: "bench", imports: { default: async }, exports: { default: async } });
}
async fn once() {
    let mut w = false;
    std::future::poll_fn(|cx| {
        if w {
            return std::task::Poll::Ready(());
        }
        w = true;
        cx.waker().wake_by_ref();
        std::task::Poll::Pending
    })
    .await;
}
#[derive(Clone, Default)]
struct App(u64);
impl host_async::Sink for App {
    async fn take(&mut self, b: &[u8]) {
        once().await;
        self.0 += black_box(b).len() as u64;
    }
}
struct St {
    app: Hand,
    limits: StoreLimits,
    ticks: u64,
}
#[derive(Default)]
struct Hand(u64);
impl hand::abide::bench::sink::Host for Hand {
    async fn take(&mut self, b: Vec<u8>) {
        once().await;
        self.0 += black_box(&b).len() as u64;
    }
}
fn main() {
    let guest = std::fs::read(std::env::args().nth(1).unwrap()).unwrap();
    let what = std::env::args().nth(2).unwrap();
    let secs: f64 = std::env::args().nth(3).unwrap().parse().unwrap();
    let rt = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let warm = host_async::Bench::builder(App::default())
        .isolation(abide::Warm::new().max_calls(u64::MAX))
        .load_bytes(&guest)
        .unwrap();
    let session = rt.block_on(warm.session()).unwrap();
    let mut config = Config::new();
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(256)
        .total_core_instances(16 * 256)
        .total_memories(512)
        .total_tables(1024)
        .table_elements(64 * 1024)
        .max_memory_size(4 << 30)
        .linear_memory_keep_resident(256 * 1024)
        .table_keep_resident(256 * 1024);
    config
        .concurrency_support(false)
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool))
        .epoch_interruption(true)
        .max_wasm_stack(512 * 1024);
    let engine = Engine::new(&config).unwrap();
    let component = Component::from_binary(&engine, &guest).unwrap();
    let mut linker = Linker::new(&engine);
    hand::Bench::add_to_linker::<_, HasSelf<_>>(&mut linker, |s: &mut St| &mut s.app).unwrap();
    linker
        .instance("abide:guest/panic@0.1.0")
        .unwrap()
        .func_wrap("panicked", |_, (_m,): (String,)| Ok(()))
        .unwrap();
    let pre = hand::BenchPre::new(linker.instantiate_pre(&component).unwrap()).unwrap();
    let mut store = Store::new(
        &engine,
        St {
            app: Hand(0),
            limits: StoreLimits::default(),
            ticks: 100,
        },
    );
    store.limiter(|s| &mut s.limits);
    store.epoch_deadline_callback(|mut cx| {
        let l = &mut cx.data_mut().ticks;
        *l = l.saturating_sub(1);
        Ok(match l {
            0 => UpdateDeadline::Interrupt,
            _ => UpdateDeadline::Yield(1),
        })
    });
    store.set_epoch_deadline(1);
    let inst = rt.block_on(pre.instantiate_async(&mut store)).unwrap();
    println!(
        "size of add future {}",
        std::mem::size_of_val(&warm.add(1, 2))
    );
    macro_rules! run {
        ($name:literal, $e:expr) => {{
            let mut best = f64::MAX;
            let begin = Instant::now();
            rt.block_on(async {
                while begin.elapsed().as_secs_f64() < secs {
                    let t = Instant::now();
                    for _ in 0..20_000 {
                        black_box($e);
                    }
                    best = best.min(t.elapsed().as_nanos() as f64 / 20_000.0);
                }
            });
            println!("{:<16} {best:.0} ns", $name);
        }};
    }
    if what.contains('w') {
        run!(
            "warm add",
            warm.add(black_box(2), black_box(3)).await.unwrap()
        );
    }
    if what.contains('h') {
        run!("hand add", {
            store.data_mut().ticks = 100;
            store.set_epoch_deadline(1);
            inst.call_add(&mut store, black_box(2), black_box(3))
                .await
                .unwrap()
        });
    }
    if what.contains('s') {
        run!(
            "session add",
            session.add(black_box(2), black_box(3)).await.unwrap()
        );
    }
    if what.contains('W') {
        run!("warm import", warm.push(16, 1).await.unwrap());
    }
    if what.contains('H') {
        run!("hand import", {
            store.data_mut().ticks = 100;
            store.set_epoch_deadline(1);
            inst.call_push(&mut store, 16, 1).await.unwrap()
        });
    }
    if what.contains('S') {
        run!("session import", session.push(16, 1).await.unwrap());
    }
    if what.contains('M') {
        run!("warm imports", warm.push(16, 100).await.unwrap());
    }
    if what.contains('N') {
        run!("hand imports", {
            store.data_mut().ticks = 100;
            store.set_epoch_deadline(1);
            inst.call_push(&mut store, 16, 100).await.unwrap()
        });
    }
}
