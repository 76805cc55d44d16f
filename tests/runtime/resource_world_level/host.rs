//! A resource of the world itself.

abide::abi!({ wit: "resource_world_level/test.wit", module: "resource_world_level" });

#[derive(Clone)]
struct App;

#[derive(Debug, PartialEq)]
struct Ticket(u32);

impl host_async::ResourceWorldLevelImports for App {
    type Ticket = Ticket;

    async fn ticket_new(&mut self, number: u32) -> Ticket {
        Ticket(number)
    }

    async fn ticket_self(&mut self) -> Ticket {
        Ticket(1000)
    }

    async fn book(&mut self, name: &str) -> Booking<Ticket> {
        Booking {
            ticket: Ticket(name.len() as u32),
            name: name.to_owned(),
        }
    }

    async fn cancel(&mut self, of: Booking<Ticket>) -> Result<Ticket, String> {
        if of.name.is_empty() {
            return Err("nameless".to_owned());
        }
        Ok(of.ticket)
    }

    async fn highest(&mut self, of: Vec<&Ticket>) -> u32 {
        of.iter().map(|ticket| ticket.0).max().unwrap_or(0)
    }
}

impl host_async::imports::Ticket for Ticket {
    async fn number(&mut self) -> u32 {
        self.0
    }

    async fn joined(&self, other: &Self) -> Self {
        Ticket(self.0 + other.0)
    }
}

#[awaited::test]
async fn the_guest_uses_tickets() {
    load!(host_async::ResourceWorldLevel, App)
        .run()
        .await
        .unwrap();
}

#[awaited::test]
async fn the_host_gives_and_lends_tickets() {
    let guest = load!(host_async::ResourceWorldLevel, App);
    let booking: Booking<Ticket> = guest.stamped(Ticket(u32::MAX)).await.unwrap();
    assert_eq!(booking.name, "Nr. 4294967295");
    assert_eq!(booking.ticket, Ticket(u32::MAX));
    let second = Booking {
        ticket: Ticket(2),
        name: "\0".to_owned(),
    };
    assert_eq!(
        guest.numbers(vec![booking, second]).await.unwrap(),
        [
            (u32::MAX, "Nr. 4294967295".to_owned()),
            (2, "\0".to_owned())
        ]
    );
    let mut lent = Ticket(77);
    assert_eq!(guest.peek(&mut lent).await.unwrap(), 77);
    assert_eq!(lent, Ticket(77));
}
