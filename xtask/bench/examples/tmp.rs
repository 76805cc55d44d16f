use __abide::wasmtime;
use __abide::wasmtime::component::{Component, Linker};
use __abide::wasmtime::{Config, Engine, Store};
use __abide::{FlatSlice, FlatVec};
use abide::__private as __abide;
use std::hint::black_box;
use std::time::Instant;

#[derive(Clone, Copy, Debug, PartialEq, __abide::ComponentType, __abide::Lift, __abide::Lower)]
#[component(record)]
#[component(wasmtime_crate = __abide::wasmtime)]
pub struct P {
    x: f64,
    y: f64,
    id: u32,
    on: bool,
    kind: u16,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Q {
    x: f64,
    y: f64,
    id: u32,
    on: bool,
    kind: u16,
}
__abide::flat_record!(Q {
    x: f64 = "x",
    y: f64 = "y",
    id: u32 = "id",
    on: bool = "on",
    kind: u16 = "kind"
});

fn time<R>(name: &str, n: u32, mut f: impl FnMut() -> R) {
    for _ in 0..n / 10 + 1 {
        black_box(f());
    }
    let mut best = f64::MAX;
    for _ in 0..7 {
        let t = Instant::now();
        for _ in 0..n {
            black_box(f());
        }
        best = best.min(t.elapsed().as_nanos() as f64 / n as f64);
    }
    println!("{name:<40} {best:>12.0} ns");
}

fn main() -> wasmtime::Result<()> {
    let mut config = Config::new();
    config.concurrency_support(false);
    let engine = Engine::new(&config)?;
    let text = r#"(component
      (core module $libc (memory (export "memory") 100)
         (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 65536)))
      (core instance $libc (instantiate $libc))
      (alias core export $libc "memory" (core memory $mem))
      (alias core export $libc "realloc" (core func $realloc))
      (type $p' (record (field "x" float64) (field "y" float64) (field "id" u32) (field "on" bool) (field "kind" u16)))
      (import "p" (type $p (eq $p')))
      (import "take" (func $take (param "l" (list $p))))
      (import "takef" (func $takef (param "l" (list float64))))
      (core func $ctake (canon lower (func $take) (memory $mem)))
      (core func $ctakef (canon lower (func $takef) (memory $mem)))
      (core module $m
        (import "h" "take" (func $take (param i32 i32)))
        (import "h" "takef" (func $takef (param i32 i32)))
        (import "libc" "memory" (memory 1))
        (func (export "push") (param i32) (local i32) (loop $l (call $take (i32.const 65536) (i32.const 1000)) (br_if $l (i32.lt_u (local.tee 1 (i32.add (local.get 1) (i32.const 1))) (local.get 0)))))
        (func (export "pushf") (param i32) (local i32) (loop $l (call $takef (i32.const 65536) (i32.const 131072)) (br_if $l (i32.lt_u (local.tee 1 (i32.add (local.get 1) (i32.const 1))) (local.get 0)))))
        (func (export "eat") (param i32 i32))
        (func (export "give") (param i32 i32) (result i32)
          (i32.store (i32.const 16) (local.get 0)) (i32.store (i32.const 20) (local.get 1)) (i32.const 16)))
      (core instance $i (instantiate $m (with "h" (instance (export "take" (func $ctake)) (export "takef" (func $ctakef)))) (with "libc" (instance $libc))))
      (func (export "eat") (param "l" (list $p)) (canon lift (core func $i "eat") (memory $mem) (realloc (func $realloc))))
      (func (export "eatf") (param "l" (list float64)) (canon lift (core func $i "eat") (memory $mem) (realloc (func $realloc))))
      (func (export "push") (param "l" u32) (canon lift (core func $i "push")))
      (func (export "pushf") (param "l" u32) (canon lift (core func $i "pushf")))
      (type $r (record (field "ptr" u32) (field "len" u32)))
      (func (export "give") (param "p" u32) (param "n" u32) (result (list $p)) (canon lift (core func $i "give") (memory $mem) (realloc (func $realloc))))
      (func (export "givef") (param "p" u32) (param "n" u32) (result (list float64)) (canon lift (core func $i "give") (memory $mem) (realloc (func $realloc))))
    )"#;
    let c = Component::new(&engine, wat::parse_str(text).unwrap())?;
    let ps: Vec<P> = (0..1000)
        .map(|i| P {
            x: i as f64,
            y: 1.0,
            id: i,
            on: i % 2 == 0,
            kind: 7,
        })
        .collect();
    let qs: Vec<Q> = ps
        .iter()
        .map(|p| Q {
            x: p.x,
            y: p.y,
            id: p.id,
            on: p.on,
            kind: p.kind,
        })
        .collect();
    let fs: Vec<f64> = (0..131072).map(|i| i as f64).collect();
    for ours in [false, true] {
        println!("-- ours: {ours}");
        let mut l = Linker::<()>::new(&engine);
        if ours {
            l.root().func_wrap("take", |_, (v,): (FlatVec<Q>,)| {
                black_box(v.into_vec());
                Ok(())
            })?;
            l.root().func_wrap("takef", |_, (v,): (FlatVec<f64>,)| {
                black_box(v.into_vec());
                Ok(())
            })?;
        } else {
            l.root().func_wrap("take", |_, (v,): (Vec<P>,)| {
                black_box(v);
                Ok(())
            })?;
            l.root().func_wrap("takef", |_, (v,): (Vec<f64>,)| {
                black_box(v);
                Ok(())
            })?;
        }
        let mut s = Store::new(&engine, ());
        let i = l.instantiate(&mut s, &c)?;
        let push = i.get_typed_func::<(u32,), ()>(&mut s, "push")?;
        let pushf = i.get_typed_func::<(u32,), ()>(&mut s, "pushf")?;
        time("import 100 x 1000 recs", 20, || {
            push.call(&mut s, (100,)).unwrap()
        });
        time("import 10 x 1 MiB f64", 20, || {
            pushf.call(&mut s, (10,)).unwrap()
        });
        if ours {
            let f = i.get_typed_func::<(FlatSlice<Q>,), ()>(&mut s, "eat")?;
            time("export param 1000 recs", 2000, || {
                f.call(&mut s, (FlatSlice(&qs),)).unwrap()
            });
            let f = i.get_typed_func::<(FlatSlice<f64>,), ()>(&mut s, "eatf")?;
            time("export param 1 MiB f64", 2000, || {
                f.call(&mut s, (FlatSlice(&fs),)).unwrap()
            });
            let f = i.get_typed_func::<(u32, u32), (FlatVec<Q>,)>(&mut s, "give")?;
            time("export result 1000 recs", 2000, || {
                f.call(&mut s, (65536, 1000)).unwrap()
            });
            let f = i.get_typed_func::<(u32, u32), (FlatVec<f64>,)>(&mut s, "givef")?;
            time("export result 1 MiB f64", 2000, || {
                f.call(&mut s, (65536, 131072)).unwrap()
            });
        } else {
            let f = i.get_typed_func::<(&[P],), ()>(&mut s, "eat")?;
            time("export param 1000 recs", 2000, || {
                f.call(&mut s, (&ps,)).unwrap()
            });
            let f = i.get_typed_func::<(&[f64],), ()>(&mut s, "eatf")?;
            time("export param 1 MiB f64", 2000, || {
                f.call(&mut s, (&fs,)).unwrap()
            });
            let f = i.get_typed_func::<(u32, u32), (Vec<P>,)>(&mut s, "give")?;
            time("export result 1000 recs", 2000, || {
                f.call(&mut s, (65536, 1000)).unwrap()
            });
            let f = i.get_typed_func::<(u32, u32), (Vec<f64>,)>(&mut s, "givef")?;
            time("export result 1 MiB f64", 2000, || {
                f.call(&mut s, (65536, 131072)).unwrap()
            });
        }
    }
    {
        let mut l = Linker::<()>::new(&engine);
        l.root().func_wrap("take", |_, (v,): (Vec<Q>,)| {
            black_box(v);
            Ok(())
        })?;
        l.root().func_wrap("takef", |_, (v,): (Vec<f64>,)| {
            black_box(v);
            Ok(())
        })?;
        let mut s = Store::new(&engine, ());
        let i = l.instantiate(&mut s, &c)?;
        let push = i.get_typed_func::<(u32,), ()>(&mut s, "push")?;
        time("import 100 x 1000 recs", 20, || {
            push.call(&mut s, (100,)).unwrap()
        });
        let f = i.get_typed_func::<(&[Q],), ()>(&mut s, "eat")?;
        time("export param 1000 recs", 2000, || {
            f.call(&mut s, (&qs,)).unwrap()
        });
        let f = i.get_typed_func::<(u32, u32), (Vec<Q>,)>(&mut s, "give")?;
        time("export result 1000 recs", 2000, || {
            f.call(&mut s, (65536, 1000)).unwrap()
        });
    }
    // memcpy baseline
    let mut d = vec![0f64; 131072];
    time("memcpy 1 MiB", 2000, || d.copy_from_slice(black_box(&fs)));
    time("vec clone 1 MiB", 2000, || fs.clone());
    Ok(())
}
