//! Calls on which summaries and real modules are compared.

/// A call.
pub(super) struct Case {
    /// Names the record.
    pub(super) name: &'static str,
    pub(super) source: &'static str,
    /// The versions to compare, as a call asks for them.
    pub(super) versions: &'static str,
    /// The repository, and the module's folder in it.
    pub(super) folder: (&'static str, &'static str),
    pub(super) arguments: &'static str,
    /// What the arguments refer to.
    pub(super) around: &'static str,
}

const VPC: &str = "terraform-aws-modules/vpc/aws";
const EKS: &str = "terraform-aws-modules/eks/aws";
const HUB: &str = "aws-ia/network-hubandspoke/aws";
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

const ACLS: &str = r#"
  cidr                = "10.0.0.0/16"
  azs                 = ["eu-west-1a", "eu-west-1b"]
  public_subnets      = ["10.0.4.0/24", "10.0.5.0/24"]
  private_subnets     = ["10.0.1.0/24", "10.0.2.0/24"]
  database_subnets    = ["10.0.7.0/24"]
  redshift_subnets    = ["10.0.9.0/24"]
  elasticache_subnets = ["10.0.10.0/24"]
  intra_subnets       = ["10.0.11.0/24"]

  manage_default_network_acl        = true
  default_network_acl_ingress       = [{ rule_no = 1, action = "deny", from_port = 0, to_port = 0, protocol = "-1", cidr_block = "10.9.0.0/16" }]
  public_dedicated_network_acl      = true
  private_dedicated_network_acl     = true
  database_dedicated_network_acl    = true
  redshift_dedicated_network_acl    = true
  elasticache_dedicated_network_acl = true
  private_inbound_acl_rules = [
    { rule_number = 10, rule_action = "deny", from_port = 53, to_port = 53, protocol = "17", cidr_block = "10.9.0.0/16" },
    { rule_number = 20, rule_action = "allow", protocol = "-1", ipv6_cidr_block = "::/0" },
  ]
  intra_outbound_acl_rules = []
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

const CLUSTER_IPV6: &str = r#"
  name       = "c"
  vpc_id     = aws_vpc.v.id
  subnet_ids = aws_subnet.s[*].id
  ip_family  = "ipv6"
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

/// A gateway of another's, and VPCs for inspection, egress and ingress.
const HUB_INSPECTION: &str = r#"
  identifier         = "n"
  transit_gateway_id = "tgw-1"
  network_definition = { type = "CIDR", value = "10.0.0.0/8" }
  central_vpcs = {
    inspection = {
      cidr_block                     = "10.1.0.0/16"
      az_count                       = 2
      associate_and_propagate_to_tgw = false
      subnets = {
        endpoints       = { cidrs = ["10.1.0.0/24", "10.1.1.0/24"] }
        transit_gateway = { cidrs = ["10.1.4.0/28", "10.1.5.0/28"] }
      }
    }
    egress = {
      cidr_block = "10.2.0.0/16"
      az_count   = 2
      subnets = {
        public          = { cidrs = ["10.2.0.0/24", "10.2.1.0/24"], nat_gateway_configuration = "none" }
        transit_gateway = { cidrs = ["10.2.4.0/28", "10.2.5.0/28"] }
      }
    }
    ingress = {
      cidr_block = "10.3.0.0/16"
      az_count   = 1
      subnets = {
        public          = { cidrs = ["10.3.0.0/24"] }
        transit_gateway = { cidrs = ["10.3.4.0/28"] }
      }
    }
  }
  spoke_vpcs = {
    number_vpcs     = 1
    vpc_information = { a = { transit_gateway_attachment_id = "tgw-attach-a" } }
  }
"#;

/// A prefix list, and inspection of what stays inside.
const HUB_EAST_WEST: &str = r#"
  identifier                 = "n"
  transit_gateway_attributes = { name = "tgw", auto_accept_shared_attachments = "enable" }
  network_definition         = { type = "PREFIX_LIST", value = "pl-1" }
  central_vpcs = {
    inspection = {
      cidr_block      = "10.1.0.0/16"
      az_count        = 1
      inspection_flow = "east-west"
      subnets = {
        public          = { cidrs = ["10.1.1.0/24"] }
        endpoints       = { cidrs = ["10.1.0.0/24"] }
        transit_gateway = { cidrs = ["10.1.4.0/28"] }
      }
    }
    egress = {
      cidr_block = "10.2.0.0/16"
      az_count   = 1
      subnets = {
        public          = { cidrs = ["10.2.0.0/24"] }
        transit_gateway = { cidrs = ["10.2.4.0/28"] }
      }
    }
  }
  spoke_vpcs = {
    number_vpcs     = 1
    vpc_information = { a = { transit_gateway_attachment_id = "tgw-attach-a" } }
  }
"#;

macro_rules! cases {
    ($($name:literal, $source:expr, $versions:literal, $folder:expr, $arguments:expr, $around:expr;)*) => {
        /// Every case.
        pub(super) const CASES: &[Case] = &[$(Case {
            name: $name,
            source: $source,
            versions: $versions,
            folder: $folder,
            arguments: $arguments,
            around: $around,
        }),*];
    };
}

cases! {
    "vpc-plain", VPC, ">= 1", ("terraform-aws-vpc", ""), PLAIN, "";
    "vpc-full", VPC, ">= 1", ("terraform-aws-vpc", ""), FULL, "";
    "vpc-acls", VPC, ">= 1", ("terraform-aws-vpc", ""), ACLS, "";
    "vpc-open", VPC, ">= 1", ("terraform-aws-vpc", ""), OPEN, OPEN_AROUND;
    "eks-17", EKS, "< 18", ("terraform-aws-eks", ""), CLUSTER_17, AROUND;
    "eks-18", EKS, ">= 18, < 21", ("terraform-aws-eks", ""), CLUSTER_20, AROUND;
    "eks-21", EKS, ">= 21", ("terraform-aws-eks", ""), CLUSTER_21, AROUND;
    "eks-ipv6", EKS, ">= 21.7", ("terraform-aws-eks", ""), CLUSTER_IPV6, AROUND;
    "security-group", GROUP, ">= 1", ("terraform-aws-security-group", ""), RULES, AROUND;
    "transit-gateway", "terraform-aws-modules/transit-gateway/aws", ">= 1", ("terraform-aws-transit-gateway", ""),
        r#"
  vpc_attachments = {
    a = {
      vpc_id               = aws_vpc.v.id
      subnet_ids           = aws_subnet.s[*].id
      vpc_route_table_ids  = ["rtb-1", "rtb-2"]
      tgw_destination_cidr = "10.0.0.0/8"

      transit_gateway_default_route_table_association = false
      transit_gateway_default_route_table_propagation = false

      tgw_routes = [{ destination_cidr_block = "10.5.0.0/16" }, { blackhole = true, destination_cidr_block = "0.0.0.0/0" }]
    }
    b = { vpc_id = "vpc-2", subnet_ids = ["subnet-2"] }
  }
"#, AROUND;
    "transit-gateway-open", "terraform-aws-modules/transit-gateway/aws", ">= 1", ("terraform-aws-transit-gateway", ""),
        "  create_tgw = false\n  share_tgw = false\n  vpc_attachments = var.rules\n", AROUND;
    "vpc-endpoints", "terraform-aws-modules/vpc/aws//modules/vpc-endpoints", ">= 5.1", ("terraform-aws-vpc", "modules/vpc-endpoints"),
        r#"
  vpc_id                = aws_vpc.v.id
  create_security_group = true
  security_group_rules  = { a = { cidr_blocks = ["10.0.0.0/16"] } }
  endpoints             = { eks = { service = "eks", subnet_ids = aws_subnet.s[*].id } }
"#, AROUND;
    "resolver-endpoints", "terraform-aws-modules/route53/aws//modules/resolver-endpoints", ">= 1", ("terraform-aws-route53", "modules/resolver-endpoints"), ENDPOINT_4, AROUND;
    "resolver-endpoint", "terraform-aws-modules/route53/aws//modules/resolver-endpoint", ">= 1", ("terraform-aws-route53", "modules/resolver-endpoint"), ENDPOINT_6, AROUND;
    "resolver-rule-associations",
        "terraform-aws-modules/route53/aws//modules/resolver-rule-associations", ">= 1", ("terraform-aws-route53", "modules/resolver-rule-associations"),
        "  vpc_id = aws_vpc.v.id\n  resolver_rule_associations = { a = { resolver_rule_id = \"rslvr-rr-1\" } }\n", AROUND;
    "zones", "terraform-aws-modules/route53/aws//modules/zones", ">= 1", ("terraform-aws-route53", "modules/zones"),
        r#"
  zones = {
    "a.example" = { vpc = [{ vpc_id = aws_vpc.v.id }] }
    b           = { domain_name = "b.example", vpc = { vpc_id = aws_vpc.v.id } }
    "c.example" = {}
  }
"#, AROUND;
    "aws-ia-vpc", "aws-ia/vpc/aws", ">= 1", ("aws-ia-terraform-aws-vpc", ""),
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
    "aws-ia-vpc-open", "aws-ia/vpc/aws", ">= 1", ("aws-ia-terraform-aws-vpc", ""),
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
    "hub-shared", HUB, ">= 2", ("terraform-aws-network-hubandspoke", ""),
        r#"
  identifier                 = "n"
  transit_gateway_attributes = { name = "tgw", dns_support = "disable" }
  network_definition         = { type = "CIDR", value = "10.0.0.0/8" }
  central_vpcs = {
    shared_services = {
      cidr_block = "10.1.0.0/16"
      az_count   = 2
      subnets = {
        endpoints       = { cidrs = ["10.1.0.0/24", "10.1.1.0/24"] }
        dns             = { cidrs = ["10.1.2.0/24", "10.1.3.0/24"] }
        transit_gateway = { cidrs = ["10.1.4.0/28", "10.1.5.0/28"] }
      }
    }
    hybrid_dns = {
      cidr_block               = "10.2.0.0/16"
      az_count                 = 1
      vpc_enable_dns_hostnames = false
      subnets = {
        endpoints       = { cidrs = ["10.2.0.0/24"] }
        transit_gateway = { cidrs = ["10.2.4.0/28"] }
      }
    }
  }
  spoke_vpcs = {
    number_vpcs     = 2
    routing_domains = ["prod", "dev"]
    vpc_information = {
      a = { vpc_id = "vpc-a", transit_gateway_attachment_id = "tgw-attach-a", routing_domain = "prod" }
      b = { vpc_id = "vpc-b", transit_gateway_attachment_id = "tgw-attach-b", routing_domain = "dev" }
    }
  }
"#, "";
    "hub-inspection", HUB, ">= 2", ("terraform-aws-network-hubandspoke", ""), HUB_INSPECTION, "";
    "hub-east-west", HUB, ">= 2", ("terraform-aws-network-hubandspoke", ""), HUB_EAST_WEST, "";
    "cloudposse-eks-cluster", "cloudposse/eks-cluster/aws", ">= 0.1", ("terraform-aws-eks-cluster", ""),
        r#"
  subnet_ids              = aws_subnet.s[*].id
  endpoint_private_access = true
  allowed_cidr_blocks     = ["10.0.0.0/8"]
  allowed_security_group_ids = [aws_security_group.g.id]
"#, AROUND;
    "resolver-rules", "lgallard/route53-resolver-rules/aws", ">= 0.1", ("terraform-aws-route53-resolver-rules", ""), SHARED_RULES, "";
}
