package signintest

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"sekisho/internal/account"
	"sekisho/internal/accountsignin"
	"sekisho/internal/credential"
	"sekisho/internal/iam"
	"sekisho/internal/pagehttp"
	"sekisho/internal/secondfactor"
	"sekisho/internal/secret"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

// The accounts of the world, their root users and IAM users. The first is the
// organization's management account, Member one of its members, whose root user has
// no password.
const (
	Alias        = "example-corp" // of Owner
	RootEmail    = "root@example.com"
	RootPassword = "Harbour Light 42"
	Member       = "444455556666"
	MemberEmail  = "member@example.com"
	Lone         = "777788889999" // stands alone
	LoneEmail    = "lone@example.com"

	Alice         = "alice" // an IAM user of Owner
	AlicePassword = "Copper Kettle 77"
	Bob           = "bob" // of Owner, without a password
	Carol         = "carol"
	CarolPassword = "Paper Lantern 11" // one-time
)

// withAccounts adds the pages of root users and IAM users to the sign-in host, and
// a console that knows who is signed in.
func (w *World) withAccounts(site *pagehttp.Site, hasher *credential.Hasher) {
	factors := secondfactor.New(secondfactor.Deps{
		Site: site, DB: w.DB, Ring: w.Ring, Count: w.count,
		SignedIn:  func(r *http.Request) (session.Session, error) { return w.Accounts.SignedIn(r) },
		SignInFor: func(path string) string { return w.Accounts.Begin(accountsignin.Request{Here: path}) },
		May:       func(*http.Request, session.Session, string, string) error { return nil },
	})
	w.Accounts = accountsignin.New(accountsignin.Deps{
		Site: site, DB: w.DB, Ring: w.Ring, Hasher: hasher, Captcha: w.Captcha, Count: w.count, Factors: factors,
	})
	w.T.Cleanup(w.Accounts.Close)
	host := http.NewServeMux()
	host.Handle("/", w.SignIn)
	for _, path := range accountsignin.Paths {
		host.Handle(path, w.Accounts)
	}
	host.Handle("/mfa", factors)
	host.Handle("/mfa/", factors)
	w.withSignUp(site, hasher, host)
	w.signInHost = site.At(w.Map.SignIn(), host)
	w.console = w.newConsole(site)
}

const (
	cookieConsole = "test-console"
	cookieState   = "test-state"
)

// newConsole stands for the console: it sends whoever is not signed in to sign in,
// and says who is.
func (w *World) newConsole(site *pagehttp.Site) http.Handler {
	mux := http.NewServeMux()
	signIn := func(rw http.ResponseWriter, to string) error {
		state := secret.Token("", 16)
		site.SetCookie(rw, cookieState, state.Reveal(), 0)
		return pagehttp.See(rw, w.Accounts.Begin(accountsignin.Request{State: state.Hash(), Return: to}))
	}
	site.Route(mux, accountsignin.PathConsole, pagehttp.Methods{http.MethodGet: func(rw http.ResponseWriter, r *http.Request) error {
		return signIn(rw, r.URL.Query().Get("to"))
	}})
	site.Route(mux, "/", pagehttp.Methods{http.MethodGet: func(rw http.ResponseWriter, r *http.Request) error {
		var s session.Session
		err := w.DB.View(r.Context(), func(tx store.Tx) (err error) {
			s, err = accountsignin.FindSession(tx, site.Cookie(r, cookieConsole), session.Console, pagehttp.Host(r), w.Clock.Now())
			return err
		})
		if err != nil {
			return signIn(rw, r.URL.RequestURI())
		}
		_, err = fmt.Fprintf(rw, "<h1>Console</h1><p>%s %s %s mfa=%v</p>", s.Kind, s.Account, s.User, !s.MFAAt.IsZero())
		return err
	}})
	site.Route(mux, "/handoff", pagehttp.Methods{http.MethodGet: func(rw http.ResponseWriter, r *http.Request) error {
		q := r.URL.Query()
		var cookie secret.String
		var refused error
		err := w.DB.Update(r.Context(), nil, func(tx store.Tx) error {
			state := secret.NewString(site.Cookie(r, cookieState)).Hash()
			_, cookie, refused = session.Redeem(tx, secret.NewString(q.Get("code")), session.Console, pagehttp.Host(r), state, w.Clock.Now())
			return nil
		})
		if err = errors.Join(err, refused); err != nil {
			return err
		}
		site.SetCookie(rw, cookieConsole, cookie.Reveal(), session.ConsoleLife)
		return pagehttp.See(rw, q.Get("to"))
	}})
	return site.At(w.Map.Console(), mux)
}

func (w *World) populateAccounts(hasher *credential.Hasher) {
	hash := func(password string) string {
		h, err := hasher.Hash(w.T.Context(), secret.NewString(password))
		if err != nil {
			w.T.Fatal(err)
		}
		return h
	}
	root, alice, carol := hash(RootPassword), hash(AlicePassword), hash(CarolPassword)
	w.Update(func(tx store.Tx) error {
		w.IAMUsers = make(map[string]iam.User)
		var errs []error
		for _, a := range []account.Account{
			{ID: Owner, Name: "Example Corp", Email: RootEmail, Alias: Alias},
			{ID: Member, Name: "Member", Email: MemberEmail},
			{ID: Lone, Name: "Lone", Email: LoneEmail},
		} {
			a.Status, a.CreatedAt = account.Active, Start
			errs = append(errs, tx.PutAccount(a))
		}
		_, err := storetest.NewOrganization(tx, Start, Owner, Member)
		errs = append(errs, err)
		for _, id := range []string{Owner, Lone} {
			errs = append(errs, credential.SetPassword(tx, credential.Owner{Kind: credential.RootUser, ID: id}, root, false, Start))
		}
		for _, u := range []struct {
			name, hash string
			must       bool
		}{{Alice, alice, false}, {Bob, "", false}, {Carol, carol, true}} {
			made, err := iam.CreateUser(tx, Start, iam.User{Account: Owner, Path: "/", Name: u.name})
			if errs = append(errs, err); err != nil {
				break
			}
			w.IAMUsers[u.name] = made
			if u.hash != "" {
				errs = append(errs, credential.SetPassword(tx, iam.PasswordOf(made.ID), u.hash, u.must, Start))
			}
		}
		return errors.Join(errs...)
	})
}

// ConsoleURL is an address in the console.
func (w *World) ConsoleURL() string { return w.Map.Console() + "/iam/users?page=2" }

// Root gives the e-mail address of a root user at the main page, having come from
// the console, and returns the page after it.
func (b *Browser) Root(email string) *Page {
	b.T.Helper()
	p := b.Get(b.W.ConsoleURL())
	if strings.HasPrefix(p.URL.Path, "/signin/iam") {
		p = b.Get(p.Link(b.T, `user=root`))
	}
	return b.Submit(p, url.Values{"user_type": {"root"}, "email": {email}})
}

// RootSignIn gives address and password of a root user.
func (b *Browser) RootSignIn(email, password string) *Page {
	b.T.Helper()
	return b.Submit(b.Root(email), url.Values{"password": {password}})
}

// IAMSignIn gives account, user name and password of an IAM user at the account's
// page, having come from the console.
func (b *Browser) IAMSignIn(accountName, user, password string) *Page {
	b.T.Helper()
	p := b.Get(b.W.ConsoleURL())
	if p.URL.Path == "/" {
		p = b.Submit(p, url.Values{"user_type": {"iam"}, "account": {accountName}})
	}
	return b.Submit(p, url.Values{"account": {accountName}, "username": {user}, "password": {password}, "remember": {"yes"}})
}

// Code is the code in the newest mail to the address.
func (w *World) Code(to string) string {
	w.T.Helper()
	for _, m := range w.Messages() {
		if m.To == to && len(m.Codes) == 1 {
			return m.Codes[0]
		}
	}
	w.T.Fatalf("no code was sent to %s", to)
	return ""
}

// MustRoot signs a root user in with the mailed code, as in a new browser.
func (b *Browser) MustRoot(email, password string) *Page {
	b.T.Helper()
	p := b.RootSignIn(email, password)
	if p.URL.Path == "/signin/code" {
		p = b.Submit(p, url.Values{"code": {b.W.Code(email)}})
	}
	return b.MustConsole(p)
}

// MustConsole is p, which has to be the console that was asked for.
func (b *Browser) MustConsole(p *Page) *Page {
	b.T.Helper()
	if p.Status != http.StatusOK || p.URL.String() != b.W.ConsoleURL() {
		b.T.Fatalf("signing in led to %s (%d):\n%s", p.URL, p.Status, p.Body)
	}
	return p
}
