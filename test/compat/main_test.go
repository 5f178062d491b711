package compat

import (
	"os"
	"regexp"
	"testing"

	"sekisho/test/compat/harness"
)

func TestMain(m *testing.M) {
	if command := os.Getenv(goClientVariable); command != "" {
		os.Exit(goClient(command))
	}
	os.Exit(harness.Main(m))
}

const (
	orgFile    = "testdata/org.yaml"
	portalName = "example"
	// startURL is a spelling that every CLI accepts; no client ever contacts it
	// (api-surface.md 5.2).
	startURL = "https://example.awsapps.com/start"
	region   = "us-east-1"

	production = "444455556666"
	staging    = "777788889999"

	rootKeyID  = "AKIAIOSFODNN7EXAMPLE"
	rootSecret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
)

var (
	jane = harness.Person{UserName: "jane", Password: "Checkpoint-Gate-53"}
	taro = harness.Person{UserName: "taro", Password: "Hakone-Toge-53"}
)

// start runs the program with the tests' organisation and watches over what is
// secret in it.
func start(t testing.TB) *harness.Server {
	t.Helper()
	s := harness.Start(t, orgFile)
	s.Secret("jane's password", jane.Password)
	s.Secret("taro's password", taro.Password)
	s.Secret("the root user's secret key", rootSecret)
	return s
}

// roleARN is what a role session of a permission set is called
// (behaviours.md 4.6, 6.3).
func roleARN(account, permissionSet string, who harness.Person) *regexp.Regexp {
	return regexp.MustCompile(`^arn:aws:sts::` + account + `:assumed-role/AWSReservedSSO_` + permissionSet + `_[0-9a-f]{16}/` + who.UserName + `$`)
}
