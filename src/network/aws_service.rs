//! The AWS services that a cluster's nodes call before any pod runs, and the names of these.

use super::name::{Domain, Label, Name};
use super::nodes::NodeKind;
use super::{Tri, VpcEndpoint};

/// A service
/// (<https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AwsService {
    /// Nodes and the VPC CNI ask it for their interfaces.
    Ec2,
    /// Gives the tokens with which images are pulled.
    EcrApi,
    /// Gives the manifests of images.
    EcrDkr,
    /// Holds the layers of images.
    S3,
}

impl AwsService {
    /// What nodes cannot do without: Fargate attaches the interfaces of its pods itself.
    pub fn needed_by(kind: NodeKind) -> &'static [Self] {
        match kind {
            NodeKind::Group => &[Self::Ec2, Self::EcrApi, Self::EcrDkr, Self::S3],
            NodeKind::Fargate => &[Self::EcrApi, Self::EcrDkr, Self::S3],
        }
    }

    /// The end of the service's name: `ecr.api` of `com.amazonaws.us-east-1.ecr.api`.
    pub fn short(self) -> &'static str {
        match self {
            Self::Ec2 => "ec2",
            Self::EcrApi => "ecr.api",
            Self::EcrDkr => "ecr.dkr",
            Self::S3 => "s3",
        }
    }

    /// The name that is asked for in a Region.
    pub fn host_name(self, region: &Label) -> Name {
        let china = matches!(region, Label::Text(text) if text.starts_with("cn-"));
        let mut labels: Vec<_> =
            self.short().rsplit('.').map(|label| Label::Text(label.into())).collect();
        labels.push(region.clone());
        labels.extend(Name::new(if china { "amazonaws.com.cn" } else { "amazonaws.com" }).0);
        Name(labels)
    }
}

impl VpcEndpoint {
    /// The Region that the name of its service tells: the endpoint's own, unless it says otherwise.
    pub fn service_region(&self) -> Option<&Label> {
        let Ok(Some(Domain::Name(name))) = self.service.get() else { return None };
        let labels = match name.0.as_slice() {
            [Label::Text(cn), rest @ ..] if &**cn == "cn" => rest,
            all => all,
        };
        match labels {
            [Label::Text(com), Label::Text(amazonaws), region, _, ..]
                if (&**com, &**amazonaws) == ("com", "amazonaws") && !self.elsewhere =>
            {
                Some(region)
            }
            _ => None,
        }
    }

    /// Whether an endpoint is one of a service.
    pub fn leads_to(&self, service: AwsService) -> Tri {
        let name = match self.service.get() {
            Ok(Some(Domain::Name(name))) => name,
            Ok(_) => return Tri::No,
            Err(unknown) => return Tri::Maybe(unknown),
        };
        let open = || name.unknown().map_or(Tri::No, Tri::Maybe);
        let labels = name.0.as_slice();
        let labels = match labels {
            [Label::Text(cn), rest @ ..] if &**cn == "cn" => rest,
            all => all,
        };
        let wanted: Vec<_> = service.short().split('.').collect();
        match labels {
            [.., Label::Open(_)] => open(),
            [Label::Text(com), Label::Text(amazonaws), _, own @ ..]
                if (&**com, &**amazonaws) == ("com", "amazonaws") =>
            {
                let same = |(label, wanted): (&Label, &&str)| matches!(label, Label::Text(text) if **text == **wanted);
                let equal = own.len() == wanted.len() && own.iter().zip(&wanted).all(same);
                equal.into()
            }
            _ => open(),
        }
    }
}
