//! Keeps two resources of one name apart.

abide::abi!("test.wit");

use guest::{bar, cold, warm};

struct Plugin;

impl guest::ResourceTwoInterfaces for Plugin {
    fn run() {
        let (tea, water) = (warm::Drink::new("tea"), cold::Drink::new("water"));
        assert_eq!((tea.degrees(), water.degrees()), (73, -5));
        let (tea2, water2) = bar::mixed(&tea, &water);
        assert_eq!((tea2.degrees(), water2.degrees()), (75, -3));
        assert_eq!(warm::serve(tea), "warm tea");
        assert_eq!(cold::serve(water), "cold water");
        assert_eq!(cold::serve(water2), "cold tea and water");
        assert_eq!(warm::serve(tea2), "warm tea and water");
    }
}

export!(Plugin);
