;; Passes values on to the host and back: what is exported calls what is imported, and the values cross
;; the boundary twice in each direction.
(component
  (import "shapes" (instance $shapes
    (type $point' (record (field "x" f64) (field "y" f64)))
    (export "point" (type $point (eq $point')))
    (type $side' (enum "left" "far-right" "io2"))
    (export "side" (type $side (eq $side')))
    (type $hit' (variant (case "none") (case "at" $point) (case "named" string)))
    (export "hit" (type $hit (eq $hit')))
    (type $flat' (variant (case "one") (case "two")))
    (export "flat" (type $flat (eq $flat')))
    (type $thing' (record
      (field "name" string)
      (field "hits" (list $hit))
      (field "URL-path" (option $point))
      (field "type" u8)
      (field "side" $side)
    ))
    (export "thing" (type $thing (eq $thing')))
    (export "point-back" (func (param "it" $point) (result $point)))
    (export "side-back" (func (param "it" $side) (result $side)))
    (export "hit-back" (func (param "it" $hit) (result $hit)))
    (export "flat-back" (func (param "it" $flat) (result $flat)))
    (export "thing-back" (func (param "it" $thing) (result $thing)))
    (export "things-back" (func (param "it" (list $thing)) (result (list $thing))))
  ))
  (alias export $shapes "point" (type $point))
  (alias export $shapes "side" (type $side))
  (alias export $shapes "hit" (type $hit))
  (alias export $shapes "flat" (type $flat))
  (alias export $shapes "thing" (type $thing))

  (core module $memory
    (memory (export "memory") 4)
    (global $next (mut i32) (i32.const 1024))
    ;; Nothing is ever freed; what is asked for begins at a multiple of 8.
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (local $at i32)
      (local.set $at (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
      (global.set $next (i32.add (local.get $at) (local.get 3)))
      (local.get $at))
  )
  (core instance $memory (instantiate $memory))
  (alias core export $memory "memory" (core memory $mem))
  (alias core export $memory "realloc" (core func $realloc))

  (core func $point-back
    (canon lower (func $shapes "point-back") (memory $mem) (realloc $realloc)))
  (core func $side-back
    (canon lower (func $shapes "side-back") (memory $mem) (realloc $realloc)))
  (core func $hit-back
    (canon lower (func $shapes "hit-back") (memory $mem) (realloc $realloc)))
  (core func $flat-back
    (canon lower (func $shapes "flat-back") (memory $mem) (realloc $realloc)))
  (core func $thing-back
    (canon lower (func $shapes "thing-back") (memory $mem) (realloc $realloc)))
  (core func $things-back
    (canon lower (func $shapes "things-back") (memory $mem) (realloc $realloc)))

  (core module $code
    (import "host" "point" (func $point (param f64 f64 i32)))
    (import "host" "side" (func $side (param i32) (result i32)))
    (import "host" "hit" (func $hit (param i32 i64 i64 i32)))
    (import "host" "flat" (func $flat (param i32) (result i32)))
    (import "host" "thing" (func $thing (param i32 i32 i32 i32 i32 f64 f64 i32 i32 i32)))
    (import "host" "things" (func $things (param i32 i32 i32)))
    ;; Results of more than one value are written to memory, here at its beginning.
    (func (export "point") (param f64 f64) (result i32)
      (call $point (local.get 0) (local.get 1) (i32.const 0))
      (i32.const 0))
    (func (export "side") (param i32) (result i32) (call $side (local.get 0)))
    (func (export "hit") (param i32 i64 i64) (result i32)
      (call $hit (local.get 0) (local.get 1) (local.get 2) (i32.const 0))
      (i32.const 0))
    (func (export "flat") (param i32) (result i32) (call $flat (local.get 0)))
    (func (export "thing") (param i32 i32 i32 i32 i32 f64 f64 i32 i32) (result i32)
      (call $thing
        (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4)
        (local.get 5) (local.get 6) (local.get 7) (local.get 8) (i32.const 0))
      (i32.const 0))
    (func (export "things") (param i32 i32) (result i32)
      (call $things (local.get 0) (local.get 1) (i32.const 0))
      (i32.const 0))
  )
  (core instance $code (instantiate $code (with "host" (instance
    (export "point" (func $point-back))
    (export "side" (func $side-back))
    (export "hit" (func $hit-back))
    (export "flat" (func $flat-back))
    (export "thing" (func $thing-back))
    (export "things" (func $things-back))
  ))))

  (func (export "point") (param "it" $point) (result $point)
    (canon lift (core func $code "point") (memory $mem) (realloc $realloc)))
  (func (export "side") (param "it" $side) (result $side)
    (canon lift (core func $code "side") (memory $mem) (realloc $realloc)))
  (func (export "hit") (param "it" $hit) (result $hit)
    (canon lift (core func $code "hit") (memory $mem) (realloc $realloc)))
  (func (export "flat") (param "it" $flat) (result $flat)
    (canon lift (core func $code "flat") (memory $mem) (realloc $realloc)))
  (func (export "thing") (param "it" $thing) (result $thing)
    (canon lift (core func $code "thing") (memory $mem) (realloc $realloc)))
  (func (export "things") (param "it" (list $thing)) (result (list $thing))
    (canon lift (core func $code "things") (memory $mem) (realloc $realloc)))
)
