//! Types that belong to no interface.

abide::abi!({ wit: "world_types/test.wit", module: "world_types" });

#[derive(Clone)]
struct App;

impl host_async::WorldTypesImports for App {
    async fn turned(&mut self, of: Arrow) -> Arrow {
        let side = match of.side {
            Side::Left => Side::Right,
            Side::Right => Side::Left,
        };
        Arrow {
            from: of.to,
            to: of.from,
            side,
            ..of
        }
    }

    async fn walk(&mut self, route: Route) -> Result<Position, Step> {
        let mut at = Position { x: 0, y: 0 };
        for step in route {
            match step {
                Step::Go(arrow) => at = arrow.to,
                Step::Wait(time) => return Err(Step::Wait(time)),
                Step::Stop => break,
            }
        }
        Ok(at)
    }

    async fn set_marks(&mut self, marks: Marks) -> Marks {
        marks | Marks::BOLD
    }
}

#[awaited::test]
async fn the_guest_gets_what_the_host_gives() {
    load!(host_async::WorldTypes, App).run().await.unwrap();
}

#[awaited::test]
async fn the_host_gets_what_the_guest_gives() {
    let guest = load!(host_async::WorldTypes, App);
    let here = base::Point { x: 1, y: -1 };
    let arrow = Arrow {
        from: here,
        to: Position { x: -7, y: 7 },
        side: Side::Left,
        marks: Marks::all(),
    };
    let route = [Step::Wait(0), Step::Go(arrow), Step::Wait(1), Step::Wait(0)];
    let short = guest.shortened(&route).await.unwrap();
    assert_eq!(short, [Step::Go(arrow), Step::Wait(1)]);
    let error = guest.walked(&short).await.unwrap_err();
    assert_eq!(error.guest(), Some(&Step::Wait(1)));
    assert_eq!(guest.walked(&[Step::Go(arrow)]).await.unwrap(), arrow.to);
    assert_eq!(
        guest
            .sides(&[Side::Left, Side::Left, Side::Right])
            .await
            .unwrap(),
        [Side::Right, Side::Right, Side::Left]
    );
}
