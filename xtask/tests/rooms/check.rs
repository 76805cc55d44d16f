//! Holds the arrows between files against a plan.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::House;

/// Where a crate's files are, and its rooms.
pub(crate) struct Plan {
    /// The folder of its sources, from the repository's root.
    pub(crate) folder: &'static str,
    /// From top to bottom: the rooms of each floor.
    pub(crate) floors: &'static [&'static [&'static str]],
}

impl Plan {
    /// The floor of a file, and its room; no room is above all others.
    fn place<'f>(&self, file: &'f str) -> (usize, &'f str) {
        let room = file.split('/').next().unwrap_or(file);
        let room = room.strip_suffix(".rs").unwrap_or(room);
        let floor = self.floors.iter().position(|rooms| rooms.contains(&room));
        floor.map_or((0, ""), |floor| (floor + 1, room))
    }
}

/// Everything that is not in order, a line each.
pub(crate) fn complaints(plan: &Plan, house: &House) -> Vec<String> {
    let mut wrong = Vec::new();
    for (file, imports) in &house.files {
        let (floor, room) = plan.place(file);
        for import in imports {
            let (other_floor, other_room) = plan.place(import);
            let (folder, relation) = match other_floor.cmp(&floor) {
                std::cmp::Ordering::Less => (plan.folder, "above"),
                std::cmp::Ordering::Equal if room != other_room => (plan.folder, "beside"),
                _ => continue,
            };
            wrong.push(format!(
                "{folder}/{file} imports {import}, which stands in a room {relation}"
            ));
        }
    }
    for circle in circles(&house.files) {
        wrong.push(format!(
            "{}: in a circle import one another: {}",
            plan.folder,
            circle.join(", ")
        ));
    }
    wrong
}

/// Files that import one another, directly or through others: each group once.
fn circles(files: &BTreeMap<String, BTreeSet<String>>) -> Vec<Vec<&str>> {
    let reached: BTreeMap<&str, BTreeSet<&str>> = files
        .keys()
        .map(|file| (file.as_str(), reached_from(file, files)))
        .collect();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut found = Vec::new();
    for (file, others) in &reached {
        if seen.contains(*file) {
            continue;
        }
        let circle = others
            .iter()
            .filter(|other| reached.get(**other).is_some_and(|back| back.contains(file)));
        let circle: Vec<&str> = circle.copied().collect();
        seen.extend(&circle);
        if !circle.is_empty() {
            found.push(circle);
        }
    }
    found
}

/// What a file imports, and what that does, and so on.
fn reached_from<'f>(
    file: &str,
    files: &'f BTreeMap<String, BTreeSet<String>>,
) -> BTreeSet<&'f str> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<&str> = files[file].iter().map(String::as_str).collect();
    while let Some(import) = next.pop() {
        if reached.insert(import) {
            next.extend(files.get(import).into_iter().flatten().map(String::as_str));
        }
    }
    reached
}
