//! Where the simulation is known to differ from what is seen, one comparison at a time, and why.

use crate::bed::Seen;
use crate::probe::Heard;
use crate::topology::{AMAZON, CAMPUS_NAME, Topology};

/// A reason, and whether it explains a comparison: by its key, which is that of what was seen.
type Known = (&'static str, fn(&Topology, &Seen, &str) -> bool);

const KNOWN: &[Known] = &[
    // A limit of the bed, which has few names: its public DNS says the same as a private zone.
    ("no code tells that public DNS does not know the name either", |topology, seen, key| {
        let mixed = servers(topology, key).iter().any(|one| one == AMAZON);
        let none = || heard(seen, key).all(|one| *one == Heard::NxDomain);
        mixed && key.ends_with(CAMPUS_NAME) && none()
    }),
];

/// The name servers of the VPC whose hosts ask.
fn servers<'a>(topology: &'a Topology, key: &str) -> &'a [String] {
    let asks = |vpc: &usize| key.starts_with(&format!("vpc{vpc} "));
    (0..topology.vpcs.len()).find(asks).map_or(&[], |vpc| &topology.vpcs[vpc].servers)
}

fn heard<'a>(seen: &'a Seen, key: &str) -> impl Iterator<Item = &'a Heard> {
    seen.names.get(key).into_iter().flatten().flatten()
}

/// Why the simulation differs in a comparison, if that is known.
pub(crate) fn explain(topology: &Topology, seen: &Seen, key: &str) -> Option<&'static str> {
    KNOWN.iter().find(|(_, explains)| explains(topology, seen, key)).map(|(reason, _)| *reason)
}
