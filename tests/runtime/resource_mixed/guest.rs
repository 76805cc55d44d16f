//! Folders of its own with sheets of the host in them.

abide::abi!("test.wit");

use std::cell::RefCell;
use std::sync::atomic::{AtomicU32, Ordering};

use guest::exports::folders::{Filed, Folder, FolderBorrow, GuestFolder};
use guest::paper::Sheet;

static ALIVE: AtomicU32 = AtomicU32::new(0);

struct Plugin;

struct Own(RefCell<Vec<Sheet>>);

impl Drop for Own {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, Ordering::Relaxed);
    }
}

impl GuestFolder for Own {
    fn new(first: Sheet) -> Self {
        ALIVE.fetch_add(1, Ordering::Relaxed);
        Self(RefCell::new(vec![first]))
    }

    fn add(&self, of: Sheet) -> u32 {
        self.0.borrow_mut().push(of);
        self.0.borrow().len() as u32
    }

    fn take(&self, at: u32) -> Option<Sheet> {
        let mut sheets = self.0.borrow_mut();
        ((at as usize) < sheets.len()).then(|| sheets.remove(at as usize))
    }

    fn write(&self, on: &Sheet, behind: FolderBorrow<'_>) -> String {
        let count = behind.get::<Own>().0.borrow().len();
        on.append(&format!(" +{}/{count}", self.0.borrow().len()));
        on.text()
    }

    fn all(of: Folder) -> Vec<Sheet> {
        of.get::<Own>().0.take()
    }
}

impl guest::Folders for Plugin {
    type Folder = Own;

    fn file(of: Filed) -> (Folder, u32) {
        let count = of.folder.get::<Own>().add(of.sheet);
        (of.folder, count)
    }

    fn open(of: Folder) -> Filed {
        let sheet = of
            .get::<Own>()
            .take(0)
            .expect("a folder that is opened has a sheet");
        Filed { sheet, folder: of }
    }

    fn alive() -> u32 {
        ALIVE.load(Ordering::Relaxed)
    }
}

export!(Plugin);
