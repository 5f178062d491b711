package signin_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/credential"
	"sekisho/internal/directory"
	"sekisho/internal/directory/people"
	"sekisho/internal/fault"
	"sekisho/internal/notify"
	"sekisho/internal/signin"
	"sekisho/internal/signin/signintest"
	"sekisho/internal/store"
	"sekisho/web"
)

// letter has an administrator send a letter to somebody; the world's newest
// message is it, unless it is refused.
func letter(t *testing.T, w *signintest.World, name string, send func(signin.Letters, store.Tx, directory.User) error) error {
	t.Helper()
	pages, err := web.New()
	if err != nil {
		t.Fatal(err)
	}
	letters := signin.Letters{Mailer: signin.Mailer{Pages: pages}, Map: w.Map}
	return w.DB.Update(t.Context(), nil, func(tx store.Tx) error {
		u, err := tx.User(w.Users[name].ID)
		if err != nil {
			return err
		}
		return send(letters, tx, u)
	})
}

// invite returns the link of a new invitation of nora.
func invite(t *testing.T, w *signintest.World) string {
	t.Helper()
	err := letter(t, w, signintest.Nora, func(l signin.Letters, tx store.Tx, u directory.User) error { return l.Invite(tx, u, w.Clock.Now()) })
	if err != nil {
		t.Fatal(err)
	}
	return resetLink(t, w)
}

func stateOf(t *testing.T, w *signintest.World, name string) (s people.State) {
	t.Helper()
	w.View(func(tx store.Tx) error {
		u, err := tx.User(w.Users[name].ID)
		if err != nil {
			return err
		}
		s, err = people.StateOf(tx, u)
		return err
	})
	return s
}

func change(w *signintest.World, name string, set func(*directory.User)) {
	w.Update(func(tx store.Tx) error {
		u, err := tx.User(w.Users[name].ID)
		if err != nil {
			return err
		}
		set(&u)
		return tx.PutUser(u)
	})
}

// From the mail to the portal: the invitation names the portal and the user, its
// link leads to 「新規ユーザー登録」, the password is set and the page says so (G-28, H-03,
// N-14, N-26, Q-26, Q-27).
func TestInvitation(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	change(w, signintest.Nora, func(u *directory.User) { u.Profile.PreferredLanguage = "ja-JP" })
	if s := stateOf(t, w, signintest.Nora); s.Password != people.NoPassword {
		t.Errorf("before: %+v", s)
	}
	link := invite(t, w)
	m := w.Messages()[0]
	if m.Subject != "AWS シングルサインオンへの招待" || m.From != notify.FromIdentityCenter || m.To != "nora@example.com" ||
		!strings.Contains(m.Text, w.StartURL()) || !strings.Contains(m.Text, signintest.Nora) || !strings.Contains(m.HTML, "招待を承諾") {
		t.Errorf("the mail is %+v", m)
	}
	if s := stateOf(t, w, signintest.Nora); s.Password != people.Invited || !s.InvitationExpiresAt.Equal(w.Clock.Now().Add(people.InvitationLife)) {
		t.Errorf("invited: %+v", s)
	}
	w.Browser(t).Get(link) // a mail scanner spends nothing
	b := w.Browser(t)
	page := b.Get(link)
	if page.URL.Path != "/platform/new-password" || page.Title(t) == "" || !strings.Contains(page.Body, "New user sign up") || strings.Contains(page.URL.RawQuery, "token") {
		t.Fatalf("the link leads to %s:\n%s", page.URL, page.Body)
	}
	if p := b.Submit(page, newPassword("short")); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("a bad password is answered %d", p.Status)
	}
	done := b.Submit(b.Get(link), newPassword("Fresh Password 99?"))
	if done.URL.Path != "/platform/done" || !strings.Contains(done.Body, "You are signed up") || !strings.Contains(done.Body, "password manager") ||
		!strings.Contains(done.Body, "Bookmark") || done.Link(t, "awsapps") != w.StartURL() {
		t.Errorf("it ends at %s:\n%s", done.URL, done.Body)
	}
	if b.Cookie(w.Map.SignIn(), "sekisho-session") != "" {
		t.Error("a link signed somebody in")
	}
	if s := stateOf(t, w, signintest.Nora); s.Password != people.PasswordSet || !s.EmailVerified || !s.LastSignInAt.IsZero() {
		t.Errorf("after: %+v", s)
	}
	if n := len(w.Messages()); n != 1 {
		t.Errorf("%d messages", n)
	}
	if e := w.Events("UpdatePassword"); len(e) != 1 || e[0].ErrorCode != "" || e[0].UserName != signintest.Nora {
		t.Errorf("the trail says %+v", e)
	}
	if p := w.Browser(t).Get(link); p.Status != http.StatusGone {
		t.Errorf("the link works twice: %d", p.Status)
	}
	w.Browser(t).MustSignIn(signintest.Nora, "Fresh Password 99?")
	if s := stateOf(t, w, signintest.Nora); !s.LastSignInAt.Equal(w.Clock.Now()) {
		t.Errorf("signed in: %+v", s)
	}
}

// Invitations end with their week, with a newer one, with the address, with
// whoever is disabled, and with a password that came another way (replay).
func TestInvitationsEnd(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		end  func(*signintest.World)
		says string
	}{
		"week":    {func(w *signintest.World) { w.Clock.Advance(people.InvitationLife) }, "expired"},
		"another": {func(w *signintest.World) { invite(t, w) }, "used"},
		"address": {func(w *signintest.World) {
			change(w, signintest.Nora, func(u *directory.User) { u.Email = "other@example.com" })
		}, "used"},
		"disabled": {func(w *signintest.World) { disable(w, signintest.Nora) }, "used"},
		"deleted": {func(w *signintest.World) {
			w.Update(func(tx store.Tx) error { return tx.DeleteUser(w.Users[signintest.Nora].ID) })
		}, "used"},
		"password": {func(w *signintest.World) {
			w.Update(func(tx store.Tx) error {
				return people.ChoosePassword(tx, w.Users[signintest.Nora], "hash", false, w.Clock.Now())
			})
		}, "used"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := signintest.New(t)
			link := invite(t, w)
			b := w.Browser(t)
			page := b.Get(link)
			c.end(w)
			if p := w.Browser(t).Get(link); p.Status != http.StatusGone || !strings.Contains(p.Body, c.says) {
				t.Errorf("the link is answered %d", p.Status)
			}
			if p := b.Submit(page, newPassword("Fresh Password 99?")); p.Status != http.StatusGone && p.Status != http.StatusBadRequest {
				t.Errorf("the page that was open is answered %d", p.Status)
			}
		})
	}
}

// A link that is no good leads to the portal of whom it was for, whichever instance is
// the oldest; where nothing tells any more, to the page on which one finds one's own.
func TestBadLinksLeadHome(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	w.Update(func(tx store.Tx) error { // an older neighbor
		if err := tx.PutAccount(account.Account{ID: "222233334444", Name: "Neighbor", Email: "root@neighbor.example", Status: account.Active, CreatedAt: signintest.Start}); err != nil {
			return err
		}
		return tx.PutInstance(access.Instance{ID: "ssoins-0000000000000001", DirectoryID: "d-0000000001", Region: signintest.Region, Subdomain: "neighbor",
			SessionDuration: access.DefaultPortalSession, MFA: access.DefaultMFA(), Owner: "222233334444", CreatedAt: signintest.Start.Add(-time.Hour)})
	})
	leads := func(what string, p *signintest.Page, want string) {
		t.Helper()
		if p.Status != http.StatusGone || !strings.Contains(p.Body, `<a class="button primary" href="`+want+`">`) {
			t.Errorf("%s is answered %d and does not lead to %s:\n%s", what, p.Status, want, p.Body)
		}
	}
	reset := func() string {
		w.Clock.Advance(time.Minute) // so that this mail is the newest
		askForMail(t, w.Browser(t), signintest.Jane)
		return resetLink(t, w)
	}
	link, b := reset(), w.Browser(t)
	w.Clock.Advance(credential.ResetLinkLife)
	leads("an expired reset", b.Get(link), w.StartURL())
	link = reset()
	page := b.Get(link)
	if p := b.Submit(page, newPassword("Fresh Password 99?")); p.URL.Path != "/platform/done" {
		t.Fatalf("the reset leads to %s", p.URL)
	}
	leads("the page of a used reset", b.Submit(page, newPassword("Fresh Password 98?")), w.StartURL())
	leads("a used reset", b.Get(link), w.StartURL())
	cut, _, _ := strings.Cut(link, "&")
	leads("a used reset that was cut off", b.Get(cut), signin.PathHome)
	leads("a used reset to elsewhere", b.Get(cut+"&portal=evil.example"), signin.PathHome)
	link = reset()
	disable(w, signintest.Jane)
	link = strings.Replace(link, signintest.DirectoryID, "neighbor", 1)
	leads("the reset of a disabled person", b.Get(link), w.StartURL())

	invitation := invite(t, w)
	w.Clock.Advance(people.InvitationLife)
	leads("an expired invitation", b.Get(invitation), w.StartURL())
	leads("no link at all", b.Get(w.Map.SignIn()+"/platform/invitation?token=x"), signin.PathHome)
}

// A token for one thing is no good for another, nor the page in another browser
// (confusion, fixation, CSRF).
func TestLinksAreForOneThing(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	link := invite(t, w)
	for _, path := range []string{"/platform/reset", "/platform/verify-email"} {
		if p := w.Browser(t).Get(strings.Replace(link, "/platform/invitation", path, 1)); p.Status != http.StatusGone {
			t.Errorf("%s: %d", path, p.Status)
		}
	}
	page := w.Browser(t).Get(link)
	action, form := page.Form(t)
	form.Set("new_password", "Fresh Password 99?")
	form.Set("confirm", "Fresh Password 99?")
	if p := w.Browser(t).Once(http.MethodPost, w.Map.SignIn()+action, form, nil); p.Status != http.StatusBadRequest {
		t.Errorf("another browser's page is answered %d", p.Status)
	}
	if s := stateOf(t, w, signintest.Nora); s.Password != people.Invited {
		t.Errorf("%+v", s)
	}
}

// Who has chosen a password, is disabled or cannot be written to is not invited.
func TestLettersRefused(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	change(w, signintest.Olga, func(u *directory.User) { u.Email = "" })
	for _, c := range []struct {
		what, name, reason string
		send               func(signin.Letters, store.Tx, directory.User) error
	}{
		{"invite", signintest.Jane, "password-set", func(l signin.Letters, tx store.Tx, u directory.User) error { return l.Invite(tx, u, w.Clock.Now()) }},
		{"invite", signintest.Olga, "no-email", func(l signin.Letters, tx store.Tx, u directory.User) error { return l.Invite(tx, u, w.Clock.Now()) }},
		{"reset", signintest.Dave, directory.ReasonDisabled, func(l signin.Letters, tx store.Tx, u directory.User) error {
			return l.ResetPassword(tx, u, w.Clock.Now())
		}},
		{"reset", signintest.Olga, "no-email", func(l signin.Letters, tx store.Tx, u directory.User) error {
			return l.ResetPassword(tx, u, w.Clock.Now())
		}},
		{"verify", signintest.Dave, directory.ReasonDisabled, func(l signin.Letters, tx store.Tx, u directory.User) error {
			return l.VerifyEmail(tx, u, w.Clock.Now())
		}},
		{"one-time password", signintest.Dave, directory.ReasonDisabled, func(_ signin.Letters, tx store.Tx, u directory.User) error {
			return people.SetOneTimePassword(tx, u, "hash", w.Clock.Now())
		}},
	} {
		err := letter(t, w, c.name, c.send)
		if !fault.Is(err, fault.Conflict) || fault.ReasonOf(err) != c.reason {
			t.Errorf("%s %s: %v", c.what, c.name, err)
		}
	}
	if m := w.Messages(); len(m) != 0 {
		t.Errorf("messages %+v", m)
	}
}

// An administrator's reset is mailed, finished on a page that says so, and verifies
// the address (H-26, N-19, N-26); a one-time password is handed over by mail (N-15).
func TestAdministratorsLetters(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	err := letter(t, w, signintest.Jane, func(l signin.Letters, tx store.Tx, u directory.User) error {
		return l.ResetPassword(tx, u, w.Clock.Now())
	})
	if err != nil {
		t.Fatal(err)
	}
	b := w.Browser(t)
	if p := b.Submit(b.Get(resetLink(t, w)), newPassword("Fresh Password 99?")); p.URL.Path != "/platform/done" || !strings.Contains(p.Body, "Password changed") {
		t.Errorf("the reset ends at %s", p.URL)
	}
	if s := stateOf(t, w, signintest.Jane); !s.EmailVerified {
		t.Errorf("%+v", s)
	}
	w.Clock.Advance(time.Minute)
	password := credential.NewOneTimePassword()
	err = letter(t, w, signintest.Nora, func(l signin.Letters, tx store.Tx, u directory.User) error {
		if err := people.SetOneTimePassword(tx, u, "hash", w.Clock.Now()); err != nil {
			return err
		}
		return l.OneTimePassword(tx, u, password, w.Clock.Now())
	})
	if m := w.Messages()[0]; err != nil || len(m.Codes) != 1 || m.Codes[0] != password.Reveal() || m.Links[0] != w.StartURL() {
		t.Errorf("%v %+v", err, m)
	}
	if s := stateOf(t, w, signintest.Nora); s.Password != people.OneTimePassword {
		t.Errorf("%+v", s)
	}
}

// What an administrator changes of somebody's way to sign in, the person is told of,
// without the one-time password and without the administrator's address; who has no
// address is not written to.
func TestAdministratorsNotices(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	for _, c := range []struct {
		send func(signin.Letters, store.Tx, directory.User) error
		says []string
	}{
		{func(l signin.Letters, tx store.Tx, u directory.User) error {
			return l.PasswordReplaced(tx, u, w.Clock.Now())
		},
			[]string{"An administrator replaced the password", "signed out everywhere", "works for 7 days", w.StartURL()}},
		{func(l signin.Letters, tx store.Tx, u directory.User) error {
			return l.DeviceAdded(tx, u, "Phone", w.Clock.Now())
		}, []string{"was registered for you", "Phone", "An administrator did this"}},
		{func(l signin.Letters, tx store.Tx, u directory.User) error {
			return l.DeviceRemoved(tx, u, "Phone", w.Clock.Now())
		}, []string{"was removed", "Phone", "An administrator did this"}},
	} {
		w.Clock.Advance(time.Minute)
		if err := letter(t, w, signintest.Jane, c.send); err != nil {
			t.Fatal(err)
		}
		m := w.Messages()[0]
		for _, text := range c.says {
			if m.To != "jane@example.com" || !strings.Contains(m.Text, text) {
				t.Errorf("%q is not said to %s:\n%s", text, m.To, m.Text)
			}
		}
		change(w, signintest.Dave, func(u *directory.User) { u.Email = "" })
		before := len(w.Messages())
		if err := letter(t, w, signintest.Dave, c.send); err != nil || len(w.Messages()) != before {
			t.Errorf("who has no address: %v", err)
		}
	}
}

// The address is verified by the link, after the page asked, and stays so as long
// as it is the person's.
func TestVerifyEmail(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	send := func() string {
		err := letter(t, w, signintest.Jane, func(l signin.Letters, tx store.Tx, u directory.User) error {
			return l.VerifyEmail(tx, u, w.Clock.Now())
		})
		if err != nil {
			t.Fatal(err)
		}
		return resetLink(t, w)
	}
	link := send()
	if s := stateOf(t, w, signintest.Jane); s.EmailVerified || !s.VerificationSentAt.Equal(w.Clock.Now()) {
		t.Errorf("sent: %+v", s)
	}
	b := w.Browser(t)
	page := b.Get(link)
	if s := stateOf(t, w, signintest.Jane); s.EmailVerified || page.URL.Path != "/platform/confirm-email" || !strings.Contains(page.Body, "jane@example.com") {
		t.Errorf("looking verifies: %+v, %s", s, page.URL)
	}
	done := b.Submit(page, nil)
	if done.URL.Path != "/platform/done" || !strings.Contains(done.Body, "verified successfully") {
		t.Errorf("it ends at %s:\n%s", done.URL, done.Body)
	}
	if s := stateOf(t, w, signintest.Jane); !s.EmailVerified || len(w.Events("VerifyEmail")) != 1 {
		t.Errorf("verified: %+v", s)
	}
	if p := b.Submit(page, nil); p.Status != http.StatusGone {
		t.Errorf("the page works twice: %d", p.Status)
	}
	change(w, signintest.Jane, func(u *directory.User) { u.Profile.Title = "CTO" })
	if s := stateOf(t, w, signintest.Jane); !s.EmailVerified {
		t.Error("another attribute ends it")
	}
	link = send()
	change(w, signintest.Jane, func(u *directory.User) { u.Email = "janet@example.com" })
	if s := stateOf(t, w, signintest.Jane); s.EmailVerified {
		t.Error("another address is verified")
	}
	if p := w.Browser(t).Get(link); p.Status != http.StatusGone {
		t.Errorf("the link to the former address is answered %d", p.Status)
	}
}
