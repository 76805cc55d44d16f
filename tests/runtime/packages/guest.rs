//! Uses types of three packages through the interfaces that use them.

abide::abi!("test.wit");

use ours::{Color, Square, Unit};
use theirs::{Length, Side};

use guest::{packages_shapes as ours, units_shapes as theirs};

struct Plugin;

impl guest::PackagesShapes for Plugin {
    fn of_side(side: Side, color: Color) -> Square {
        Square {
            side: side.length,
            color,
        }
    }

    fn in_(square: Square, unit: Unit) -> Square {
        let amount = match (square.side.unit, unit) {
            (Unit::Metre, Unit::Foot) => square.side.amount * 4.0,
            (Unit::Foot, Unit::Metre) => square.side.amount / 4.0,
            _ => square.side.amount,
        };
        Square {
            side: Length { amount, unit },
            ..square
        }
    }
}

impl guest::UnitsShapes for Plugin {
    fn longest(of: Vec<Side>) -> Option<Side> {
        of.into_iter()
            .max_by(|a, b| a.length.amount.total_cmp(&b.length.amount))
    }
}

impl guest::Packages for Plugin {
    fn mix(a: Paint, b: Paint) -> Paint {
        Paint {
            red: a.red / 2 + b.red / 2,
            green: a.green / 2 + b.green / 2,
            blue: a.blue / 2 + b.blue / 2,
        }
    }

    fn run() {
        let length = |amount| Length {
            amount,
            unit: Unit::Foot,
        };
        let side = Side {
            length: length(2.0),
        };
        let color = Color {
            red: 1,
            green: 2,
            blue: 3,
        };
        let square = ours::of_side(side, color);
        assert_eq!(
            square,
            Square {
                side: length(4.0),
                color: Color {
                    red: 3,
                    green: 2,
                    blue: 1
                }
            }
        );
        let metres = ours::in_(square, Unit::Metre);
        assert_eq!(
            metres.side,
            Length {
                amount: 1.25,
                unit: Unit::Metre
            }
        );
        let sides = [
            side,
            Side {
                length: length(-9.0),
            },
        ];
        assert_eq!(
            theirs::longest(&sides),
            Some(Side {
                length: length(-9.0)
            })
        );
        assert_eq!(theirs::longest(&[]), None);
    }
}

export!(Plugin);
