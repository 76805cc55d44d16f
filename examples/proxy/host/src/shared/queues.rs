//! Queues between filters. Who opened one last is told of what comes in.

use std::collections::{HashMap, VecDeque};
use std::sync::Weak;

use abide_proxy::queues::Error;
use parking_lot::Mutex;

use crate::notes::Notes;

/// The most queues that there may be; the last one is everybody's who opens more, or one with a
/// longer name.
const MOST: usize = 1024;
const LONGEST: usize = 256;

/// All queues.
#[derive(Debug)]
pub(crate) struct Queues {
    all: Mutex<All>,
    bytes: usize,
}

#[derive(Debug, Default)]
struct All {
    /// The numbers of queues, from one on, by their filter's name and their own.
    numbers: HashMap<(String, String), u32>,
    queues: Vec<Queue>,
}

#[derive(Debug)]
struct Queue {
    values: VecDeque<Vec<u8>>,
    bytes: usize,
    reader: Weak<Notes>,
}

impl All {
    fn queue(&mut self, number: u32) -> Result<&mut Queue, Error> {
        let at = (number as usize).wrapping_sub(1);
        self.queues.get_mut(at).ok_or(Error::Unknown)
    }
}

impl Queues {
    /// Each queue may hold so many bytes.
    pub(crate) fn new(bytes: usize) -> Self {
        Self {
            all: Mutex::default(),
            bytes,
        }
    }

    /// The queue of a filter, whose plugin is from now on the one that is told.
    pub(crate) fn open(&self, vm: &str, name: &str, reader: Weak<Notes>) -> u32 {
        let mut guard = self.all.lock();
        let all = &mut *guard;
        let key = (vm.to_owned(), name.to_owned());
        if let Some(number) = all.numbers.get(&key) {
            all.queues[*number as usize - 1].reader = reader;
            return *number;
        }
        if all.queues.len() >= MOST || name.len() > LONGEST {
            tracing::debug!(
                vm,
                "there are too many queues, or the name of one is too long"
            );
            return MOST as u32;
        }
        all.queues.push(Queue {
            values: VecDeque::new(),
            bytes: 0,
            reader,
        });
        let number = all.queues.len() as u32;
        all.numbers.insert(key, number);
        number
    }

    pub(crate) fn find(&self, vm: &str, name: &str) -> Option<u32> {
        let key = (vm.to_owned(), name.to_owned());
        self.all.lock().numbers.get(&key).copied()
    }

    pub(crate) fn push(&self, number: u32, value: &[u8]) -> Result<(), Error> {
        let reader = {
            let mut all = self.all.lock();
            let queue = all.queue(number)?;
            let bytes = queue.bytes + value.len() + size_of::<Vec<u8>>();
            if bytes > self.bytes {
                return Err(Error::Full);
            }
            queue.bytes = bytes;
            queue.values.push_back(value.to_vec());
            queue.reader.upgrade()
        };
        if let Some(reader) = reader {
            reader.ready(number);
        }
        Ok(())
    }

    pub(crate) fn pop(&self, number: u32) -> Result<Option<Vec<u8>>, Error> {
        let mut all = self.all.lock();
        let queue = all.queue(number)?;
        let value = queue.values.pop_front();
        if let Some(value) = &value {
            queue.bytes -= value.len() + size_of::<Vec<u8>>();
        }
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Weak};

    use abide_proxy::queues::Error;

    use super::Queues;
    use crate::notes::Notes;

    #[test]
    fn who_opened_a_queue_is_told_and_it_has_an_order_and_an_end() {
        let queues = Queues::new(60);
        let notes = Arc::new(Notes::default());
        let number = queues.open("vm", "q", Arc::downgrade(&notes));
        assert_eq!(queues.open("vm", "q", Arc::downgrade(&notes)), number);
        assert_ne!(queues.open("other", "q", Weak::new()), number);
        assert_eq!(queues.find("vm", "q"), Some(number));
        assert_eq!(queues.find("vm", "p"), None);
        queues.push(number, b"1").unwrap();
        queues.push(number, b"2").unwrap();
        assert_eq!(queues.push(number, b"3"), Err(Error::Full));
        assert_eq!(notes.take_ready(), [number; 2]);
        assert_eq!(queues.pop(number).unwrap().unwrap(), b"1");
        assert_eq!(queues.pop(number).unwrap().unwrap(), b"2");
        assert_eq!(queues.pop(number), Ok(None));
        assert_eq!(queues.pop(99), Err(Error::Unknown));
        let long = queues.open("vm", &"q".repeat(90_000), Weak::new());
        assert_eq!(queues.push(long, b"1"), Err(Error::Unknown));
    }
}
