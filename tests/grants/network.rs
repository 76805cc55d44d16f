//! The network, for which there is no grant: sockets cannot be made and names not looked up.
//!
//! The guest is written by hand: not every toolchain's standard library for guests has a network.

use self::host::Network;
use crate::NoHost;
use abide::Wasi;

abide::abi!({
    inline: "
        package test:network@0.1.0;
        world network {
            /// Each returns WASI's answer: 256 and the code for an error, less than that for none.
            export tcp: func() -> u32;
            export udp: func() -> u32;
            export look-up: func() -> u32;
        }
    ",
    module: "network",
});

/// Position of `access-denied` in WASI's `error-code`.
const ACCESS_DENIED: u32 = 1;
/// Position of `permanent-resolver-failure` in WASI's `error-code`.
const PERMANENT_RESOLVER_FAILURE: u32 = 20;

const GUEST: &str = r#"(component
  (import "wasi:sockets/network@0.2.0" (instance $network
    (export "network" (type (sub resource)))
    (type $error' (enum "unknown" "access-denied" "not-supported" "invalid-argument" "out-of-memory"
      "timeout" "concurrency-conflict" "not-in-progress" "would-block" "invalid-state"
      "new-socket-limit" "address-not-bindable" "address-in-use" "remote-unreachable"
      "connection-refused" "connection-reset" "connection-aborted" "datagram-too-large"
      "name-unresolvable" "temporary-resolver-failure" "permanent-resolver-failure"))
    (export "error-code" (type (eq $error')))
    (type $family' (enum "ipv4" "ipv6"))
    (export "ip-address-family" (type (eq $family')))))
  (alias export $network "network" (type $network-type))
  (alias export $network "error-code" (type $error))
  (alias export $network "ip-address-family" (type $family))

  (import "wasi:sockets/tcp@0.2.0" (instance $tcp (export "tcp-socket" (type (sub resource)))))
  (alias export $tcp "tcp-socket" (type $tcp-socket))
  (import "wasi:sockets/tcp-create-socket@0.2.0" (instance $tcp-create
    (export "create-tcp-socket" (func (param "address-family" $family)
      (result (result (own $tcp-socket) (error $error)))))))

  (import "wasi:sockets/udp@0.2.0" (instance $udp (export "udp-socket" (type (sub resource)))))
  (alias export $udp "udp-socket" (type $udp-socket))
  (import "wasi:sockets/udp-create-socket@0.2.0" (instance $udp-create
    (export "create-udp-socket" (func (param "address-family" $family)
      (result (result (own $udp-socket) (error $error)))))))

  (import "wasi:sockets/instance-network@0.2.0" (instance $instance-network
    (export "instance-network" (func (result (own $network-type))))))
  (import "wasi:sockets/ip-name-lookup@0.2.0" (instance $lookup
    (export "resolve-address-stream" (type $stream (sub resource)))
    (export "resolve-addresses" (func (param "network" (borrow $network-type)) (param "name" string)
      (result (result (own $stream) (error $error)))))))

  (core module $libc (memory (export "memory") 1) (data (i32.const 16) "localhost"))
  (core instance $libc (instantiate $libc))
  (alias core export $libc "memory" (core memory $memory))
  (core func $tcp (canon lower (func $tcp-create "create-tcp-socket") (memory $memory)))
  (core func $udp (canon lower (func $udp-create "create-udp-socket") (memory $memory)))
  (core func $instance (canon lower (func $instance-network "instance-network")))
  (core func $resolve (canon lower (func $lookup "resolve-addresses") (memory $memory)))
  (core module $main
    (import "libc" "memory" (memory 1))
    (import "wasi" "tcp" (func $tcp (param i32 i32)))
    (import "wasi" "udp" (func $udp (param i32 i32)))
    (import "wasi" "instance" (func $instance (result i32)))
    (import "wasi" "resolve" (func $resolve (param i32 i32 i32 i32)))
    (func $answer (result i32)
      (i32.add (i32.mul (i32.load8_u (i32.const 64)) (i32.const 256)) (i32.load8_u (i32.const 68))))
    (func (export "tcp") (result i32) (call $tcp (i32.const 0) (i32.const 64)) (call $answer))
    (func (export "udp") (result i32) (call $udp (i32.const 0) (i32.const 64)) (call $answer))
    (func (export "look-up") (result i32)
      (call $resolve (call $instance) (i32.const 16) (i32.const 9) (i32.const 64))
      (call $answer)))
  (core instance $main (instantiate $main
    (with "libc" (instance $libc))
    (with "wasi" (instance
      (export "tcp" (func $tcp)) (export "udp" (func $udp))
      (export "instance" (func $instance)) (export "resolve" (func $resolve))))))
  (func (export "tcp") (result u32) (canon lift (core func $main "tcp")))
  (func (export "udp") (result u32) (canon lift (core func $main "udp")))
  (func (export "look-up") (result u32) (canon lift (core func $main "look-up")))
)"#;

#[test]
fn there_is_no_network_whatever_is_granted() {
    let everything = Wasi::new()
        .clocks()
        .random()
        .env("A", "b")
        .arg("c")
        .preopen(".", "/");
    for wasi in [Wasi::new(), everything] {
        let guest = Network::builder(NoHost)
            .wasi(wasi)
            .load_bytes(wat::parse_str(GUEST).unwrap())
            .unwrap();
        assert_eq!(guest.tcp().unwrap(), 256 + ACCESS_DENIED);
        assert_eq!(guest.udp().unwrap(), 256 + ACCESS_DENIED);
        assert_eq!(guest.look_up().unwrap(), 256 + PERMANENT_RESOLVER_FAILURE);
    }
}
