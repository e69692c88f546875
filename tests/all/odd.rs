//! Code that is hard to show: names of any kind, an estate of hundreds of VPCs.

/// Names that mean something to those who draw or show them.
pub(crate) const HOSTILE: [&str; 5] = [
    "</script><script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "\u{202e}txt.exe\u{2066}",
    "\u{1f512}\u{1f469}\u{200d}\u{1f4bb}",
    "--><!-- ]]> &lt; %lt; #59; \\n $(x) `y`",
];

/// A fixture with an instance of any name, as Terraform.
pub(crate) fn hostile(name: &str) -> String {
    let text = include_str!("../../fixtures/missing-peering-route/flag-return.tf");
    let name = name.replace('\\', "\\\\").replace('"', "\\\"");
    let name = name.replace("${", "$${").replace("%{", "%%{");
    let text = text.replace(
        "resource \"aws_vpc\" \"client\" {",
        &format!("resource \"aws_vpc\" \"client\" {{\n  for_each = toset([\"{name}\"])"),
    );
    text.replace("aws_vpc.client.", &format!("aws_vpc.client[\"{name}\"]."))
}

/// The address of that instance.
pub(crate) fn address(name: &str) -> String {
    format!("aws_vpc.client[\"{}\"]", name.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A hub with many spokes: each has its peering with the hub, some have a cluster, in some the route back is missing.
pub(crate) fn estate(vpcs: usize, clusters: usize) -> String {
    use std::fmt::Write as _;
    let mut text = String::from(
        "resource \"aws_vpc\" \"hub\" {\n  cidr_block = \"10.0.0.0/16\"\n}\nresource \"aws_subnet\" \"hub\" {\n  count = 2\n  \
         vpc_id = aws_vpc.hub.id\n  cidr_block = cidrsubnet(\"10.0.0.0/16\", 8, count.index)\n  availability_zone = \
         [\"eu-central-1a\", \"eu-central-1b\"][count.index]\n}\nresource \"aws_route_table\" \"hub\" {\n  vpc_id = \
         aws_vpc.hub.id\n}\nresource \"aws_route_table_association\" \"hub\" {\n  count = 2\n  subnet_id = \
         aws_subnet.hub[count.index].id\n  route_table_id = aws_route_table.hub.id\n}\n",
    );
    for at in 0..vpcs {
        let block = format!("10.{}.{}.0/24", 1 + at / 250, at % 250);
        let back = if at % 7 == 3 { "10.200.0.0/16" } else { "10.0.0.0/16" };
        write!(
            text,
            "resource \"aws_vpc\" \"spoke{at}\" {{\n  cidr_block = \"{block}\"\n  enable_dns_hostnames = true\n}}\n\
             resource \"aws_subnet\" \"spoke{at}\" {{\n  count = 2\n  vpc_id = aws_vpc.spoke{at}.id\n  cidr_block = \
             cidrsubnet(\"{block}\", 2, count.index)\n  availability_zone = [\"eu-central-1a\", \
             \"eu-central-1b\"][count.index]\n}}\nresource \"aws_vpc_peering_connection\" \"spoke{at}\" {{\n  vpc_id = \
             aws_vpc.hub.id\n  peer_vpc_id = aws_vpc.spoke{at}.id\n  auto_accept = true\n}}\nresource \"aws_route\" \
             \"to{at}\" {{\n  route_table_id = aws_route_table.hub.id\n  destination_cidr_block = \"{block}\"\n  \
             vpc_peering_connection_id = aws_vpc_peering_connection.spoke{at}.id\n}}\nresource \"aws_route_table\" \
             \"spoke{at}\" {{\n  vpc_id = aws_vpc.spoke{at}.id\n  route {{\n    cidr_block = \"{back}\"\n    \
             vpc_peering_connection_id = aws_vpc_peering_connection.spoke{at}.id\n  }}\n}}\nresource \
             \"aws_route_table_association\" \"spoke{at}\" {{\n  count = 2\n  subnet_id = \
             aws_subnet.spoke{at}[count.index].id\n  route_table_id = aws_route_table.spoke{at}.id\n}}\n"
        )
        .unwrap();
        if at < clusters {
            write!(
                text,
                "resource \"aws_eks_cluster\" \"c{at}\" {{\n  name = \"c{at}\"\n  role_arn = \
                 \"arn:aws:iam::123456789012:role/eks\"\n  vpc_config {{\n    subnet_ids = aws_subnet.spoke{at}[*].id\n    \
                 endpoint_private_access = true\n    endpoint_public_access = false\n  }}\n}}\nresource \
                 \"aws_vpc_security_group_ingress_rule\" \"c{at}\" {{\n  security_group_id = \
                 aws_eks_cluster.c{at}.vpc_config[0].cluster_security_group_id\n  cidr_ipv4 = \"10.0.0.0/16\"\n  \
                 ip_protocol = \"tcp\"\n  from_port = 443\n  to_port = 443\n}}\n"
            )
            .unwrap();
        }
    }
    text
}
