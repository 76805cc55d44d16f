//! Values cross the boundary: what the engine makes of them, in flat values and in memory, both
//! ways.

use std::sync::{Arc, Mutex};

use abide::__private::wasmtime;
use wasmtime::component::{
    Component, ComponentNamedList, ComponentType, Instance, Lift, Linker, Lower, TypedFunc, Val,
};
use wasmtime::{Config, Engine, Store};

use crate::hostile::shapes::{Flat, Hit, Point, Side, Thing};

/// A component that passes everything on to the host, and what the host got.
struct Echo {
    store: Store<()>,
    instance: Instance,
    seen: Arc<Mutex<Vec<Val>>>,
}

fn component(engine: &Engine) -> Component {
    let bytes = wat::parse_str(include_str!("echo.wat")).unwrap();
    Component::new(engine, bytes).unwrap()
}

impl Echo {
    /// A host that looks at values without knowing any Rust type for them.
    fn dynamic() -> Self {
        let engine = Engine::new(Config::new().wasm_component_model(true)).unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let mut linker = Linker::new(&engine);
        let mut shapes = linker.instance("shapes").unwrap();
        for name in ["point", "side", "hit", "flat", "thing", "things"] {
            let seen = Arc::clone(&seen);
            let back = move |_: wasmtime::StoreContextMut<'_, ()>,
                             _: wasmtime::component::types::ComponentFunc,
                             params: &[Val],
                             results: &mut [Val]| {
                seen.lock().unwrap().push(params[0].clone());
                results[0] = params[0].clone();
                wasmtime::Result::Ok(())
            };
            shapes.func_new(&format!("{name}-back"), back).unwrap();
        }
        let mut store = Store::new(&engine, ());
        let component = component(&engine);
        let instance = linker.instantiate(&mut store, &component).unwrap();
        Self {
            store,
            instance,
            seen,
        }
    }

    fn function<P, R>(&mut self, name: &str) -> wasmtime::Result<TypedFunc<P, R>>
    where
        P: ComponentNamedList + Lower,
        R: ComponentNamedList + Lift,
    {
        self.instance.get_typed_func(&mut self.store, name)
    }

    /// Sends a value there and back, and says what the host saw.
    fn send<T: Lower + Lift + 'static>(&mut self, name: &str, value: T) -> (T, Val) {
        let function = self.function::<(T,), (T,)>(name).unwrap();
        let (back,) = function.call(&mut self.store, (value,)).unwrap();
        (back, self.seen.lock().unwrap().pop().unwrap())
    }
}

fn point(x: f64, y: f64) -> Val {
    let field = |name: &str, value| (name.to_owned(), Val::Float64(value));
    Val::Record(vec![field("x", x), field("y", y)])
}

fn case(name: &str, payload: Option<Val>) -> Val {
    Val::Variant(name.to_owned(), payload.map(Box::new))
}

fn thing(number: u8) -> (Thing, Val) {
    let hits = vec![
        Hit::Named("Grüße".to_owned()),
        Hit::None,
        Hit::At(Point { x: 0.25, y: -8.0 }),
    ];
    let seen = [
        case("named", Some(Val::String("Grüße".to_owned()))),
        case("none", None),
        case("at", Some(point(0.25, -8.0))),
    ];
    let home = number.is_multiple_of(2).then_some(Point { x: 3.0, y: 4.0 });
    let field = |name: &str, value| (name.to_owned(), value);
    let value = Val::Record(vec![
        field("name", Val::String(format!("thing {number}"))),
        field("hits", Val::List(seen.to_vec())),
        field(
            "URL-path",
            Val::Option(home.as_ref().map(|_| Box::new(point(3.0, 4.0)))),
        ),
        field("type", Val::U8(number)),
        field("side", Val::Enum("far-right".to_owned())),
    ]);
    let thing = Thing {
        name: format!("thing {number}"),
        hits,
        url_path: home,
        r#type: number,
        side: Side::FarRight,
    };
    (thing, value)
}

#[test]
fn values_arrive_as_what_wit_calls_them_and_come_back_equal() {
    let mut echo = Echo::dynamic();
    let (back, seen) = echo.send("point", Point { x: 1.5, y: -2.0 });
    assert_eq!((back, seen), (Point { x: 1.5, y: -2.0 }, point(1.5, -2.0)));

    for (side, name) in [
        (Side::Left, "left"),
        (Side::FarRight, "far-right"),
        (Side::Io2, "io2"),
    ] {
        let (back, seen) = echo.send("side", side.clone());
        assert_eq!((back, seen), (side, Val::Enum(name.to_owned())));
    }

    let at = Point {
        x: f64::MIN_POSITIVE,
        y: f64::MAX,
    };
    let hits = [
        (Hit::None, case("none", None)),
        (
            Hit::At(at),
            case("at", Some(point(f64::MIN_POSITIVE, f64::MAX))),
        ),
        (
            Hit::Named("a".to_owned()),
            case("named", Some(Val::String("a".to_owned()))),
        ),
    ];
    for (hit, expected) in hits {
        assert_eq!(echo.send("hit", hit.clone()), (hit, expected));
    }

    let (back, seen) = echo.send("flat", Flat::Two);
    assert!(matches!(back, Flat::Two));
    assert_eq!(seen, case("two", None));

    for number in [0, 255] {
        let (value, expected) = thing(number);
        assert_eq!(echo.send("thing", value.clone()), (value, expected));
    }
}

#[test]
fn values_in_lists_are_laid_out_in_memory_like_the_engines() {
    let mut echo = Echo::dynamic();
    let (things, expected): (Vec<_>, Vec<_>) = (0..20).map(thing).unzip();
    let (back, seen) = echo.send("things", things.clone());
    assert_eq!((back, seen), (things, Val::List(expected)));
}

#[test]
fn a_host_can_take_and_return_them() {
    let engine = Engine::new(Config::new().wasm_component_model(true)).unwrap();
    let mut linker = Linker::<()>::new(&engine);
    let mut shapes = linker.instance("shapes").unwrap();
    shapes
        .func_wrap("point-back", |_, (it,): (Point,)| {
            Ok((Point { x: it.y, y: it.x },))
        })
        .unwrap();
    shapes
        .func_wrap("side-back", |_, (it,): (Side,)| {
            assert_eq!(it, Side::FarRight);
            Ok((Side::Left,))
        })
        .unwrap();
    shapes
        .func_wrap("hit-back", |_, (it,): (Hit,)| match it {
            Hit::Named(name) => Ok((Hit::Named(name + "!"),)),
            _ => Ok((Hit::None,)),
        })
        .unwrap();
    shapes
        .func_wrap("flat-back", |_, it: (Flat,)| Ok(it))
        .unwrap();
    shapes
        .func_wrap("thing-back", |_, it: (Thing,)| Ok(it))
        .unwrap();
    shapes
        .func_wrap("things-back", |_, (mut it,): (Vec<Thing>,)| {
            it.reverse();
            Ok((it,))
        })
        .unwrap();
    let mut store = Store::new(&engine, ());
    let instance = linker.instantiate(&mut store, &component(&engine)).unwrap();
    let mut echo = Echo {
        store,
        instance,
        seen: Arc::default(),
    };

    let call = |echo: &mut Echo, it| {
        let function = echo.function::<(Point,), (Point,)>("point").unwrap();
        function.call(&mut echo.store, (it,)).unwrap().0
    };
    assert_eq!(
        call(&mut echo, Point { x: 1.0, y: 2.0 }),
        Point { x: 2.0, y: 1.0 }
    );

    let sides = echo.function::<(&Side,), (Side,)>("side").unwrap();
    let (side,) = sides.call(&mut echo.store, (&Side::FarRight,)).unwrap();
    assert_eq!(side, Side::Left);

    let hits = echo.function::<(&Hit,), (Hit,)>("hit").unwrap();
    let (hit,) = hits
        .call(&mut echo.store, (&Hit::Named("a".to_owned()),))
        .unwrap();
    assert_eq!(hit, Hit::Named("a!".to_owned()));

    let things = echo
        .function::<(&[Thing],), (Vec<Thing>,)>("things")
        .unwrap();
    let mut given: Vec<_> = (0..3).map(|number| thing(number).0).collect();
    let (back,) = things.call(&mut echo.store, (&given,)).unwrap();
    given.reverse();
    assert_eq!(back, given);
}

#[test]
fn a_type_is_refused_where_wit_has_another() {
    #[derive(Debug, abide::Type)]
    struct Swapped {
        y: f64,
        x: f64,
    }
    #[derive(Debug, abide::Type)]
    enum Sides {
        Left,
        FarRight,
    }
    let mut echo = Echo::dynamic();
    let refused = |error: wasmtime::Error| format!("{error:?}");
    let text = refused(
        echo.function::<(Swapped,), (Point,)>("point")
            .err()
            .unwrap(),
    );
    assert!(
        text.contains("expected record field named y, found x"),
        "{text}"
    );
    let text = refused(echo.function::<(Side,), (Sides,)>("side").err().unwrap());
    assert!(
        text.contains("expected enum of 2 names, found 3 names"),
        "{text}"
    );
    assert!(echo.function::<(Flat,), (Flat,)>("side").is_err());
    assert!(echo.function::<(Side,), (Side,)>("flat").is_err());
    assert_eq!((Swapped::SIZE32, Sides::SIZE32, Hit::SIZE32), (16, 1, 24));
}
