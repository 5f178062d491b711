// Command facts turns the service models of botocore into the facts tables that internal/awsproto embeds.
//
//	go run ./tools/facts -models <dir> -out internal/awsproto/facts
//
// <dir> holds either <service>.json files or botocore's own layout, <service>/<apiVersion>/service-2.json. The output is
// deterministic: the same models give the same bytes. Documentation is left out, and so is every shape that no operation
// reaches.
package main

import (
	"embed"
	"flag"
	"fmt"
	"os"
)

// services are the APIs that Sekisho speaks, by the names of the AWS CLI.
var services = []string{
	"accessanalyzer", "account", "cloudtrail", "iam", "identitystore", "organizations", "rolesanywhere", "service-quotas",
	"signin", "sso", "sso-admin", "sso-oidc", "sts", "support",
}

// only names the operations to take from models of which Sekisho speaks next to nothing.
var only = map[string][]string{"accessanalyzer": {"ValidatePolicy"}}

// ownServices are APIs that AWS's console has without publishing them; their models are Sekisho's own.
var ownServices = []string{"organizations-console", "sso-directory"}

//go:embed own
var ownModels embed.FS

func main() {
	models := flag.String("models", "", "directory with the botocore models")
	out := flag.String("out", "", "directory for the facts tables")
	flag.Parse()
	if *models == "" || *out == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(*models, *out); err != nil {
		fmt.Fprintln(os.Stderr, "facts:", err)
		os.Exit(1)
	}
}
