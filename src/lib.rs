//! Reads Terraform and CloudFormation and tells whether the API name of a private EKS
//! cluster resolves, and is reachable, from where it is needed.

pub mod checks;
pub mod dns;
pub mod finding;
pub mod graph;
pub mod network;
pub mod reach;
pub mod source;
pub mod trace;
pub mod unknown;
