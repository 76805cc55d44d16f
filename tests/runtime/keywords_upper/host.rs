//! Every keyword of Rust in capital letters, as the name of everything that a name is for. The
//! guest has what it exports from what it imports, so that all values come through four times.

abide::abi!({ wit: "keywords_upper/test.wit", module: "keywords_upper" });

use self::parts::{Enum, Flags, Others, Record, Variant};
use self::types::Every;

#[derive(Clone)]
struct App;

/// The case behind a case.
fn variant(of: Variant) -> Variant {
    match of {
        Variant::Abstract => Variant::As(7),
        Variant::As(_) => Variant::Async,
        Variant::Async => Variant::Await(7),
        Variant::Await(_) => Variant::Become,
        Variant::Become => Variant::Box(7),
        Variant::Box(_) => Variant::Break,
        Variant::Break => Variant::Const(7),
        Variant::Const(_) => Variant::Continue,
        Variant::Continue => Variant::Crate(7),
        Variant::Crate(_) => Variant::Do,
        Variant::Do => Variant::Dyn(7),
        Variant::Dyn(_) => Variant::Else,
        Variant::Else => Variant::Enum(7),
        Variant::Enum(_) => Variant::Extern,
        Variant::Extern => Variant::False(7),
        Variant::False(_) => Variant::Final,
        Variant::Final => Variant::Fn(7),
        Variant::Fn(_) => Variant::For,
        Variant::For => Variant::Gen(7),
        Variant::Gen(_) => Variant::If,
        Variant::If => Variant::Impl(7),
        Variant::Impl(_) => Variant::In,
        Variant::In => Variant::Let(7),
        Variant::Let(_) => Variant::Loop,
        Variant::Loop => Variant::Macro(7),
        Variant::Macro(_) => Variant::Match,
        Variant::Match => Variant::Mod(7),
        Variant::Mod(_) => Variant::Move,
        Variant::Move => Variant::Mut(7),
        Variant::Mut(_) => Variant::Override,
        Variant::Override => Variant::Priv(7),
        Variant::Priv(_) => Variant::Pub,
        Variant::Pub => Variant::Ref(7),
        Variant::Ref(_) => Variant::Return,
        Variant::Return => Variant::Self_(7),
        Variant::Self_(_) => Variant::Static,
        Variant::Static => Variant::Struct(7),
        Variant::Struct(_) => Variant::Super,
        Variant::Super => Variant::Trait(7),
        Variant::Trait(_) => Variant::True,
        Variant::True => Variant::Try(7),
        Variant::Try(_) => Variant::Type,
        Variant::Type => Variant::Typeof(7),
        Variant::Typeof(_) => Variant::Unsafe,
        Variant::Unsafe => Variant::Unsized(7),
        Variant::Unsized(_) => Variant::Use,
        Variant::Use => Variant::Virtual(7),
        Variant::Virtual(_) => Variant::Where,
        Variant::Where => Variant::While(7),
        Variant::While(_) => Variant::Yield,
        Variant::Yield => Variant::Union(7),
        Variant::Union(_) => Variant::Raw,
        Variant::Raw => Variant::Safe(7),
        Variant::Safe(_) => Variant::Default,
        Variant::Default => Variant::MacroRules(7),
        Variant::MacroRules(_) => Variant::Abstract,
    }
}

fn simple(of: Enum) -> Enum {
    match of {
        Enum::Abstract => Enum::As,
        Enum::As => Enum::Async,
        Enum::Async => Enum::Await,
        Enum::Await => Enum::Become,
        Enum::Become => Enum::Box,
        Enum::Box => Enum::Break,
        Enum::Break => Enum::Const,
        Enum::Const => Enum::Continue,
        Enum::Continue => Enum::Crate,
        Enum::Crate => Enum::Do,
        Enum::Do => Enum::Dyn,
        Enum::Dyn => Enum::Else,
        Enum::Else => Enum::Enum,
        Enum::Enum => Enum::Extern,
        Enum::Extern => Enum::False,
        Enum::False => Enum::Final,
        Enum::Final => Enum::Fn,
        Enum::Fn => Enum::For,
        Enum::For => Enum::Gen,
        Enum::Gen => Enum::If,
        Enum::If => Enum::Impl,
        Enum::Impl => Enum::In,
        Enum::In => Enum::Let,
        Enum::Let => Enum::Loop,
        Enum::Loop => Enum::Macro,
        Enum::Macro => Enum::Match,
        Enum::Match => Enum::Mod,
        Enum::Mod => Enum::Move,
        Enum::Move => Enum::Mut,
        Enum::Mut => Enum::Override,
        Enum::Override => Enum::Priv,
        Enum::Priv => Enum::Pub,
        Enum::Pub => Enum::Ref,
        Enum::Ref => Enum::Return,
        Enum::Return => Enum::Self_,
        Enum::Self_ => Enum::Static,
        Enum::Static => Enum::Struct,
        Enum::Struct => Enum::Super,
        Enum::Super => Enum::Trait,
        Enum::Trait => Enum::True,
        Enum::True => Enum::Try,
        Enum::Try => Enum::Type,
        Enum::Type => Enum::Typeof,
        Enum::Typeof => Enum::Unsafe,
        Enum::Unsafe => Enum::Unsized,
        Enum::Unsized => Enum::Use,
        Enum::Use => Enum::Virtual,
        Enum::Virtual => Enum::Where,
        Enum::Where => Enum::While,
        Enum::While => Enum::Yield,
        Enum::Yield => Enum::Union,
        Enum::Union => Enum::Raw,
        Enum::Raw => Enum::Safe,
        Enum::Safe => Enum::Default,
        Enum::Default => Enum::MacroRules,
        Enum::MacroRules => Enum::Abstract,
    }
}

impl host_async::Parts for App {
    async fn grown(&mut self, in_: Record) -> Record {
        assert_eq!(in_, record(3));
        record(4)
    }

    async fn next(&mut self, type_: Variant, fn_: Enum) -> (Variant, Enum) {
        (variant(type_), simple(fn_))
    }

    async fn opposite(&mut self, if_: Flags, else_: Others) -> (Flags, Others) {
        (if_.complement(), else_.complement())
    }
}

impl host_async::Types for App {
    async fn grown(&mut self, of: Every) -> Every {
        assert_eq!(of, every(3));
        every(4)
    }
}

struct Number(u32);

macro_rules! words {
    ($($function:ident $Type:ident;)*) => {
        impl host_async::Functions for App {
            $(async fn $function(&mut self, of: u32) -> u32 {
                of + 1
            })*
        }

        impl host_async::resources::Methods for Number {
            $(async fn $function(&mut self, of: u32) -> u32 {
                of + self.0
            })*
        }

        $(impl host_async::$Type for App {
            async fn grown(&mut self, of: u32) -> u32 {
                of + 1
            }
        })*

        /// A record with `first` in its first field, one more in the next, and so on.
        fn record(first: u32) -> Record {
            let mut numbers = first..;
            Record { $($function: numbers.next().unwrap()),* }
        }

        fn every(first: u32) -> Every {
            let mut numbers = first..;
            Every { $($function: types::$Type { $function: numbers.next().unwrap() }),* }
        }

        #[awaited::test]
        async fn functions_and_interfaces() {
            let guest = load!(host_async::KeywordsUpper, App);
            $(
                assert_eq!(guest.functions().$function(4).await.unwrap(), 5, stringify!($function));
                assert_eq!(guest.$function().grown(6).await.unwrap(), 7, stringify!($function));
            )*
        }

        #[awaited::test]
        async fn methods() {
            let guest = load!(host_async::KeywordsUpper, App).session().await.unwrap();
            let of = guest.resources().methods_new().await.unwrap();
            $(assert_eq!(of.$function(6).await.unwrap(), 9, stringify!($function));)*
        }
    };
}

words! {
    abstract_ Abstract;
    as_ As;
    async_ Async;
    await_ Await;
    become_ Become;
    box_ Box;
    break_ Break;
    const_ Const;
    continue_ Continue;
    crate_ Crate;
    do_ Do;
    dyn_ Dyn;
    else_ Else;
    enum_ Enum;
    extern_ Extern;
    false_ False;
    final_ Final;
    fn_ Fn;
    for_ For;
    gen_ Gen;
    if_ If;
    impl_ Impl;
    in_ In;
    let_ Let;
    loop_ Loop;
    macro_ Macro;
    match_ Match;
    mod_ Mod;
    move_ Move;
    mut_ Mut;
    override_ Override;
    priv_ Priv;
    pub_ Pub;
    ref_ Ref;
    return_ Return;
    self_ Self_;
    static_ Static;
    struct_ Struct;
    super_ Super;
    trait_ Trait;
    true_ True;
    try_ Try;
    type_ Type;
    typeof_ Typeof;
    unsafe_ Unsafe;
    unsized_ Unsized;
    use_ Use;
    virtual_ Virtual;
    where_ Where;
    while_ While;
    yield_ Yield;
    union Union;
    raw Raw;
    safe Safe;
    default Default;
    macro_rules MacroRules;
}

macro_rules! resources {
    ($($Type:ident $new:ident $fixed:ident;)*) => {
        impl host_async::Resources for App {
            $(
                type $Type = Number;

                async fn $new(&mut self, of: u32) -> Number {
                    Number(of)
                }

                async fn $fixed(&mut self, of: u32) -> u32 {
                    of + 2
                }
            )*

            type Methods = Number;
            type Statics = Number;

            async fn methods_new(&mut self) -> Number {
                Number(3)
            }

            async fn statics_self(&mut self, of: u32) -> u32 {
                of + 2
            }
        }

        $(impl host_async::resources::$Type for Number {
            async fn read(&mut self) -> u32 {
                self.0
            }
        })*

        #[awaited::test]
        async fn resources_and_static_functions() {
            let guest = load!(host_async::KeywordsUpper, App).session().await.unwrap();
            let resources = guest.resources();
            $(
                assert_eq!(resources.$new(8).await.unwrap().read().await.unwrap(), 8, stringify!($Type));
                assert_eq!(resources.$fixed(8).await.unwrap(), 10, stringify!($Type));
            )*
            assert_eq!(resources.statics_self(8).await.unwrap(), 10);
        }
    };
}

resources! {
    Abstract abstract_new statics_abstract;
    As as_new statics_as;
    Async async_new statics_async;
    Await await_new statics_await;
    Become become_new statics_become;
    Box box_new statics_box;
    Break break_new statics_break;
    Const const_new statics_const;
    Continue continue_new statics_continue;
    Crate crate_new statics_crate;
    Do do_new statics_do;
    Dyn dyn_new statics_dyn;
    Else else_new statics_else;
    Enum enum_new statics_enum;
    Extern extern_new statics_extern;
    False false_new statics_false;
    Final final_new statics_final;
    Fn fn_new statics_fn;
    For for_new statics_for;
    Gen gen_new statics_gen;
    If if_new statics_if;
    Impl impl_new statics_impl;
    In in_new statics_in;
    Let let_new statics_let;
    Loop loop_new statics_loop;
    Macro macro_new statics_macro;
    Match match_new statics_match;
    Mod mod_new statics_mod;
    Move move_new statics_move;
    Mut mut_new statics_mut;
    Override override_new statics_override;
    Priv priv_new statics_priv;
    Pub pub_new statics_pub;
    Ref ref_new statics_ref;
    Return return_new statics_return;
    Static static_new statics_static;
    Struct struct_new statics_struct;
    Super super_new statics_super;
    Trait trait_new statics_trait;
    True true_new statics_true;
    Try try_new statics_try;
    Type type_new statics_type;
    Typeof typeof_new statics_typeof;
    Unsafe unsafe_new statics_unsafe;
    Unsized unsized_new statics_unsized;
    Use use_new statics_use;
    Virtual virtual_new statics_virtual;
    Where where_new statics_where;
    While while_new statics_while;
    Yield yield_new statics_yield;
    Union union_new statics_union;
    Raw raw_new statics_raw;
    Safe safe_new statics_safe;
    Default default_new statics_default;
    MacroRules macro_rules_new statics_macro_rules;
}

#[awaited::test]
async fn fields_cases_and_flags() {
    let guest = load!(host_async::KeywordsUpper, App);
    assert_eq!(guest.parts().grown(&record(3)).await.unwrap(), record(4));
    assert_eq!(guest.types().grown(&every(3)).await.unwrap(), every(4));
    let (mut of, mut other) = (Variant::Abstract, Enum::Abstract);
    for _ in 0..56 {
        let found = guest.parts().next(&of, other).await.unwrap();
        assert_eq!(found, (variant(of), simple(other)));
        (of, other) = found;
    }
    assert_eq!((of, other), (Variant::Abstract, Enum::Abstract));
    for (flags, others) in Flags::all().iter().zip(Others::all().iter()) {
        let found = guest.parts().opposite(flags, others).await.unwrap();
        assert_eq!(found, (flags.complement(), others.complement()));
    }
}
