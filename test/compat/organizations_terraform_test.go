package compat

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"sekisho/test/compat/harness"
)

// configured is a directory in which Terraform runs on one configuration.
type configured struct {
	t       *testing.T
	program string
	home    *harness.Home
}

// configure makes the directory for the configuration in testdata/terraform/NAME,
// with the caller's keys and the variables.
func configure(t *testing.T, s *harness.Server, name string, by keys, variables map[string]string) *configured {
	t.Helper()
	if os.Getenv("EVERYTHING") == "" {
		t.Skip("minutes long: EVERYTHING=1 runs it; TestGoOrganizations and its like make the provider's calls")
	}
	program, provider := terraform(t)
	raw, err := os.ReadFile(filepath.Join("testdata/terraform", name, "main.tf"))
	if err != nil {
		t.Fatal(err)
	}
	h := s.Home(t)
	h.Write("main.tf", string(raw))
	// Taken as it is: to check the sums of so large a provider at each command takes
	// longer than the commands.
	h.Write(".terraformrc", "provider_installation {\n  dev_overrides {\n    \"hashicorp/aws\" = \""+provider+"\"\n  }\n}\n")
	env := []string{
		"TF_CLI_CONFIG_FILE=" + h.Path(".terraformrc"), "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_INPUT=0",
		"AWS_ACCESS_KEY_ID=" + by.ID, "AWS_SECRET_ACCESS_KEY=" + by.Secret, "TF_VAR_endpoint=" + s.Base,
	}
	for name, value := range variables {
		env = append(env, "TF_VAR_"+name+"="+value)
	}
	return &configured{t: t, program: program, home: h.With(env...)}
}

// apply applies one of the two versions, fails unless the next plan is empty, and
// compares what the data sources read back.
func (c *configured) apply(changed string, want map[string]any) {
	c.t.Helper()
	at := c.home.With("TF_VAR_changed=" + changed)
	at.Must(c.program, "apply", "-auto-approve", "-no-color", "-parallelism=20")
	if r := at.Run(c.program, "plan", "-detailed-exitcode", "-no-color", "-parallelism=20"); r.Code != 0 {
		c.t.Errorf("changed=%s: the plan after the apply is not empty (%d):\n%s%s", changed, r.Code, r.Stdout, r.Stderr)
	}
	var out struct {
		ReadBack struct{ Value map[string]any } `json:"read_back"`
	}
	if err := json.Unmarshal([]byte(at.Must(c.program, "output", "-json")), &out); err != nil {
		c.t.Fatal(err)
	}
	for name, want := range want {
		if got := out.ReadBack.Value[name]; !reflect.DeepEqual(got, want) {
			c.t.Errorf("changed=%s: %s is %#v, want %#v", changed, name, got, want)
		}
	}
}

func (c *configured) destroy() {
	c.t.Helper()
	c.home.With("TF_VAR_changed=true").Must(c.program, "destroy", "-auto-approve", "-no-color", "-parallelism=20")
}

// TestTerraformOrganizations takes an organization and everything in it through its
// life with Terraform itself, by the root user of an account that has none: what was
// applied reads back equal, so that a second plan is empty, is changed in place, and
// goes (F-01, F-08, F-09, R-19).
func TestTerraformOrganizations(t *testing.T) {
	t.Parallel()
	s := startOrganization(t)
	root := standalone(t, s, "333344445555")
	verified(t, s, "333344445555")
	c := configure(t, s, "organizations", root, nil)
	want := map[string]any{
		"features": "ALL", "accounts": []any{"Alone 333344445555", "New"}, "services": []any{"access-analyzer.amazonaws.com", "config.amazonaws.com"},
		"types": []any{"BACKUP_POLICY", "SERVICE_CONTROL_POLICY", "TAG_POLICY"}, "unit": true, "units": []any{"Workloads"}, "in_root": []any{"Alone 333344445555"},
		"below_root": []any{"Alone 333344445555", "New"}, "units_below": []any{"Inner", "Workloads"}, "delegates": []any{"new@example.com"},
		"delegated": []any{"access-analyzer.amazonaws.com"}, "policies": 2.0, "on_account": 2.0, "policy": "Accounts stay: é, \"quoted\" & <b>",
		"tags": map[string]any{"ManagedBy": "terraform", "Stage": "one", "Old": ""}, "status": "ACTIVE",
	}
	c.apply("false", want)
	want["services"] = []any{"access-analyzer.amazonaws.com", "ram.amazonaws.com"}
	want["types"] = []any{"RESOURCE_CONTROL_POLICY", "SERVICE_CONTROL_POLICY", "TAG_POLICY"}
	want["units"], want["units_below"] = []any{"Workloads, renamed"}, []any{"Inner", "Workloads, renamed"}
	want["in_root"] = []any{"Alone 333344445555", "New"}
	want["policy"] = ""
	want["tags"] = map[string]any{"ManagedBy": "terraform", "Stage": "two", "team:name": "Ops + Café"}
	c.apply("true", want)

	// A closed account stays for 90 days, and the organization with it; everything
	// else goes (behaviours.md 9.6).
	destroy := c.home.With("TF_VAR_changed=true").Run(c.program, "destroy", "-auto-approve", "-no-color", "-parallelism=20")
	if destroy.Code != 1 || strings.Count(destroy.Stderr, "Error: ") != 1 || !strings.Contains(destroy.Stderr, "OrganizationNotEmptyException") {
		t.Errorf("destroy: %d\n%s", destroy.Code, destroy.Stderr)
	}
	if left := strings.TrimSpace(c.home.Must(c.program, "state", "list")); left != "aws_organizations_organization.this" {
		t.Errorf("what is left is %q", left)
	}
	accounts := must[*organizations.ListAccountsOutput](t)(organizationsClient(s, root.provider()).ListAccounts(t.Context(), &organizations.ListAccountsInput{})).Accounts
	for _, a := range accounts {
		if want := map[bool]types.AccountStatus{true: types.AccountStatusActive, false: types.AccountStatusSuspended}[*a.Id == "333344445555"]; a.Status != want {
			t.Errorf("%s is %s, want %s", *a.Name, a.Status, want)
		}
	}
	if len(accounts) != 2 {
		t.Errorf("%d accounts are left", len(accounts))
	}
}
