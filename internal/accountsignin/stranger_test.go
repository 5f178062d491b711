package accountsignin_test

import (
	"net/url"
	"strings"
	"testing"

	"sekisho/internal/signin/signintest"
)

// Enumeration of accounts: who knows an account's alias does not learn its id, nor
// its alias by the id, nor either by the root user's address, until they are signed
// in (C-24). Pages have ids and aliases as examples, so they are compared with those
// for a name that nobody has.
func TestAccountIsNotShownToStrangers(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	iamUser := func(b *signintest.Browser, account string) []*signintest.Page {
		p := b.Get(w.Map.SignIn() + "/signin/iam?account=" + account)
		return []*signintest.Page{p, b.Submit(p, url.Values{"username": {signintest.Alice}, "password": {"Wrong-Guess-1"}})}
	}
	rootUser := func(b *signintest.Browser, email string) []*signintest.Page {
		p := b.Root(email)
		return []*signintest.Page{p, b.Submit(p, password("Wrong-Guess-1"))}
	}
	for i, c := range []struct {
		typed, nobodys string
		secrets        []string
		walk           func(b *signintest.Browser, typed string) []*signintest.Page
	}{
		{signintest.Alias, "no-such-alias", []string{owner, rootEmail, "Example Corp"}, iamUser},
		{owner, "999999999999", []string{signintest.Alias, rootEmail, "Example Corp"}, iamUser},
		{rootEmail, "nobody@example.com", []string{owner, signintest.Alias, "Example Corp"}, rootUser},
	} {
		reference := c.walk(at(t, w, 2*i), c.nobodys)
		for j, p := range c.walk(at(t, w, 2*i+1), c.typed) {
			for _, secret := range c.secrets {
				if strings.Contains(p.URL.String(), secret) || strings.Count(p.Body, secret) != strings.Count(reference[j].Body, secret) {
					t.Errorf("%s: %q (%s) tells of %s", c.typed, p.Title(t), p.URL, secret)
				}
			}
		}
	}
	// And then it is.
	p := w.Browser(t).IAMSignIn(signintest.Alias, signintest.Alice, signintest.AlicePassword)
	if !strings.Contains(p.Body, owner) {
		t.Errorf("the console says %s", p.Body)
	}
}
