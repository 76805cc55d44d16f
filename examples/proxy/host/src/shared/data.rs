//! Values by keys, with versions.

use std::collections::HashMap;

use abide_proxy::shared::Versioned;
use parking_lot::Mutex;

/// Values that all filters share.
#[derive(Debug)]
pub(crate) struct Data {
    all: Mutex<All>,
    bytes: usize,
}

#[derive(Debug, Default)]
struct All {
    values: HashMap<String, Versioned>,
    bytes: usize,
    version: u32,
}

/// What an entry takes beside its bytes, about.
const ENTRY: usize = 64;

impl Data {
    pub(crate) fn new(bytes: usize) -> Self {
        Self {
            all: Mutex::default(),
            bytes,
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<Versioned> {
        self.all.lock().values.get(key).cloned()
    }

    /// Sets a value, or removes it. What there is no room for is refused as if another had come
    /// first: filters know no other reason.
    pub(crate) fn set(
        &self,
        key: &str,
        value: Option<Vec<u8>>,
        expected: u32,
    ) -> Result<(), Versioned> {
        let mut guard = self.all.lock();
        let all = &mut *guard;
        let found = all.values.get(key);
        if let Some(found) = found
            && expected != 0
            && expected != found.version
        {
            return Err(found.clone());
        }
        let size = |value: &[u8]| key.len() + value.len() + ENTRY;
        let before = found.map_or(0, |found| size(&found.value));
        let after = value.as_deref().map_or(0, size);
        let bytes = all.bytes - before + after;
        if after > before && bytes > self.bytes {
            tracing::debug!("there is no room for more shared data");
            let nothing = Versioned {
                value: Vec::new(),
                version: all.version,
            };
            return Err(found.cloned().unwrap_or(nothing));
        }
        all.bytes = bytes;
        let Some(value) = value else {
            all.values.remove(key);
            return Ok(());
        };
        // No version is zero, which is any, and none comes twice in a row.
        all.version = all.version.checked_add(1).unwrap_or(1);
        let version = all.version;
        let versioned = Versioned { value, version };
        match all.values.get_mut(key) {
            Some(place) => *place = versioned,
            None => drop(all.values.insert(key.to_owned(), versioned)),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Data;

    #[test]
    fn who_comes_second_is_told() {
        let data = Data::new(1000);
        data.set("a", Some(b"1".to_vec()), 0).unwrap();
        let first = data.get("a").unwrap();
        data.set("a", Some(b"2".to_vec()), first.version).unwrap();
        let second = data
            .set("a", Some(b"3".to_vec()), first.version)
            .unwrap_err();
        assert_eq!(second.value, b"2");
        data.set("a", None, 0).unwrap();
        assert_eq!(data.get("a"), None);
    }

    #[test]
    fn there_is_so_much_room_and_no_more() {
        let data = Data::new(200);
        data.set("a", Some(vec![0; 100]), 0).unwrap();
        data.set("b", Some(vec![0; 100]), 0).unwrap_err();
        data.set("a", None, 0).unwrap();
        data.set("b", Some(vec![0; 100]), 0).unwrap();
    }
}
