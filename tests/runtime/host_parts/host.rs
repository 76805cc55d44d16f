//! A host that is put together from parts, of which one is a parameter.

abide::abi!({ wit: "host_parts/test.wit", module: "host_parts" });

#[derive(Clone, abide::Host)]
#[host(abi = crate::host_parts, host_async)]
struct App<L> {
    #[host(log)]
    log: L,
    #[host(store, imports)]
    rest: Rest,
}

#[derive(Clone, Default)]
struct Lines(Vec<String>);

impl host_async::Log for Lines {
    async fn write(&mut self, message: &str) -> u32 {
        super::pause().await;
        self.0.push(message.to_owned());
        self.0.len() as u32
    }
}

#[derive(Clone)]
struct Rest;

struct Bucket(String, Vec<u8>);

impl host_async::Store for Rest {
    type Bucket = Bucket;

    async fn bucket_new(&mut self, name: &str) -> Bucket {
        super::pause().await;
        Bucket(name.to_owned(), Vec::new())
    }

    async fn name_of(&mut self, of: &mut Bucket) -> String {
        super::pause().await;
        of.0.clone()
    }
}

impl host_async::store::Bucket for Bucket {
    async fn put(&mut self, value: &[u8]) -> u32 {
        super::pause().await;
        self.1.extend_from_slice(value);
        self.1.len() as u32
    }
}

impl host_async::HostPartsImports for Rest {
    async fn answer(&mut self) -> u32 {
        super::pause().await;
        42
    }
}

#[awaited::test]
async fn each_part_does_its_share() {
    let app = App {
        log: Lines::default(),
        rest: Rest,
    };
    let guest = load!(host_async::HostParts, app);
    assert_eq!(guest.report("ä").await.unwrap(), "1 ä 3 2 42");
    let session = guest.session().await.unwrap();
    assert_eq!(session.report("b").await.unwrap(), "1 b 3 2 42");
    assert_eq!(session.report("").await.unwrap(), "3  3 4 42");
}
