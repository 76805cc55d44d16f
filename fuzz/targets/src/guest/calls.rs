//! The calls of a guest: which export, with what.

use abide::{CallError, Result};
use arbitrary::Unstructured;

use super::host::{Answer, App, Counter, File, Fuzzed, Item, Level, Point, Rights};

/// One call.
#[derive(Debug)]
pub(crate) struct Call {
    which: u8,
    number: u32,
    count: u8,
    letter: char,
}

impl Call {
    /// The next call of the input.
    pub(crate) fn read(input: &mut Unstructured<'_>) -> arbitrary::Result<Self> {
        Ok(Self {
            which: input.arbitrary()?,
            number: input.arbitrary()?,
            count: input.arbitrary()?,
            letter: input.arbitrary()?,
        })
    }

    /// Makes the call and looks at the answer.
    ///
    /// # Errors
    /// Those of the call. An error that the guest answers with is an answer.
    pub(crate) fn make(&self, app: &App, world: &Fuzzed) -> Result<()> {
        let answers = world.answers();
        match self.which % 16 {
            0 => world.run(self.number).map(drop),
            1 => answers.text(&self.text()).map(look),
            2 => answers.bytes(self.text().as_bytes()).map(look),
            3 => match answers.items(&self.items()) {
                Ok(items) => {
                    look(items);
                    Ok(())
                }
                Err(CallError::Guest(text)) => {
                    look(text);
                    Ok(())
                }
                Err(CallError::Failed(error)) => Err(error),
            },
            4 => answers.ask(&self.answer()).map(look),
            5 => {
                let rights = Rights::from_bits_truncate(self.count);
                let on = self.number.is_multiple_of(2);
                answers
                    .flat(rights, self.level(), self.letter, on)
                    .map(look)
            }
            6 => answers.points(&self.points()).map(look),
            7 => answers.nested(self.number).map(look),
            8 => answers
                .reals(f32::from_bits(self.number), f64::from(self.number))
                .map(look),
            9 => {
                let mut file = app.file(&self.text());
                let files = answers.files::<File>(&mut file)?;
                drop(files);
                Ok(())
            }
            10 => answers.counter_take(app.file("given")).map(drop),
            11 => {
                let made = self.counters(world)?;
                answers.counters(made).map(drop)
            }
            12 => self.absorb(world),
            13 => answers
                .text(&"ä€𝄞x".repeat(usize::from(self.count) * 64))
                .map(look),
            14 => answers
                .points(&vec![Point::from(self); usize::from(self.count)])
                .map(look),
            _ => answers.counter_new(self.number).map(drop),
        }
    }

    fn counters(&self, world: &Fuzzed) -> Result<Vec<Counter>> {
        let count = u32::from(self.count % 5);
        (0..count)
            .map(|number| world.answers().counter_new(number))
            .collect()
    }

    /// Counters that meet: lent to one another, and given.
    fn absorb(&self, world: &Fuzzed) -> Result<()> {
        let one = world.answers().counter_new(self.number)?;
        let other = world.answers().counter_new(1)?;
        one.add(self.number)?;
        one.larger(&other)?;
        one.larger(&one)?;
        let both = one.absorb(other)?;
        both.add(1).map(drop)
    }

    fn text(&self) -> String {
        std::iter::repeat_n(self.letter, usize::from(self.count % 40)).collect()
    }

    fn level(&self) -> Level {
        match self.number % 3 {
            0 => Level::Low,
            1 => Level::Middle,
            _ => Level::High,
        }
    }

    fn item(&self) -> Item {
        Item {
            name: self.text(),
            size: u64::from(self.number),
            tags: vec![self.text(); usize::from(self.count % 3)],
        }
    }

    fn items(&self) -> Vec<Item> {
        vec![self.item(); usize::from(self.count % 4)]
    }

    fn points(&self) -> Vec<Point> {
        vec![Point::from(self); usize::from(self.count % 9)]
    }

    fn answer(&self) -> Answer {
        match self.count % 5 {
            0 => Answer::None,
            1 => Answer::One(self.item()),
            2 => Answer::Many(self.items()),
            3 => Answer::Number(f64::from(self.number)),
            _ => Answer::Letter(self.letter),
        }
    }
}

impl From<&Call> for Point {
    fn from(call: &Call) -> Self {
        Self {
            x: f64::from_bits(u64::from(call.number) << 32),
            y: f32::from_bits(call.number),
            on: call.number.is_multiple_of(2),
            letter: call.letter,
            step: (call.count > 9).then_some(u16::from(call.count)),
        }
    }
}

/// Reads an answer to its last byte: what is no value shows itself by then.
fn look(answer: impl std::fmt::Debug) {
    std::hint::black_box(format!("{answer:?}").len());
}
