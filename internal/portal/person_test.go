package portal_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/application"
	"sekisho/internal/favourite"
	"sekisho/internal/iam"
	"sekisho/internal/mfa"
	"sekisho/internal/session"
	"sekisho/internal/signin/signintest"
	"sekisho/internal/store"
)

const production = "444455556666"

// ask calls one of the portal's own doors as its script does and reads the answer.
func ask[T any](b *signintest.Browser, method, path string) (status int, answer T) {
	b.W.T.Helper()
	p := b.Fetch(method, b.W.Map.Portal(signintest.Subdomain)+"/api/_portal"+path)
	if p.Status == http.StatusOK {
		if err := json.Unmarshal([]byte(p.Body), &answer); err != nil {
			b.W.T.Fatalf("%s: %v: %s", path, err, p.Body)
		}
	}
	return p.Status, answer
}

type applications struct {
	Applications []struct{ ApplicationID, Name, Description, URL string }
	NextToken    string
}

func putApplication(w *signintest.World, a application.Application) {
	w.Update(func(tx store.Tx) error { return tx.PutApplication(a) })
}

func newApplication(n int, name string, at application.SignIn) application.Application {
	return application.Application{
		ID: fmt.Sprintf("apl-%016d", n), Instance: signintest.InstanceID, Account: signintest.Owner, Provider: application.Custom, Name: name,
		Description: "About " + name, Status: application.Enabled, Visibility: application.Enabled, SignIn: at, CreatedAt: signintest.Start, CreatedFrom: signintest.Region,
	}
}

// H-12, H-18, R-07: what is open to the person, in order of name, page by page; and nothing
// that is hidden, disabled, or assigned to others only.
func TestApplications(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	for n := range 101 {
		putApplication(w, newApplication(n, fmt.Sprintf("Wiki %03d", n), application.SignIn{Origin: application.FromApplication, URL: fmt.Sprintf("https://wiki-%d.example/", n)}))
	}
	for n, change := range []func(*application.Application){
		func(a *application.Application) { a.Status = application.Disabled },
		func(a *application.Application) { a.Visibility = application.Disabled },
		func(a *application.Application) { a.AssignmentRequired = true },
	} {
		a := newApplication(200+n, "A hidden one", application.SignIn{})
		change(&a)
		putApplication(w, a)
	}
	b := w.Browser(t)
	b.MustSignIn(signintest.Jane, signintest.JanePassword)
	_, first := ask[applications](b, http.MethodGet, "/applications")
	_, last := ask[applications](b, http.MethodGet, "/applications?next_token="+first.NextToken)
	if len(first.Applications) != 100 || len(last.Applications) != 1 || last.NextToken != "" {
		t.Fatalf("pages of %d and %d", len(first.Applications), len(last.Applications))
	}
	if a := first.Applications[0]; a.Name != "Wiki 000" || a.Description != "About Wiki 000" || a.URL != "https://wiki-0.example/" || a.ApplicationID != "apl-0000000000000000" {
		t.Errorf("the first is %+v", a)
	}
	if status, _ := ask[applications](b, http.MethodGet, "/applications?next_token=100"); status != http.StatusBadRequest {
		t.Errorf("a token that nobody gave is answered %d", status)
	}
	w.Update(func(tx store.Tx) error {
		return tx.PutApplicationAssignment(application.Assignment{
			Application: fmt.Sprintf("apl-%016d", 202), PrincipalType: access.ToUser, PrincipalID: w.Users[signintest.Jane].ID, CreatedAt: signintest.Start,
		})
	})
	if _, got := ask[applications](b, http.MethodGet, "/applications"); got.Applications[0].Name != "A hidden one" {
		t.Errorf("the assigned one is not there: %+v", got.Applications[0])
	}
}

// Open redirect and script by ApplicationUrl: whatever is stored, the portal only
// ever links to https, without a name before the host.
func TestApplicationURLIsHTTPSOrNone(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	cases := []struct{ url, want string }{
		{"https://wiki.example/start?a=b#c", "https://wiki.example/start?a=b#c"},
		{"http://wiki.example/", ""},
		{"javascript:alert(1)", ""},
		{"JavaScript://wiki.example/%0aalert(1)", ""},
		{"data:text/html,x", ""},
		{"https://portal.example@evil.example/", ""},
		{"//evil.example/", ""},
		{"/start/signout", ""},
		{"https:evil.example", ""},
		{"https://", ""},
		{"https://evil.example\r\n/", ""},
		{"", ""},
	}
	for n, c := range cases {
		putApplication(w, newApplication(n, fmt.Sprintf("%02d", n), application.SignIn{Origin: application.FromApplication, URL: c.url}))
	}
	putApplication(w, newApplication(99, "99", application.SignIn{Origin: application.FromIdentityCenter, URL: "https://wiki.example/"}))
	b := w.Browser(t)
	b.MustSignIn(signintest.Jane, signintest.JanePassword)
	_, got := ask[applications](b, http.MethodGet, "/applications")
	if len(got.Applications) != len(cases)+1 {
		t.Fatalf("%d applications", len(got.Applications))
	}
	for n, c := range cases {
		if url := got.Applications[n].URL; url != c.want {
			t.Errorf("%q opens %q", c.url, url)
		}
	}
	if url := got.Applications[len(cases)].URL; url != "" {
		t.Errorf("one of Identity Center opens %q", url)
	}
}

// told is what the start page tells the app.
type told struct {
	Favourites    struct{ Accounts, Applications []string }
	MFADevicesURL string
}

func startPage(b *signintest.Browser) (facts told) {
	b.W.T.Helper()
	_, after, _ := strings.Cut(b.Get(b.W.StartURL()).Body, `id="sekisho-session">`)
	text, _, _ := strings.Cut(after, "</script>")
	if err := json.Unmarshal([]byte(text), &facts); err != nil {
		b.W.T.Fatalf("%v: %s", err, text)
	}
	return facts
}

// Favourites are the person's own, on every browser.
func TestFavourites(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	b.MustSignIn(signintest.Jane, signintest.JanePassword)
	set := func(method, path string, want int) {
		t.Helper()
		if status, _ := ask[struct{}](b, method, "/favourites/"+path); status != want {
			t.Errorf("%s %s is answered %d, want %d", method, path, status, want)
		}
	}
	set(http.MethodPut, "accounts/"+production, http.StatusNoContent)
	set(http.MethodPut, "accounts/"+production, http.StatusNoContent)
	set(http.MethodPut, "applications/apl-0123456789abcdef", http.StatusNoContent)
	set(http.MethodPut, "accounts/1", http.StatusBadRequest)
	set(http.MethodPut, "users/"+production, http.StatusBadRequest)
	set(http.MethodPut, "accounts/%2e%2e", http.StatusBadRequest)
	elsewhere := w.Browser(t)
	elsewhere.MustSignIn(signintest.Jane, signintest.JanePassword)
	if got := startPage(elsewhere).Favourites; !slices.Equal(got.Accounts, []string{production}) || !slices.Equal(got.Applications, []string{"apl-0123456789abcdef"}) {
		t.Errorf("elsewhere they are %+v", got)
	}
	other := w.Browser(t)
	other.MustSignIn(signintest.Taro, signintest.TaroPassword)
	if got := startPage(other).Favourites; len(got.Accounts)+len(got.Applications) > 0 {
		t.Errorf("somebody else has %+v", got)
	}
	if got, want := startPage(b).MFADevicesURL, w.Map.SignIn()+"/platform/devices?portal="+signintest.Subdomain; got != want {
		t.Errorf("MFA devices are at %q, want %q", got, want)
	}
	set(http.MethodDelete, "accounts/"+production, http.StatusNoContent)
	set(http.MethodDelete, "accounts/"+production, http.StatusNoContent)
	if got := startPage(b).Favourites; len(got.Accounts) != 0 {
		t.Errorf("one that was removed is there: %+v", got)
	}
	w.Update(func(tx store.Tx) error {
		for n := range favourite.Max {
			f := favourite.Favourite{User: w.Users[signintest.Jane].ID, Kind: favourite.Account, Target: fmt.Sprintf("%012d", n), MarkedAt: signintest.Start}
			if err := tx.PutFavourite(f); err != nil {
				return err
			}
		}
		return nil
	})
	p := b.Fetch(http.MethodPut, w.Map.Portal(signintest.Subdomain)+"/api/_portal/favourites/accounts/"+production)
	if p.Status != http.StatusBadRequest || p.Header.Get("X-Amzn-Errortype") != "ServiceQuotaExceededException" {
		t.Errorf("one too many is answered %d: %s", p.Status, p.Body)
	}
}

// whoever is assigned to an account learns that it is suspended; of any other
// account nobody learns that it exists (enumeration).
func TestStanding(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	const others = "777788889999"
	w.Update(func(tx store.Tx) error {
		for _, id := range []string{production, others} {
			a := account.Account{ID: id, Name: id, Email: id + "@example.com", Status: account.Suspended, CreatedAt: signintest.Start}
			if err := tx.PutAccount(a); err != nil {
				return err
			}
		}
		set := access.PermissionSet{ID: "ps-1", Instance: signintest.InstanceID, Name: "ReadOnly", SessionDuration: time.Hour, Tags: []iam.Tag{}, CreatedAt: signintest.Start}
		if err := tx.PutPermissionSet(set); err != nil {
			return err
		}
		for id, user := range map[string]string{production: signintest.Jane, others: signintest.Taro} {
			a := access.Assignment{Account: id, PermissionSet: set.ID, PrincipalType: access.ToUser, PrincipalID: w.Users[user].ID, CreatedAt: signintest.Start}
			if err := tx.PutAssignment(a); err != nil {
				return err
			}
		}
		return nil
	})
	b := w.Browser(t)
	b.MustSignIn(signintest.Jane, signintest.JanePassword)
	if _, got := ask[struct{ Status string }](b, http.MethodGet, "/accounts/"+production); got.Status != "SUSPENDED" {
		t.Errorf("it is %+v", got)
	}
	portal := w.Map.Portal(signintest.Subdomain)
	none := b.Fetch(http.MethodGet, portal+"/api/_portal/accounts/000000000000")
	for _, id := range []string{others, "1", "x"} {
		if p := b.Fetch(http.MethodGet, portal+"/api/_portal/accounts/"+id); p.Status != http.StatusOK || p.Body != none.Body || strings.TrimSpace(p.Body) != `{"status":""}` {
			t.Errorf("%s is answered %d: %s", id, p.Status, p.Body)
		}
	}
}

type sessions struct {
	Sessions []struct {
		SessionID, SourceIP, UserAgent string
		Current, MFA                   bool
	}
	Total int
}

// The person's sign-ins and nobody else's, this one first, without what is over and
// without the consoles that they led to.
func TestSessions(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	jane := w.Users[signintest.Jane].ID
	here, there, other := w.Browser(t), w.Browser(t), w.Browser(t)
	here.MustSignIn(signintest.Jane, signintest.JanePassword)
	w.Clock.Advance(time.Minute)
	there.MustSignIn(signintest.Jane, signintest.JanePassword)
	other.MustSignIn(signintest.Taro, signintest.TaroPassword)
	w.Update(func(tx store.Tx) error {
		for i, s := range []session.Session{
			{Kind: session.Role, ExpiresAt: w.Clock.Now().Add(time.Hour)},
			{ExpiresAt: w.Clock.Now()},
			{ExpiresAt: w.Clock.Now().Add(time.Hour), EndedAt: w.Clock.Now(), EndReason: session.SignedOut},
		} {
			s.ID, s.User, s.CreatedAt = fmt.Sprint("s", i), jane, w.Clock.Now()
			if err := tx.PutSession(s); err != nil {
				return err
			}
		}
		return nil
	})
	_, mine := ask[sessions](here, http.MethodGet, "/sessions")
	if len(mine.Sessions) != 2 || mine.Total != 2 || !mine.Sessions[0].Current || mine.Sessions[1].Current {
		t.Fatalf("they are %+v", mine)
	}
	_, theirs := ask[sessions](other, http.MethodGet, "/sessions")
	if len(theirs.Sessions) != 1 {
		t.Fatalf("somebody else's are %+v", theirs)
	}

	end := func(id string) int {
		status, _ := ask[struct{}](here, http.MethodDelete, "/sessions/"+id)
		return status
	}
	// Another person's session, a console's and none are all the same (IDOR, enumeration).
	for _, id := range []string{theirs.Sessions[0].SessionID, "s0", "00000000-0000-4000-8000-000000000000", strings.Repeat("x", 3000)} {
		if status := end(id); status != http.StatusNotFound {
			t.Errorf("ending %.40s is answered %d", id, status)
		}
	}
	if status, _ := ask[sessions](other, http.MethodGet, "/sessions"); status != http.StatusOK {
		t.Errorf("somebody else is signed out: %d", status)
	}
	if status := end(mine.Sessions[0].SessionID); status != http.StatusBadRequest {
		t.Errorf("ending one's own session is answered %d", status)
	}
	if status := end(mine.Sessions[1].SessionID); status != http.StatusNoContent {
		t.Errorf("ending another session of one's own is answered %d", status)
	}
	if status, _ := ask[sessions](there, http.MethodGet, "/sessions"); status != http.StatusUnauthorized {
		t.Errorf("the ended session is answered %d", status)
	}
	// Twice is once.
	if status := end(mine.Sessions[1].SessionID); status != http.StatusNoContent {
		t.Errorf("ending it again is answered %d", status)
	}
	if e := w.Events("Logout"); len(e) != 1 || e[0].Detail["endedSession"] != mine.Sessions[1].SessionID || e[0].UserName != signintest.Jane {
		t.Errorf("the trail says %+v", e)
	}
}

// All others end at once, with the trust in browsers; this one and other people stay.
func TestEndAllOtherSessions(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	var browsers []*signintest.Browser
	for range 3 {
		b := w.Browser(t)
		b.MustSignIn(signintest.Jane, signintest.JanePassword)
		browsers = append(browsers, b)
	}
	other := w.Browser(t)
	other.MustSignIn(signintest.Taro, signintest.TaroPassword)
	w.Update(func(tx store.Tx) error {
		return tx.PutTrustedBrowser(mfa.TrustedBrowser{Hash: "h", User: w.Users[signintest.Jane].ID, CreatedAt: w.Clock.Now(), ExpiresAt: w.Clock.Now().Add(time.Hour)})
	})
	if _, got := ask[struct{ Ended int }](browsers[1], http.MethodPost, "/sessions/end-all-others"); got.Ended != 2 {
		t.Errorf("%d ended", got.Ended)
	}
	for i, b := range append(browsers, other) {
		want := http.StatusUnauthorized
		if i == 1 || i == 3 {
			want = http.StatusOK
		}
		if status, _ := ask[sessions](b, http.MethodGet, "/sessions"); status != want {
			t.Errorf("browser %d is answered %d", i, status)
		}
	}
	if err := w.DB.View(t.Context(), func(tx store.Tx) error { _, err := tx.TrustedBrowser("h"); return err }); err == nil {
		t.Error("the browser is still trusted")
	}
	if e := w.Events("Logout"); len(e) != 2 {
		t.Errorf("%d events", len(e))
	}
}

// CSRF: no other page gets through the portal's own doors, to read or to change;
// nobody without a session, or with that of another portal, gets anything.
func TestOwnDoorsAreForTheOwnScript(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	b.MustSignIn(signintest.Jane, signintest.JanePassword)
	w.Browser(t).MustSignIn(signintest.Jane, signintest.JanePassword)
	_, mine := ask[sessions](b, http.MethodGet, "/sessions")
	portal := w.Map.Portal(signintest.Subdomain)
	doors := []struct{ method, path string }{
		{http.MethodGet, "/applications"}, {http.MethodGet, "/accounts/" + production}, {http.MethodGet, "/sessions"},
		{http.MethodPut, "/favourites/accounts/" + production}, {http.MethodDelete, "/favourites/accounts/" + production},
		{http.MethodDelete, "/sessions/" + mine.Sessions[1].SessionID}, {http.MethodPost, "/sessions/end-all-others"},
	}
	for name, headers := range map[string]map[string]string{
		"no header":      {"Sec-Fetch-Site": "same-origin"},
		"cross-site":     {"Sec-Fetch-Site": "cross-site", "X-Sekisho-Csrf": "1"},
		"sister host":    {"Sec-Fetch-Site": "same-site", "X-Sekisho-Csrf": "1"},
		"another origin": {"Origin": w.Map.Portal(signintest.DirectoryID), "X-Sekisho-Csrf": "1"},
	} {
		for _, door := range doors {
			p := b.Once(door.method, portal+"/api/_portal"+door.path, nil, func(r *http.Request) {
				r.Header.Del("Sec-Fetch-Site")
				r.Header.Del("Origin")
				for k, v := range headers {
					r.Header.Set(k, v)
				}
			})
			if p.Status != http.StatusForbidden {
				t.Errorf("%s: %s %s is answered %d", name, door.method, door.path, p.Status)
			}
		}
	}
	if _, still := ask[sessions](b, http.MethodGet, "/sessions"); len(still.Sessions) != 2 {
		t.Errorf("a session has ended: %+v", still)
	}

	// Another portal's cookie: whoever is signed in to one is nobody in another.
	const elsewhere = "other-corp"
	w.Update(func(tx store.Tx) error {
		return tx.PutInstance(access.Instance{ID: "ssoins-fedcba9876543210", DirectoryID: "d-9999999999", Region: signintest.Region, Subdomain: elsewhere,
			SessionDuration: access.DefaultPortalSession, Owner: "999988887777", Status: access.InstanceActive, CreatedAt: signintest.Start})
	})
	stranger := w.Browser(t)
	for _, door := range doors {
		if p := stranger.Fetch(door.method, portal+"/api/_portal"+door.path); p.Status != http.StatusUnauthorized {
			t.Errorf("signed out: %s %s is answered %d", door.method, door.path, p.Status)
		}
		b.SetCookie(w.Map.StartURL(elsewhere), "sekisho-portal", b.Cookie(w.StartURL(), "sekisho-portal"))
		if p := b.Fetch(door.method, w.Map.Portal(elsewhere)+"/api/_portal"+door.path); p.Status != http.StatusUnauthorized {
			t.Errorf("another portal: %s %s is answered %d", door.method, door.path, p.Status)
		}
	}
	// What is no door is nothing.
	for _, path := range []string{"", "/", "/nothing", "/sessions/"} {
		if p := b.Fetch(http.MethodGet, portal+"/api/_portal"+path); p.Status != http.StatusNotFound {
			t.Errorf("%q is answered %d", path, p.Status)
		}
	}
}

// behaviours.md 6.2: the addresses by region and by issuer lead to the start page.
func TestRegionalAndIssuerAddresses(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	start := w.Map.StartURL(signintest.InstanceID)
	for _, c := range []struct{ host, path, want string }{
		{signintest.InstanceID + ".portal.eu-central-1.app.aws", "/", "/start"},
		{signintest.InstanceID + ".portal.eu-central-1.app.aws", "/start/", start},
		{signintest.InstanceID + ".eu-central-1.portal.amazonaws.com", "/start", start},
		{signintest.InstanceID + ".portal.eu-central-1.app.localhost:8420", "/start", start},
		{"identitycenter.amazonaws.com", "/" + signintest.InstanceID, start},
		{"identitycenter.localhost:8420", "/" + signintest.InstanceID, start},
		{"identitycenter.localhost:8420", "/ssoins-ffffffffffffffff", ""},
		{"identitycenter.localhost:8420", "/start", ""},
		{signintest.Subdomain + ".awsapps.localhost:8420", "/" + signintest.InstanceID, ""},
		{"ssoins-ffffffffffffffff.portal.eu-central-1.app.aws", "/start", ""},
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			p := b.Once(method, w.Map.Base()+c.path, nil, func(r *http.Request) { r.Host = c.host })
			got := p.Header.Get("Location")
			switch {
			case c.want == "" && p.Status != http.StatusNotFound:
				t.Errorf("%s %s%s leads to %q (%d)", method, c.host, c.path, got, p.Status)
			case c.want != "" && method == http.MethodGet && got != c.want:
				t.Errorf("%s%s leads to %q, want %q", c.host, c.path, got, c.want)
			case c.want != "" && method == http.MethodHead && c.path != "/" && !strings.Contains(got, ".eu-central-1.portal.amazonaws.com/"):
				t.Errorf("HEAD %s%s tells %q", c.host, c.path, got)
			}
		}
	}
}
