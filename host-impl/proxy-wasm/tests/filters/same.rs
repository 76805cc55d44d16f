//! One filter as a component and as modules of the SDK of proxy-wasm: the same calls have the same
//! effects.

use abide_proxy::host::Queues as _;
use abide_proxy::types::{Action, Direction, Part, Peer, Side};
use abide_proxy_wasm::{Configuration, Failure, FilterVm};

use crate::app::{Answer, App, Connection, Exchange};
use crate::guests::{Form, forms, load};

fn configured(plugin: &str) -> Configuration {
    Configuration {
        vm: Vec::new(),
        plugin: plugin.into(),
    }
}

/// A filter at work.
struct Work {
    app: App,
    vm: Box<dyn FilterVm<App>>,
}

impl Work {
    fn of(form: Form, configuration: &str) -> Self {
        let app = App::default();
        let vm = load(form, &app).start(&configured(configuration)).unwrap();
        assert_eq!(app.logged(), ["started"]);
        Self { app, vm }
    }

    /// Passes the headers of a request for a path.
    fn request(&mut self, path: &str) -> (Exchange, Action) {
        let exchange = Exchange::of(path);
        let id = self.vm.open(exchange.clone()).unwrap();
        let action = self.vm.request_headers(id, 4, true).unwrap();
        (exchange, action)
    }

    /// A field of a request for a path, as the upstream gets it.
    fn header(&mut self, path: &str, name: &str) -> Option<String> {
        let (exchange, action) = self.request(path);
        assert_eq!(action, Action::Proceed);
        exchange.field(Part::RequestHeaders, name)
    }
}

#[test]
fn a_request_and_its_response_pass_through() {
    for form in forms() {
        let Work { app, mut vm } = Work::of(form, "abide");
        let exchange = Exchange::of("/all");
        let id = vm.open(exchange.clone()).unwrap();
        assert_eq!(vm.request_headers(id, 4, false).unwrap(), Action::Proceed);
        let filter = exchange.field(Part::RequestHeaders, "x-filter");
        assert_eq!(filter.as_deref(), Some("abide"), "{form:?}");
        let size = exchange.set_body(Direction::Request, "small");
        assert_eq!(vm.request_body(id, size, false).unwrap(), Action::Pause);
        let size = exchange.set_body(Direction::Request, "small body");
        assert_eq!(vm.request_body(id, size, true).unwrap(), Action::Proceed);
        assert_eq!(exchange.body(Direction::Request).unwrap(), "SMALL BODY");
        let count = exchange.set(Part::RequestTrailers, &[("a", "b")]);
        assert_eq!(vm.request_trailers(id, count).unwrap(), Action::Proceed);
        let trailers = exchange.field(Part::RequestTrailers, "x-trailers");
        assert_eq!(trailers.as_deref(), Some("1"));

        let fields = [("server", "apache"), ("x-powered-by", "coffee")];
        let count = exchange.set(Part::ResponseHeaders, &fields);
        assert_eq!(
            vm.response_headers(id, count, false).unwrap(),
            Action::Proceed
        );
        let server = exchange.field(Part::ResponseHeaders, "server");
        assert_eq!(server.as_deref(), Some("filtered"));
        assert_eq!(exchange.field(Part::ResponseHeaders, "x-powered-by"), None);
        let size = exchange.set_body(Direction::Response, "hello");
        assert_eq!(vm.response_body(id, size, true).unwrap(), Action::Proceed);
        assert_eq!(exchange.body(Direction::Response).unwrap(), "hello!");
        let count = exchange.set(Part::ResponseTrailers, &[("a", "b"), ("c", "d")]);
        assert_eq!(vm.response_trailers(id, count).unwrap(), Action::Proceed);
        let trailers = exchange.field(Part::ResponseTrailers, "x-trailers");
        assert_eq!(trailers.as_deref(), Some("2"));

        assert_eq!(app.logged(), [""; 0]);
        vm.close(id).unwrap();
        assert_eq!(app.logged(), ["done: /all"]);
        let failure = vm.response_trailers(id, 0).unwrap_err();
        assert!(matches!(failure, Failure::NoSuchStream(_)), "{failure}");
    }
}

#[test]
fn a_filter_answers_in_the_upstreams_place() {
    for form in forms() {
        let mut work = Work::of(form, "abide");
        let (exchange, action) = work.request("/deny");
        assert_eq!(action, Action::Pause, "{form:?}");
        let response = exchange.stream().response.take().unwrap();
        assert_eq!((response.status, &response.body[..]), (403, &b"denied"[..]));
        assert_eq!(response.fields, [("x-why".to_owned(), b"no".to_vec())]);
        assert_eq!(response.grpc_status, None);
    }
}

#[test]
fn the_answer_of_a_callout_comes_to_the_filter_that_made_it() {
    for form in forms() {
        let mut work = Work::of(form, "abide");
        let mut ids = Vec::new();
        for _ in 0..2 {
            let exchange = Exchange::of("/callout");
            let id = work.vm.open(exchange.clone()).unwrap();
            let action = work.vm.request_headers(id, 4, true).unwrap();
            assert_eq!(action, Action::Pause, "{form:?}");
            ids.push((id, exchange));
        }
        let calls = std::mem::take(&mut work.app.noted().calls);
        assert_eq!((calls.len(), &calls[0].body[..]), (2, &b"who"[..]));
        assert_eq!((calls[0].timeout_ms, calls[0].fields.len()), (1000, 3));
        // The second first.
        let answer = Answer::new(&[("x-token", "seven"), ("b", "c")], "it is you");
        work.vm.answered(Some(ids[1].0), 2, answer).unwrap();
        let field = |at: usize, name| ids[at].1.field(Part::RequestHeaders, name);
        assert_eq!(field(0, "x-token"), None);
        assert_eq!(field(1, "x-token").as_deref(), Some("seven"), "{form:?}");
        assert_eq!(field(1, "x-body").as_deref(), Some("2 it is you"));
        assert_eq!(ids[0].1.stream().resumed, [false, false]);
        assert_eq!(ids[1].1.stream().resumed, [true, false]);
        // That of one that is gone has no effect.
        work.vm.close(ids[0].0).unwrap();
        let answer = Answer::new(&[], "");
        work.vm.answered(Some(ids[0].0), 1, answer).unwrap();
        assert_eq!(field(0, "x-token"), None);
        assert!(work.vm.is_alive());
    }
}

#[test]
fn ticks_shared_data_queues_metrics_and_properties() {
    for form in forms() {
        let mut work = Work::of(form, "abide");
        assert_eq!(work.app.noted().period, 100, "{form:?}");
        for _ in 0..3 {
            work.vm.tick().unwrap();
        }
        assert_eq!(work.header("/shared", "x-ticks").as_deref(), Some("3"));
        assert_eq!(work.header("/queue", "x-ticks"), None);
        let queue = work.app.find("", "work").unwrap();
        work.vm.queue_ready(queue).unwrap();
        assert_eq!(work.app.logged(), ["queue: one", "queue: two"]);
        assert_eq!(work.header("/metric", "x-requests").as_deref(), Some("3"));
        let property = work.header("/property", "x-property");
        assert_eq!(property.as_deref(), Some("value the-root"));
        let names = work.header("/fields", "x-names");
        let expected = ":method :path :authority user-agent x-filter";
        assert_eq!(names.as_deref(), Some(expected));
    }
}

#[test]
fn calls_of_grpc_are_made_and_answered() {
    for form in forms() {
        let mut work = Work::of(form, "abide");
        assert_eq!(
            work.header("/grpc", "x-call").as_deref(),
            Some("1"),
            "{form:?}"
        );
        assert_eq!(work.app.noted().grpc, ["call s/m hello 1 1000"]);
        work.vm.grpc_message(1, b"hi".to_vec()).unwrap();
        let closed = work.vm.grpc_closed(1, 0, String::new());
        closed.unwrap();
        let logged = work.app.logged();
        match form {
            Form::Component => assert_eq!(logged, ["grpc 1: 0 hi"]),
            // The SDK takes a call's message for its end. The call was made by the stream.
            Form::Module(_) | Form::Leaky => assert_eq!(logged, [""; 0]),
        }
    }
}

#[test]
fn connections_are_filtered() {
    for form in forms() {
        let Work { app, mut vm } = Work::of(form, "tcp");
        let connection = Connection::default();
        let id = vm.connect(connection.clone()).unwrap();
        assert_eq!(vm.opened(id).unwrap(), Action::Proceed, "{form:?}");
        let size = connection.0.set_body(Direction::Request, "ping");
        let paused = vm.data(id, Side::Downstream, size, false).unwrap();
        assert_eq!(paused, Action::Pause);
        assert_eq!(connection.0.body(Direction::Request).unwrap(), "PING");
        let size = connection.0.set_body(Direction::Response, "pong");
        let passed = vm.data(id, Side::Upstream, size, false).unwrap();
        assert_eq!(passed, Action::Proceed);
        assert_eq!(connection.0.body(Direction::Response).unwrap(), "pong!");
        vm.closed(id, Side::Downstream, Peer::Remote).unwrap();
        vm.close(id).unwrap();
        assert_eq!(app.logged(), ["opened", "closed by 2"]);
        assert!(vm.opened(id).is_err());
    }
}

#[test]
fn a_configuration_is_taken_or_refused() {
    for form in forms() {
        let app = App::default();
        let failure = load(form, &app)
            .start(&configured("refused"))
            .err()
            .unwrap();
        assert!(
            matches!(failure, Failure::Refused(_)),
            "{form:?}: {failure}"
        );
        let mut work = Work::of(form, "one");
        work.vm.configure(b"two".to_vec()).unwrap();
        assert_eq!(work.header("/", "x-filter").as_deref(), Some("two"));
        let failure = work.vm.configure(b"refused".to_vec()).unwrap_err();
        assert!(
            matches!(failure, Failure::Refused(_)),
            "{form:?}: {failure}"
        );
        assert!(work.vm.is_alive());
        assert!(work.vm.finish().unwrap());
        let mut work = Work::of(form, "linger");
        assert!(!work.vm.finish().unwrap());
        assert_eq!(work.app.logged(), ["to end"]);
    }
}

#[test]
fn a_filter_that_fails_ends_its_vm() {
    for form in forms() {
        for path in ["/panic", "/spin"] {
            let mut work = Work::of(form, "abide");
            let id = work.vm.open(Exchange::of(path)).unwrap();
            let failure = work.vm.request_headers(id, 4, true).unwrap_err();
            let Failure::Guest(error) = failure else {
                panic!("{failure}")
            };
            match path {
                "/panic" => assert!(matches!(error, abide::Error::Trap { .. }), "{error}"),
                _ => assert!(matches!(error, abide::Error::Timeout { .. }), "{error}"),
            }
            assert!(!work.vm.is_alive(), "{form:?}");
            assert!(work.vm.open(Exchange::of("/")).is_err());
        }
    }
}
