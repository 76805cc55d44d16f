//! Resources that are called like type parameters: those of the host's in those of the guest's.

abide::abi!("test.wit");

use guest::exports::letters as ours;
use guest::letters as hosts;

struct Plugin;

macro_rules! letters {
    ($($letter:ident $borrow:ident $guest:ident $larger:ident $next:ident $own:ident $add:literal;)*) => {
        $(
            struct $own(hosts::$letter);

            impl ours::$guest for $own {
                fn new(of: u32) -> Self {
                    Self(hosts::$letter::new(of + $add))
                }

                fn value(&self) -> u32 {
                    self.0.value()
                }
            }
        )*

        impl guest::Letters for Plugin {
            fn swapped(of: ours::Pair) -> (ours::H, ours::T) {
                (of.second, of.first)
            }

            $(
                type $letter = $own;

                fn $larger(a: ours::$borrow<'_>, b: ours::$borrow<'_>) -> u32 {
                    hosts::$larger(&a.get::<$own>().0, &b.get::<$own>().0)
                }

                fn $next(of: ours::$letter) -> ours::$letter {
                    let own: $own = of.into_inner();
                    ours::$letter::new($own(hosts::$next(own.0)))
                }
            )*
        }
    };
}

letters! {
    T TBorrow GuestT larger_t next_t OwnT 10;
    H HBorrow GuestH larger_h next_h OwnH 20;
    E EBorrow GuestE larger_e next_e OwnE 30;
    K KBorrow GuestK larger_k next_k OwnK 40;
    R RBorrow GuestR larger_r next_r OwnR 50;
    U UBorrow GuestU larger_u next_u OwnU 60;
}

export!(Plugin);
