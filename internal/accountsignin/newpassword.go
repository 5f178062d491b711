package accountsignin

import (
	"net/http"
	"net/url"

	"sekisho/internal/account"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/pagehttp"
	"sekisho/internal/secret"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/web"
)

func (h *Handler) askNewPassword(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepNewPassword, stepReset)
	if err != nil {
		return err
	}
	if f.Step == stepReset {
		return h.askReset(w, r, f)
	}
	var at standing
	var n iam.NewPassword
	err = h.DB.View(r.Context(), func(tx store.Tx) (err error) {
		at, n, err = h.mustChoose(tx, r, f)
		return err
	})
	if err != nil {
		return err
	}
	return h.showNewPassword(w, r, f, at, n, http.StatusOK, nil)
}

// mustChoose is where an IAM user stands who has to choose a password (C-12), with
// what it has to suit.
func (h *Handler) mustChoose(tx store.Tx, r *http.Request, f flow) (at standing, n iam.NewPassword, err error) {
	if f.Proof == nil {
		return at, n, h.stale(f.Request)
	}
	if at, err = h.stand(tx, r, f); err != nil {
		return at, n, err
	}
	if at.next != stepNewPassword || at.over {
		return at, n, h.stale(f.Request)
	}
	n, err = iam.ReadNewPassword(tx, at.account.ID, at.user.Name)
	return at, n, err
}

func (h *Handler) showNewPassword(w http.ResponseWriter, r *http.Request, f flow, at standing, n iam.NewPassword, status int, problems []web.NewPasswordError) error {
	reason := web.AccountExpired
	switch {
	case at.over:
		reason = web.AccountPasswordOver
	case at.password.MustChange:
		reason = web.AccountMustChange
	}
	policy := n.Policy()
	return h.Site.Show(w, r, status, web.AccountPassword{
		Frame:    h.frame(r, pathNewPassword, f),
		Action:   pathNewPassword,
		Reason:   reason,
		Account:  at.account.ID,
		UserName: at.user.Name,
		Rules: web.PasswordRules{
			MinLength: policy.MinLength, MaxLength: credential.MaxIAMLength,
			Upper: policy.Upper, Lower: policy.Lower, Digit: policy.Digit, Symbol: policy.Symbol,
			Classes: policy.Classes, NotAccount: policy.NotAccount, Remember: policy.Remembered,
		},
		Errors:   problems,
		OtherURL: h.iamPath(f.Request, ""),
	}, h.Site.Map.Console())
}

// setNewPassword takes the new password of an IAM user who had to choose one, or
// of a root user who followed a mailed link.
func (h *Handler) setNewPassword(w http.ResponseWriter, r *http.Request) error {
	f, form, err := h.openForm(r, stepNewPassword, stepReset)
	if err != nil {
		return err
	}
	if f.Step == stepReset {
		return h.reset(w, r, f, form)
	}
	var at standing
	var n iam.NewPassword
	err = h.DB.View(r.Context(), func(tx store.Tx) (err error) {
		at, n, err = h.mustChoose(tx, r, f)
		return err
	})
	if err != nil {
		return err
	}
	chosen, problems := pagehttp.ChosenPassword(form)
	if problems == nil {
		broken, err := n.ChooseAnother(r.Context(), h.Hasher, chosen)
		if err != nil {
			return err
		}
		problems = pagehttp.PasswordFaults(broken)
	}
	if problems != nil {
		return h.showNewPassword(w, r, f, at, n, http.StatusUnprocessableEntity, problems)
	}
	changed := false
	return h.enter(w, r, f, stepNewPassword, func(tx store.Tx) error {
		now := h.Site.Clock.Now()
		if err := n.Update(tx, now, &changed); err != nil {
			return err
		}
		// Who has a session by the old password has none any more (promise 12).
		if err := tx.EndSessionsOf(at.user.ID, now, session.PasswordChanged); err != nil {
			return err
		}
		c := candidate{account: at.account, user: at.user}
		return tx.AppendEvent(h.event(r, iamSource, changePassword, c, !f.Proof.MFAAt.IsZero(), ""))
	})
}

// resetOf is the account whose root user sets a password by the flow's link, with
// the present password. On failure it is a page that tells why.
func (h *Handler) resetOf(tx store.Tx, f flow) (a account.Account, current credential.Password, err error) {
	o, err := credential.OpenResetLink(tx, secret.NewString(f.ResetToken), h.Site.Clock.Now())
	if err != nil {
		return a, current, linkProblem(err)
	}
	if o.Kind != credential.RootUser {
		return a, current, badLink(web.LinkUsed, nil)
	}
	if a, err = tx.Account(o.ID); err != nil {
		return a, current, linkProblem(err)
	}
	in, err := mayEnter(tx, a, true, h.Site.Clock.Now())
	if err != nil {
		return a, current, err
	}
	if !in {
		return a, current, badLink(web.LinkUsed, nil)
	}
	current, err = tx.Password(o)
	if fault.Is(err, fault.NotFound) {
		err = nil // never had one
	}
	return a, current, err
}

func linkProblem(err error) error {
	switch fault.KindOf(err) {
	case fault.NotFound:
		return badLink(web.LinkUsed, err)
	case fault.Expired:
		return badLink(web.LinkExpired, err)
	}
	return err
}

// badLink is the page for a mailed link that is no good. On it goes to where one
// asks for another, or signs in.
func badLink(kind web.ProblemKind, cause error) error {
	next := pathMain + "?user=" + web.UserTypeRoot
	if kind == web.LinkExpired {
		next = pathForgot
	}
	return &pagehttp.Problem{Status: http.StatusGone, Kind: kind, NextURL: next, Cause: cause}
}

// openReset is where the mailed link leads. It proves the link good and spends
// nothing: mail scanners follow links too. The token leaves the address bar.
func (h *Handler) openReset(w http.ResponseWriter, r *http.Request) error {
	f := h.begin(w, r, stepReset, Request{IssuedAt: h.Site.Clock.Now()})
	f.ResetToken = r.URL.Query().Get("token")
	err := h.DB.View(r.Context(), func(tx store.Tx) error {
		a, _, err := h.resetOf(tx, f)
		f.Email = a.Email
		return err
	})
	if err != nil {
		return err
	}
	return pagehttp.See(w, h.pageOf(pathNewPassword, f))
}

func (h *Handler) askReset(w http.ResponseWriter, r *http.Request, f flow) error {
	if out, err := h.signOutFirst(w, r, f, h.pageOf(pathNewPassword, f)); out || err != nil {
		return err
	}
	err := h.DB.View(r.Context(), func(tx store.Tx) error {
		_, _, err := h.resetOf(tx, f)
		return err
	})
	if err != nil {
		return err
	}
	return h.showReset(w, r, f, http.StatusOK, true, nil)
}

func (h *Handler) showReset(w http.ResponseWriter, r *http.Request, f flow, status int, endAll bool, problems []web.NewPasswordError) error {
	return h.Site.Show(w, r, status, web.AccountPassword{
		Frame: h.frame(r, pathNewPassword, f), Action: pathNewPassword, Reason: web.AccountForgotten,
		UserName: f.Email, Rules: pagehttp.RootRules, EndAll: endAll, Errors: problems,
	})
}

// reset sets the root user's password (B-31) and spends the link, at once: of
// several tries with the same link one succeeds.
func (h *Handler) reset(w http.ResponseWriter, r *http.Request, f flow, form url.Values) error {
	if out, err := h.signOutFirst(w, r, f, h.pageOf(pathNewPassword, f)); out || err != nil {
		return err
	}
	endAll := form.Get(web.FieldEndAll) != ""
	var a account.Account
	var current credential.Password
	err := h.DB.View(r.Context(), func(tx store.Tx) (err error) {
		a, current, err = h.resetOf(tx, f)
		return err
	})
	if err != nil {
		return err
	}
	chosen, problems := pagehttp.ChosenPassword(form)
	if problems == nil {
		problems = pagehttp.PasswordFaults(credential.CheckRoot(chosen, a.Name, a.Email))
	}
	if problems == nil && current.Hash != "" {
		same, err := h.Hasher.Verify(r.Context(), current.Hash, chosen)
		if err != nil {
			return err
		}
		if same {
			problems = []web.NewPasswordError{web.NewPasswordUnchanged}
		}
	}
	if problems != nil {
		return h.showReset(w, r, f, http.StatusUnprocessableEntity, endAll, problems)
	}
	hash, err := h.Hasher.Hash(r.Context(), chosen)
	if err != nil {
		return err
	}
	now := h.Site.Clock.Now()
	owner := credential.Owner{Kind: credential.RootUser, ID: a.ID}
	err = h.DB.Update(r.Context(), nil, func(tx store.Tx) error {
		if _, _, err := h.resetOf(tx, f); err != nil {
			return err
		}
		if _, err := credential.TakeResetLink(tx, secret.NewString(f.ResetToken), now); err != nil {
			return linkProblem(err)
		}
		return h.replaceRoot(tx, r, a, credential.Password{Owner: owner, Hash: hash, SetAt: now}, endAll)
	})
	if err != nil {
		return err
	}
	// Who read the mail here is not asked for a mailed code at the next sign-in.
	m := h.memory(r)
	m.mark(owner, now)
	h.remember(w, m)
	f = flow{Step: stepResetDone, Request: f.Request, Browser: f.Browser}
	return pagehttp.See(w, h.pageOf(pathDone, f))
}

// replaceRoot sets the root user's password, and ends the sessions that the old
// one began if that was asked for.
func (h *Handler) replaceRoot(tx store.Tx, r *http.Request, a account.Account, p credential.Password, endAll bool) error {
	if err := credential.SetPassword(tx, p.Owner, p.Hash, false, p.SetAt); err != nil {
		return err
	}
	// Whoever guessed at the old password guessed at nothing.
	if err := credential.Succeeded(tx, []credential.Key{rootKey(a.Email)}); err != nil {
		return err
	}
	if endAll {
		if err := tx.EndSessionsOf(a.ID, p.SetAt, session.PasswordChanged); err != nil {
			return err
		}
	}
	return h.resetCompleted(tx, r, a)
}
