;; A guest of the world `test:kit/kit@0.1.0` that does what the tests ask for, good and bad.
(component
  (import "test:kit/host@0.1.0" (instance $host
    (export "log" (func (param "message" string)))
    (export "put" (func (param "message" string) (param "data" (list u8)) (param "xs" (list f64)) (result u64)))
    (export "boom" (func))
    (export "refuse" (func (result u32)))
    (export "again" (func (param "what" u32) (result u32)))
  ))
  (import "abide:guest/panic@0.1.0" (instance $panic
    (export "panicked" (func (param "message" string)))
  ))

  (core module $libc
    (memory (export "memory") 16)
    (global $next (mut i32) (i32.const 4096))
    (func (export "realloc") (param $old i32) (param $old_size i32) (param $align i32) (param $size i32) (result i32)
      (local $at i32)
      (local.set $at (i32.and
        (i32.add (global.get $next) (i32.sub (local.get $align) (i32.const 1)))
        (i32.sub (i32.const 0) (local.get $align))))
      (global.set $next (i32.add (local.get $at) (local.get $size)))
      (local.get $at))
    (data (i32.const 16) "hello")
    (data (i32.const 32) "\ff\fe")
    (data (i32.const 48) "odd")
    (data (i32.const 64) "\01\02\03\04")
    ;; 1.5 and -2.25
    (data (i32.const 128) "\00\00\00\00\00\00\f8\3f\00\00\00\00\00\00\02\c0")
    (data (i32.const 160) "index out of range")
  )
  (core instance $libc (instantiate $libc))
  (alias core export $libc "memory" (core memory $memory))
  (alias core export $libc "realloc" (core func $realloc))

  (core func $log (canon lower (func $host "log") (memory $memory)))
  (core func $put (canon lower (func $host "put") (memory $memory)))
  (core func $boom (canon lower (func $host "boom")))
  (core func $refuse (canon lower (func $host "refuse")))
  (core func $again (canon lower (func $host "again")))
  (core func $panicked (canon lower (func $panic "panicked") (memory $memory)))

  (core module $main
    (import "libc" "memory" (memory 16))
    (import "host" "log" (func $log (param i32 i32)))
    (import "host" "put" (func $put (param i32 i32 i32 i32 i32 i32) (result i64)))
    (import "host" "boom" (func $boom))
    (import "host" "refuse" (func $refuse (result i32)))
    (import "host" "again" (func $again (param i32) (result i32)))
    (import "panic" "panicked" (func $panicked (param i32 i32)))

    (global $count (mut i32) (i32.const 0))
    (func $deeper (param i32) (result i32)
      (i32.add (call $deeper (i32.add (local.get 0) (i32.const 1))) (i32.const 1)))
    (func $bomb
      (loop $more
        (br_if $more (i32.ne (memory.grow (i32.const 16)) (i32.const -1))))
      (unreachable))

    (func (export "count") (result i32)
      (global.set $count (i32.add (global.get $count) (i32.const 1 (; step ;))))
      (global.get $count))
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "again") (param i32) (result i32) (call $again (local.get 0)))
    (func (export "put") (result i64)
      (call $put (i32.const 16) (i32.const 5) (i32.const 64) (i32.const 4) (i32.const 128) (i32.const 2)))
    (func (export "greet") (param i32 i32) (result i32)
      (i32.store (i32.const 1024) (local.get 0))
      (i32.store (i32.const 1028) (local.get 1))
      (i32.const 1024))
    (func (export "halve") (param i32) (result i32)
      (if (i32.and (local.get 0) (i32.const 1))
        (then
          (i32.store8 (i32.const 1024) (i32.const 1))
          (i32.store (i32.const 1028) (i32.const 48))
          (i32.store (i32.const 1032) (i32.const 3)))
        (else
          (i32.store8 (i32.const 1024) (i32.const 0))
          (i32.store (i32.const 1028) (i32.div_u (local.get 0) (i32.const 2)))))
      (i32.const 1024))
    (func (export "swap") (param i32) (result i32)
      ;; Sets a bit that stands for no flag as well.
      (i32.or (i32.xor (local.get 0) (i32.const 3)) (i32.const 64)))
    (func (export "bad-text") (result i32)
      (i32.store (i32.const 1024) (i32.const 32))
      (i32.store (i32.const 1028) (i32.const 2))
      (i32.const 1024))
    (func (export "huge-text") (result i32)
      (i32.store (i32.const 1024) (i32.const 0))
      (i32.store (i32.const 1028) (i32.const 0x80000))
      (i32.const 1024))
    (func (export "bad-option") (result i32)
      (i32.store8 (i32.const 1024) (i32.const 7))
      (i32.const 1024))

    (func $fail (export "fail") (param $how i32)
      (block $end (block $10 (block $9 (block $8 (block $7 (block $6 (block $5 (block $4 (block $3 (block $2 (block $1 (block $0
        (br_table $0 $1 $2 $3 $4 $5 $6 $7 $8 $9 $10 $end (local.get $how)))
        (unreachable))                                                                                  ;; 0
        (loop $forever (br $forever)))                                                                  ;; 1
        (call $bomb))                                                                                   ;; 2
        (drop (call $deeper (i32.const 0))) (br $end))                                                  ;; 3
        (drop (i32.div_u (i32.const 1) (i32.const 0))) (br $end))                                       ;; 4
        (drop (i32.load (i32.const -8))) (br $end))                                                     ;; 5
        (call $log (i32.const 32) (i32.const 2)) (br $end))                                             ;; 6
        (call $log (i32.const -16) (i32.const 4)) (br $end))                                            ;; 7
        (call $boom) (br $end))                                                                         ;; 8
        (drop (call $refuse)) (br $end))                                                                ;; 9
        (call $panicked (i32.const 160) (i32.const 18)) (unreachable))                                  ;; 10
      )
    (func (export "log") (call $log (i32.const 16) (i32.const 5)))
    (func $start (; START ;))
    (start $start)
  )
  (core instance $main (instantiate $main
    (with "libc" (instance $libc))
    (with "panic" (instance (export "panicked" (func $panicked))))
    (with "host" (instance
      (export "log" (func $log))
      (export "put" (func $put))
      (export "boom" (func $boom))
      (export "refuse" (func $refuse))
      (export "again" (func $again))))))

  (type $perms' (flags "read" "write"))
  (export $perms "perms" (type $perms'))

  (func $swap (param "perms" $perms) (result $perms) (canon lift (core func $main "swap")))
  (func $huge-text (result string) (canon lift (core func $main "huge-text") (memory $memory)))
  (func $count (result u32) (canon lift (core func $main "count")))
  (func $add (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $main "add")))
  (func $again (param "what" u32) (result u32) (canon lift (core func $main "again")))
  (func $put (result u64) (canon lift (core func $main "put")))
  (func $greet (param "name" string) (result string)
    (canon lift (core func $main "greet") (memory $memory) (realloc $realloc)))
  (func $halve (param "n" u32) (result (result u32 (error string)))
    (canon lift (core func $main "halve") (memory $memory)))
  (func $bad-text (result string) (canon lift (core func $main "bad-text") (memory $memory)))
  (func $bad-option (result (option u32)) (canon lift (core func $main "bad-option") (memory $memory)))
  (func $fail (param "how" u32) (canon lift (core func $main "fail")))
  (func $log (canon lift (core func $main "log")))

  (export "count" (func $count))
  (export "add" (func $add))
  (export "again" (func $again))
  (export "put" (func $put))
  (export "greet" (func $greet))
  (export "halve" (func $halve))
  (export "swap" (func $swap))
  (export "huge-text" (func $huge-text))
  (export "log" (func $log))

  (instance $bad
    (export "text" (func $bad-text))
    (export "option" (func $bad-option))
    (export "fail" (func $fail))
  )
  (export "test:kit/bad@0.1.0" (instance $bad))
)
