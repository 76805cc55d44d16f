;; A guest that uses WASI: `run` does one thing with it, chosen by its first parameter.
(component
  (import "wasi:io/error@0.2.0" (instance $error (export "error" (type (sub resource)))))
  (alias export $error "error" (type $error'))
  (import "wasi:io/poll@0.2.0" (instance $poll
    (export "pollable" (type $pollable (sub resource)))
    (export "[method]pollable.block" (func (param "self" (borrow $pollable))))))
  (alias export $poll "pollable" (type $pollable))
  (import "wasi:io/streams@0.2.0" (instance $streams
    (export "output-stream" (type $output (sub resource)))
    (alias outer 1 $error' (type $outer-error))
    (export "error" (type $error (eq $outer-error)))
    (type $stream-error' (variant (case "last-operation-failed" (own $error)) (case "closed")))
    (export "stream-error" (type $stream-error (eq $stream-error')))
    (export "[method]output-stream.blocking-write-and-flush" (func
      (param "self" (borrow $output)) (param "contents" (list u8)) (result (result (error $stream-error)))))))
  (alias export $streams "output-stream" (type $output))
  (import "wasi:cli/stdout@0.2.0" (instance $stdout
    (alias outer 1 $output (type $outer-output))
    (export "output-stream" (type $output (eq $outer-output)))
    (export "get-stdout" (func (result (own $output))))))
  (import "wasi:cli/stderr@0.2.0" (instance $stderr
    (alias outer 1 $output (type $outer-output))
    (export "output-stream" (type $output (eq $outer-output)))
    (export "get-stderr" (func (result (own $output))))))
  (import "wasi:cli/exit@0.2.0" (instance $exit (export "exit" (func (param "status" (result))))))
  (import "wasi:cli/environment@0.2.0" (instance $environment
    (export "get-environment" (func (result (list (tuple string string)))))))
  (import "wasi:clocks/monotonic-clock@0.2.0" (instance $monotonic
    (alias outer 1 $pollable (type $outer-pollable))
    (export "pollable" (type $pollable (eq $outer-pollable)))
    (export "now" (func (result u64)))
    (export "subscribe-duration" (func (param "when" u64) (result (own $pollable))))))
  (import "wasi:clocks/wall-clock@0.2.0" (instance $wall
    (type $datetime' (record (field "seconds" u64) (field "nanoseconds" u32)))
    (export "datetime" (type $datetime (eq $datetime')))
    (export "now" (func (result $datetime)))))
  (import "wasi:random/random@0.2.0" (instance $random
    (export "get-random-bytes" (func (param "len" u64) (result (list u8))))
    (export "get-random-u64" (func (result u64)))))
  (import "wasi:filesystem/types@0.2.0" (instance $files
    (export "descriptor" (type (sub resource)))))
  (alias export $files "descriptor" (type $descriptor))
  (import "wasi:filesystem/preopens@0.2.0" (instance $preopens
    (alias outer 1 $descriptor (type $outer-descriptor))
    (export "descriptor" (type $descriptor (eq $outer-descriptor)))
    (export "get-directories" (func (result (list (tuple (own $descriptor) string)))))))

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
    (data (i32.const 16) "one\ntwo\r\nthree")
    (data (i32.const 48) "oh no\n"))
  (core instance $libc (instantiate $libc))
  (alias core export $libc "memory" (core memory $memory))
  (alias core export $libc "realloc" (core func $realloc))

  (core func $block (canon lower (func $poll "[method]pollable.block")))
  (core func $write (canon lower (func $streams "[method]output-stream.blocking-write-and-flush") (memory $memory)))
  (core func $get-stdout (canon lower (func $stdout "get-stdout")))
  (core func $get-stderr (canon lower (func $stderr "get-stderr")))
  (core func $exit (canon lower (func $exit "exit")))
  (core func $env (canon lower (func $environment "get-environment") (memory $memory) (realloc $realloc)))
  (core func $now (canon lower (func $monotonic "now")))
  (core func $sleep (canon lower (func $monotonic "subscribe-duration")))
  (core func $date (canon lower (func $wall "now") (memory $memory)))
  (core func $bytes (canon lower (func $random "get-random-bytes") (memory $memory) (realloc $realloc)))
  (core func $number (canon lower (func $random "get-random-u64")))
  (core func $dirs (canon lower (func $preopens "get-directories") (memory $memory) (realloc $realloc)))

  (core module $main
    (import "libc" "memory" (memory 16))
    (import "wasi" "block" (func $block (param i32)))
    (import "wasi" "write" (func $write (param i32 i32 i32 i32)))
    (import "wasi" "stdout" (func $stdout (result i32)))
    (import "wasi" "stderr" (func $stderr (result i32)))
    (import "wasi" "exit" (func $exit (param i32)))
    (import "wasi" "env" (func $env (param i32)))
    (import "wasi" "now" (func $now (result i64)))
    (import "wasi" "sleep" (func $sleep (param i64) (result i32)))
    (import "wasi" "date" (func $date (param i32)))
    (import "wasi" "bytes" (func $bytes (param i64 i32)))
    (import "wasi" "number" (func $number (result i64)))
    (import "wasi" "dirs" (func $dirs (param i32)))
    (func (export "run") (param $what i32) (param $arg i64) (result i64)
      (block $9 (block $8 (block $7 (block $6 (block $5 (block $4 (block $3 (block $2 (block $1 (block $0
        (br_table $0 $1 $2 $3 $4 $5 $6 $7 $8 $9 (local.get $what)))
        ;; 0: writes to stdout, without an end of line after the last
        (call $write (call $stdout) (i32.const 16) (i32.const 14) (i32.const 1024)) (return (i64.const 0)))
        ;; 1: writes to stderr and stops
        (call $write (call $stderr) (i32.const 48) (i32.const 6) (i32.const 1024)) (unreachable))
        ;; 2: a clock
        (return (call $now)))
        ;; 3: the time of day
        (call $date (i32.const 1024)) (return (i64.load (i32.const 1024))))
        ;; 4: a random number
        (return (call $number)))
        ;; 5: random bytes
        (call $bytes (local.get $arg) (i32.const 1024)) (return (i64.load32_u (i32.const 1028))))
        ;; 6: sleeps
        (call $block (call $sleep (local.get $arg))) (loop $end (br_if $end (i64.eqz (call $now)))) (return (call $now)))
        ;; 7: ends the process
        (call $exit (i32.const 1)) (unreachable))
        ;; 8: the folders it has
        (call $dirs (i32.const 1024)) (return (i64.load32_u (i32.const 1028))))
        ;; 9: the variables it has
        (call $env (i32.const 1024)) (i64.load32_u (i32.const 1028))))
  (core instance $main (instantiate $main
    (with "libc" (instance $libc))
    (with "wasi" (instance
      (export "block" (func $block))
      (export "write" (func $write))
      (export "stdout" (func $get-stdout))
      (export "stderr" (func $get-stderr))
      (export "exit" (func $exit))
      (export "env" (func $env))
      (export "now" (func $now))
      (export "sleep" (func $sleep))
      (export "date" (func $date))
      (export "bytes" (func $bytes))
      (export "number" (func $number))
      (export "dirs" (func $dirs))))))
  (func $run (param "what" u32) (param "arg" u64) (result u64) (canon lift (core func $main "run")))
  (export "run" (func $run))
)
