//! Reads FlatBuffers: tables of fields, vectors and texts, by offsets that may lead anywhere. Each is
//! looked at before it is followed, so no bytes can make this panic. Knows nothing of models.

/// What is wrong with the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Outside;

type Result<T> = std::result::Result<T, Outside>;

/// A table, whose fields have numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Table<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Where the fields are, by their numbers: two bytes each, 0 for one that is not there.
    fields: &'a [u8],
}

impl<'a> Table<'a> {
    /// The one that the whole is.
    pub(crate) fn root(bytes: &'a [u8]) -> Result<Self> {
        Self::behind(bytes, 0)
    }

    /// The table that the offset at a place leads to.
    fn behind(bytes: &'a [u8], offset_at: usize) -> Result<Self> {
        let at = follow(bytes, offset_at)?;
        // The table of offsets is so far before the table itself, or behind it.
        let back = i32::from_le_bytes(array(bytes, at)?);
        let fields_at = i64::try_from(at).map_err(|_| Outside)? - i64::from(back);
        let fields_at = usize::try_from(fields_at).map_err(|_| Outside)?;
        let length = usize::from(u16::from_le_bytes(array(bytes, fields_at)?));
        // The first four bytes are two lengths.
        let fields = slice(bytes, fields_at, length)?.get(4..).ok_or(Outside)?;
        Ok(Self { bytes, at, fields })
    }

    /// Where a field is, if it is there.
    fn place(&self, field: usize) -> Result<Option<usize>> {
        let Some(offset) = self.fields.get(2 * field..2 * field + 2) else {
            return Ok(None);
        };
        match u16::from_le_bytes(array(offset, 0)?) {
            0 => Ok(None),
            offset => Ok(self.at.checked_add(offset.into())),
        }
    }

    fn number<const N: usize>(&self, field: usize) -> Result<Option<[u8; N]>> {
        let place = self.place(field)?;
        place.map(|place| array(self.bytes, place)).transpose()
    }

    pub(crate) fn i8(&self, field: usize, default: i8) -> Result<i8> {
        Ok(self.number(field)?.map_or(default, i8::from_le_bytes))
    }

    pub(crate) fn bool(&self, field: usize) -> Result<bool> {
        Ok(self.i8(field, 0)? != 0)
    }

    pub(crate) fn i32(&self, field: usize, default: i32) -> Result<i32> {
        Ok(self.number(field)?.map_or(default, i32::from_le_bytes))
    }

    pub(crate) fn u32(&self, field: usize, default: u32) -> Result<u32> {
        Ok(self.number(field)?.map_or(default, u32::from_le_bytes))
    }

    pub(crate) fn f32(&self, field: usize, default: f32) -> Result<f32> {
        Ok(self.number(field)?.map_or(default, f32::from_le_bytes))
    }

    pub(crate) fn table(&self, field: usize) -> Result<Option<Self>> {
        let place = self.place(field)?;
        place
            .map(|place| Self::behind(self.bytes, place))
            .transpose()
    }

    /// The elements of a vector, of so many bytes each; none if it is not there.
    fn elements(&self, field: usize, size: usize) -> Result<(usize, &'a [u8])> {
        let Some(place) = self.place(field)? else {
            return Ok((0, &[]));
        };
        let at = follow(self.bytes, place)?;
        let count = index(u32::from_le_bytes(array(self.bytes, at)?))?;
        let length = count.checked_mul(size).ok_or(Outside)?;
        // Behind the length, which was read.
        Ok((at + 4, slice(self.bytes, at + 4, length)?))
    }

    pub(crate) fn bytes(&self, field: usize) -> Result<&'a [u8]> {
        Ok(self.elements(field, 1)?.1)
    }

    fn numbers<const N: usize>(&self, field: usize) -> Result<&'a [[u8; N]]> {
        Ok(self.elements(field, N)?.1.as_chunks().0)
    }

    pub(crate) fn i32s(&self, field: usize) -> Result<impl ExactSizeIterator<Item = i32> + 'a> {
        Ok(self.numbers(field)?.iter().copied().map(i32::from_le_bytes))
    }

    pub(crate) fn i64s(&self, field: usize) -> Result<impl ExactSizeIterator<Item = i64> + 'a> {
        Ok(self.numbers(field)?.iter().copied().map(i64::from_le_bytes))
    }

    pub(crate) fn f32s(&self, field: usize) -> Result<impl ExactSizeIterator<Item = f32> + 'a> {
        Ok(self.numbers(field)?.iter().copied().map(f32::from_le_bytes))
    }

    pub(crate) fn tables(&self, field: usize) -> Result<Tables<'a>> {
        let (at, elements) = self.elements(field, 4)?;
        Ok(Tables {
            bytes: self.bytes,
            at,
            count: elements.len() / 4,
        })
    }
}

/// A vector of tables.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tables<'a> {
    bytes: &'a [u8],
    at: usize,
    count: usize,
}

impl<'a> Tables<'a> {
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    pub(crate) fn get(&self, index: usize) -> Result<Table<'a>> {
        match index < self.count {
            true => Table::behind(self.bytes, self.at + 4 * index),
            false => Err(Outside),
        }
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = Result<Table<'a>>> {
        (0..self.count).map(move |index| self.get(index))
    }
}

/// Where an offset leads: so far behind itself.
fn follow(bytes: &[u8], at: usize) -> Result<usize> {
    let offset = index(u32::from_le_bytes(array(bytes, at)?))?;
    at.checked_add(offset).ok_or(Outside)
}

fn index(number: u32) -> Result<usize> {
    usize::try_from(number).map_err(|_| Outside)
}

fn slice(bytes: &[u8], at: usize, length: usize) -> Result<&[u8]> {
    let end = at.checked_add(length).ok_or(Outside)?;
    bytes.get(at..end).ok_or(Outside)
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Result<[u8; N]> {
    let found = bytes.get(at..).and_then(<[u8]>::first_chunk);
    found.copied().ok_or(Outside)
}
