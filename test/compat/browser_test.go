package compat

import (
	"encoding/json"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sekisho/test/compat/harness"
)

// chromium runs a task of node/browser.mjs, in a real browser, as a person.
func chromium(t testing.TB, h *harness.Home, who harness.Person, out any, task string, args ...string) {
	t.Helper()
	script := filepath.Join(harness.Node(t, "node"), "browser.mjs")
	printed := h.With("COMPAT_USER="+who.UserName, "COMPAT_PASSWORD="+who.Password).Must("node", append([]string{script, task}, args...)...)
	if err := json.Unmarshal([]byte(printed), out); err != nil {
		t.Fatalf("%v in %q", err, printed)
	}
}

// TestChromiumApprovesCLI: the CLI's login, approved in a real browser (I-04, I-08).
func TestChromiumApprovesCLI(t *testing.T) {
	t.Parallel()
	s := start(t)
	h := s.Home(t).Overlay()
	h.Write(".aws/config", session)
	term := h.Terminal(awsCLI, "sso", "login", "--no-browser", "--profile", "admin")
	address := term.Expect(`(http://device\.sso\.localhost:\d+/\?user_code=([A-Z]{4}-[A-Z]{4}))`)
	var page struct {
		Code, Asked, Done string
		Complaints        []string
	}
	chromium(t, h, jane, &page, "approve", address[1])
	if page.Code != address[2] {
		t.Errorf("the page shows the code %q, the terminal %q", page.Code, address[2])
	}
	for _, fact := range []string{"botocore-client-work", "jane", address[2], "127.0.0.1"} {
		if !strings.Contains(page.Asked, fact) {
			t.Errorf("the page that asks for access does not tell %q:\n%s", fact, page.Asked)
		}
	}
	if !strings.Contains(strings.ToLower(page.Done), "close") {
		t.Errorf("at the end the page says %q", page.Done)
	}
	if len(page.Complaints) > 0 {
		t.Errorf("the browser complains: %q", page.Complaints)
	}
	if code, screen := term.Wait(); code != 0 {
		t.Fatalf("exit %d\n%s", code, screen)
	}
	checkIdentity(t, h.Must(awsCLI, "sts", "get-caller-identity", "--profile", "admin"), production, "AdministratorAccess", jane)
}

// The portal's labels of what it offers to copy.
const (
	labelStartURL  = "SSO Start URL"
	labelRegion    = "SSO Region"
	labelConfig    = "AWS config file"
	labelLogin     = "Sign-in commands"
	labelWizard    = "Default profile"
	labelVariables = "Environment variables"
	labelEndpoints = "Endpoint environment variables"
	labelProfile   = "Credentials file profile"
	labelProfileOf = "Config file profile with endpoints"
	labelKeyID     = "AWS access key ID"
	labelSecret    = "AWS secret access key"
	labelToken     = "AWS session token"
)

// TestPasting copies everything that the credentials dialog offers, by its Copy
// buttons in a real browser, and pastes it where it belongs (H-17, I-11, I-12,
// I-05, I-14 to I-22).
func TestPasting(t *testing.T) {
	t.Parallel()
	s := start(t)
	var dialog struct {
		Texts      map[string]map[string]string
		Shown      string
		Complaints []string
	}
	chromium(t, s.Home(t), jane, &dialog, "dialog", s.Portal(portalName)+"/start", "Production", "ReadOnly")
	if len(dialog.Complaints) > 0 {
		t.Errorf("the browser complains: %q", dialog.Complaints)
	}
	posix, cmd, powershell := dialog.Texts["macOS and Linux"], dialog.Texts["Windows"], dialog.Texts["PowerShell"]
	for system, texts := range dialog.Texts {
		for _, label := range []string{
			labelStartURL, labelRegion, labelConfig, labelLogin, labelWizard, labelVariables, labelEndpoints,
			labelProfile, labelProfileOf, labelKeyID, labelSecret, labelToken,
		} {
			if texts[label] == "" {
				t.Errorf("the tab %s offers no %q", system, label)
			}
		}
	}
	if t.Failed() {
		return
	}
	held := keys{posix[labelKeyID], s.Secret("the dialog's secret key", posix[labelSecret]), s.Secret("the dialog's session token", posix[labelToken])}
	for _, secret := range []string{held.Secret, held.Token} {
		if strings.Contains(dialog.Shown, secret) {
			t.Error("the dialog shows a secret that nobody asked to see")
		}
	}
	want := roleARN(production, "ReadOnly", jane)

	t.Run("option 3, values", func(t *testing.T) {
		if arn := caller(t, callerIdentity(t, s, held)); !want.MatchString(arn) {
			t.Errorf("the caller is %s, want %s", arn, want)
		}
	})
	for _, shell := range [][]string{{"bash", "--norc"}, {"dash"}, {"zsh", "-f"}} {
		t.Run("option 1 in "+shell[0], func(t *testing.T) {
			t.Parallel()
			h := s.Home(t).Overlay()
			// Such settings as the variables have to override (I-17).
			h.Write(".aws/credentials", "[default]\naws_access_key_id = AKIAAAAAAAAAAAAAAAAA\naws_secret_access_key = x\n")
			// The Go SDK takes the server's address from what was pasted, the CLI from its overlay.
			script := posix[labelVariables] + "\n" + posix[labelEndpoints] + "\n" + goClientInShell(t) + " ''\n" + awsCLI + " sts get-caller-identity\n"
			h.Write("script", script)
			out := h.Must(shell[0], append(shell[1:], "script")...)
			if found := regexp.MustCompile(`arn:aws:sts::[^"]*`).FindAllString(out, -1); len(found) != 2 || !want.MatchString(found[0]) || !want.MatchString(found[1]) {
				t.Errorf("Go SDK and CLI print %q, want %s twice", found, want)
			}
		})
	}
	t.Run("option 1 at a prompt of bash", func(t *testing.T) {
		t.Parallel()
		h := s.Home(t)
		term := h.With("PS1=ready> ").Terminal("bash", "--norc", "--noprofile", "-i")
		for line := range strings.SplitSeq(posix[labelVariables]+"\n"+posix[labelEndpoints], "\n") {
			term.Expect(`ready> `)
			term.Type(line)
		}
		term.Expect(`ready> `)
		term.Type("stty cols 1000 -echo; printf '<%s>\\n' \"$AWS_ACCESS_KEY_ID\" \"$AWS_SECRET_ACCESS_KEY\" \"$AWS_SESSION_TOKEN\"; exit")
		for _, value := range []string{held.ID, held.Secret, held.Token} {
			term.Expect(`\n<` + regexp.QuoteMeta(value) + `>`)
		}
	})
	t.Run("option 2", func(t *testing.T) {
		t.Parallel()
		h := s.Home(t).Overlay()
		h.Write(".aws/credentials", "[default]\naws_access_key_id = AKIAAAAAAAAAAAAAAAAA\naws_secret_access_key = x\n\n"+posix[labelProfile]+"\n")
		const profile = production + "_ReadOnly"
		checkIdentity(t, h.Must(awsCLI, "sts", "get-caller-identity", "--profile", profile, "--region", region), production, "ReadOnly", jane)
		h.Write(".aws/config", posix[labelProfileOf]+"\n")
		for _, k := range sdks {
			var id identity
			k.run(t, h, &id, "identity", profile)
			if !want.MatchString(id.ARN) {
				t.Errorf("%s: %+v, want %s", k.name, id, want)
			}
		}
	})
	t.Run("recommended", func(t *testing.T) {
		t.Parallel()
		h := s.Home(t).Overlay()
		h.Write(".aws/config", posix[labelConfig]+"\n")
		term := h.Terminal("bash", "--norc", "-c", posix[labelLogin])
		address := term.Expect(`(http://device\.sso\.localhost:\d+/)\s`)[1]
		typed := term.Expect(`([A-Z]{4}-[A-Z]{4})`)[1]
		s.Browser(t).Open(address).Submit(map[string][]string{"user_code": {typed}}).Walk(jane, "allow")
		if code, screen := term.Wait(); code != 0 || !regexp.MustCompile(`"Arn": "`+strings.Trim(want.String(), "^$")+`"`).MatchString(screen) {
			t.Errorf("exit %d\n%s", code, screen)
		}
		for _, k := range sdks { // no overlay in them: they go where the text says
			var id identity
			k.run(t, h, &id, "identity", "ReadOnly-"+production)
			if !want.MatchString(id.ARN) {
				t.Errorf("%s: %+v, want %s", k.name, id, want)
			}
		}
	})
	t.Run("start URL and region", func(t *testing.T) {
		if posix[labelStartURL] != startURL || posix[labelRegion] != region {
			t.Errorf("%q in %q, want %q in %q", posix[labelStartURL], posix[labelRegion], startURL, region)
		}
	})
	// No such shell is at hand: what is pasted is compared with what bash was given.
	variable := regexp.MustCompile(`^export ([A-Z_]+)="([A-Za-z0-9+/=_.:-]+)"$`)
	for system, test := range map[string]struct {
		texts  map[string]string
		format *regexp.Regexp
	}{
		"cmd":        {cmd, regexp.MustCompile(`^SET ([A-Z_]+)=([A-Za-z0-9+/=_.:-]+)$`)},
		"PowerShell": {powershell, regexp.MustCompile(`^\$Env:([A-Z_]+)="([A-Za-z0-9+/=_.:-]+)"$`)},
	} {
		t.Run("syntax of "+system, func(t *testing.T) {
			for _, label := range []string{labelVariables, labelEndpoints} {
				theirs, ours := strings.Split(test.texts[label], "\n"), strings.Split(posix[label], "\n")
				if len(theirs) != len(ours) {
					t.Fatalf("%s has %d lines, bash's %d", label, len(theirs), len(ours))
				}
				for i := range ours {
					want, got := variable.FindStringSubmatch(ours[i]), test.format.FindStringSubmatch(theirs[i])
					if want == nil || got == nil || want[1] != got[1] || want[2] != got[2] {
						t.Errorf("%q does not set what %q sets", theirs[i], ours[i])
					}
				}
			}
			for _, label := range []string{labelConfig, labelWizard, labelProfile, labelProfileOf, labelStartURL, labelKeyID, labelSecret, labelToken} {
				if test.texts[label] != posix[label] {
					t.Errorf("%s is %q, on the first tab %q", label, test.texts[label], posix[label])
				}
			}
		})
	}
}
