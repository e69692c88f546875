routed = true
