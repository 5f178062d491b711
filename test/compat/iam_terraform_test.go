package compat

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"sekisho/internal/saml/samltest"
)

// pluginsVariable names a directory that has providers as Terraform's mirrors
// have them.
const pluginsVariable = "SEKISHO_TEST_TERRAFORM_PLUGINS"

// terraform finds the program, and in a mirror the directory with its AWS
// provider. Neither is in a registry that this project installs from, so a
// machine without them makes the provider's calls by the SDK, in TestLifeCycle.
func terraform(t *testing.T) (program, provider string) {
	t.Helper()
	program, err := exec.LookPath("terraform")
	if err != nil {
		t.Skip("terraform is not installed; TestLifeCycle makes its calls")
	}
	for _, mirror := range []string{os.Getenv(pluginsVariable), "/usr/local/share/terraform/plugins", "/usr/share/terraform/plugins", "/opt/tf-plugins"} {
		found, _ := filepath.Glob(filepath.Join(mirror, "registry.terraform.io/hashicorp/aws/*", runtime.GOOS+"_"+runtime.GOARCH))
		if mirror != "" && len(found) > 0 {
			return program, found[len(found)-1]
		}
	}
	t.Skipf("no mirror has Terraform's AWS provider (%s names one); TestLifeCycle makes its calls", pluginsVariable)
	return "", ""
}

// TestTerraform applies every resource of IAM with Terraform itself: what was
// applied reads back equal, so that a second plan is empty; changes are made in
// place and are read back too; destroying leaves nothing (C-01, C-02, C-04, C-18
// to C-23, R-19, R-20).
func TestTerraform(t *testing.T) {
	t.Parallel()
	program, provider := terraform(t)
	s := startIAM(t)
	h := s.Home(t)
	raw, err := os.ReadFile("testdata/terraform/main.tf")
	if err != nil {
		t.Fatal(err)
	}
	h.Write("main.tf", string(raw))
	// Taken as it is: to check the sums of so large a provider at each command takes
	// longer than the commands.
	h.Write(".terraformrc", "provider_installation {\n  dev_overrides {\n    \"hashicorp/aws\" = \""+provider+"\"\n  }\n}\n")
	cert, key := certificate(t, "web.example.com")
	variables := map[string]string{
		"endpoint": s.Base, "certificate": cert, "private_key": key, "ssh_key": sshKey(t),
		"saml_metadata": samltest.New("https://idp.example.com/saml").Metadata(),
	}
	env := []string{
		"TF_CLI_CONFIG_FILE=" + h.Path(".terraformrc"), "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_INPUT=0",
		"AWS_ACCESS_KEY_ID=" + productionKeyID, "AWS_SECRET_ACCESS_KEY=" + productionSecret,
	}
	for name, value := range variables {
		env = append(env, "TF_VAR_"+name+"="+value)
	}
	s.Secret("the server certificate's private key", strings.Split(key, "\n")[1])
	c := iamClient(s, productionRoot.provider())
	before := summary(t, c)

	h = h.With(env...)
	for _, stage := range []struct {
		changed string
		want    map[string]any
	}{
		{"false", map[string]any{
			"account": production, "user_path": "/people/", "role_trust": true, "members": []any{"alice", "bob"}, "policy": "Reads: a bucket, & more",
			"admin": administratorAccess, "profile": "server", "saml": true, "clients": []any{"first", "sts.amazonaws.com"},
			"keys": []any{"Active"}, "alias": "example-one", "allowed": true,
		}},
		{"true", map[string]any{
			"account": production, "user_path": "/people/two/", "role_trust": true, "members": []any{"bob"}, "policy": "Reads: a bucket, & more",
			"admin": administratorAccess, "profile": "exclusive", "saml": true, "clients": []any{"second", "sts.amazonaws.com"},
			"keys": []any{"Inactive"}, "alias": "example-two", "allowed": true,
		}},
	} {
		at := h.With("TF_VAR_changed=" + stage.changed)
		at.Must(program, "apply", "-auto-approve", "-no-color", "-parallelism=20", "-refresh=false")
		if r := at.Run(program, "plan", "-detailed-exitcode", "-no-color", "-parallelism=20"); r.Code != 0 {
			t.Errorf("changed=%s: the plan after the apply is not empty (%d):\n%s%s", stage.changed, r.Code, r.Stdout, r.Stderr)
		}
		var out struct {
			ReadBack struct{ Value map[string]any } `json:"read_back"`
			Bob      struct {
				Value struct {
					Key      struct{ Secret string }
					Password string
				}
			}
		}
		if err := json.Unmarshal([]byte(at.Must(program, "output", "-json")), &out); err != nil {
			t.Fatal(err)
		}
		s.Secret("a secret key that Terraform made", out.Bob.Value.Key.Secret)
		s.Secret("a password that Terraform made", out.Bob.Value.Password)
		for name, want := range stage.want {
			if got := out.ReadBack.Value[name]; !reflect.DeepEqual(got, want) {
				t.Errorf("changed=%s: %s is %v, want %v", stage.changed, name, got, want)
			}
		}
	}
	h.With("TF_VAR_changed=true").Must(program, "destroy", "-auto-approve", "-no-color", "-parallelism=20")
	if after := summary(t, c); !maps.Equal(before, after) {
		t.Errorf("before Terraform the account had %v, afterwards %v", before, after)
	}
}

func sshKey(t testing.TB) string {
	t.Helper()
	private := must[*rsa.PrivateKey](t)(rsa.GenerateKey(rand.Reader, 2048))
	public := must[ssh.PublicKey](t)(ssh.NewPublicKey(&private.PublicKey))
	return string(ssh.MarshalAuthorizedKey(public))
}
