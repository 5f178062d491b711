package compat

const goClientVariable = "SEKISHO_COMPAT_GO_CLIENT"

// placeholder
func goClient(string) int { return 0 }
