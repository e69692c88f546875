//! Ways to write the same design: switches and their defaults, choices between values, loops.

use proptest::prelude::*;
use regex::Regex;

use super::topology::Blocks;

/// How a design is written, in both languages alike.
#[derive(Debug, Clone)]
pub(super) struct Style {
    /// What nothing names stands under a switch that is on: `Condition`, or `count`.
    switched: bool,
    /// Flags are a choice between what they are and the opposite.
    chosen: bool,
    /// The subnets of a VPC and their tables come from a loop.
    looped: Loop,
    /// A faulty rule stands under a switch that is off.
    ghost: bool,
}

/// `Fn::ForEach`, and what Terraform has for it.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Loop {
    None,
    Count,
    ForEach,
}

pub(super) fn styles() -> impl Strategy<Value = Style> {
    let looped = prop_oneof![Just(Loop::None), Just(Loop::Count), Just(Loop::ForEach)];
    (any::<bool>(), any::<bool>(), looped, any::<bool>())
        .prop_map(|(switched, chosen, looped, ghost)| Style { switched, chosen, looped, ghost })
}

fn replaced(text: &str, pattern: &str, with: &str) -> String {
    Regex::new(pattern).unwrap().replace_all(text, with).into_owned()
}

/// Of each pair of subnets the first, as a loop over both.
fn loops(blocks: Blocks, first: &str, second: &str, looped: impl Fn(&str) -> String) -> Blocks {
    let (first, second) = (Regex::new(first).unwrap(), Regex::new(second).unwrap());
    let kept = blocks.into_iter().filter(|block| !second.is_match(block));
    kept.map(|block| if first.is_match(&block) { looped(&block) } else { block }).collect()
}

impl Style {
    pub(super) fn terraform(&self, mut blocks: Blocks) -> String {
        if self.looped != Loop::None {
            let (head, key, index) = match self.looped {
                Loop::ForEach => ("for_each = toset([\"0\", \"1\"])", "each.key", "[\"$2\"]"),
                Loop::None | Loop::Count => ("count = 2", "count.index", "[$2]"),
            };
            let of = |digit| {
                format!(r#"resource "aws_(subnet|route_table_association)" "(client|eks){digit}""#)
            };
            let looped = |block: &str| {
                let block =
                    replaced(block, r#""(client|eks)0" \{"#, &format!("\"$1\" {{\n  {head}"));
                let block = replaced(&block, r"(10\.\d)\.0\.0/24", &format!("$1.$${{{key}}}.0/24"));
                replaced(&block, r"aws_subnet\.(client|eks)0", &format!("aws_subnet.$1[{key}]"))
            };
            blocks = loops(blocks, &of(0), &of(1), looped);
            let index = format!("aws_subnet.$1{index}");
            let named = |block: &String| replaced(block, r"aws_subnet\.(client|eks)(\d)", &index);
            blocks = blocks.iter().map(named).collect();
        }
        let mut text = blocks.join("\n");
        if self.switched {
            let free = "(resource \"aws_(route|route53_resolver_rule_association|route53profiles_association|\
                        vpc_dhcp_options_association|vpc_security_group_\\w+_rule)\" .*\\{\n)";
            text = replaced(&text, free, "$1  count = var.on ? 1 : 0\n");
        }
        if self.chosen {
            let flags = r"(enable_dns_hostnames|endpoint_\w+_access) = (true|false)";
            text = replaced(&text, flags, "$1 = local.on == \"yes\" ? $2 : !$2");
        }
        if self.ghost {
            text += "resource \"aws_route53_resolver_rule\" \"ghost\" {\n  count = var.on ? 0 : 1\n  \
                     domain_name = \"https://corp.example\"\n  rule_type = \"FORWARD\"\n  target_ip {\n    \
                     ip = \"10.2.0.10\"\n  }\n}\n";
        }
        text + "variable \"on\" {\n  default = true\n}\nlocals {\n  on = var.on ? \"yes\" : \"no\"\n}\n"
    }

    pub(super) fn cloudformation(&self, mut blocks: Blocks) -> String {
        if self.looped != Loop::None {
            let of = |digit| format!(r"^  (Client|Eks){digit}(In)?:");
            let looped = |block: &str| {
                let name = block.trim().split(':').next().unwrap_or_default().replace('0', "");
                let block = replaced(block, r"^  (Client|Eks)0(In)?:", "  '$1$${N}$2':");
                let block = replaced(&block, r"(10\.\d)\.0\.0/24", "!Sub '$1.$${N}.0/24'");
                // The name of a subnet can be made in a text alone.
                let block = replaced(&block, r"!Ref (Client|Eks)0", "!Ref {'Fn::Sub': '$1$${N}'}");
                let body = block.replace('\n', "\n      ");
                format!(
                    "  Fn::ForEach::{name}s:\n    - N\n    - [0, 1]\n    -\n      {}\n",
                    body.trim_end()
                )
            };
            blocks = loops(blocks, &of(0), &of(1), looped);
        }
        let mut text = blocks.concat();
        if self.switched {
            let free = r"(\n +)(Type: AWS::(EC2::Route|Route53Resolver::ResolverRuleAssociation|Route53Profiles::ProfileAssociation|EC2::VPCDHCPOptionsAssociation|EC2::SecurityGroup\w+gress)\n)";
            text = replaced(&text, free, "${1}Condition: IsOn${1}$2");
        }
        if self.chosen {
            for (own, other) in [("true", "false"), ("false", "true")] {
                let flags = format!(r"(EnableDnsHostnames|Endpoint\w+Access): {own}");
                text = replaced(&text, &flags, &format!("$1: !If [IsOn, {own}, {other}]"));
            }
        }
        if self.ghost {
            text += "  Ghost:\n    Type: AWS::Route53Resolver::ResolverRule\n    Condition: IsOff\n    Properties: \
                     {DomainName: 'https://corp.example', RuleType: FORWARD, TargetIps: [{Ip: 10.2.0.10}]}\n";
        }
        format!(
            "Transform: AWS::LanguageExtensions\nParameters:\n  On: {{Type: String, Default: 'yes'}}\nConditions:\n  \
             IsOn: !Equals [!Ref On, 'yes']\n  IsOff: !Not [!Condition IsOn]\nResources:\n{text}"
        )
    }
}
