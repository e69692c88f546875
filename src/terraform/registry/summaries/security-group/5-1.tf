# Versions 5.1: lists of prefix lists, which 5.2 took up in another way.

summary {
  leaves_out = [
    "ingress_with_prefix_list_ids", "egress_with_prefix_list_ids", "computed_*_with_prefix_list_ids",
    "number_of_computed_*_with_prefix_list_ids",
  ]
}
