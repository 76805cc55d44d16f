//! Resources that are called like the type parameters of generated code, on both sides.

abide::abi!({ wit: "resource_letters/test.wit", module: "resource_letters" });

#[derive(Clone)]
struct App;

struct Number(u32);

macro_rules! letters {
    ($($letter:ident $new:ident $larger:ident $next:ident $add:literal;)*) => {
        impl host_async::Letters for App {
            async fn swapped(&mut self, of: letters::Pair<Number, Number>) -> (Number, Number) {
                (of.second, of.first)
            }

            $(
                type $letter = Number;

                async fn $new(&mut self, of: u32) -> Number {
                    Number(of)
                }

                async fn $larger(&mut self, a: &Number, b: &Number) -> u32 {
                    a.0.max(b.0)
                }

                async fn $next(&mut self, of: Number) -> Number {
                    Number(of.0 + 1)
                }
            )*
        }

        $(
            impl host_async::letters::$letter for Number {
                async fn value(&mut self) -> u32 {
                    self.0
                }
            }
        )*

        #[awaited::test]
        async fn each_is_the_right_one() {
            let session = load!(host_async::ResourceLetters, App).session().await.unwrap();
            let letters = session.letters();
            let first = letters.t_new(1).await.unwrap();
            let second = letters.h_new(2).await.unwrap();
            let (h, t) = letters.swapped(letters::Pair { first, second }).await.unwrap();
            assert_eq!((h.value().await.unwrap(), t.value().await.unwrap()), (22, 11));
            $(
                let (a, b) = (letters.$new(1).await.unwrap(), letters.$new(2).await.unwrap());
                assert_eq!(a.value().await.unwrap(), 1 + $add);
                assert_eq!(letters.$larger(&a, &b).await.unwrap(), 2 + $add);
                assert_eq!(letters.$next(b).await.unwrap().value().await.unwrap(), 3 + $add);
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
