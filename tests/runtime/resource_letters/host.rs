//! Resources that are called like the type parameters of generated code, on both sides.

abide::abi!({ wit: "resource_letters/test.wit", module: "resource_letters" });

#[derive(Clone)]
struct App;

struct Number(u32);

macro_rules! letters {
    ($($letter:ident $new:ident $larger:ident $next:ident $add:literal;)*) => {
        impl host::Letters for App {
            fn swapped(&mut self, of: letters::Pair<Number, Number>) -> (Number, Number) {
                (of.second, of.first)
            }

            $(
                type $letter = Number;

                fn $new(&mut self, of: u32) -> Number {
                    Number(of)
                }

                fn $larger(&mut self, a: &Number, b: &Number) -> u32 {
                    a.0.max(b.0)
                }

                fn $next(&mut self, of: Number) -> Number {
                    Number(of.0 + 1)
                }
            )*
        }

        $(
            impl host::letters::$letter for Number {
                fn value(&mut self) -> u32 {
                    self.0
                }
            }
        )*

        #[test]
        fn each_is_the_right_one() {
            let session = load!(host::ResourceLetters, App).session().unwrap();
            let letters = session.letters();
            let first = letters.t_new(1).unwrap();
            let second = letters.h_new(2).unwrap();
            let (h, t) = letters.swapped(letters::Pair { first, second }).unwrap();
            assert_eq!((h.value().unwrap(), t.value().unwrap()), (22, 11));
            $(
                let (a, b) = (letters.$new(1).unwrap(), letters.$new(2).unwrap());
                assert_eq!(a.value().unwrap(), 1 + $add);
                assert_eq!(letters.$larger(&a, &b).unwrap(), 2 + $add);
                assert_eq!(letters.$next(b).unwrap().value().unwrap(), 3 + $add);
            )*
        }
    };
}

letters! {
    T t_new larger_t next_t 10;
    H h_new larger_h next_h 20;
    E e_new larger_e next_e 30;
    K k_new larger_k next_k 40;
    R r_new larger_r next_r 50;
    U u_new larger_u next_u 60;
}
