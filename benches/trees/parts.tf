### versions
terraform {
  required_version = ">= 1.5.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.40"
    }
  }

  backend "s3" {
    bucket         = "states-@account@"
    key            = "@project@/@root@/terraform.tfstate"
    region         = "eu-west-1"
    dynamodb_table = "locks"
    encrypt        = true
  }
}

provider "aws" {
  region = var.region

  assume_role {
    role_arn     = "arn:aws:iam::@account@:role/deployment"
    session_name = "deployment"
  }

  default_tags {
    tags = local.tags
  }
}
### variables
variable "region" {
  description = "The Region of everything that is made here"
  type        = string
  default     = "eu-west-1"
}

variable "environment" {
  description = "The name of the environment"
  type        = string
  default     = "@environment@"

  validation {
    condition     = contains(["dev", "test", "prod"], var.environment)
    error_message = "The environment is dev, test or prod."
  }
}

variable "owner" {
  description = "The team that answers for it"
  type        = string
}

variable "tags" {
  description = "More tags, for everything"
  type        = map(string)
  default     = {}
}

variable "enabled" {
  description = "Whether anything is made at all"
  type        = bool
  default     = true
}

variable "alarm_emails" {
  description = "Who is told of alarms"
  type        = list(string)
  default     = []
}

variable "retention_days" {
  description = "How long logs are kept"
  type        = number
  default     = @days@
}
### locals
locals {
  name     = "@project@-${var.environment}"
  is_prod  = var.environment == "prod"
  settings = jsondecode(file("${path.module}/settings.json"))

  tags = merge(var.tags, {
    Project     = "@project@"
    Environment = var.environment
    Owner       = var.owner
    ManagedBy   = "terraform"
  })
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}
### settings
{"alarms": true, "owners": ["@project@", "platform"], "limits": {"cpu": @days@, "memory": 512}}
### outputs
output "account_id" {
  description = "The account"
  value       = data.aws_caller_identity.current.account_id
}

output "region" {
  description = "The Region"
  value       = data.aws_region.current.name
}

output "name" {
  description = "What everything is called after"
  value       = local.name
}
### network module
# The network of one environment: a VPC in three zones, with private and public subnets.
resource "aws_vpc" "this" {
  cidr_block           = var.cidr_block
  enable_dns_support   = true
  enable_dns_hostnames = true
  instance_tenancy     = "default"

  tags = merge(var.tags, { Name = var.name })
}

resource "aws_subnet" "private" {
  count = length(var.zones)

  vpc_id            = aws_vpc.this.id
  cidr_block        = cidrsubnet(var.cidr_block, 4, count.index)
  availability_zone = var.zones[count.index]

  tags = merge(var.tags, {
    Name                              = format("%s-private-%s", var.name, var.zones[count.index])
    "kubernetes.io/role/internal-elb" = "1"
  })
}

resource "aws_subnet" "public" {
  for_each = var.public ? { for at, zone in var.zones : zone => at } : {}

  vpc_id                  = aws_vpc.this.id
  cidr_block              = cidrsubnet(var.cidr_block, 6, 48 + each.value)
  availability_zone       = each.key
  map_public_ip_on_launch = false

  tags = merge(var.tags, {
    Name                     = "${var.name}-public-${each.key}"
    "kubernetes.io/role/elb" = "1"
  })
}

resource "aws_internet_gateway" "this" {
  count = var.public ? 1 : 0

  vpc_id = aws_vpc.this.id
  tags   = merge(var.tags, { Name = var.name })
}

resource "aws_eip" "nat" {
  for_each = aws_subnet.public

  domain = "vpc"
  tags   = merge(var.tags, { Name = "${var.name}-${each.key}" })
}

resource "aws_nat_gateway" "this" {
  for_each = aws_subnet.public

  allocation_id = aws_eip.nat[each.key].id
  subnet_id     = each.value.id
  tags          = merge(var.tags, { Name = "${var.name}-${each.key}" })

  depends_on = [aws_internet_gateway.this]
}

resource "aws_route_table" "private" {
  count = length(var.zones)

  vpc_id = aws_vpc.this.id
  tags   = merge(var.tags, { Name = "${var.name}-private-${var.zones[count.index]}" })
}

resource "aws_route_table_association" "private" {
  count = length(var.zones)

  subnet_id      = aws_subnet.private[count.index].id
  route_table_id = aws_route_table.private[count.index].id
}

resource "aws_route_table" "public" {
  count = var.public ? 1 : 0

  vpc_id = aws_vpc.this.id
  tags   = merge(var.tags, { Name = "${var.name}-public" })
}

resource "aws_route_table_association" "public" {
  for_each = aws_subnet.public

  subnet_id      = each.value.id
  route_table_id = aws_route_table.public[0].id
}

resource "aws_route" "internet" {
  count = var.public ? 1 : 0

  route_table_id         = aws_route_table.public[0].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this[0].id
}

resource "aws_route" "nat" {
  count = var.public ? length(var.zones) : 0

  route_table_id         = aws_route_table.private[count.index].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[var.zones[count.index]].id
}

resource "aws_route" "hub" {
  count = var.transit_gateway_id == null ? 0 : length(var.zones)

  route_table_id         = aws_route_table.private[count.index].id
  destination_cidr_block = "10.0.0.0/8"
  transit_gateway_id     = var.transit_gateway_id

  depends_on = [aws_ec2_transit_gateway_vpc_attachment.this]
}

resource "aws_ec2_transit_gateway_vpc_attachment" "this" {
  count = var.transit_gateway_id == null ? 0 : 1

  transit_gateway_id = var.transit_gateway_id
  vpc_id             = aws_vpc.this.id
  subnet_ids         = aws_subnet.private[*].id
  dns_support        = "enable"

  tags = merge(var.tags, { Name = var.name })
}

resource "aws_default_security_group" "this" {
  vpc_id = aws_vpc.this.id
  tags   = merge(var.tags, { Name = "${var.name}-unused" })
}

resource "aws_security_group" "endpoints" {
  name        = "${var.name}-endpoints"
  description = "Interface endpoints"
  vpc_id      = aws_vpc.this.id

  dynamic "ingress" {
    for_each = [443]

    content {
      description = "TLS from the VPC"
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = [aws_vpc.this.cidr_block]
    }
  }

  tags = var.tags
}

resource "aws_vpc_endpoint" "interface" {
  for_each = toset(var.endpoints)

  vpc_id              = aws_vpc.this.id
  service_name        = "com.amazonaws.${var.region}.${each.value}"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  subnet_ids          = aws_subnet.private[*].id
  security_group_ids  = [aws_security_group.endpoints.id]

  tags = merge(var.tags, { Name = "${var.name}-${each.value}" })
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.this.id
  service_name      = "com.amazonaws.${var.region}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = aws_route_table.private[*].id

  tags = merge(var.tags, { Name = "${var.name}-s3" })
}
### network module variables
variable "name" {
  description = "The name of the network"
  type        = string
}

variable "region" {
  description = "Its Region"
  type        = string
}

variable "cidr_block" {
  description = "Its block"
  type        = string
}

variable "zones" {
  description = "The availability zones"
  type        = list(string)
}

variable "public" {
  description = "Whether it has public subnets, and leads to the internet"
  type        = bool
  default     = false
}

variable "endpoints" {
  description = "The services that have an interface endpoint here"
  type        = list(string)
  default     = ["ec2", "ecr.api", "ecr.dkr", "sts", "logs"]
}

variable "transit_gateway_id" {
  description = "The transit gateway of the hub, if there is one"
  type        = string
  default     = null
}

variable "tags" {
  type    = map(string)
  default = {}
}
### network module outputs
output "vpc_id" {
  description = "The VPC"
  value       = aws_vpc.this.id
}

output "vpc_cidr_block" {
  description = "Its block"
  value       = aws_vpc.this.cidr_block
}

output "private_subnet_ids" {
  description = "The private subnets, in the order of the zones"
  value       = aws_subnet.private[*].id
}

output "public_subnet_ids" {
  description = "The public subnets"
  value       = [for subnet in aws_subnet.public : subnet.id]
}

output "private_route_table_ids" {
  value = aws_route_table.private[*].id
}

output "attachment_id" {
  value = one(aws_ec2_transit_gateway_vpc_attachment.this[*].id)
}
### network
data "aws_availability_zones" "available" {
  state = "available"
}

locals {
  zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]

  networks = {
@networks@  }
}

resource "aws_ec2_transit_gateway" "hub" {
  description                     = "The hub of ${local.name}"
  amazon_side_asn                 = 64512
  default_route_table_association = "enable"
  default_route_table_propagation = "enable"
  dns_support                     = "enable"
  auto_accept_shared_attachments  = "enable"

  tags = merge(local.tags, { Name = local.name })
}

module "network" {
  source   = "../../modules/network"
  for_each = local.networks

  name               = "${local.name}-${each.key}"
  region             = var.region
  cidr_block         = each.value.cidr
  zones              = local.zones
  public             = each.value.public
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  tags               = local.tags
}

resource "aws_ram_resource_share" "hub" {
  name                      = "${local.name}-transit-gateway"
  allow_external_principals = false
  tags                      = local.tags
}

resource "aws_ram_resource_association" "hub" {
  resource_arn       = aws_ec2_transit_gateway.hub.arn
  resource_share_arn = aws_ram_resource_share.hub.arn
}

resource "aws_flow_log" "all" {
  for_each = module.network

  log_destination_type = "s3"
  log_destination      = "arn:aws:s3:::flow-logs-${data.aws_caller_identity.current.account_id}"
  traffic_type         = "ALL"
  vpc_id               = each.value.vpc_id
  tags                 = local.tags
}

output "vpc_ids" {
  description = "The VPCs by their names"
  value       = { for name, network in module.network : name => network.vpc_id }
}

output "private_subnet_ids" {
  value = { for name, network in module.network : name => network.private_subnet_ids }
}
### cluster
data "aws_iam_policy_document" "cluster" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["eks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "cluster" {
  name               = "${local.name}-cluster"
  assume_role_policy = data.aws_iam_policy_document.cluster.json
  tags               = local.tags
}

resource "aws_iam_role_policy_attachment" "cluster" {
  for_each = toset(["AmazonEKSClusterPolicy", "AmazonEKSVPCResourceController"])

  role       = aws_iam_role.cluster.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/${each.value}"
}

module "network" {
  source = "../../modules/network"

  name       = local.name
  region     = var.region
  cidr_block = var.cluster_cidr
  zones      = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
  public     = true
  tags       = local.tags
}

resource "aws_security_group" "cluster" {
  name_prefix = "${local.name}-cluster-"
  description = "The cluster's own"
  vpc_id      = module.network.vpc_id
  tags        = merge(local.tags, { Name = "${local.name}-cluster" })

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "api" {
  for_each = toset(concat(var.client_cidrs, [module.network.vpc_cidr_block]))

  security_group_id = aws_security_group.cluster.id
  description       = "The API from ${each.value}"
  cidr_ipv4         = each.value
  from_port         = 443
  to_port           = 443
  ip_protocol       = "tcp"
}

resource "aws_vpc_security_group_egress_rule" "all" {
  security_group_id = aws_security_group.cluster.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}

resource "aws_kms_key" "cluster" {
  description             = "Secrets of ${local.name}"
  deletion_window_in_days = local.is_prod ? 30 : 7
  enable_key_rotation     = true
}

resource "aws_eks_cluster" "this" {
  name     = local.name
  role_arn = aws_iam_role.cluster.arn
  version  = var.kubernetes_version

  enabled_cluster_log_types = ["api", "audit", "authenticator"]

  vpc_config {
    subnet_ids              = module.network.private_subnet_ids
    security_group_ids      = [aws_security_group.cluster.id]
    endpoint_private_access = true
    endpoint_public_access  = false
  }

  encryption_config {
    resources = ["secrets"]

    provider {
      key_arn = aws_kms_key.cluster.arn
    }
  }

  dynamic "kubernetes_network_config" {
    for_each = var.service_cidr == null ? [] : [var.service_cidr]

    content {
      service_ipv4_cidr = kubernetes_network_config.value
    }
  }

  tags = local.tags

  depends_on = [aws_iam_role_policy_attachment.cluster]
}

resource "aws_eks_node_group" "this" {
  for_each = var.node_groups

  cluster_name    = aws_eks_cluster.this.name
  node_group_name = each.key
  node_role_arn   = aws_iam_role.cluster.arn
  subnet_ids      = module.network.private_subnet_ids
  instance_types  = each.value.instance_types
  capacity_type   = each.value.spot ? "SPOT" : "ON_DEMAND"

  scaling_config {
    desired_size = each.value.min
    min_size     = each.value.min
    max_size     = each.value.max
  }

  lifecycle {
    ignore_changes = [scaling_config[0].desired_size]
  }

  tags = merge(local.tags, { Name = each.key })
}

resource "aws_eks_addon" "this" {
  for_each = toset(["coredns", "kube-proxy", "vpc-cni"])

  cluster_name                = aws_eks_cluster.this.name
  addon_name                  = each.value
  resolve_conflicts_on_update = "OVERWRITE"
}
### cluster variables
variable "cluster_cidr" {
  description = "The block of the cluster's VPC"
  type        = string
  default     = "10.@octet@.0.0/16"
}

variable "client_cidrs" {
  description = "From where the API is used"
  type        = list(string)
  default     = ["10.0.0.0/16", "192.168.0.0/16"]
}

variable "service_cidr" {
  description = "The block of Kubernetes' services"
  type        = string
  default     = null
}

variable "kubernetes_version" {
  type    = string
  default = "1.31"
}

variable "node_groups" {
  description = "The groups of nodes by their names"

  type = map(object({
    instance_types = list(string)
    min            = number
    max            = number
    spot           = optional(bool, false)
  }))

  default = {
    general = { instance_types = ["m6i.large", "m6a.large"], min = 2, max = 6 }
    batch   = { instance_types = ["c6i.xlarge"], min = 0, max = 20, spot = true }
  }
}
### dns
locals {
  zones = { a = "10.0.16.0/20", b = "10.0.32.0/20", c = "10.0.48.0/20" }

  forwarded = {
    corporate = { domain = "corp.example.com.", targets = ["192.168.1.53", "192.168.2.53"] }
    building  = { domain = "building-@days@.example.com.", targets = ["192.168.9.53"] }
  }
}

resource "aws_vpc" "hub" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_support   = true
  enable_dns_hostnames = true
  tags                 = merge(local.tags, { Name = "${local.name}-dns" })
}

resource "aws_subnet" "resolver" {
  for_each = local.zones

  vpc_id            = aws_vpc.hub.id
  cidr_block        = each.value
  availability_zone = "eu-west-1${each.key}"
  tags              = merge(local.tags, { Name = "${local.name}-resolver-${each.key}" })
}

resource "aws_security_group" "resolver" {
  name        = "${local.name}-resolver"
  description = "DNS from everywhere inside"
  vpc_id      = aws_vpc.hub.id

  ingress {
    description = "DNS over UDP"
    from_port   = 53
    to_port     = 53
    protocol    = "udp"
    cidr_blocks = ["10.0.0.0/8", "192.168.0.0/16"]
  }

  ingress {
    description = "DNS over TCP"
    from_port   = 53
    to_port     = 53
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8", "192.168.0.0/16"]
  }

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }

  tags = local.tags
}

resource "aws_route53_resolver_endpoint" "inbound" {
  name               = "${local.name}-inbound"
  direction          = "INBOUND"
  security_group_ids = [aws_security_group.resolver.id]

  dynamic "ip_address" {
    for_each = aws_subnet.resolver

    content {
      subnet_id = ip_address.value.id
      ip        = cidrhost(ip_address.value.cidr_block, 10)
    }
  }

  tags = local.tags
}

resource "aws_route53_resolver_endpoint" "outbound" {
  name               = "${local.name}-outbound"
  direction          = "OUTBOUND"
  security_group_ids = [aws_security_group.resolver.id]

  dynamic "ip_address" {
    for_each = aws_subnet.resolver

    content {
      subnet_id = ip_address.value.id
    }
  }

  tags = local.tags
}

resource "aws_route53_resolver_rule" "forward" {
  for_each = local.forwarded

  name                 = "${local.name}-${each.key}"
  domain_name          = each.value.domain
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id

  dynamic "target_ip" {
    for_each = toset(each.value.targets)

    content {
      ip = target_ip.value
    }
  }

  tags = local.tags
}

resource "aws_route53_resolver_rule_association" "hub" {
  for_each = aws_route53_resolver_rule.forward

  resolver_rule_id = each.value.id
  vpc_id           = aws_vpc.hub.id
}

resource "aws_route53_zone" "internal" {
  name    = "${var.environment}.internal.example.com"
  comment = "Names of ${local.name}"

  vpc {
    vpc_id = aws_vpc.hub.id
  }

  lifecycle {
    ignore_changes = [vpc]
  }

  tags = local.tags
}

resource "aws_ram_resource_share" "rules" {
  name                      = "${local.name}-resolver-rules"
  allow_external_principals = false
  tags                      = local.tags
}

resource "aws_ram_principal_association" "rules" {
  principal          = "arn:aws:organizations::@account@:organization/o-@octet@example"
  resource_share_arn = aws_ram_resource_share.rules.arn
}

resource "aws_ram_resource_association" "rules" {
  for_each = aws_route53_resolver_rule.forward

  resource_arn       = each.value.arn
  resource_share_arn = aws_ram_resource_share.rules.arn
}

output "rule_ids" {
  description = "The rules that are shared"
  value       = { for name, rule in aws_route53_resolver_rule.forward : name => rule.id }
}
### service module
# A service that takes messages from a queue.
data "aws_iam_policy_document" "assume" {
  statement {
    sid     = "Lambda"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "own" {
  statement {
    sid       = "Queue"
    actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    resources = [aws_sqs_queue.this.arn]
  }

  dynamic "statement" {
    for_each = var.bucket_arns

    content {
      sid       = "Bucket${statement.key}"
      actions   = ["s3:GetObject", "s3:PutObject"]
      resources = [statement.value, "${statement.value}/*"]
    }
  }
}

resource "aws_sqs_queue" "dead" {
  name                      = "${var.name}-dead"
  message_retention_seconds = 1209600
  tags                      = var.tags
}

resource "aws_sqs_queue" "this" {
  name                       = var.name
  visibility_timeout_seconds = var.timeout * 6

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    maxReceiveCount     = 5
  })

  tags = var.tags
}

resource "aws_iam_role" "this" {
  name               = "${var.name}-function"
  assume_role_policy = data.aws_iam_policy_document.assume.json
  tags               = var.tags
}

resource "aws_iam_role_policy" "own" {
  name   = "own"
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.own.json
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.retention_days
  tags              = var.tags
}

resource "aws_lambda_function" "this" {
  function_name = var.name
  role          = aws_iam_role.this.arn
  runtime       = "python3.12"
  handler       = "service.handle"
  filename      = "${path.module}/service.zip"
  timeout       = var.timeout
  memory_size   = var.memory

  environment {
    variables = merge(var.environment, {
      QUEUE_URL = aws_sqs_queue.this.url
      LOG_LEVEL = var.debug ? "DEBUG" : "INFO"
    })
  }

  dynamic "vpc_config" {
    for_each = length(var.subnet_ids) > 0 ? [1] : []

    content {
      subnet_ids         = var.subnet_ids
      security_group_ids = var.security_group_ids
    }
  }

  tags = var.tags

  depends_on = [aws_cloudwatch_log_group.this]
}

resource "aws_lambda_event_source_mapping" "queue" {
  event_source_arn = aws_sqs_queue.this.arn
  function_name    = aws_lambda_function.this.arn
  batch_size       = 10
}
### service module variables
variable "name" {
  description = "The name of the service"
  type        = string
}

variable "timeout" {
  description = "In seconds"
  type        = number
  default     = 30
}

variable "memory" {
  description = "In megabytes"
  type        = number
  default     = 256
}

variable "retention_days" {
  type    = number
  default = 14
}

variable "debug" {
  type    = bool
  default = false
}

variable "environment" {
  description = "Variables of the function"
  type        = map(string)
  default     = {}
}

variable "bucket_arns" {
  description = "What it may read and write"
  type        = list(string)
  default     = []
}

variable "subnet_ids" {
  type    = list(string)
  default = []
}

variable "security_group_ids" {
  type    = list(string)
  default = []
}

variable "tags" {
  type    = map(string)
  default = {}
}
### service module outputs
output "function_arn" {
  description = "The function"
  value       = aws_lambda_function.this.arn
}

output "queue_url" {
  description = "Where it takes messages from"
  value       = aws_sqs_queue.this.url
}
### part
module "@name@" {
  source = "../../modules/service"
  count  = var.enabled ? 1 : 0

  name           = "${local.name}-@name@"
  timeout        = @days@
  memory         = local.is_prod ? 1024 : 256
  retention_days = var.retention_days
  bucket_arns    = [aws_s3_bucket.@name@.arn]

  environment = {
    STAGE = var.environment
    TABLE = "@name@-@days@"
  }

  tags = local.tags
}

resource "aws_s3_bucket" "@name@" {
  bucket = "${local.name}-@name@-${data.aws_caller_identity.current.account_id}"
  tags   = merge(local.tags, { Name = "@name@" })
}

resource "aws_s3_bucket_versioning" "@name@" {
  bucket = aws_s3_bucket.@name@.id

  versioning_configuration {
    status = "Enabled"
  }
}
### part
resource "aws_security_group" "@name@" {
  name        = "${local.name}-@name@"
  description = "The @name@ service"
  vpc_id      = data.aws_vpc.own.id

  ingress {
    description = "From the load balancer"
    from_port   = 80@two@
    to_port     = 80@two@
    protocol    = "tcp"
    cidr_blocks = [data.aws_vpc.own.cidr_block]
  }

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }

  tags = merge(local.tags, {
    Name = "${local.name}-@name@"
  })
}

resource "aws_security_group_rule" "@name@_database" {
  type              = "ingress"
  description       = "PostgreSQL from the service"
  from_port         = 5432
  to_port           = 5432
  protocol          = "tcp"
  cidr_blocks       = ["10.@octet@.0.0/20"]
  security_group_id = aws_security_group.@name@.id
}

resource "aws_lb_target_group" "@name@" {
  name        = substr("${local.name}-@name@", 0, 32)
  port        = 80@two@
  protocol    = "HTTP"
  vpc_id      = data.aws_vpc.own.id
  target_type = "ip"

  health_check {
    path                = "/health"
    matcher             = "200-299"
    interval            = 15
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }

  tags = local.tags
}
### part
variable "@name@_password_length" {
  description = "How long the password of the database is"
  type        = number
  default     = @days@
}

resource "aws_db_subnet_group" "@name@" {
  name       = "${local.name}-@name@"
  subnet_ids = data.aws_subnets.private.ids
  tags       = local.tags
}

resource "random_password" "@name@" {
  length  = var.@name@_password_length
  special = false
}

resource "aws_db_instance" "@name@" {
  identifier             = "${local.name}-@name@"
  engine                 = "postgres"
  engine_version         = "16.3"
  instance_class         = local.is_prod ? "db.r6g.large" : "db.t4g.medium"
  allocated_storage      = @days@0
  db_subnet_group_name   = aws_db_subnet_group.@name@.name
  username               = "owner"
  password               = random_password.@name@.result
  multi_az               = local.is_prod
  storage_encrypted      = true
  skip_final_snapshot    = !local.is_prod
  vpc_security_group_ids = []

  tags = local.tags

  lifecycle {
    ignore_changes  = [password]
    prevent_destroy = true
  }
}

resource "aws_ssm_parameter" "@name@" {
  for_each = {
    host = aws_db_instance.@name@.address
    port = tostring(aws_db_instance.@name@.port)
  }

  name  = "/${local.name}/@name@/${each.key}"
  type  = "SecureString"
  value = each.value
  tags  = local.tags
}
### part
data "aws_iam_policy_document" "@name@" {
  statement {
    sid       = "Read"
    effect    = "Allow"
    actions   = ["s3:GetObject", "s3:ListBucket"]
    resources = ["arn:aws:s3:::@name@-${var.environment}", "arn:aws:s3:::@name@-${var.environment}/*"]

    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalOrgID"
      values   = ["o-@account@"]
    }
  }

  statement {
    sid       = "Keys"
    effect    = "Allow"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey*"]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "@name@" {
  name        = "${local.name}-@name@"
  description = "What @name@ may do"
  policy      = data.aws_iam_policy_document.@name@.json
}

resource "aws_iam_role" "@name@" {
  name = "${local.name}-@name@"

  assume_role_policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Principal": { "AWS": "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" },
          "Action": "sts:AssumeRole"
        }
      ]
    }
  EOT

  tags = local.tags
}

resource "aws_iam_role_policy_attachment" "@name@" {
  role       = aws_iam_role.@name@.name
  policy_arn = aws_iam_policy.@name@.arn
}
### part
locals {
  @name@_metrics = ["CPUUtilization", "MemoryUtilization", "Errors"]

  @name@_alarms = {
    for metric in local.@name@_metrics : lower(metric) => {
      metric    = metric
      threshold = metric == "Errors" ? 1 : @days@
    }
  }
}

resource "aws_sns_topic" "@name@" {
  name              = "${local.name}-@name@"
  kms_master_key_id = "alias/aws/sns"
  tags              = local.tags
}

resource "aws_sns_topic_subscription" "@name@" {
  for_each = toset(var.alarm_emails)

  topic_arn = aws_sns_topic.@name@.arn
  protocol  = "email"
  endpoint  = each.value
}

resource "aws_cloudwatch_metric_alarm" "@name@" {
  for_each = local.@name@_alarms

  alarm_name          = "${local.name}-@name@-${each.key}"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 3
  metric_name         = each.value.metric
  namespace           = "AWS/ECS"
  period              = 60
  statistic           = "Average"
  threshold           = each.value.threshold
  alarm_actions       = [aws_sns_topic.@name@.arn]

  dimensions = {
    ClusterName = local.name
    ServiceName = "@name@"
  }

  tags = local.tags
}
### part
module "@name@_bucket" {
  source  = "terraform-aws-modules/s3-bucket/aws"
  version = "~> 4.1"

  bucket        = "${local.name}-@name@"
  force_destroy = !local.is_prod

  versioning = {
    enabled = true
  }

  lifecycle_rule = [
    {
      id      = "old"
      enabled = true

      expiration = {
        days = @days@
      }
    }
  ]

  tags = local.tags
}

data "aws_ssm_parameter" "@name@_image" {
  name = "/images/@name@/${var.environment}"
}

resource "aws_ecs_task_definition" "@name@" {
  family                   = "${local.name}-@name@"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([
    {
      name      = "@name@"
      image     = data.aws_ssm_parameter.@name@_image.value
      essential = true
      portMappings = [
        { containerPort = 80@two@, protocol = "tcp" }
      ]
      environment = [
        for key, value in local.tags : { name = upper(key), value = value }
      ]
    }
  ])

  tags = local.tags
}
### application
data "aws_vpc" "own" {
  tags = {
    Name = "@project@-${var.environment}"
  }
}

data "aws_subnets" "private" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.own.id]
  }

  tags = {
    Tier = "private"
  }
}
