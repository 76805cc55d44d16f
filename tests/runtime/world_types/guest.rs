//! Works on types that the world defines.

abide::abi!("test.wit");

struct Plugin;

impl guest::WorldTypes for Plugin {
    fn shortened(route: Route) -> Route {
        route
            .into_iter()
            .filter(|step| !matches!(step, Step::Wait(0)))
            .collect()
    }

    fn walked(route: Route) -> Result<Position, Step> {
        guest::walk(&route)
    }

    fn sides(of: Vec<Side>) -> Vec<Side> {
        of.into_iter()
            .map(|side| {
                if side == Side::Left {
                    Side::Right
                } else {
                    Side::Left
                }
            })
            .collect()
    }

    fn run() {
        let arrow = Arrow {
            from: Position { x: -1, y: 2 },
            to: Position {
                x: i32::MAX,
                y: i32::MIN,
            },
            side: Side::Right,
            marks: Marks::ITALIC,
        };
        let turned = guest::turned(arrow);
        assert_eq!(
            turned,
            Arrow {
                from: arrow.to,
                to: arrow.from,
                side: Side::Left,
                ..arrow
            }
        );
        assert_eq!(guest::set_marks(Marks::empty()), Marks::BOLD);
        assert_eq!(
            guest::walk(&[Step::Go(arrow), Step::Stop, Step::Go(turned)]),
            Ok(arrow.to)
        );
        assert_eq!(guest::walk(&[Step::Wait(7)]), Err(Step::Wait(7)));
    }
}

export!(Plugin);
