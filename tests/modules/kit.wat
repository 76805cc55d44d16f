;; A guest of the ABI in `abi.rs`. Memory: the key "key" at 16, "hello" at 32, pairs at 64, places
;; from 128, and room for what the host hands over from 1024.
(module
  (import "env" "log" (func $log (param i32 i32 i32) (result i32)))
  (import "env" "put" (func $put (param i32 i32 i32 i32 i32) (result i32)))
  (import "env" "get" (func $get (param i32 i32 i32 i32 i32) (result i32)))
  (import "env" "write_all" (func $write-all (param i32 i32 i32) (result i32)))
  (import "env" "fill" (func $fill (param i32 i32) (result i32)))
  (import "env" "panics" (func $panics (result i32)))
  (import "plain" "is_even" (func $is-even (param i64) (result i32)))
  (import "plain" "half" (func $half (param f64) (result f64)))
  (import "plain" "name" (func $name (param i32 i32) (result i32)))
  (import "also_plain" "nothing" (func $nothing))
  (memory (export "memory") 1 4)
  (global $calls (mut i64) (i64.const 0))
  (global $started (mut i32) (i32.const 0))
  (global $alloc-mode (mut i32) (i32.const 0))
  (data (i32.const 16) "key")
  (data (i32.const 32) "hello")
  ;; Two buffers: "hello" and "key"; and one out of bounds.
  (data (i32.const 64) "\20\00\00\00\05\00\00\00\10\00\00\00\03\00\00\00\ff\ff\ff\ff\02\00\00\00")
  (data (i32.const 96) "\ff\fe")
  (func (export "_initialize") (global.set $started (i32.const 1)))
  (func (export "alloc") (param i32) (result i32)
    ;; 0: there is room. 1: there is none. 2: it grows the memory. 3: it logs. 4: it traps.
    (if (i32.eq (global.get $alloc-mode) (i32.const 1)) (then (return (i32.const 0))))
    (if (i32.eq (global.get $alloc-mode) (i32.const 2)) (then
      (drop (memory.grow (i32.const 1))) (return (i32.const 65536))))
    (if (i32.eq (global.get $alloc-mode) (i32.const 3)) (then
      (drop (call $log (i32.const 0) (i32.const 32) (i32.const 5)))))
    (if (i32.eq (global.get $alloc-mode) (i32.const 4)) (then (unreachable)))
    (if (i32.eq (global.get $alloc-mode) (i32.const 5)) (then (return (i32.const 0xfffffff0))))
    (i32.const 1024))
  (func $put-hello (result i32)
    (call $put (i32.const 16) (i32.const 3) (i32.const 32) (i32.const 5) (i32.const 128)))
  (func $get-key (result i32)
    (call $get (i32.const 16) (i32.const 3) (i32.const 136) (i32.const 140) (i32.const 144)))
  (func (export "act") (param $what i32) (param $with i32) (result i32)
    (global.set $calls (i64.add (global.get $calls) (i64.const 1)))
    (block $b11 (block $b10 (block $b9 (block $b8 (block $b7 (block $b6 (block $b5 (block $b4 (block $b3 (block $b2 (block $b1 (block $b0
      (br_table $b0 $b1 $b2 $b3 $b4 $b5 $b6 $b7 $b8 $b9 $b10 $b11 (local.get $what)))
      ;; 0: log at a level
      (return (call $log (local.get $with) (i32.const 32) (i32.const 5))))
      ;; 1: log what is no text
      (return (call $log (i32.const 0) (i32.const 96) (i32.const 2))))
      ;; 2: log what is out of bounds
      (return (call $log (i32.const 0) (i32.const 65530) (local.get $with))))
      ;; 3: put; the place of what was there before is `with`
      (return (call $put (i32.const 16) (i32.const 3) (i32.const 32) (i32.const 5) (local.get $with))))
      ;; 4: put and get with an allocator of that mode: the status, or 1000 and what is there
      (drop (call $put-hello))
      (global.set $alloc-mode (local.get $with))
      (local.set $with (call $get-key))
      (global.set $alloc-mode (i32.const 0))
      (if (local.get $with) (then (return (local.get $with))))
      (return (i32.add (i32.const 1000) (i32.add (i32.load8_u (i32.load (i32.const 136)))
        (i32.add (i32.load (i32.const 140)) (i32.load (i32.const 144)))))))
      ;; 5: write the pairs, so many: the status, or 1000 and how many bytes it says
      (local.set $with (call $write-all (i32.const 64) (local.get $with) (i32.const 128)))
      (if (local.get $with) (then (return (local.get $with))))
      (return (i32.add (i32.const 1000) (i32.load (i32.const 128)))))
      ;; 6: fill a place
      (local.set $what (call $fill (local.get $with) (i32.const 9)))
      (if (local.get $what) (then (return (local.get $what))))
      (return (i32.add (i32.const 1000) (i32.load8_u (i32.add (local.get $with) (i32.const 3))))))
      ;; 7: whether it is even, and half of it
      (return (i32.add (i32.mul (i32.const 100) (call $is-even (i64.extend_i32_u (local.get $with))))
        (i32.trunc_f64_u (call $half (f64.convert_i32_u (local.get $with)))))))
      ;; 8: the name into a buffer with that limit: how long it is, and its first letter
      (i32.store8 (i32.const 200) (i32.const 0))
      (return (i32.add (i32.mul (i32.const 1000) (call $name (i32.const 200) (local.get $with)))
        (i32.load8_u (i32.const 200)))))
      ;; 9: nothing, and whether it was started
      (call $nothing)
      (return (global.get $started)))
      ;; 10: the host panics
      (return (call $panics)))
    (i32.const -1))
  (func (export "count") (result i64) (global.get $calls))
  (func (export "decide") (param i32) (result i32) (local.get 0))
  (func (export "wide") (param i64 f64 i32) (result f64)
    (f64.add (f64.convert_i64_s (local.get 0)) (f64.mul (local.get 1) (f64.convert_i32_u (local.get 2)))))
  (func (export "spin") (loop (br 0)))
  (func (export "stop") unreachable))
