//! Passes on what it is called with, to the host's functions of the same name.

abide::abi!("test.wit");

use parts::{Enum, Flags, Others, Record, Variant};
use types::Every;

use guest::exports::resources as own;
use guest::{functions as f, parts as p, resources as r, types as t};

struct Plugin;

impl guest::Parts for Plugin {
    fn grown(in_: Record) -> Record {
        p::grown(in_)
    }

    fn next(type_: Variant, fn_: Enum) -> (Variant, Enum) {
        p::next(type_, fn_)
    }

    fn opposite(if_: Flags, else_: Others) -> (Flags, Others) {
        p::opposite(if_, else_)
    }
}

impl guest::Types for Plugin {
    fn grown(every: Every) -> Every {
        t::grown(every)
    }
}

/// A resource of the guest's: one of the host's.
struct Held<T>(T);

macro_rules! words {
    ($($function:ident $Type:ident;)*) => {
        impl guest::Functions for Plugin {
            $(fn $function(of: u32) -> u32 {
                f::$function(of)
            })*
        }

        impl own::GuestMethods for Held<r::Methods> {
            fn new() -> Self {
                Self(r::Methods::new())
            }

            $(fn $function(&self, of: u32) -> u32 {
                self.0.$function(of)
            })*
        }

        impl own::GuestStatics for Held<()> {
            $(fn $function(of: u32) -> u32 {
                r::Statics::$function(of)
            })*
        }

        $(impl guest::$Type for Plugin {
            fn grown(of: u32) -> u32 {
                guest::$function::grown(of)
            }
        })*
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
    ($($Type:ident $Guest:ident;)*) => {
        impl guest::Resources for Plugin {
            $(type $Type = Held<r::$Type>;)*
            type Methods = Held<r::Methods>;
            type Statics = Held<()>;
        }

        $(impl own::$Guest for Held<r::$Type> {
            fn new(of: u32) -> Self {
                Self(r::$Type::new(of))
            }

            fn read(&self) -> u32 {
                self.0.read()
            }
        })*
    };
}

resources! {
    Abstract GuestAbstract;
    As GuestAs;
    Async GuestAsync;
    Await GuestAwait;
    Become GuestBecome;
    Box GuestBox;
    Break GuestBreak;
    Const GuestConst;
    Continue GuestContinue;
    Crate GuestCrate;
    Do GuestDo;
    Dyn GuestDyn;
    Else GuestElse;
    Enum GuestEnum;
    Extern GuestExtern;
    False GuestFalse;
    Final GuestFinal;
    Fn GuestFn;
    For GuestFor;
    Gen GuestGen;
    If GuestIf;
    Impl GuestImpl;
    In GuestIn;
    Let GuestLet;
    Loop GuestLoop;
    Macro GuestMacro;
    Match GuestMatch;
    Mod GuestMod;
    Move GuestMove;
    Mut GuestMut;
    Override GuestOverride;
    Priv GuestPriv;
    Pub GuestPub;
    Ref GuestRef;
    Return GuestReturn;
    Static GuestStatic;
    Struct GuestStruct;
    Super GuestSuper;
    Trait GuestTrait;
    True GuestTrue;
    Try GuestTry;
    Type GuestType;
    Typeof GuestTypeof;
    Unsafe GuestUnsafe;
    Unsized GuestUnsized;
    Use GuestUse;
    Virtual GuestVirtual;
    Where GuestWhere;
    While GuestWhile;
    Yield GuestYield;
    Union GuestUnion;
    Raw GuestRaw;
    Safe GuestSafe;
    Default GuestDefault;
    MacroRules GuestMacroRules;
}

export!(Plugin);
