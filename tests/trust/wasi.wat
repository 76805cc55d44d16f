;; What a guest that uses WASI has in place of `(core instance $wasi (instantiate $without))`.
(import "wasi:random/random@0.2.0" (instance $random
  (export "get-random-bytes" (func (param "len" u64) (result (list u8))))))
(import "wasi:io/error@0.2.0" (instance $error (export "error" (type (sub resource)))))
(alias export $error "error" (type $error'))
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
(core func $random-bytes (canon lower (func $random "get-random-bytes")
  (memory $memory) (realloc (func $libc "realloc"))))
(core func $get-stdout (canon lower (func $stdout "get-stdout")))
(core func $write (canon lower (func $streams "[method]output-stream.blocking-write-and-flush")
  (memory $memory)))
(core instance $wasi
  (export "random" (func $random-bytes))
  (export "stdout" (func $get-stdout))
  (export "write" (func $write)))
