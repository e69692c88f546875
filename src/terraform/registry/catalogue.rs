//! Which modules are known: those with summaries, and those that do not matter.

use std::sync::{LazyLock, OnceLock};

use super::version::{Constraint, Version};
use crate::source::Sources;
use crate::terraform::parse;
use crate::terraform::syntax::Body;

/// A summary of some versions of a module.
#[derive(Debug)]
pub(in crate::terraform) struct Entry {
    /// The name that the module goes by.
    pub(super) module: String,
    /// The versions that it holds for.
    pub(super) versions: Constraint,
    /// Names the summary and tells it from every other, and from every folder.
    pub(super) name: String,
    texts: &'static [&'static str],
    parsed: OnceLock<Vec<Body>>,
}

impl Entry {
    fn known(module: &str, from: Version, below: Version, texts: &'static [&'static str]) -> Self {
        let (major, minor, patch) = from;
        Self {
            module: module.to_owned(),
            versions: Constraint::between(from, below),
            name: format!("{module} from {major}.{minor}.{patch}"),
            texts,
            parsed: OnceLock::new(),
        }
    }

    /// A summary of the user's, of a folder.
    pub(super) fn own(
        module: String,
        versions: Constraint,
        bodies: Vec<Body>,
        folder: &str,
    ) -> Self {
        let name = format!("{module} by {folder}");
        Self { module, versions, name, texts: &[], parsed: OnceLock::from(bodies) }
    }

    /// The syntax of the summary, whose places mean nothing.
    pub(super) fn bodies(&self) -> &[Body] {
        self.parsed.get_or_init(|| {
            let nowhere = Sources::default().add("", "");
            self.texts.iter().map(|text| parse::file(nowhere, text).body).collect()
        })
    }

    #[cfg(test)]
    pub(super) fn texts(&self) -> &[&str] {
        self.texts
    }
}

macro_rules! summaries {
    ($($module:literal, $from:expr, $below:expr, [$($file:literal),+];)*) => {
        /// Every summary; those of one module in the order of their versions.
        pub(super) static SUMMARIES: LazyLock<Vec<Entry>> = LazyLock::new(|| vec![$(Entry::known(
            $module,
            $from,
            $below,
            &[$(include_str!(concat!("summaries/", $file))),+],
        )),*]);
    };
}

const LAST: Version = (u64::MAX, 0, 0);

summaries! {
    "terraform-aws-modules/vpc/aws", (2, 48, 0), (4, 0, 0),
        ["vpc/main.tf", "vpc/tiers.tf", "vpc/acl.tf", "vpc/outputs.tf", "vpc/2.tf"];
    "terraform-aws-modules/vpc/aws", (4, 0, 2), (5, 1, 2),
        ["vpc/main.tf", "vpc/tiers.tf", "vpc/acl.tf", "vpc/outputs.tf", "vpc/4.tf", "vpc/4-only.tf"];
    "terraform-aws-modules/vpc/aws", (5, 1, 2), (5, 7, 1),
        ["vpc/main.tf", "vpc/tiers.tf", "vpc/acl.tf", "vpc/outputs.tf", "vpc/4.tf", "vpc/5-1.tf"];
    "terraform-aws-modules/vpc/aws", (5, 7, 1), LAST,
        ["vpc/main.tf", "vpc/tiers.tf", "vpc/acl.tf", "vpc/outputs.tf", "vpc/4.tf", "vpc/5.tf"];
    "terraform-aws-modules/eks/aws", (17, 14, 0), (18, 0, 0), ["eks/17.tf"];
    "terraform-aws-modules/eks/aws", (18, 0, 0), (19, 0, 0),
        ["eks/main.tf", "eks/names-18.tf", "eks/18.tf"];
    "terraform-aws-modules/eks/aws", (19, 0, 0), (20, 8, 2),
        ["eks/main.tf", "eks/names-18.tf", "eks/19.tf", "eks/19-only.tf"];
    "terraform-aws-modules/eks/aws", (20, 8, 2), (21, 0, 0),
        ["eks/main.tf", "eks/names-18.tf", "eks/19.tf", "eks/20.tf"];
    "terraform-aws-modules/eks/aws", (21, 0, 0), LAST, ["eks/main.tf", "eks/21.tf"];
    "terraform-aws-modules/security-group/aws", (3, 0, 0), (5, 1, 0),
        ["security-group/main.tf", "security-group/ingress.tf", "security-group/egress.tf",
         "security-group/4.tf", "security-group/rules-4.tf"];
    "terraform-aws-modules/security-group/aws", (5, 1, 0), (5, 2, 0),
        ["security-group/main.tf", "security-group/ingress.tf", "security-group/egress.tf",
         "security-group/4.tf", "security-group/rules-4.tf", "security-group/5-1.tf"];
    "terraform-aws-modules/security-group/aws", (5, 2, 0), LAST,
        ["security-group/main.tf", "security-group/ingress.tf", "security-group/egress.tf",
         "security-group/5.tf", "security-group/rules-5.tf"];
    "terraform-aws-modules/transit-gateway/aws", (2, 3, 0), (2, 4, 0),
        ["transit-gateway/main.tf", "transit-gateway/2.tf", "transit-gateway/ipv4.tf"];
    "terraform-aws-modules/transit-gateway/aws", (2, 4, 0), (2, 6, 0),
        ["transit-gateway/main.tf", "transit-gateway/2-4.tf", "transit-gateway/ipv4.tf"];
    "terraform-aws-modules/transit-gateway/aws", (2, 6, 0), (2, 12, 1),
        ["transit-gateway/main.tf", "transit-gateway/2-6.tf", "transit-gateway/ipv4.tf"];
    "terraform-aws-modules/transit-gateway/aws", (2, 12, 1), LAST,
        ["transit-gateway/main.tf", "transit-gateway/2-6.tf", "transit-gateway/ipv6.tf"];
    "terraform-aws-modules/vpc/aws//modules/vpc-endpoints", (3, 0, 0), LAST,
        ["vpc-endpoints.tf"];
    "terraform-aws-modules/route53/aws//modules/resolver-endpoints", (3, 1, 0), (4, 0, 0),
        ["route53/resolver-endpoints-3.tf"];
    "terraform-aws-modules/route53/aws//modules/resolver-endpoints", (4, 1, 0), (6, 0, 0),
        ["route53/resolver-endpoints-4.tf"];
    "terraform-aws-modules/route53/aws//modules/resolver-endpoint", (6, 0, 0), LAST,
        ["route53/resolver-endpoint-6.tf"];
    "terraform-aws-modules/route53/aws//modules/resolver-rule-associations", (2, 0, 0), (6, 0, 0),
        ["route53/resolver-rule-associations.tf"];
    "terraform-aws-modules/route53/aws//modules/zones", (2, 8, 2), (6, 0, 0),
        ["route53/zones.tf"];
    "aws-ia/vpc/aws", (3, 0, 0), (3, 0, 2),
        ["aws-ia-vpc/main.tf", "aws-ia-vpc/types.tf", "aws-ia-vpc/tables-3.tf", "aws-ia-vpc/4.tf",
         "aws-ia-vpc/no-wan.tf"];
    "aws-ia/vpc/aws", (3, 0, 2), (4, 0, 0),
        ["aws-ia-vpc/main.tf", "aws-ia-vpc/types.tf", "aws-ia-vpc/tables-3.tf", "aws-ia-vpc/4.tf",
         "aws-ia-vpc/wan.tf"];
    "aws-ia/vpc/aws", (4, 0, 0), (4, 4, 3),
        ["aws-ia-vpc/main.tf", "aws-ia-vpc/types.tf", "aws-ia-vpc/tables.tf", "aws-ia-vpc/4.tf",
         "aws-ia-vpc/wan.tf"];
    "aws-ia/vpc/aws", (4, 4, 3), (4, 7, 0),
        ["aws-ia-vpc/main.tf", "aws-ia-vpc/types.tf", "aws-ia-vpc/tables.tf", "aws-ia-vpc/4-4.tf",
         "aws-ia-vpc/wan.tf"];
    "aws-ia/vpc/aws", (4, 7, 0), LAST,
        ["aws-ia-vpc/main.tf", "aws-ia-vpc/types.tf", "aws-ia-vpc/tables.tf", "aws-ia-vpc/4-7.tf",
         "aws-ia-vpc/wan.tf"];
    "aws-ia/network-hubandspoke/aws", (2, 0, 0), (3, 0, 0),
        ["hub/main.tf", "hub/routes.tf", "hub/subnets.tf", "hub/vpcs-2.tf", "hub/2.tf", "hub/all.tf"];
    "aws-ia/network-hubandspoke/aws", (3, 0, 0), (3, 0, 1),
        ["hub/main.tf", "hub/routes.tf", "hub/subnets.tf", "hub/vpcs-3.tf", "hub/2.tf", "hub/all.tf"];
    "aws-ia/network-hubandspoke/aws", (3, 0, 1), (3, 1, 0),
        ["hub/main.tf", "hub/routes.tf", "hub/subnets.tf", "hub/vpcs-3.tf", "hub/egress.tf",
         "hub/all.tf"];
    "aws-ia/network-hubandspoke/aws", (3, 1, 0), LAST,
        ["hub/main.tf", "hub/routes.tf", "hub/subnets.tf", "hub/vpcs-3.tf", "hub/egress.tf",
         "hub/3-1.tf"];
    "cloudposse/label/null", (0, 24, 0), LAST, ["label.tf"];
    "cloudposse/eks-cluster/aws", (4, 0, 0), LAST, ["cloudposse-eks-cluster.tf"];
    "lgallard/route53-resolver-rules/aws", (0, 1, 0), (0, 1, 5),
        ["route53/resolver-rules-0.tf", "route53/resolver-rules-0-1.tf"];
    "lgallard/route53-resolver-rules/aws", (0, 1, 5), (0, 5, 0),
        ["route53/resolver-rules-0.tf", "route53/resolver-rules-0-2.tf"];
    "lgallard/route53-resolver-rules/aws", (0, 5, 0), LAST, ["route53/resolver-rules-5.tf"];
}

/// Modules that make nothing that the model reads, and are told of things only to hand them on to what
/// the model does not read either: identities, keys, buckets, hosts with groups of their own, charts,
/// names. A name that ends in `/` stands for everything below it.
const IRRELEVANT: &[&str] = &[
    "aws-ia/eks-blueprints-addon/aws",
    "aws-ia/eks-blueprints-addons/aws",
    "aws-ia/eks-blueprints-teams/aws",
    "aws-ia/label/aws",
    "cloudposse/eks-iam-role/aws",
    "cloudposse/eks-node-group/aws",
    "drewmullen/subnets/cidr",
    "clowdhaus/ebs-snapshot-builder/aws",
    "gitops-bridge-dev/gitops-bridge-argocd-bootstrap-terraform",
    "terraform-aws-modules/alb/aws",
    "terraform-aws-modules/autoscaling/aws",
    "terraform-aws-modules/cloudfront/aws",
    "terraform-aws-modules/cloudwatch/aws//",
    "terraform-aws-modules/dynamodb-table/aws",
    "terraform-aws-modules/ec2-instance/aws",
    "terraform-aws-modules/ecr/aws",
    "terraform-aws-modules/efs/aws",
    "terraform-aws-modules/eks-pod-identity/aws",
    "terraform-aws-modules/eks/aws//modules/",
    "terraform-aws-modules/eventbridge/aws",
    "terraform-aws-modules/iam/aws//",
    "terraform-aws-modules/key-pair/aws",
    "terraform-aws-modules/kms/aws",
    "terraform-aws-modules/lambda/aws",
    "terraform-aws-modules/rds/aws",
    "terraform-aws-modules/s3-bucket/aws",
    "terraform-aws-modules/secrets-manager/aws",
    "terraform-aws-modules/sns/aws",
    "terraform-aws-modules/sqs/aws",
    "terraform-aws-modules/ssm-parameter/aws",
];

/// Whether a module is known not to matter.
pub(super) fn is_irrelevant(module: &str) -> bool {
    IRRELEVANT
        .iter()
        .any(|known| module == *known || (known.ends_with('/') && module.starts_with(known)))
}
