//! The option `with`: an ABI uses interfaces that other ABIs generated, and types of the user's
//! own.
//!
//! The guest is `tests/fixtures/shared/guest`.

#[path = "../support/mod.rs"]
mod support;

#[path = "../fixtures/shared/people.rs"]
#[expect(
    unreachable_pub,
    reason = "to the guest, which has the same file, they are public"
)]
mod own;

use abide_build::Target;

use own::{Found, Person, Rank, Refusal, Sample};

mod shapes {
    abide::abi!({ wit: "tests/fixtures/shared/shapes", module: "shapes" });
}

mod user {
    abide::abi!({
        wit: "tests/fixtures/shared/wit",
        module: "user",
        with: {
            "abide:common/clock": abide_common::clock,
            "demo:shapes@0.2.0": crate::shapes,
            "demo:user/people.person": crate::own::Person,
            "demo:user/people.rank": crate::own::Rank,
            "demo:user/people.found": crate::own::Found,
            "demo:user/people.sample": crate::own::Sample,
            "demo:user/people.refusal": crate::own::Refusal,
        },
    });
}

use shapes::geometry::{Error, Hit, Point, Scene};

#[derive(Clone, abide::Host)]
#[host(abi = user)]
struct App {
    #[host(clock)]
    clock: Fixed,
}

#[derive(Clone)]
struct Fixed(u64);

impl abide_common::host::Clock for Fixed {
    fn now_ms(&mut self) -> u64 {
        self.0
    }

    fn monotonic_ns(&mut self) -> u64 {
        0
    }
}

struct Canvas {
    name: String,
    points: Vec<Point>,
}

impl shapes::host::Geometry for App {
    type Canvas = Canvas;

    fn canvas_new(&mut self, name: &str) -> Canvas {
        Canvas {
            name: name.to_owned(),
            points: Vec::new(),
        }
    }

    fn paint(&mut self, on: &mut Canvas, points: Vec<Point>) -> Hit {
        on.points.extend(points);
        Hit::At(Point {
            x: on.points.iter().map(|point| point.x).sum(),
            y: on.points.iter().map(|point| point.y).sum(),
        })
    }

    fn new_scene(&mut self, origin: Point) -> Scene<Canvas> {
        Scene {
            canvas: self.canvas_new("scene"),
            origin,
        }
    }
}

impl shapes::host::geometry::Canvas for Canvas {
    fn put(&mut self, at: Point) -> Result<u32, Error> {
        if at.x > 1e6 {
            return Err(Error::TooFar(at.x));
        }
        self.points.push(at);
        Ok(self.points.len() as u32)
    }
}

impl user::host::People for App {
    fn find(&mut self, name: &str, team: user::people::Team) -> Found {
        assert_eq!(team.rank, Rank::Low);
        Found::Many(vec![team.lead, person(name, 36)])
    }

    fn measure(&mut self, mut samples: Vec<Sample>) -> Vec<Sample> {
        for sample in &mut samples {
            sample.at *= 2.0;
            sample.weight += 1;
        }
        samples
    }
}

fn person(name: &str, age: u8) -> Person {
    Person {
        name: name.to_owned(),
        age,
        tags: vec!["née Byron".to_owned()],
    }
}

#[test]
fn what_is_shared_is_the_same_on_both_sides() {
    for target in Target::ALL {
        let host = App { clock: Fixed(100) };
        let user = user::host::User::load(support::guest("shared", target), host).unwrap();
        let app = user.app();
        let at = Point { x: 1.5, y: 2.0 };
        // 200 is the clock, read through both ABIs.
        assert_eq!(app.run(&at).unwrap(), Hit::At(Point { x: 203.0, y: 6.0 }));

        let mut canvas = Canvas {
            name: "mine".to_owned(),
            points: Vec::new(),
        };
        let team = user::people::Team {
            lead: person("Lovelace", 28),
            rank: Rank::Low,
        };
        let found = app.draw(&mut canvas, &team).unwrap();
        assert_eq!(
            found,
            Found::Many(vec![person("Lovelace", 28), person("Ada", 36)])
        );
        assert!(canvas.points.is_empty());

        let scene = Scene { canvas, origin: at };
        let scene: Scene<Canvas> = app.rework(scene).unwrap();
        assert_eq!((scene.canvas.name.as_str(), scene.origin.x), ("scene", 2.5));

        let (promoted, rank) = app.promote(&person("Ada", 0)).unwrap();
        assert_eq!(promoted.tags, ["née Byron", "promoted"]);
        assert_eq!((promoted.age, rank), (0, Rank::VeryHigh));
    }
}

#[test]
fn a_type_of_ones_own_lies_in_lists_as_wit_has_it_and_may_be_an_error() {
    let host = App { clock: Fixed(0) };
    let guest = support::guest("shared", Target::Unknown);
    let user = user::host::User::load(guest, host).unwrap();
    let sample = |number: u8| Sample {
        flag: 255 - number,
        at: f64::from(number) + 0.5,
        weight: 1000 + u16::from(number),
    };
    let measured = |number: u8| Sample {
        at: f64::from(number) * 2.0 + 1.0,
        weight: 1001 + u16::from(number),
        ..sample(number)
    };
    let app = user.app();
    let samples: Vec<_> = (0..100).map(sample).collect();
    let expected: Vec<_> = (0..100).rev().map(measured).collect();
    assert_eq!(app.reverse(&samples).unwrap(), expected);

    let refused = app.reverse(&[sample(255)]).unwrap_err();
    assert_eq!(refused.guest(), Some(&Refusal::No));
    let never = app.reverse(&[]).unwrap_err();
    let text = "the guest answered with an error: never ever";
    assert_eq!(never.to_string(), text);
}
