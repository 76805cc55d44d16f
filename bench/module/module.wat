;; A guest of an old ABI: numbers, texts by address and length, and an allocator that has one place.
(module
  (import "env" "log" (func $log (param i32 i32 i32) (result i32)))
  (import "env" "get" (func $get (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 64) "a message of some length, as they are")
  (data (i32.const 128) "user-agent")
  ;; Every value goes to the same place.
  (func (export "malloc") (param i32) (result i32) (i32.const 4096))
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  ;; How many of so many messages were taken.
  (func (export "logs") (param $times i32) (result i32)
    (local $taken i32)
    (loop $again
      (local.set $taken (i32.add (local.get $taken)
        (i32.eqz (call $log (i32.const 2) (i32.const 64) (i32.const 37)))))
      (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
    (local.get $taken))
  ;; How long all values were together that were asked for.
  (func (export "gets") (param $times i32) (result i32)
    (local $sum i32)
    (loop $again
      (drop (call $get (i32.const 128) (i32.const 10) (i32.const 32) (i32.const 36)))
      (local.set $sum (i32.add (local.get $sum) (i32.load (i32.const 36))))
      (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
    (local.get $sum)))
