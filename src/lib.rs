//! Reads Terraform and CloudFormation and tells whether the API name of a private EKS
//! cluster resolves, and is reachable, from where it is needed.

pub mod finding;
pub mod graph;
pub mod source;
pub mod terraform;
pub mod unknown;
