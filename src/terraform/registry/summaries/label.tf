# cloudposse/label/null: names. Only whether things are made at all is told; names stay open.

summary {
  irrelevant = [
    "namespace", "tenant", "environment", "stage", "name", "delimiter", "attributes",
    "labels_as_tags", "tags", "additional_tag_map", "label_order", "regex_replace_chars",
    "id_length_limit", "label_key_case", "label_value_case", "descriptor_formats", "region",
  ]
}

variable "enabled" {
  default = null
}

variable "context" {
  default = {}
}

locals {
  enabled = var.enabled == null ? try(var.context.enabled, null) != false : var.enabled
}

output "enabled" {
  value = local.enabled
}

output "context" {
  value = merge(var.context, { enabled = local.enabled })
}
