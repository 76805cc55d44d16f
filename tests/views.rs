//! Import arguments as views: what the host sees of them is what the guest has, in the guest's own
//! memory. And flat values, whose lists are moved in one pass: none of them changes on the way.

mod support;

use std::sync::{Arc, Mutex};

use abide_build::Target;
use proptest::prelude::*;

abide::abi!({
    wit: "tests/fixtures/views/wit",
    borrowed: ["sink.pages", "sink.labels", "test:views/sink.placed", "sink.points", "locals"],
});

use shapes::{Body, Kind, Marks};

/// A label, and what else was lent with it.
type Labelled = (Tag, Option<Vec<String>>);

#[derive(Clone, Default)]
struct Host {
    pages: Arc<Mutex<Vec<Page>>>,
    view: Arc<Mutex<Option<PageView>>>,
    labels: Arc<Mutex<Vec<Labelled>>>,
    placed: Arc<Mutex<Vec<(usize, usize)>>>,
    locals: Arc<Mutex<Vec<Local>>>,
}

impl host::Sink for Host {
    fn pages(
        &mut self,
        pages: Vec<sink::PageViewView<'_>>,
        view: sink::PageViewViewView<'_>,
    ) -> u32 {
        let count = pages.len() as u32;
        let owned = pages.into_iter().map(sink::PageViewView::into_owned);
        *self.pages.lock().unwrap() = owned.collect();
        *self.view.lock().unwrap() = Some(view.into_owned());
        count
    }

    fn labels(&mut self, labels: Vec<sink::LabelView<'_>>, more: Option<Vec<&str>>) {
        // A view without a vector in it can be copied.
        let more = more.map(|more| more.into_iter().map(str::to_owned).collect::<Vec<_>>());
        let labels = labels
            .iter()
            .map(|label| (label.into_owned(), more.clone()));
        *self.labels.lock().unwrap() = labels.collect();
    }

    fn placed(&mut self, page: shapes::PageViewView<'_>, title: u32, numbers: u32) {
        let base = |address: usize, place: u32| address.wrapping_sub(place as usize);
        let title = base(page.title.as_ptr().addr(), title);
        let numbers = base(page.numbers.as_ptr().addr(), numbers);
        self.placed.lock().unwrap().push((title, numbers));
    }

    fn owned(&mut self, page: Page) -> Page {
        page
    }

    fn points(&mut self, points: Vec<Point>) -> Vec<Point> {
        points
    }
}

impl host::ViewsImports for Host {
    fn locals(&mut self, locals: Vec<LocalView<'_>>) -> u32 {
        let owned = locals.iter().map(|local| local.into_owned());
        *self.locals.lock().unwrap() = owned.collect();
        locals.len() as u32
    }
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), ".{0,30}", Just("ä€𝄞\0".to_owned())]
}

fn tags() -> impl Strategy<Value = Tag> {
    (texts(), any::<u8>()).prop_map(|(name, weight)| Tag { name, weight })
}

prop_compose! {
    fn points()(
        x in proptest::num::f64::NORMAL,
        y in proptest::num::f32::NORMAL,
        on: bool,
        kind in prop_oneof![Just(Kind::Low), Just(Kind::Middle), Just(Kind::High)],
        marks in 0..8_u8,
        letter: char,
        step: Option<u16>,
    ) -> Point {
        Point { x, on, y, kind, marks: Marks::from_bits_retain(marks), letter, step }
    }
}

fn bodies() -> impl Strategy<Value = Body> {
    use proptest::collection::vec;
    prop_oneof![
        texts().prop_map(Body::Text),
        vec(any::<u16>(), 0..9).prop_map(Body::Words),
        vec(points(), 0..3).prop_map(Body::Points),
        vec(tags(), 0..3).prop_map(Body::Tags),
        Just(Body::Nothing),
    ]
}

prop_compose! {
    fn pages()(
        title in texts(),
        words: u32,
        tags in proptest::collection::vec(tags(), 0..3),
        numbers in proptest::collection::vec(proptest::num::f64::NORMAL, 0..9),
        at in points(),
        body in bodies(),
        note in proptest::option::of(texts()),
        both in (texts(), any::<i8>()),
        (outcome, done) in (
            prop_oneof![texts().prop_map(Ok), self::tags().prop_map(Err)],
            prop_oneof![Just(Ok(())), texts().prop_map(Err)],
        ),
        (bools, deep) in any::<(Vec<bool>, Vec<Vec<u8>>)>(),
    ) -> Page {
        Page { title, words, tags, numbers, at, body, note, both, outcome, done, bools, deep }
    }
}

fn load() -> (host::Views, Host) {
    let host = Host::default();
    let guest = support::guest("views", Target::Unknown);
    (host::Views::load(guest, host.clone()).unwrap(), host)
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 100,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

#[test]
fn a_view_has_what_the_guest_has() {
    let (guest, host) = load();
    let pages = proptest::collection::vec(pages(), 0..4);
    proptest!(config(), |(pages in pages, type_ in texts())| {
        let view = PageView { type_ };
        prop_assert_eq!(guest.send_pages(&pages, &view).unwrap() as usize, pages.len());
        prop_assert_eq!(&*host.pages.lock().unwrap(), &pages);
        prop_assert_eq!(host.view.lock().unwrap().take(), Some(view));
    });
}

#[test]
fn lists_of_strings_and_of_small_records_are_viewed_too() {
    let (guest, host) = load();
    let labels = proptest::collection::vec(tags(), 0..9);
    let more = proptest::option::of(proptest::collection::vec(texts(), 0..9));
    let locals = proptest::collection::vec((texts(), any::<Vec<u32>>()), 0..4);
    proptest!(config(), |(labels in labels, more in more, locals in locals)| {
        guest.send_labels(&labels, more.as_deref()).unwrap();
        let seen: Vec<_> = labels.into_iter().map(|label| (label, more.clone())).collect();
        prop_assert_eq!(&*host.labels.lock().unwrap(), &seen);
        let locals: Vec<_> = locals
            .into_iter()
            .map(|(name, self_)| Local { name, self_ })
            .collect();
        prop_assert_eq!(guest.send_locals(&locals).unwrap() as usize, locals.len());
        prop_assert_eq!(&*host.locals.lock().unwrap(), &locals);
    });
}

#[test]
fn strings_and_numbers_are_the_guests_own_memory() {
    let (guest, host) = load();
    let session = guest.session().unwrap();
    let point = Point {
        x: 0.5,
        on: true,
        y: -1.0,
        kind: Kind::High,
        marks: Marks::LATE,
        letter: 'ß',
        step: None,
    };
    for size in [1, 100, 100_000] {
        let page = Page {
            title: "t".repeat(size),
            words: 1,
            tags: Vec::new(),
            numbers: vec![1.5; size],
            at: point,
            body: Body::Nothing,
            note: None,
            both: ("both".to_owned(), -1),
            outcome: Ok("fine".to_owned()),
            done: Ok(()),
            bools: Vec::new(),
            deep: Vec::new(),
        };
        session.send_placed(&page).unwrap();
        assert_eq!(session.send_owned(&page).unwrap(), page);
    }
    // Host address minus guest address is the place of the guest's memory: one and the same for
    // all.
    let placed = host.placed.lock().unwrap();
    let (base, _) = placed[0];
    assert_eq!(*placed, vec![(base, base); 3]);
}

#[test]
fn flat_values_come_back_as_they_were() {
    let (guest, _) = load();
    let points = proptest::collection::vec(points(), 0..20);
    let pairs: Vec<(u8, f32)> = vec![(1, 0.5), (255, -2.25)];
    proptest!(config(), |(points in points)| {
        prop_assert_eq!(&guest.send_points(&points).unwrap(), &points);
        let mesh = Mesh {
            kinds: points.iter().map(|point| point.kind).collect(),
            lead: points.first().copied(),
            points: points.clone(),
            pairs: pairs.clone(),
        };
        prop_assert_eq!(guest.same_mesh(&mesh).unwrap(), mesh);
        for point in &points {
            prop_assert_eq!(guest.same_point(point).unwrap(), *point);
        }
        match guest.maybe_points(Some(&points)) {
            Ok(back) => prop_assert_eq!(back, points),
            Err(abide::CallError::Guest(point)) => prop_assert_eq!(vec![point], points),
            Err(other) => return Err(TestCaseError::fail(other.to_string())),
        }
        prop_assert_eq!(guest.maybe_points(None).unwrap(), []);
    });
}
