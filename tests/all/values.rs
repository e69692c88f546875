//! What is known of each attribute.

use crate::support::Tree;

#[test]
fn each_attribute_has_a_value_or_a_reason() {
    let text = "variable \"zone\" {}\nresource \"aws_vpc\" \"v\" {\n  cidr_block = \"10.0.0.0/16\"\n}\n\
                resource \"aws_subnet\" \"s\" {\n  vpc_id = aws_vpc.v.id\n  cidr_block = \
                cidrsubnet(aws_vpc.v.cidr_block, 8, 1)\n  availability_zone = var.zone\n}\n\
                resource \"aws_s3_bucket\" \"b\" {\n  bucket = \"b\"\n}\n";
    let ran = Tree::new(&[("main.tf", text)]).run(&["--explain-values"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    assert_eq!(
        ran.stdout,
        "main.tf:2 aws_vpc.v\n  main.tf:3 cidr_block = \"10.0.0.0/16\"\n\
         main.tf:5 aws_subnet.s\n  main.tf:8 availability_zone: var.zone has no value in the code\n  \
         main.tf:7 cidr_block = \"10.0.1.0/24\"\n  main.tf:6 vpc_id = aws_vpc.v.id\n\
         3 of 4 attributes decided (75.0 %)\n"
    );
}
