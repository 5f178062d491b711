package app

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/iam"
	"sekisho/internal/pagehttp"
	"sekisho/internal/session"
	"sekisho/internal/store"
)

// Confused deputy: a user who may do nothing takes an administrator's role in an
// account of their own, and asks the sign-in host, which knows them by the same
// session, for a passkey of somebody in the account that they signed in to.
func TestSwitchedRoleRegistersNoPasskeys(t *testing.T) {
	t.Parallel()
	s := newServer(t, serverConfig(t, t.TempDir()))
	run(t, s)
	const victim, own = "555566667777", "666677778888"
	cookies := map[string]string{} // by session and surface
	update(t, s, func(tx store.Tx) error {
		now := time.Now()
		var low iam.User
		for _, id := range []string{victim, own} {
			if err := tx.PutAccount(account.Account{ID: id, Name: "Lone", Email: id + "@example.com", Status: account.Active, CreatedAt: now}); err != nil {
				return err
			}
		}
		for _, name := range []string{"admin", "low"} {
			u, err := iam.CreateUser(tx, now, iam.User{Account: victim, Path: "/", Name: name})
			if err != nil {
				return err
			}
			low = u
		}
		for _, of := range []session.Session{
			{ID: "low", Kind: session.IAMUser, User: low.ID, Account: victim},
			{ID: "victim", Kind: session.RootUser, User: victim, Account: victim},
			{ID: "own", Kind: session.RootUser, User: own, Account: own},
		} {
			signed, err := session.BeginConsole(tx, of, now, session.ConsoleLife)
			if err != nil {
				return err
			}
			for surface, address := range map[session.Surface]string{session.Console: s.Map.Console(), session.AccountSignIn: s.Map.SignIn()} {
				value, err := session.GiveCookie(tx, signed, surface, pagehttp.HostOf(address))
				if err != nil {
					return err
				}
				cookies[of.ID+"/"+string(surface)] = value.Reveal()
			}
		}
		return nil
	})
	do := func(who, method, address string, form url.Values) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, address, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.Header.Set("X-Sekisho-Csrf", "1")
		r.AddCookie(&http.Cookie{Name: "sekisho-console", Value: cookies[who+"/"+string(session.Console)]})
		r.AddCookie(&http.Cookie{Name: "sekisho-account", Value: cookies[who+"/"+string(session.AccountSignIn)]})
		w := httptest.NewRecorder()
		s.http.ServeHTTP(w, r)
		return w
	}
	call := func(who string, form url.Values) {
		t.Helper()
		form.Set("Version", "2010-05-08")
		if w := do(who, http.MethodPost, s.Map.Console()+"/api/iam/", form); w.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", form.Get("Action"), w.Code, w.Body)
		}
	}
	trust := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + victim + `:root"},"Action":"sts:AssumeRole"}]}`
	may := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}]}`
	call("own", url.Values{"Action": {"CreateRole"}, "RoleName": {"Any"}, "AssumeRolePolicyDocument": {trust}})
	call("own", url.Values{"Action": {"AttachRolePolicy"}, "RoleName": {"Any"}, "PolicyArn": {"arn:aws:iam::aws:policy/AdministratorAccess"}})
	call("victim", url.Values{"Action": {"PutUserPolicy"}, "UserName": {"low"}, "PolicyName": {"switch"}, "PolicyDocument": {may}})

	page := do("low", http.MethodGet, s.Map.Console()+"/switchrole", nil)
	flow := regexp.MustCompile(`name="flow" value="([^"]+)"`).FindStringSubmatch(page.Body.String())
	if flow == nil {
		t.Fatalf("no form: %d %s", page.Code, page.Body)
	}
	w := do("low", http.MethodPost, s.Map.Console()+"/switchrole", url.Values{"flow": {flow[1]}, "account": {own}, "roleName": {"Any"}})
	if w.Code != http.StatusSeeOther {
		t.Fatalf("not switched: %d %s", w.Code, w.Body)
	}
	// Nor does the answer tell who exists.
	for _, name := range []string{"admin", "low", "nobody"} {
		if w := do("low", http.MethodGet, s.Map.SignIn()+"/mfa/register?user="+name, nil); w.Code != http.StatusForbidden {
			t.Errorf("a passkey for %s: %d", name, w.Code)
		}
	}
}
