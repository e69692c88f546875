//! A design in writing: its files, and where in them each of its blocks stands.

use std::collections::BTreeMap;
use std::ops::Range;

use super::model::Address;

/// The place of what is scribbled into the files.
const SCRIBBLE: &str = "@";

const ACCOUNTS: [(&str, &str, &str); 2] =
    [("one", "111122223333", "10.101.0.0/16"), ("two", "444455556666", "10.102.0.0/16")];

fn account((name, number, block): (&str, &str, &str)) -> String {
    format!(
        "provider \"aws\" {{\n  alias = \"{name}\"\n  region = \"us-east-1\"\n  assume_role {{\n    role_arn = \
         \"arn:aws:iam::{number}:role/network\"\n  }}\n}}\nresource \"aws_vpc\" \"{name}\" {{\n  provider = \
         aws.{name}\n  cidr_block = \"{block}\"\n  enable_dns_hostnames = true\n}}\n"
    )
}

const ZONE: &str = r#"resource "aws_route53_zone" "one" {
  provider = aws.one
  name = "one.example"
  vpc {
    vpc_id = aws_vpc.one.id
  }
  lifecycle {
    ignore_changes = [vpc]
  }
}
"#;

const ZONE_ASSOCIATION: &str = r#"resource "aws_route53_zone_association" "two" {
  provider = aws.two
  zone_id = aws_route53_zone.one.zone_id
  vpc_id = aws_vpc.two.id
}
"#;

#[derive(Debug, Clone, Default)]
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

    /// With a fault of the files themselves; none where the language has no words for it.
    pub(super) fn scribbled(mut self, what: &str) -> Option<Self> {
        let file = self.files.keys().next_back()?.clone();
        let json = std::path::Path::new(&file).extension() == Some("json".as_ref());
        let terraform = file.contains(".tf");
        // In the part that has the cluster.
        let file =
            self.files.keys().rfind(|name| name.contains("cluster")).cloned().unwrap_or(file);
        let text = match what {
            "a broken block" if json => ",",
            "a broken block" if terraform => {
                "resource \"aws_vpc\" \"broken\" {\n  cidr_block =\n}\n"
            }
            "a broken block" => "  Broken: {Type: \"AWS::EC2::VPC\"\n",
            "a module of elsewhere" if json => return None,
            "a module of elsewhere" if terraform => {
                "module \"elsewhere\" {\n  source = \"git::https://git.example/elsewhere.git\"\n  cluster = aws_eks_cluster.main.arn\n}\n"
            }
            "a module of elsewhere" => {
                "  Elsewhere: {Type: \"AWS::CloudFormation::Stack\", Properties: {TemplateURL: \"https://s3.example/a.yaml\", Parameters: {Of: !Ref EksClusterMain}}}\n"
            }
            "a comment that ignores nothing" if json => return None,
            "a comment that ignores nothing" => {
                "# eksdns-lint: ignore[forwarding-loop] for no reason\n"
            }
            "a zone of one account, associated in another" if json || !terraform => return None,
            "a zone of one account, associated in another" => {
                self.add(&file, &ACCOUNTS.map(account).concat());
                self.add(&file, ZONE);
                ZONE_ASSOCIATION
            }
            "an assertion that does not hold" => {
                let cluster = if self.files.contains_key("modules/cluster/main.tf") {
                    "module.cluster.aws_eks_cluster.main"
                } else if self.files.contains_key("root.yaml") {
                    "Cluster.EksClusterMain"
                } else if terraform {
                    "aws_eks_cluster.main"
                } else {
                    "EksClusterMain"
                };
                let text =
                    format!("must-reach = [{{ from = \"on-premises\", to = \"{cluster}\" }}]\n");
                self.put("eksdns-lint.toml", [SCRIBBLE], &text);
                return Some(self);
            }
            other => panic!("{other}"),
        };
        self.put(&file, [SCRIBBLE], text);
        Some(self)
    }
}
