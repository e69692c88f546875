# What each central VPC is given: its subnets, which of them lead to the transit gateway, and its firewall.

locals {
  given = { for name in local.central : name => try(var.central_vpcs[name].subnets, {}) }

  inspects_out = contains(keys(try(var.central_vpcs.inspection.subnets, {})), "public")
  shares_names = contains(keys(try(var.central_vpcs.shared_services.subnets, {})), "dns")

  routes = {
    inspection      = { endpoints = local.inspects_out ? local.network : "0.0.0.0/0" }
    egress          = { public = local.network }
    shared_services = merge({ endpoints = "0.0.0.0/0" }, local.shares_names ? { dns = "0.0.0.0/0" } : {})
    ingress         = { public = local.network }
    hybrid_dns      = { endpoints = "0.0.0.0/0" }
  }

  # The module's own tables take all attachments, never the gateway's default ones.
  attached = {
    transit_gateway_default_route_table_association = false
    transit_gateway_default_route_table_propagation = false
  }

  inspection_nat = try(var.central_vpcs.inspection.subnets.public.nat_gateway_configuration, "all_azs")
  own_egress_nat = try(var.central_vpcs.egress.subnets.public.nat_gateway_configuration, "all_azs")

  wanted = {
    inspection = merge(
      local.inspects_out ? { public = { nat_gateway_configuration = local.inspection_nat } } : {},
      { endpoints = local.inspects_out ? { connect_to_public_natgw = local.inspection_nat != "none" } : {} },
      { transit_gateway = merge(local.attached, { transit_gateway_appliance_mode_support = "enable" }) },
    )
    egress = {
      public          = { nat_gateway_configuration = local.own_egress_nat }
      transit_gateway = merge(local.attached, { connect_to_public_natgw = local.egress_nat != "none" })
    }
    shared_services = merge(
      { endpoints = {}, transit_gateway = local.attached },
      local.shares_names ? { dns = {} } : {},
    )
    ingress    = { public = {}, transit_gateway = local.attached }
    hybrid_dns = { endpoints = {}, transit_gateway = local.attached }
  }

  subnets = {
    for name in local.central : name => merge(
      local.given[name],
      { for type, wanted in local.wanted[name] : type => merge(wanted, try(local.given[name][type], {})) },
    )
  }
}

module "aws_network_firewall" {
  count  = try(var.central_vpcs.inspection.aws_network_firewall.name, "empty") != "empty" ? 1 : 0
  source = "aws-ia/networkfirewall/aws"

  vpc_id = module.central_vpcs["inspection"].vpc_attributes.id
  routing_configuration = {
    connectivity = { for az, table in module.central_vpcs["inspection"].rt_attributes_by_type_by_az.transit_gateway : az => table.id }
    public       = { for az, table in module.central_vpcs["inspection"].rt_attributes_by_type_by_az.public : az => table.id }
  }
}

output "aws_network_firewall" {
  value = try(module.aws_network_firewall[0].aws_network_firewall, null)
}
