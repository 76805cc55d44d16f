//! Uses the tickets of the world itself.

abide::abi!("test.wit");

use guest::Ticket;

struct Plugin;

impl guest::ResourceWorldLevel for Plugin {
    fn run() {
        let (a, b) = (Ticket::new(3), Ticket::self_());
        assert_eq!((a.number(), b.number()), (3, 1000));
        let joined = a.joined(&b);
        assert_eq!(joined.number(), 1003);
        assert_eq!(a.joined(&a).number(), 6);
        assert_eq!(guest::highest(&[&a, &joined, &b, &a]), 1003);
        let booking = guest::book("Zoë");
        assert_eq!((booking.name.as_str(), booking.ticket.number()), ("Zoë", 4));
        assert_eq!(guest::cancel(booking).unwrap().number(), 4);
        let none = guest::cancel(guest::Booking {
            ticket: a,
            name: String::new(),
        });
        assert_eq!(none.unwrap_err(), "nameless");
    }

    fn stamped(of: Ticket) -> guest::Booking {
        guest::Booking {
            name: format!("Nr. {}", of.number()),
            ticket: of,
        }
    }

    fn numbers(of: Vec<guest::Booking>) -> Vec<(u32, String)> {
        of.into_iter()
            .map(|booking| (booking.ticket.number(), booking.name))
            .collect()
    }

    fn peek(at: &Ticket) -> u32 {
        at.number()
    }
}

export!(Plugin);
