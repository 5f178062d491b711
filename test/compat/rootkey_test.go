package compat

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

var rootKeys = keys{ID: rootKeyID, Secret: rootSecret}

// TestRootAccessKey: the long-term key that the organisation file gives the
// management account signs as its root user, with SDKs too (I-24; behaviours.md
// 4.6).
func TestRootAccessKey(t *testing.T) {
	t.Parallel()
	s := start(t)
	if arn, want := caller(t, callerIdentity(t, s, rootKeys)), "arn:aws:iam::111122223333:root"; arn != want {
		t.Errorf("the caller is %s, want %s", arn, want)
	}
	for _, k := range sdks {
		h := s.Home(t)
		h.Write(".aws/config", "[profile root]\nregion = "+region+"\nservices = here\n\n"+h.Services("here"))
		h.Write(".aws/credentials", "[root]\naws_access_key_id = "+rootKeyID+"\naws_secret_access_key = "+rootSecret+"\n")
		var id identity
		k.run(t, h, &id, "identity", "root")
		if want := (identity{ARN: "arn:aws:iam::111122223333:root", Account: "111122223333", UserID: "111122223333"}); id != want {
			t.Errorf("%s: the caller is %+v, want %+v", k.name, id, want)
		}
	}
}

// TestLongTermKeyWithSessionToken: a long-term key has no session token; the
// order of checks shows in what a wrong signature gets (behaviours.md 2.3.8).
func TestLongTermKeyWithSessionToken(t *testing.T) {
	t.Parallel()
	s := start(t)
	token := newCurrentCLI(t, s).login(s.Browser(t), jane)
	session := roleCredentials(t, s, token.Access, production, "ReadOnly")
	for name, test := range map[string]struct {
		keys keys
		want string
	}{
		"a session's token":                 {keys{rootKeyID, rootSecret, session.Token}, "InvalidClientTokenId"},
		"any token":                         {keys{rootKeyID, rootSecret, "token"}, "InvalidClientTokenId"},
		"any token and the wrong signature": {keys{rootKeyID, "wrong", "token"}, "SignatureDoesNotMatch"},
	} {
		if code, _ := refusal(t, callerIdentity(t, s, test.keys)); code != test.want {
			t.Errorf("%s: %q, want %s", name, code, test.want)
		}
	}
}

// TestClockSkew: fifteen minutes either way, told to the second (behaviours.md
// 2.4), for role sessions and long-term keys, in headers and in the address.
func TestClockSkew(t *testing.T) {
	t.Parallel()
	s := start(t)
	token := newCurrentCLI(t, s).login(s.Browser(t), jane)
	session := roleCredentials(t, s, token.Access, staging, "PowerUserAccess")
	const stamp = `\d{8}T\d{6}Z`
	for what, k := range map[string]keys{"role session": session, "root key": rootKeys} {
		for _, test := range []struct {
			skew time.Duration
			code string
			text string
		}{
			{0, "", ``},
			{-14 * time.Minute, "", ``},
			{14 * time.Minute, "", ``},
			{-16 * time.Minute, "SignatureDoesNotMatch", `^Signature expired: ` + stamp + ` is now earlier than ` + stamp + ` \(` + stamp + ` - 15 min\.\)$`},
			{16 * time.Minute, "SignatureDoesNotMatch", `^Signature not yet current: ` + stamp + ` is still later than ` + stamp + ` \(` + stamp + ` \+ 15 min\.\)$`},
		} {
			at := time.Now().Add(test.skew)
			a := send(t, sign(t, query(t, s, http.MethodPost, whoAmI), whoAmI, k, at))
			code, message := refusal(t, a)
			if code != test.code || !regexp.MustCompile(test.text).MatchString(message) {
				t.Errorf("%s, %v: %q %q, want %q %s", what, test.skew, code, message, test.code, test.text)
			}
			if signed := at.UTC().Format("20060102T150405Z"); test.code != "" && !strings.Contains(message, signed) {
				t.Errorf("%s, %v: %q does not name %s", what, test.skew, message, signed)
			}
			r, err := http.NewRequest(http.MethodGet, presign(t, s, k, at), nil)
			if err != nil {
				t.Fatal(err)
			}
			if code, message := refusal(t, send(t, r)); code != test.code {
				t.Errorf("%s, %v, presigned: %q %q, want %q", what, test.skew, code, message, test.code)
			}
		}
	}
}

// TestDateHeader: SDKs set their clocks by the Date header after a refusal such
// as those above, so it follows the program's clock (behaviours.md 2.4).
func TestDateHeader(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, advance := range []time.Duration{0, 25 * time.Hour} {
		s.Advance(t, advance)
		a := callerIdentity(t, s, rootKeys)
		date, err := http.ParseTime(a.Header.Get("Date"))
		if err != nil {
			t.Fatal(err)
		}
		if off := s.Now(t).Sub(date).Abs(); off > 5*time.Second {
			t.Errorf("with the clock advanced by %v the Date header is off by %v", advance, off)
		}
		if got, want := a.Status == http.StatusOK, advance == 0; got != want {
			t.Errorf("with the clock advanced by %v: status %d", advance, a.Status)
		}
	}
}
