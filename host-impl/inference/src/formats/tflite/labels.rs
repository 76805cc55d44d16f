//! The labels that tools for TensorFlow Lite append to a model, as a file in an archive of zip: models
//! are read from their beginning, archives from their end. What is not understood is no labels.

use miniz_oxide::inflate::decompress_slice_iter_to_slice;

/// How many labels there may be, and how many bytes of them.
const MOST_LABELS: usize = 65_536;
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// The shortest record at the end of an archive; a comment of so many bytes may follow it.
const END: usize = 22;
const LONGEST_COMMENT: usize = 65_535;

/// A file of the archive's list has at least so many bytes there, and before its content.
const ENTRY: usize = 46;
const HEADER: usize = 30;

/// The lines of the first file with labels in its name.
pub(crate) fn find(bytes: &[u8]) -> Vec<String> {
    let text = entries(bytes).and_then(|(bytes, entry)| content(bytes, &entry));
    let text = text.and_then(|text| String::from_utf8(text).ok());
    let Some(text) = text else {
        return Vec::new();
    };
    let lines = text.lines().take(MOST_LABELS);
    lines.map(|line| line.trim_end().to_owned()).collect()
}

struct Entry {
    is_packed: bool,
    packed: usize,
    size: usize,
    at: usize,
}

/// The file with labels, and the bytes that places in the archive are counted from.
fn entries(bytes: &[u8]) -> Option<(&[u8], Entry)> {
    let from = bytes.len().saturating_sub(END + LONGEST_COMMENT);
    let end = bytes
        .get(from..)?
        .windows(4)
        .rposition(|four| four == b"PK\x05\x06")?;
    let end = bytes.get(from + end..)?;
    let (count, size, start) = (two(end, 10)?, four(end, 12)?, four(end, 16)?);
    // Archives that were appended count from their own beginning, or from that of the file.
    let end_at = bytes.len() - end.len();
    let list_at = end_at.checked_sub(size)?;
    let bytes = bytes.get(list_at.checked_sub(start)?..)?;
    let mut list = bytes.get(start..start.checked_add(size)?)?;
    for _ in 0..count {
        if list.get(..4)? != b"PK\x01\x02" {
            return None;
        }
        let name = list.get(ENTRY..ENTRY.checked_add(two(list, 28)?)?)?;
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        if name.contains("label") && name.ends_with(".txt") {
            let entry = Entry {
                is_packed: match two(list, 10)? {
                    0 => false,
                    8 => true,
                    _ => return None,
                },
                packed: four(list, 20)?,
                size: four(list, 24)?,
                at: four(list, 42)?,
            };
            return (entry.size <= MOST_BYTES).then_some((bytes, entry));
        }
        let length = ENTRY + two(list, 28)? + two(list, 30)? + two(list, 32)?;
        list = list.get(length..)?;
    }
    None
}

fn content(bytes: &[u8], entry: &Entry) -> Option<Vec<u8>> {
    let header = bytes.get(entry.at..)?;
    if header.get(..4)? != b"PK\x03\x04" {
        return None;
    }
    let at = HEADER + two(header, 26)? + two(header, 28)?;
    let packed = header.get(at..at.checked_add(entry.packed)?)?;
    if !entry.is_packed {
        return Some(packed.to_vec());
    }
    let mut content = vec![0; entry.size];
    let written = decompress_slice_iter_to_slice(&mut content, [packed].into_iter(), false, true);
    (written == Ok(entry.size)).then_some(content)
}

fn two(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    Some(u16::from_le_bytes(*bytes).into())
}

fn four(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    usize::try_from(u32::from_le_bytes(*bytes)).ok()
}
