//! What `#[abide::module_exports]` refuses.

#[abide::module_exports]
trait Filter {
    const ID: u32;
    fn load_module(id: u32);
    fn with_self(&self);
    fn with_body() {}
    fn generic<T>(of: T);
    async fn waits();
    fn pattern((a, b): (u32, u32));
}

#[abide::module_exports]
struct NoTrait;

#[abide::module_exports(memory = 1)]
trait Odd {}

#[abide::module_exports(heap = "memory")]
trait Other {}

#[abide::module_exports]
trait Types {
    fn text(of: String) -> u32;
}

fn main() {}
