package signin_test

import (
	"net/http"
	"testing"

	"sekisho/internal/account"
	"sekisho/internal/directory"
	"sekisho/internal/signin"
	"sekisho/internal/signin/signintest"
	"sekisho/internal/store"
)

// An address that a directory takes, but to which no mail can be sent, keeps no
// administrator from ending an attacker's device or password, and nobody from
// replacing a one-time password (lock-out by an address).
func TestNoticesLockNobodyOut(t *testing.T) {
	t.Parallel()
	const unreachable = "o..lga.@example.com" // as telephone companies in Japan gave them out
	if !account.ValidEmail(unreachable) {
		t.Fatalf("directories refuse %s", unreachable)
	}
	for _, address := range []string{"", unreachable} {
		w := signintest.New(t)
		change(w, signintest.Olga, func(u *directory.User) { u.Email = address })
		for what, send := range map[string]func(signin.Letters, store.Tx, directory.User) error{
			"password": func(l signin.Letters, tx store.Tx, u directory.User) error {
				return l.PasswordReplaced(tx, u, w.Clock.Now())
			},
			"device": func(l signin.Letters, tx store.Tx, u directory.User) error {
				return l.DeviceAdded(tx, u, "Phone", w.Clock.Now())
			},
			"no device": func(l signin.Letters, tx store.Tx, u directory.User) error {
				return l.DeviceRemoved(tx, u, "Phone", w.Clock.Now())
			},
		} {
			if err := letter(t, w, signintest.Olga, send); err != nil {
				t.Errorf("%q: the notice of a %s is in the way: %v", address, what, err)
			}
		}
		b := w.Browser(t)
		p := b.Submit(b.SignIn(signintest.Olga, signintest.OlgaPassword), newPassword("Good Password 77!"))
		if p.Status != http.StatusOK || p.URL.Path != "/start" {
			t.Errorf("%q: the new password leads to %s (%d)", address, p.URL, p.Status)
		}
		if m := w.Messages(); len(m) != 0 {
			t.Errorf("%q: %+v", address, m)
		}
	}
}
