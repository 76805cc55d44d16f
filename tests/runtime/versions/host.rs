//! Several versions of one package side by side, a prerelease among them.

abide::abi!({ wit: "versions/test.wit", module: "versions" });

use self::{log_1_0_0 as first, log_2_0_0_rc_1 as candidate, log_2_1_0 as latest};

#[derive(Clone)]
struct App;

impl host_async::Log1_0_0 for App {
    async fn write(&mut self, line: first::Line) -> u32 {
        100 + line.text.len() as u32
    }
}

impl host_async::Log2_0_0Rc1 for App {
    async fn write(&mut self, line: candidate::Line) -> u32 {
        let level = match line.level {
            candidate::Level::Low => 0,
            candidate::Level::High => 10,
        };
        200 + level + line.text.len() as u32
    }
}

impl host_async::Log2_1_0 for App {
    async fn write(&mut self, line: latest::Line) -> u32 {
        300 + line.old.text.len() as u32
    }

    async fn upgrade(&mut self, of: first::Line) -> latest::Line {
        latest::Line {
            old: of,
            text: None,
        }
    }
}

#[awaited::test]
async fn each_version_is_called_for_itself() {
    let guest = load!(host_async::Versions, App);
    guest.run().await.unwrap();
    let old = first::Line {
        text: "äöü".to_owned(),
    };
    assert_eq!(guest.log_1_0_0().write(&old).await.unwrap(), 6);
    // The newer version uses the older one's type: it is the same type.
    let new = guest.log_2_1_0().upgrade(&old).await.unwrap();
    let expected = latest::Line {
        old,
        text: Some("Gast äöü".to_owned()),
    };
    assert_eq!(new, expected);
    assert_eq!(guest.log_2_1_0().write(&new).await.unwrap(), 1006);
}
