//! Where the simulation is known to differ from what is seen, one comparison at a time, and why.

use crate::bed::Seen;
use crate::probe::Heard;
use crate::topology::{CAMPUS_SERVERS, Topology};

/// A reason, and whether it explains a comparison: by its key, which is that of what was seen.
type Known = (&'static str, fn(&Topology, &Seen, &str) -> bool);

const KNOWN: &[Known] =
    &[("the way of hosts to the campus's name servers is not walked", |topology, seen, key| {
        (0..topology.vpcs.len()).any(|vpc| {
            let servers = &topology.vpcs[vpc].servers;
            let campus = servers.iter().any(|one| CAMPUS_SERVERS.contains(&one.as_str()));
            let silent = || seen.names[key].iter().flatten().any(|one| *one == Heard::Failure);
            campus && key.starts_with(&format!("vpc{vpc} ")) && silent()
        })
    })];

/// Why the simulation differs in a comparison, if that is known.
pub(crate) fn explain(topology: &Topology, seen: &Seen, key: &str) -> Option<&'static str> {
    KNOWN.iter().find(|(_, explains)| explains(topology, seen, key)).map(|(reason, _)| *reason)
}
