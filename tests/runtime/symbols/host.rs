//! Functions with the names of symbols, as far as a guest can have them.

use abide_build::Target;

abide::abi!({ wit: "symbols/test.wit", module: "symbols" });

#[derive(Clone)]
struct App;

macro_rules! imports {
    ($of:ident: $($name:ident = $number:expr;)*) => {
        impl host_async::$of for App {
            $(async fn $name(&mut self, of: u32) -> u32 {
                of + $number
            })*
        }
    };
}

imports! { Inside: memory = 1; write = 2; malloc = 3; main = 4; }
imports! { SymbolsImports: memory = 10; write = 20; malloc = 30; main = 40; }

/// Both targets: the one has C's library, the other has not.
#[awaited::test]
async fn each_is_itself() {
    for target in Target::ALL {
        let component = crate::guests::component_for(module_path!(), target);
        let guest = host_async::Symbols::builder(App)
            .limits(crate::guests::limits())
            .load_async(component)
            .await
            .unwrap();
        let inside = guest.inside();
        let found = [
            inside.memory(7).await.unwrap(),
            inside.write(7).await.unwrap(),
            inside.malloc(7).await.unwrap(),
            inside.main(7).await.unwrap(),
        ];
        assert_eq!(found, [8, 9, 10, 11], "{target}");
        let found = [
            guest.memory(7).await.unwrap(),
            guest.write(7).await.unwrap(),
            guest.malloc(7).await.unwrap(),
            guest.main(7).await.unwrap(),
        ];
        assert_eq!(found, [1017, 1027, 1037, 1047], "{target}");
        let found = [
            guest.initialize(100).await.unwrap(),
            guest.start(100).await.unwrap(),
            guest.table(100).await.unwrap(),
            guest.data_end(100).await.unwrap(),
            guest.heap_base(100).await.unwrap(),
            guest.stack_pointer(100).await.unwrap(),
            guest.indirect_function_table(100).await.unwrap(),
            guest.wasm_call_ctors(100).await.unwrap(),
            guest.cabi_realloc(100).await.unwrap(),
            guest.canonical_abi_realloc(100).await.unwrap(),
        ];
        assert_eq!(
            found,
            [101, 102, 103, 104, 105, 106, 107, 108, 109, 110],
            "{target}"
        );
        assert_eq!(guest.cabi_post_start("start").await.unwrap(), "start!");
    }
}
