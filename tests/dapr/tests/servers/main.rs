//! The backends on servers: Redis and NATS, each server started by its test.

mod calls;
mod component_files;
mod faults;
mod killed;
mod layout;
mod replicas;
mod started;
mod suites;
mod tls;
