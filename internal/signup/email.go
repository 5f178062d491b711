package signup

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"sekisho/internal/account"
	"sekisho/internal/audit"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/pagehttp"
	"sekisho/internal/registration"
	"sekisho/internal/secret"
	"sekisho/internal/store"
	"sekisho/web"
)

// paramNew asks for a new account also in a browser that is signed in.
const paramNew = "new"

// start is the first page: the address and the name, or, for who is signed in, the
// choice what to do.
func (h *Handler) start(w http.ResponseWriter, r *http.Request) error {
	s, err := h.SignedIn(r)
	if err != nil && !fault.Is(err, fault.Unauthenticated) {
		return err
	}
	if err == nil && !r.URL.Query().Has(paramNew) {
		var a account.Account
		if err := h.DB.View(r.Context(), func(tx store.Tx) error { a, err = tx.Account(s.Account); return err }); err != nil {
			return err
		}
		return h.Site.Show(w, r, http.StatusOK, web.SignUpStart{
			Frame: h.Site.Frame(r), AccountName: a.Name, ConsoleURL: h.Site.Map.Console() + consoleHome, SignInURL: pathMain, CreateURL: pathStart + "?" + paramNew + "=1",
		})
	}
	return h.showAccount(w, r, h.newFlow(w, r, stepAccount, ""), http.StatusOK)
}

func (h *Handler) showAccount(w http.ResponseWriter, r *http.Request, f flow, status int, wrong ...web.SignUpError) error {
	frame := h.frame(r, pathStart, f)
	if r.Method == http.MethodPost {
		frame.Path = pathStart // which makes a flow of its own
	}
	return h.Site.Show(w, r, status, web.SignUpAccount{
		Frame: frame, Action: pathStart, Email: f.Email, Name: f.Name, ContinueURL: PathContinue, Errors: wrong,
	})
}

// sendCode takes the address and the name, and answers the same and at the same
// speed whether or not an account has the address: what is mailed is looked up
// after the answer is decided, beside the request.
func (h *Handler) sendCode(w http.ResponseWriter, r *http.Request) error {
	f, form, err := h.openForm(r, stepAccount)
	if err != nil {
		return err
	}
	f.Email = strings.TrimSpace(norm.NFKC.String(bounded(form.Get(web.FieldEmail))))
	f.Name = strings.Join(strings.Fields(bounded(form.Get(web.FieldAccountName))), " ")
	var wrong []web.SignUpError
	switch {
	case f.Email == "":
		wrong = append(wrong, web.FaultEmailRequired)
	case !account.ValidEmail(f.Email):
		wrong = append(wrong, web.FaultEmailInvalid)
	}
	switch {
	case f.Name == "":
		wrong = append(wrong, web.FaultAccountNameRequired)
	case !account.IsName(f.Name):
		wrong = append(wrong, web.FaultAccountNameInvalid)
	}
	if len(wrong) > 0 {
		return h.showAccount(w, r, f, http.StatusUnprocessableEntity, wrong...)
	}
	now := h.Site.Clock.Now()
	f = f.to(stepVerify).withCode(now)
	f.Resent = false
	if err := h.mailCode(r, f, now); err != nil {
		return err
	}
	return h.see(w, pathVerify, f)
}

// maxTyped bounds what is looked at of a field.
const maxTyped = 512

func bounded(s string) string { return s[:min(len(s), maxTyped)] }

// mailCode sends f's code to its address, or, if an account has the address, the
// news of that. The answer is the same, and so is its time.
func (h *Handler) mailCode(r *http.Request, f flow, now time.Time) error {
	budget := append(h.network(r), credential.DailyKey("sign-up", f.Email, now))
	if err := h.DB.Update(r.Context(), nil, func(tx store.Tx) error { return credential.Reserve(tx, budget, now) }); err != nil {
		return err
	}
	ctx, loc, recorded := context.WithoutCancel(r.Context()), h.Site.Locale(r), *h.event(r, eventMailCode, "", "")
	if !h.background.Do(func() {
		if err := h.tell(ctx, f, loc, recorded, now); err != nil {
			h.Site.Log.ErrorContext(ctx, "sign-up mail failed", "request_id", recorded.RequestID, "error", err)
		}
	}) {
		return fault.New(fault.Unavailable, "background-full", "Too many people ask for mail at the moment.")
	}
	return nil
}

func (h *Handler) tell(ctx context.Context, f flow, loc web.Locale, e audit.Event, now time.Time) error {
	return h.DB.Update(ctx, nil, func(tx store.Tx) error {
		e := e // Update may run this again
		switch err := registration.Free(tx, f.Email); {
		case fault.Is(err, fault.AlreadyExists):
			e.ErrorCode, e.ErrorReason = failure, registration.EmailTaken
			if err := h.mail.taken(tx, f.Email, loc, now); err != nil {
				return err
			}
		case err != nil:
			return err
		default:
			if err := h.mail.code(tx, f.Email, f.Code, loc, now); err != nil {
				return err
			}
		}
		return tx.AppendEvent(&e)
	})
}

func (h *Handler) askCode(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepVerify)
	if err != nil {
		return err
	}
	return h.showCode(w, r, f, http.StatusOK)
}

func (h *Handler) showCode(w http.ResponseWriter, r *http.Request, f flow, status int, wrong ...web.SignUpError) error {
	return h.Site.Show(w, r, status, web.SignUpCode{
		Frame: h.frame(r, pathVerify, f), Action: pathVerify, Email: f.Email, Minutes: int(codeLife / time.Minute), ChangeURL: pathStart + "?" + paramNew + "=1",
		Resent: f.Resent && len(wrong) == 0, Errors: wrong,
	})
}

// checkCode compares the mailed code. A try counts before the code is looked at,
// so that tries at the same time cannot share one.
func (h *Handler) checkCode(w http.ResponseWriter, r *http.Request) error {
	f, form, err := h.openForm(r, stepVerify)
	if err != nil {
		return err
	}
	now := h.Site.Clock.Now()
	if form.Get(web.FieldDecision) == web.DecisionResend {
		if now.Sub(f.SentAt) < resendAfter {
			return h.showCode(w, r, f, http.StatusTooManyRequests, web.FaultCodeWait)
		}
		f = f.withCode(now)
		f.Resent, f.IssuedAt = true, now
		if err := h.mailCode(r, f, now); err != nil {
			return err
		}
		return h.see(w, pathVerify, f)
	}
	given := typedCode(form.Get(web.FieldCode))
	if given == "" {
		return h.showCode(w, r, f, http.StatusUnprocessableEntity, web.FaultCodeRequired)
	}
	left := false
	err = h.DB.Update(r.Context(), nil, func(tx store.Tx) error {
		left, err = countTry(tx, f, now)
		return err
	})
	if err != nil {
		return err
	}
	if !left {
		return h.showCode(w, r, f, http.StatusUnprocessableEntity, web.FaultCodeOver)
	}
	if !f.hasCode(given) {
		return h.showCode(w, r, f, http.StatusUnprocessableEntity, web.FaultCodeWrong)
	}
	err = h.DB.Update(r.Context(), nil, func(tx store.Tx) error {
		if err := tx.SpendOnce(spent(f), f.SentAt.Add(codeLife)); err != nil {
			return err
		}
		return credential.Succeeded(tx, h.network(r))
	})
	if fault.Is(err, fault.Conflict) {
		return h.showCode(w, r, f, http.StatusUnprocessableEntity, web.FaultCodeOver)
	}
	if err != nil {
		return err
	}
	f = f.to(stepPassword)
	f.Code, f.IssuedAt, f.Resent = "", now, false
	return h.see(w, pathPassword, f)
}

// countTry counts a try at the flow's code. It is false when there were too many,
// or the code is too old.
func countTry(tx credential.Store, f flow, now time.Time) (bool, error) {
	if now.Sub(f.SentAt) >= codeLife || now.Before(f.SentAt) {
		return false, nil
	}
	a, err := tx.Attempts("sign-up-code/" + spent(f))
	if err != nil || a.Failures >= maxCodeTries {
		return false, err
	}
	a.Key, a.Failures, a.LastFailure = "sign-up-code/"+spent(f), a.Failures+1, now
	return true, tx.PutAttempts(a)
}

// spent is what is remembered of a code that was used.
func spent(f flow) string { return secret.NewString("sign-up/" + f.ID).Hash() }

// typedCode is a code as somebody typed it, without spaces and in ASCII.
func typedCode(s string) string {
	return strings.Join(strings.Fields(norm.NFKC.String(bounded(s))), "")
}

func (h *Handler) askPassword(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepPassword)
	if err != nil {
		return err
	}
	return h.showPassword(w, r, f, http.StatusOK, nil)
}

func (h *Handler) showPassword(w http.ResponseWriter, r *http.Request, f flow, status int, wrong []web.NewPasswordError) error {
	return h.Site.Show(w, r, status, web.SignUpPassword{
		Frame: h.frame(r, pathPassword, f), Action: pathPassword, Email: f.Email, Rules: pagehttp.RootRules, Errors: wrong,
	})
}

// choosePassword hashes the root user's password. The hash travels on, sealed:
// there is no account yet that it could belong to.
func (h *Handler) choosePassword(w http.ResponseWriter, r *http.Request) error {
	f, form, err := h.openForm(r, stepPassword)
	if err != nil {
		return err
	}
	chosen, wrong := pagehttp.ChosenPassword(form)
	if len(wrong) == 0 {
		wrong = pagehttp.PasswordFaults(credential.CheckRoot(chosen, f.Name, f.Email))
	}
	if len(wrong) > 0 {
		return h.showPassword(w, r, f, http.StatusUnprocessableEntity, wrong)
	}
	// A hash costs a core for a moment, and the form can be posted again and again.
	now := h.Site.Clock.Now()
	budget := append(h.network(r), credential.DailyKey("sign-up/password", f.Email, now))
	if err := h.DB.Update(r.Context(), nil, func(tx store.Tx) error { return credential.Reserve(tx, budget, now) }); err != nil {
		return err
	}
	hash, err := h.Hasher.Hash(r.Context(), chosen)
	if err != nil {
		release := func(tx store.Tx) error { return credential.Release(tx, budget) }
		return errors.Join(err, h.DB.Update(context.WithoutCancel(r.Context()), nil, release))
	}
	f = f.to(stepContact)
	f.PasswordHash = hash
	return h.see(w, pathContact, f)
}
