//! A design in writing: its files, and where in them each of its blocks stands.

use std::collections::BTreeMap;
use std::ops::Range;

use super::model::Address;

#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) files: BTreeMap<String, String>,
    places: BTreeMap<Address, Vec<(String, Range<usize>)>>,
}

impl Written {
    /// Adds a text that is no block.
    pub(super) fn add(&mut self, file: &str, text: &str) {
        *self.files.entry(file.to_owned()).or_default() += text;
    }

    /// Adds the text of some blocks, or of a part of them.
    pub(super) fn put<'a>(
        &mut self,
        file: &str,
        addresses: impl IntoIterator<Item = &'a str>,
        text: &str,
    ) {
        let start = self.files.get(file).map_or(0, String::len);
        self.add(file, text);
        let range = start..start + text.len();
        for address in addresses {
            let places = self.places.entry(address.to_owned()).or_default();
            places.push((file.to_owned(), range.clone()));
        }
    }

    /// Whether a place of a file is one of a block.
    pub(super) fn is_at(&self, address: &str, file: &str, start: usize) -> bool {
        let places = self.places.get(address);
        places.is_some_and(|all| all.iter().any(|(own, at)| own == file && at.contains(&start)))
    }
}
