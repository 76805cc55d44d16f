//! Every keyword of Rust in capital letters, as a function at the world's own level.

abide::abi!({ wit: "keywords_world/test.wit", module: "keywords_world" });

#[derive(Clone)]
struct App;

macro_rules! functions {
    ($($name:ident)*) => {
        impl host_async::KeywordsWorldImports for App {
            $(async fn $name(&mut self, of: u32) -> u32 {
                of + 1
            })*
        }

        #[awaited::test]
        async fn all_are_called() {
            let guest = load!(host_async::KeywordsWorld, App);
            $(assert_eq!(guest.$name(1).await.unwrap(), 2, stringify!($name));)*
        }
    };
}

functions! {
    abstract_ as_ async_ await_ become_ box_ break_ const_ continue_ crate_ do_ dyn_ else_ enum_
    extern_ false_ final_ fn_ for_ gen_ if_ impl_ in_ let_ loop_ macro_ match_ mod_ move_ mut_
    override_ priv_ pub_ ref_ return_ self_ static_ struct_ super_ trait_ true_ try_ type_ typeof_
    unsafe_ unsized_ use_ virtual_ where_ while_ yield_ union raw safe default macro_rules
}
