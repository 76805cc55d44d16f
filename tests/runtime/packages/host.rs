//! Types that travel through `use` between packages, some under other names, and two interfaces of
//! one name.

abide::abi!({ wit: "packages/test.wit", module: "packages" });

use self::colors::Color;
use self::packages_shapes::Square;
use self::units::{Length, Unit};
use self::units_shapes::Side;

#[derive(Clone)]
struct App;

impl host_async::PackagesShapes for App {
    async fn of_side(&mut self, side: Side, color: Color) -> Square {
        Square {
            side: Length {
                amount: side.length.amount * 2.0,
                ..side.length
            },
            color: Color {
                red: color.blue,
                blue: color.red,
                ..color
            },
        }
    }

    async fn in_(&mut self, square: Square, unit: Unit) -> Square {
        let side = Length { amount: 1.25, unit };
        Square { side, ..square }
    }
}

impl host_async::UnitsShapes for App {
    async fn longest(&mut self, of: Vec<Side>) -> Option<Side> {
        let amount = |side: &Side| side.length.amount.abs();
        of.into_iter()
            .max_by(|a, b| amount(a).total_cmp(&amount(b)))
    }
}

#[awaited::test]
async fn the_guest_gets_what_the_host_gives() {
    load!(host_async::Packages, App).run().await.unwrap();
}

#[awaited::test]
async fn a_type_is_the_same_under_all_its_names() {
    let guest = load!(host_async::Packages, App);
    let length = |amount, unit| Length { amount, unit };
    let color = Color {
        red: 255,
        green: 0,
        blue: 9,
    };
    let paint: Paint = color;
    let side = Side {
        length: length(3.0, Unit::Metre),
    };
    let ours = guest.packages_shapes();
    let square = ours.of_side(&side, &paint).await.unwrap();
    let of_ours: packages_shapes::SideLength = length(3.0, Unit::Metre);
    assert_eq!(
        square,
        Square {
            side: of_ours,
            color
        }
    );
    let feet = ours.in_(&square, Unit::Foot).await.unwrap();
    assert_eq!(feet.side, length(12.0, Unit::Foot));
    let sides = [5.0, 7.0, -9.0].map(|amount| Side {
        length: length(amount, Unit::Foot),
    });
    let longest = guest.units_shapes().longest(&sides).await.unwrap();
    assert_eq!(longest, Some(sides[1]));
    let white = Color {
        red: 255,
        green: 255,
        blue: 255,
    };
    let mixed = guest.mix(&color, &white).await.unwrap();
    assert_eq!((mixed.red, mixed.green, mixed.blue), (254, 127, 131));
}
