;; The guest of the cases about lists and resources, as a core module: it does nothing but what the canonical
;; ABI asks of it, so that what is measured is the way into it and out of it. A guest in Rust would copy every
;; record once more, which takes longer than the way.
;;
;; Memory is given away from `$top` upwards. `eat-…` gives back what its argument took, `keep-…` does not.
(module
  (import "abide:flows/intake@0.1.0" "take-samples" (func $take-samples (param i32 i32)))
  (import "abide:flows/intake@0.1.0" "take-entries" (func $take-entries (param i32 i32)))
  (import "abide:flows/intake@0.1.0" "take-owned" (func $take-owned (param i32 i32)))
  (import "abide:flows/intake@0.1.0" "take-numbers" (func $take-numbers (param i32 i32)))
  (import "abide:flows/counters@0.1.0" "[constructor]counter"
    (func $counter (param i64) (result i32)))
  (import "abide:flows/counters@0.1.0" "[method]counter.add"
    (func $counter-add (param i32 i64) (result i64)))
  (import "abide:flows/counters@0.1.0" "[resource-drop]counter" (func $counter-drop (param i32)))
  (import "[export]abide:flows/tallies@0.1.0" "[resource-new]tally"
    (func $tally-new (param i32) (result i32)))

  ;; 8 MiB: room for two lists of each kind.
  (memory (export "memory") 128)
  (global $top (mut i32) (i32.const 4096))
  (global $floor (mut i32) (i32.const 4096))

  (func (export "cabi_realloc")
    (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32)
    (local.set $at
      (i32.and
        (i32.add (global.get $top) (i32.sub (local.get $align) (i32.const 1)))
        (i32.sub (i32.const 0) (local.get $align))))
    (global.set $top (i32.add (local.get $at) (local.get $size)))
    (local.get $at))

  ;; The kept samples are described at 16.
  (func (export "keep-samples") (param $at i32) (param $len i32)
    (i32.store (i32.const 16) (local.get $at))
    (i32.store (i32.const 20) (local.get $len))
    (global.set $floor (global.get $top)))
  (func (export "eat-samples") (param $at i32) (param $len i32) (result i32)
    (global.set $top (global.get $floor))
    (local.get $len))
  (func (export "give-samples") (result i32) (i32.const 16))
  (func (export "push-samples") (param $times i32)
    (loop $again
      (if (local.get $times) (then
        (call $take-samples (i32.load (i32.const 16)) (i32.load (i32.const 20)))
        (local.set $times (i32.sub (local.get $times) (i32.const 1)))
        (br $again)))))

  ;; The kept entries are described at 24.
  (func (export "keep-entries") (param $at i32) (param $len i32)
    (i32.store (i32.const 24) (local.get $at))
    (i32.store (i32.const 28) (local.get $len))
    (global.set $floor (global.get $top)))
  (func (export "eat-entries") (param $at i32) (param $len i32) (result i32)
    (global.set $top (global.get $floor))
    (local.get $len))
  (func (export "give-entries") (result i32) (i32.const 24))
  (func (export "push-entries") (param $times i32)
    (loop $again
      (if (local.get $times) (then
        (call $take-entries (i32.load (i32.const 24)) (i32.load (i32.const 28)))
        (local.set $times (i32.sub (local.get $times) (i32.const 1)))
        (br $again)))))
  (func (export "push-owned") (param $times i32)
    (loop $again
      (if (local.get $times) (then
        (call $take-owned (i32.load (i32.const 24)) (i32.load (i32.const 28)))
        (local.set $times (i32.sub (local.get $times) (i32.const 1)))
        (br $again)))))

  ;; The kept numbers are described at 32.
  (func (export "keep-numbers") (param $at i32) (param $len i32)
    (i32.store (i32.const 32) (local.get $at))
    (i32.store (i32.const 36) (local.get $len))
    (global.set $floor (global.get $top)))
  (func (export "eat-numbers") (param $at i32) (param $len i32) (result i32)
    (global.set $top (global.get $floor))
    (local.get $len))
  (func (export "give-numbers") (result i32) (i32.const 32))
  (func (export "push-numbers") (param $times i32)
    (loop $again
      (if (local.get $times) (then
        (call $take-numbers (i32.load (i32.const 32)) (i32.load (i32.const 36)))
        (local.set $times (i32.sub (local.get $times) (i32.const 1)))
        (br $again)))))

  (func (export "count") (param $times i32) (result i64)
    (local $counter i32) (local $sum i64)
    (local.set $counter (call $counter (i64.const 0)))
    (loop $again
      (if (local.get $times) (then
        (local.set $sum (call $counter-add (local.get $counter) (i64.const 3)))
        (local.set $times (i32.sub (local.get $times) (i32.const 1)))
        (br $again))))
    (call $counter-drop (local.get $counter))
    (local.get $sum))

  ;; A tally is represented by where it is in memory. There is room for one at a time.
  (func (export "abide:flows/tallies@0.1.0#[constructor]tally") (param $start i64) (result i32)
    (i64.store (i32.const 64) (local.get $start))
    (call $tally-new (i32.const 64)))
  (func (export "abide:flows/tallies@0.1.0#[method]tally.add")
    (param $tally i32) (param $by i64) (result i64)
    (i64.store (local.get $tally) (i64.add (i64.load (local.get $tally)) (local.get $by)))
    (i64.load (local.get $tally))))
