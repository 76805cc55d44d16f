//! Plays with lists of cards.

abide::abi!("test.wit");

use guest::stacks::{self as host, Card};

struct Plugin;

fn numbers<'a>(of: impl IntoIterator<Item = &'a Card>) -> Vec<u32> {
    of.into_iter().map(Card::number).collect()
}

impl guest::ResourceInLists for Plugin {
    fn run() {
        assert!(host::deal(0).is_empty());
        let dealt = host::deal(300);
        assert!(numbers(&dealt).into_iter().eq(0..300));
        let borrowed: Vec<&Card> = dealt.iter().collect();
        assert_eq!(host::sum(&borrowed), 44_850);
        assert_eq!(host::sum(&[]), 0);
        let odd = host::odd(dealt);
        assert!(
            numbers(&odd)
                .into_iter()
                .eq((0..300).filter(|n| n % 2 == 1).rev())
        );
        drop(odd);

        let hands = host::hands(vec![
            vec![Card::new(7)],
            vec![],
            vec![Card::new(u32::MAX), Card::new(9)],
        ]);
        let seen: Vec<_> = hands
            .iter()
            .map(|hand| (hand.name.as_str(), numbers(&hand.cards)))
            .collect();
        assert_eq!(
            seen,
            [
                ("Hand 0", vec![7]),
                ("Hand 1", vec![]),
                ("Hand 2", vec![u32::MAX, 9])
            ]
        );
        let collected = host::collected(hands);
        let seen: Vec<_> = collected
            .iter()
            .map(|(card, of)| (card.number(), of.as_str()))
            .collect();
        assert_eq!(seen, [(7, "Hand 0"), (u32::MAX, "Hand 2"), (9, "Hand 2")]);
    }
}

export!(Plugin);
