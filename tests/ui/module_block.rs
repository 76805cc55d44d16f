//! What `#[abide::module]` refuses.

#[derive(Clone)]
struct Env;

#[abide::module("env")]
impl Env {
    fn generic<T>(&mut self, _of: T) {}
    async fn waits(&mut self) {}
    fn no_self(_number: u32) {}
    fn by_value(self) {}
    fn anything(&mut self, _of: impl Copy) {}
}

#[abide::module("env")]
impl Clone for Other {
    fn clone(&self) -> Self {
        Self
    }
}

struct Other;

#[abide::module("env")]
impl Other {}

#[abide::module(env)]
impl Other {
    fn a(&mut self) {}
}

#[abide::module("env", status = u32)]
impl Other {
    fn b(&mut self) {}
}

#[abide::module("env")]
struct Third;

fn main() {}
