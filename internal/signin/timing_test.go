package signin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sekisho/internal/credential"
	"sekisho/internal/secret"
	"sekisho/internal/signin"
	"sekisho/internal/signin/signintest"
	"sekisho/internal/store"
)

// Who does not exist costs as much to refuse as who does (promise 4): the same
// transactions here, and the same hash below.
func TestFailuresDoTheSameWork(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	work := func(name string) int64 {
		b := w.Browser(t)
		form := b.Identify(name)
		before := w.Writes()
		if p := b.Submit(form, password("wrong")); p.Status != http.StatusUnprocessableEntity {
			t.Fatalf("%s: answered %d", name, p.Status)
		}
		return w.Writes() - before
	}
	want := work(signintest.Taro)
	for _, name := range []string{"nobody", signintest.Dave, signintest.Nora} {
		if got := work(name); got != want {
			t.Errorf("%s: %d transactions, %d for who exists", name, got, want)
		}
	}
}

// A full password queue tells people to come back, and costs them no try
// (promise 5). It tells so whoever they say they are: a hash is computed for
// every name (promise 4).
func TestFullQueueIsNoFailure(t *testing.T) {
	t.Parallel()
	hasher := signintest.NarrowHasher()
	w := signintest.New(t, signintest.WithHasher(hasher))
	signintest.Occupy(t, hasher)

	for _, name := range []string{signintest.Taro, "nobody", signintest.Dave, signintest.Nora} {
		b := w.Browser(t)
		form := b.Identify(name)
		busy := func() bool { // one try may get the worker in the instant between
			for range 3 {
				p := b.Submit(form, password("wrong"))
				if p.Status == http.StatusTooManyRequests && p.Header.Get("Retry-After") == "5" && !strings.Contains(p.Body, "incorrect") {
					return true
				}
			}
			return false
		}
		if !busy() {
			t.Errorf("%s: a full queue is answered like an empty one", name)
			continue
		}
		// More refusals than there are failures to spend.
		for range 2 * credential.FreeFailures {
			b.Submit(form, password("wrong"))
		}
		if !busy() {
			t.Errorf("%s: tries that were not looked at count", name)
		}
	}
}

// A password whose hash was cheap is kept at the present cost once it is known.
func TestOldHashesAreRenewed(t *testing.T) {
	t.Parallel()
	hasher := &credential.Hasher{Params: credential.Params{Memory: 128, Time: 1, Threads: 1}}
	w := signintest.New(t, signintest.WithHasher(hasher))
	owner := credential.Owner{Kind: credential.DirectoryUser, ID: w.Users[signintest.Jane].ID}
	stored := func() (p credential.Password) {
		w.View(func(tx store.Tx) (err error) {
			p, err = tx.Password(owner)
			return err
		})
		return p
	}
	cheap := &credential.Hasher{Params: credential.Params{Memory: 64, Time: 1, Threads: 1}}
	hash, err := cheap.Hash(t.Context(), secret.NewString(signintest.JanePassword))
	if err != nil {
		t.Fatal(err)
	}
	w.Update(func(tx store.Tx) error { return credential.Rehash(tx, owner, stored().Hash, hash) })

	w.Browser(t).SignIn(signintest.Jane, "wrong")
	w.SignIn.Close()
	if stored().Hash != hash {
		t.Fatal("a wrong password renews the hash")
	}
	w.Browser(t).MustSignIn(signintest.Jane, signintest.JanePassword)
	w.SignIn.Close()
	if got := stored(); hasher.NeedsRehash(got.Hash) || len(got.History) != 0 {
		t.Errorf("the password is %+v", got)
	}
	w.Browser(t).MustSignIn(signintest.Jane, signintest.JanePassword)
}

// The host by itself tells each kind of visitor where to go (D-07, D-19, M-30),
// under AWS's name for it too.
func TestHomeDirectsVisitors(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	p := b.Get(w.Map.SignIn() + signin.PathHome)
	if p.Status != http.StatusOK || !strings.Contains(p.Body, "awsapps.localhost:8420/start") {
		t.Errorf("answered %d:\n%s", p.Status, p.Body)
	}
	for _, at := range []string{"http://signin.aws.amazon.com/platform/login?request=x", "http://us-east-1.signin.aws/platform/login?request=x"} { // D-06
		if p := b.Once(http.MethodGet, at, nil, nil); p.Header.Get("Location") != w.Map.SignIn()+"/platform/login?request=x" {
			t.Errorf("%s leads to %q (%d)", at, p.Header.Get("Location"), p.Status)
		}
	}
	for _, path := range []string{"//evil.example", "/\\evil.example", "/%2f%2fevil.example/", "/@evil.example"} {
		p := b.Once(http.MethodGet, "http://signin.aws.amazon.com/", nil, func(r *http.Request) { r.URL = &url.URL{Path: path} })
		if got := p.Header.Get("Location"); !strings.HasPrefix(got, w.Map.SignIn()+"/") {
			t.Errorf("%s leads to %q", path, got)
		}
	}
}
