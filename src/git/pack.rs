//! Packs: many objects in one file, some as differences to others.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

use super::objects::MAX_SIZE;
use super::{Fault, Kind, ObjectId};

/// An index larger than this is not read (bytes).
const MAX_INDEX: u64 = 1024 * 1024 * 1024;
/// So many differences may build on each other; git makes no more than 4,095.
const MAX_CHAIN: usize = 4096;
/// What the index of version 2 begins with.
const HEAD: [u8; 8] = [0xff, b't', b'O', b'c', 0, 0, 0, 2];
/// Head and the 256 counts by the first byte.
const NAMES: usize = 8 + 256 * 4;

/// Where an object that a difference builds on may be: anywhere.
type Base<'b> = &'b dyn Fn(ObjectId) -> Result<(Kind, Vec<u8>), Fault>;

#[derive(Debug)]
pub(super) struct Pack {
    path: PathBuf,
    index: Vec<u8>,
    count: usize,
}

impl Pack {
    pub(super) fn open(index: &Path) -> Option<Self> {
        if index.metadata().ok()?.len() > MAX_INDEX {
            return None;
        }
        let bytes = std::fs::read(index).ok()?;
        if !bytes.starts_with(&HEAD) {
            return None;
        }
        let count = number(&bytes, NAMES - 4)?;
        // Ids, checksums, offsets.
        let whole = count.checked_mul(20 + 4 + 4)?.checked_add(NAMES)?;
        (bytes.len() >= whole).then(|| Self {
            path: index.with_extension("pack"),
            index: bytes,
            count,
        })
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = ObjectId> + '_ {
        (0..self.count).filter_map(|at| self.id(at))
    }

    fn id(&self, at: usize) -> Option<ObjectId> {
        let from = NAMES + at * 20;
        Some(ObjectId(self.index.get(from..from + 20)?.try_into().ok()?))
    }

    /// Where an object begins.
    pub(super) fn offset(&self, id: ObjectId) -> Option<u64> {
        let first = usize::from(id.0[0]);
        let from = if first == 0 { 0 } else { number(&self.index, 8 + (first - 1) * 4)? };
        let to = number(&self.index, 8 + first * 4)?.min(self.count);
        let (mut from, mut to) = (from.min(to), to);
        while from < to {
            let middle = usize::midpoint(from, to);
            match self.id(middle)?.cmp(&id) {
                std::cmp::Ordering::Equal => return self.offset_at(middle),
                std::cmp::Ordering::Less => from = middle + 1,
                std::cmp::Ordering::Greater => to = middle,
            }
        }
        None
    }

    fn offset_at(&self, at: usize) -> Option<u64> {
        let small = NAMES + self.count * 24;
        let offset = number(&self.index, small + at * 4)?;
        if offset & 0x8000_0000 == 0 {
            return Some(offset as u64);
        }
        let large = small + self.count * 4 + (offset & 0x7fff_ffff) * 8;
        Some(u64::from_be_bytes(self.index.get(large..large + 8)?.try_into().ok()?))
    }

    /// The object at an offset, with all differences carried out.
    pub(super) fn object(&self, offset: u64, base: Base<'_>) -> Result<(Kind, Vec<u8>), Fault> {
        let broken = |why: &str| Fault(format!("{}: {why} at {offset}", self.path.display()));
        let mut file = File::open(&self.path).map_err(|error| broken(&error.to_string()))?;
        let (mut at, mut deltas) = (offset, Vec::new());
        let (kind, mut bytes) = loop {
            let entry = read(&mut file, at).ok_or_else(|| broken("a broken entry"))?;
            match entry {
                Entry::Whole(kind, bytes) => break (kind, bytes),
                Entry::OnOffset(back, delta) => {
                    deltas.push(delta);
                    at = at.checked_sub(back).ok_or_else(|| broken("a broken difference"))?;
                }
                Entry::OnId(id, delta) => {
                    deltas.push(delta);
                    break match self.offset(id) {
                        Some(inside) if inside < at => self.object(inside, base)?,
                        _ => base(id)?,
                    };
                }
            }
            if deltas.len() > MAX_CHAIN {
                return Err(broken("too many differences"));
            }
        };
        while let Some(delta) = deltas.pop() {
            bytes = apply(&bytes, &delta).ok_or_else(|| broken("a broken difference"))?;
        }
        Ok((kind, bytes))
    }
}

enum Entry {
    Whole(Kind, Vec<u8>),
    OnOffset(u64, Vec<u8>),
    OnId(ObjectId, Vec<u8>),
}

fn read(file: &mut File, offset: u64) -> Option<Entry> {
    let mut head = [0; 64];
    file.seek(SeekFrom::Start(offset)).ok()?;
    let have = read_some(file, &mut head)?;
    let head = &head[..have];
    let mut at = 0;
    let mut next = || {
        let byte = *head.get(at)?;
        at += 1;
        Some(byte)
    };
    let mut byte = next()?;
    let kind = (byte >> 4) & 7;
    let (mut size, mut shift) = (usize::from(byte & 15), 4);
    while byte & 0x80 != 0 {
        byte = next()?;
        size |= usize::from(byte & 0x7f).checked_shl(shift)?;
        shift += 7;
    }
    let mut back = 0_u64;
    if kind == 6 {
        byte = next()?;
        back = u64::from(byte & 0x7f);
        while byte & 0x80 != 0 {
            byte = next()?;
            back = ((back + 1) << 7) | u64::from(byte & 0x7f);
        }
    }
    let mut id = [0; 20];
    if kind == 7 {
        for byte in &mut id {
            *byte = next()?;
        }
    }
    if size > MAX_SIZE {
        return None;
    }
    // What does not shrink grows by a few bytes for each 16 KiB.
    let packed = size + size / 1000 + 1024;
    file.seek(SeekFrom::Start(offset + at as u64)).ok()?;
    let mut input = Vec::new();
    file.take(packed as u64).read_to_end(&mut input).ok()?;
    let bytes = decompress_to_vec_zlib_with_limit(&input, size.max(1)).ok()?;
    if bytes.len() != size {
        return None;
    }
    Some(match kind {
        1 => Entry::Whole(Kind::Commit, bytes),
        2 => Entry::Whole(Kind::Tree, bytes),
        3 => Entry::Whole(Kind::Blob, bytes),
        4 => Entry::Whole(Kind::Tag, bytes),
        6 => Entry::OnOffset(back, bytes),
        7 => Entry::OnId(ObjectId(id), bytes),
        _ => return None,
    })
}

/// As much as there is, up to the whole buffer.
fn read_some(file: &mut File, buffer: &mut [u8]) -> Option<usize> {
    let mut have = 0;
    while have < buffer.len() {
        match file.read(&mut buffer[have..]).ok()? {
            0 => break,
            more => have += more,
        }
    }
    Some(have)
}

/// Carries out a difference: copies from the base, and new bytes.
fn apply(base: &[u8], delta: &[u8]) -> Option<Vec<u8>> {
    let mut delta = delta.iter().copied();
    let mut size = || {
        let (mut size, mut shift) = (0_usize, 0);
        loop {
            let byte = delta.next()?;
            size |= usize::from(byte & 0x7f).checked_shl(shift)?;
            shift += 7;
            if byte & 0x80 == 0 {
                return Some(size);
            }
        }
    };
    let (from, to) = (size()?, size()?);
    if from != base.len() || to > MAX_SIZE {
        return None;
    }
    let mut out = Vec::with_capacity(to);
    while let Some(order) = delta.next() {
        if order & 0x80 == 0 {
            let count = usize::from(order);
            let before = out.len();
            out.extend(delta.by_ref().take(count));
            if count == 0 || out.len() != before + count {
                return None;
            }
            continue;
        }
        let mut part = |bits: std::ops::Range<u32>| {
            let mut value = 0_usize;
            for (shift, bit) in bits.enumerate() {
                if order & (1 << bit) != 0 {
                    value |= usize::from(delta.next()?) << (8 * shift);
                }
            }
            Some(value)
        };
        let (offset, count) = (part(0..4)?, part(4..7)?);
        let count = if count == 0 { 0x10000 } else { count };
        out.extend_from_slice(base.get(offset..offset.checked_add(count)?)?);
        if out.len() > to {
            return None;
        }
    }
    (out.len() == to).then_some(out)
}

fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let four: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
    usize::try_from(u32::from_be_bytes(four)).ok()
}

#[cfg(test)]
mod tests {
    use super::apply;

    #[test]
    fn a_difference_copies_and_adds() {
        let base = b"hello world";
        // From 11 to 8 bytes: five from 6 on, and three new ones.
        let delta = [11, 8, 0b1001_0001, 6, 5, 3, b'!', b'!', b'!'];
        assert_eq!(apply(base, &delta).as_deref(), Some(&b"world!!!"[..]));
        let wrong: [&[u8]; 6] = [
            &[10, 1, 1, b'a'],
            &[11, 2, 1, b'a'],
            &[11, 1, 2, b'a'],
            &[11, 1, 0],
            &[11],
            &[11, 9, 0b1001_0001, 6, 9],
        ];
        for delta in wrong {
            assert_eq!(apply(base, delta), None, "{delta:?}");
        }
    }
}
