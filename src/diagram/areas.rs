//! The boxes around groups: each root, Region and account once, with all that stands in it.

use super::picture::Picture;

/// A box, or the sheet itself.
#[derive(Debug, Default)]
pub(super) struct Area<'p> {
    /// As the picture calls it; nothing for the sheet.
    pub(super) name: &'p str,
    /// The groups that stand in no narrower box, by their places in the picture.
    pub(super) groups: Vec<usize>,
    /// The boxes inside.
    pub(super) inside: Vec<Area<'p>>,
}

impl Picture {
    /// The sheet with all boxes.
    pub(super) fn sheet(&self) -> Area<'_> {
        let mut sheet = Area::default();
        for (at, group) in self.groups.iter().enumerate() {
            let mut area = &mut sheet;
            for name in &group.areas {
                let found = area.inside.iter().position(|one| one.name == name);
                let found = found.unwrap_or_else(|| {
                    area.inside.push(Area { name, ..Area::default() });
                    area.inside.len() - 1
                });
                area = &mut area.inside[found];
            }
            area.groups.push(at);
        }
        sheet
    }
}

impl Area<'_> {
    /// How many boxes stand in each other, this one not counted.
    pub(super) fn levels(&self) -> usize {
        self.inside.iter().map(|area| area.levels() + 1).max().unwrap_or_default()
    }
}
