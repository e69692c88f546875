//! Calls on which summaries and real modules are compared.

/// A call.
pub(super) struct Case {
    /// Names the record.
    pub(super) name: &'static str,
    pub(super) source: &'static str,
    pub(super) version: &'static str,
    /// Where the real module is, among those checked out.
    pub(super) folder: &'static str,
    pub(super) arguments: &'static str,
    /// What the arguments refer to.
    pub(super) around: &'static str,
}

const VPC: &str = "terraform-aws-modules/vpc/aws";
const EKS: &str = "terraform-aws-modules/eks/aws";
const GROUP: &str = "terraform-aws-modules/security-group/aws";

const PLAIN: &str = r#"
  cidr               = "10.0.0.0/16"
  azs                = ["eu-west-1a", "eu-west-1b"]
  private_subnets    = ["10.0.1.0/24", "10.0.2.0/24"]
  public_subnets     = ["10.0.3.0/24", "10.0.4.0/24"]
  intra_subnets      = ["10.0.5.0/24", "10.0.6.0/24", "10.0.7.0/24"]
  enable_nat_gateway = true
"#;

const FULL: &str = r#"
  name                  = "n"
  cidr                  = "10.0.0.0/16"
  secondary_cidr_blocks = ["10.1.0.0/16"]
  azs                   = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
  private_subnets       = ["10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24"]
  public_subnets        = ["10.0.4.0/24", "10.0.5.0/24", "10.0.6.0/24"]
  database_subnets      = ["10.0.7.0/24", "10.0.8.0/24"]
  redshift_subnets      = ["10.0.9.0/24"]
  elasticache_subnets   = ["10.0.10.0/24"]
  intra_subnets         = ["10.0.11.0/24"]
  outpost_subnets       = ["10.0.12.0/24"]

  create_database_subnet_route_table     = true
  create_database_nat_gateway_route      = true
  create_elasticache_subnet_route_table  = true
  create_redshift_subnet_route_table     = true
  enable_public_redshift                 = true
  enable_nat_gateway                     = true
  single_nat_gateway                     = true
  enable_vpn_gateway                     = true
  propagate_private_route_tables_vgw     = true
  enable_ipv6                            = true
  enable_dhcp_options                    = true
  dhcp_options_domain_name_servers       = ["10.9.9.9"]
  enable_dns_support                     = false
  manage_default_security_group          = true
  manage_default_route_table             = true
  manage_default_vpc                     = true
  default_security_group_ingress         = [{ self = true }]
  default_route_table_routes             = [{ cidr_block = "10.2.0.0/16", transit_gateway_id = "tgw-1" }]
"#;

const OPEN: &str = r"
  cidr                   = var.cidr
  azs                    = data.aws_availability_zones.all.names
  private_subnets        = var.subnets
  public_subnets         = [cidrsubnet(var.cidr, 8, 1), cidrsubnet(var.cidr, 8, 2)]
  enable_nat_gateway     = var.nat
  one_nat_gateway_per_az = true
  enable_dns_hostnames   = var.names
";

const OPEN_AROUND: &str = r#"
variable "cidr" {}
variable "subnets" {}
variable "nat" {}
variable "names" {}
data "aws_availability_zones" "all" {}
"#;

const AROUND: &str = r#"
resource "aws_vpc" "v" {}
resource "aws_subnet" "s" {
  count  = 2
  vpc_id = aws_vpc.v.id
}
resource "aws_security_group" "g" { vpc_id = aws_vpc.v.id }
variable "rules" {}
"#;

const CLUSTER_17: &str = r#"
  cluster_name                                   = "c"
  vpc_id                                         = aws_vpc.v.id
  subnets                                        = aws_subnet.s[*].id
  cluster_endpoint_private_access                = true
  cluster_create_endpoint_private_access_sg_rule = true
  cluster_endpoint_private_access_cidrs          = ["10.0.0.0/8"]
  cluster_endpoint_private_access_sg             = [aws_security_group.g.id]
  worker_create_cluster_primary_security_group_rules = true
"#;

const CLUSTER_20: &str = r#"
  cluster_name                          = "c"
  vpc_id                                = aws_vpc.v.id
  subnet_ids                            = aws_subnet.s[*].id
  cluster_additional_security_group_ids = [aws_security_group.g.id]
  cluster_security_group_additional_rules = {
    remote = {
      type = "ingress", protocol = "tcp", from_port = 443, to_port = 443
      cidr_blocks = ["10.9.0.0/16"]
    }
    nodes = {
      type = "egress", protocol = "tcp", from_port = 1025, to_port = 65535
      source_node_security_group = true
    }
  }
  node_security_group_additional_rules = var.rules
"#;

const CLUSTER_21: &str = r#"
  name                          = "c"
  vpc_id                        = aws_vpc.v.id
  subnet_ids                    = aws_subnet.s[*].id
  endpoint_public_access        = true
  additional_security_group_ids = [aws_security_group.g.id]
  security_group_additional_rules = {
    remote = { from_port = 443, to_port = 443, cidr_blocks = ["10.9.0.0/16"] }
  }
  node_security_group_additional_rules = var.rules
"#;

const RULES: &str = r#"
  vpc_id              = aws_vpc.v.id
  ingress_cidr_blocks = ["10.0.0.0/8"]
  ingress_rules       = ["dns-tcp", "dns-udp", "https-443-tcp"]
  egress_rules        = ["all-all"]
  ingress_with_cidr_blocks = [
    { from_port = 1, to_port = 2, protocol = "tcp", cidr_blocks = "10.1.0.0/16,10.2.0.0/16" },
    { rule = "ssh-tcp" },
  ]
  ingress_with_self                     = [{ rule = "all-all" }]
  ingress_with_source_security_group_id = [{ rule = "http-80-tcp", source_security_group_id = aws_security_group.g.id }]
  computed_ingress_with_cidr_blocks           = var.rules
  number_of_computed_ingress_with_cidr_blocks = 1
  egress_with_cidr_blocks                     = var.rules
"#;

const ENDPOINT_4: &str = r#"
  vpc_id                             = aws_vpc.v.id
  subnet_ids                         = aws_subnet.s[*].id
  security_group_ingress_cidr_blocks = ["10.0.0.0/8"]
"#;

const ENDPOINT_6: &str = r#"
  vpc_id     = aws_vpc.v.id
  direction  = "OUTBOUND"
  ip_address = [{ subnet_id = aws_subnet.s[0].id, ip = "10.0.0.5" }, { subnet_id = aws_subnet.s[1].id }]
  security_group_ingress_rules = { a = { cidr_ipv4 = "10.0.0.0/8" } }
  security_group_egress_rules  = { a = { referenced_security_group_id = aws_security_group.g.id } }
  rules = {
    a = { domain_name = "a.example", rule_type = "FORWARD", target_ip = [{ ip = "10.1.1.1" }], vpc_id = aws_vpc.v.id }
    b = { domain_name = "b.example", rule_type = "SYSTEM" }
  }
"#;

const SHARED_RULES: &str = r#"
  resolver_endpoint_id = "rslvr-out-1"
  rules = [
    { domain_name = "a.example.", ips = ["10.0.0.1", "10.0.0.2:54"], vpc_ids = ["vpc-1", "vpc-2"], principals = ["1"] },
    { domain_name = "b.example.", ips = ["10.0.0.3"], vpc_ids = ["vpc-1"] },
  ]
"#;

macro_rules! cases {
    ($($name:literal, $source:expr, $version:literal, $folder:literal, $arguments:expr, $around:expr;)*) => {
        /// Every case.
        pub(super) const CASES: &[Case] = &[$(Case {
            name: $name,
            source: $source,
            version: $version,
            folder: $folder,
            arguments: $arguments,
            around: $around,
        }),*];
    };
}

cases! {
    "vpc-2-plain", VPC, "2.78.0", "terraform-aws-vpc/2.78.0", PLAIN, "";
    "vpc-3-plain", VPC, "3.19.0", "terraform-aws-vpc/3.19.0", PLAIN, "";
    "vpc-3-full", VPC, "3.19.0", "terraform-aws-vpc/3.19.0", FULL, "";
    "vpc-4-plain", VPC, "4.0.2", "terraform-aws-vpc/4.0.2", PLAIN, "";
    "vpc-4-full", VPC, "4.0.2", "terraform-aws-vpc/4.0.2", FULL, "";
    "vpc-5-plain", VPC, "5.21.0", "terraform-aws-vpc/5.21.0", PLAIN, "";
    "vpc-5-full", VPC, "5.21.0", "terraform-aws-vpc/5.21.0", FULL, "";
    "vpc-5-open", VPC, "5.21.0", "terraform-aws-vpc/5.21.0", OPEN, OPEN_AROUND;
    "vpc-6-full", VPC, "6.6.0", "terraform-aws-vpc/6.6.0", FULL, "";
    "eks-17", EKS, "17.24.0", "terraform-aws-eks/17.24.0", CLUSTER_17, AROUND;
    "eks-18", EKS, "18.31.2", "terraform-aws-eks/18.31.2", CLUSTER_20, AROUND;
    "eks-19", EKS, "19.21.0", "terraform-aws-eks/19.21.0", CLUSTER_20, AROUND;
    "eks-20", EKS, "20.37.0", "terraform-aws-eks/20.37.0", CLUSTER_20, AROUND;
    "eks-21", EKS, "21.19.0", "terraform-aws-eks/21.19.0", CLUSTER_21, AROUND;
    "security-group-4", GROUP, "4.17.2", "terraform-aws-security-group/4.17.2", RULES, AROUND;
    "security-group-5", GROUP, "5.3.1", "terraform-aws-security-group/5.3.1", RULES, AROUND;
    "transit-gateway-2", "terraform-aws-modules/transit-gateway/aws", "2.13.1",
        "terraform-aws-transit-gateway/2.13.1",
        r#"
  vpc_attachments = {
    a = {
      vpc_id               = aws_vpc.v.id
      subnet_ids           = aws_subnet.s[*].id
      vpc_route_table_ids  = ["rtb-1", "rtb-2"]
      tgw_destination_cidr = "10.0.0.0/8"
    }
  }
"#, AROUND;
    "transit-gateway-3", "terraform-aws-modules/transit-gateway/aws", "3.2.0",
        "terraform-aws-transit-gateway/3.2.0",
        "  create_tgw = false\n  share_tgw = false\n  vpc_attachments = var.rules\n", AROUND;
    "vpc-endpoints-5", "terraform-aws-modules/vpc/aws//modules/vpc-endpoints", "5.21.0",
        "terraform-aws-vpc/5.21.0/modules/vpc-endpoints",
        r#"
  vpc_id                = aws_vpc.v.id
  create_security_group = true
  security_group_rules  = { a = { cidr_blocks = ["10.0.0.0/16"] } }
  endpoints             = { eks = { service = "eks", subnet_ids = aws_subnet.s[*].id } }
"#, AROUND;
    "resolver-endpoints-3", "terraform-aws-modules/route53/aws//modules/resolver-endpoints", "3.1.0",
        "terraform-aws-route53/3.1.0/modules/resolver-endpoints", ENDPOINT_4, AROUND;
    "resolver-endpoints-5", "terraform-aws-modules/route53/aws//modules/resolver-endpoints", "5.0.0",
        "terraform-aws-route53/5.0.0/modules/resolver-endpoints", ENDPOINT_4, AROUND;
    "resolver-endpoint-6", "terraform-aws-modules/route53/aws//modules/resolver-endpoint", "6.4.0",
        "terraform-aws-route53/6.4.0/modules/resolver-endpoint", ENDPOINT_6, AROUND;
    "resolver-rule-associations-5",
        "terraform-aws-modules/route53/aws//modules/resolver-rule-associations", "5.0.0",
        "terraform-aws-route53/5.0.0/modules/resolver-rule-associations",
        "  vpc_id = aws_vpc.v.id\n  resolver_rule_associations = { a = { resolver_rule_id = \"rslvr-rr-1\" } }\n", AROUND;
    "zones-5", "terraform-aws-modules/route53/aws//modules/zones", "5.0.0",
        "terraform-aws-route53/5.0.0/modules/zones",
        r#"
  zones = {
    "a.example" = { vpc = [{ vpc_id = aws_vpc.v.id }] }
    b           = { domain_name = "b.example", vpc = { vpc_id = aws_vpc.v.id } }
    "c.example" = {}
  }
"#, AROUND;
    "aws-ia-vpc-4", "aws-ia/vpc/aws", "4.4.0", "aws-ia-terraform-aws-vpc/4.4.0",
        r#"
  name       = "n"
  cidr_block = "10.0.0.0/16"
  az_count   = 2
  subnets = {
    public          = { cidrs = ["10.0.0.0/24", "10.0.1.0/24"], nat_gateway_configuration = "single_az" }
    workload        = { cidrs = ["10.0.2.0/24", "10.0.3.0/24"], connect_to_public_natgw = true }
    endpoints       = { netmask = 28 }
    transit_gateway = { cidrs = ["10.0.4.0/28", "10.0.5.0/28"] }
  }
  transit_gateway_id     = "tgw-1"
  transit_gateway_routes = { workload = "10.0.0.0/8", public = "pl-1" }
"#, "";
    "aws-ia-vpc-4-7", "aws-ia/vpc/aws", "4.7.3", "aws-ia-terraform-aws-vpc/4.7.3",
        r#"
  name       = "n"
  cidr_block = "10.0.0.0/16"
  az_count   = 2
  vpc_enable_dns_hostnames = false
  subnets = {
    public   = { cidrs = ["10.0.0.0/24", "10.0.1.0/24"], nat_gateway_configuration = "all_azs" }
    workload = { cidrs = ["10.0.2.0/24", "10.0.3.0/24"], connect_to_public_natgw = true }
  }
"#, "";
    "cloudposse-4", "cloudposse/eks-cluster/aws", "4.11.0", "terraform-aws-eks-cluster/4.11.0",
        r#"
  subnet_ids              = aws_subnet.s[*].id
  endpoint_private_access = true
  allowed_cidr_blocks     = ["10.0.0.0/8"]
  allowed_security_group_ids = [aws_security_group.g.id]
"#, AROUND;
    "resolver-rules-0", "lgallard/route53-resolver-rules/aws", "0.2.0",
        "terraform-aws-route53-resolver-rules/0.2.0", SHARED_RULES, "";
    "resolver-rules-9", "lgallard/route53-resolver-rules/aws", "0.9.1",
        "terraform-aws-route53-resolver-rules/0.9.1", SHARED_RULES, "";
}
