package accountsignin

import (
	"net/http"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/notify"
	"sekisho/internal/pagehttp"
	"sekisho/internal/secret"
	"sekisho/internal/store"
	"sekisho/web"
)

const (
	// codeLife is how long a mailed code is good, codeTries how many tries there
	// are at all the codes that follow one password.
	codeLife  = 10 * time.Minute
	codeTries = 5
	codeLen   = 6 // digits
)

// triesKeys count tries at the codes that follow the proof.
func (p *proof) triesKeys() []credential.Key {
	return []credential.Key{credential.CodeKey("account-sign-in/" + p.ID)}
}

// mailKeys count the codes that are mailed to an account's address.
func (h *Handler) mailKeys(p *proof) []credential.Key {
	return []credential.Key{credential.DailyKey("sign-in-code", p.Account, h.Site.Clock.Now())}
}

// codeHash is what the flow carries of a code. It is worth nothing without the
// flow's proof.
func (p *proof) codeHash(code string) string { return secret.NewString(p.ID + "/" + code).Hash() }

// sendCode mails a code to the root user's address (B-13, B-14, N-16) and goes to
// the page that asks for it. also runs in the same transaction; it may be nil.
func (h *Handler) sendCode(w http.ResponseWriter, r *http.Request, f flow, also func(store.Tx) error) error {
	now := h.Site.Clock.Now()
	code := secret.Pick("0123456789", codeLen)
	var refused *credential.ThrottledError
	err := h.DB.Update(r.Context(), nil, func(tx store.Tx) error {
		if also != nil {
			if err := also(tx); err != nil {
				return err
			}
		}
		var err error
		if refused, err = reserve(tx, h.mailKeys(f.Proof), now); err != nil || refused != nil {
			return err
		}
		a, err := tx.Account(f.Proof.Account)
		if err != nil {
			return err
		}
		return h.queue(tx, a.Email, notify.RootSignInCode, h.Site.Locale(r),
			web.SignInCodeMail{Account: a.Name, Code: code, Valid: codeLife, At: now, Address: h.Site.ClientIP(r)}, nil, []string{code})
	})
	if err != nil {
		return err
	}
	if refused != nil {
		if f.CodeHash == "" { // there is no page for a code yet
			return refused
		}
		return h.showCode(w, r, f, http.StatusTooManyRequests, web.SignInCodeResent, pagehttp.RetryAfter(refused, now))
	}
	f.Step, f.Resent = stepCode, f.CodeHash != ""
	f.CodeHash, f.CodeUntil = f.Proof.codeHash(code), now.Add(codeLife)
	return pagehttp.See(w, h.pageOf(pathCode, f))
}

// resendCode sends another code, unless no code can be right any more: the tries
// are those of the password that was given, and only another sign-in has new ones.
func (h *Handler) resendCode(w http.ResponseWriter, r *http.Request, f flow) error {
	spent := false
	err := h.DB.View(r.Context(), func(tx store.Tx) error {
		n, err := credential.Failures(tx, f.Proof.triesKeys(), h.Site.Clock.Now())
		spent = n >= codeTries
		return err
	})
	if err != nil {
		return err
	}
	if spent {
		f.Resent = false
		return h.showCode(w, r, f, http.StatusUnprocessableEntity, web.SignInCodeSpent, 0)
	}
	return h.sendCode(w, r, f, nil)
}

func (h *Handler) askCode(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepCode)
	if err != nil {
		return err
	}
	return h.showCode(w, r, f, http.StatusOK, "", 0)
}

func (h *Handler) showCode(w http.ResponseWriter, r *http.Request, f flow, status int, problem web.AccountError, retry time.Duration) error {
	if retry > 0 {
		pagehttp.SetRetryAfter(w, retry)
	}
	return h.Site.Show(w, r, status, web.AccountCode{
		Frame:      h.frame(r, pathCode, f),
		Action:     pathCode,
		Email:      f.Email,
		Valid:      codeLife,
		Resent:     f.Resent && problem == "",
		OtherURL:   h.mainPath(f.Request, web.UserTypeRoot),
		Error:      problem,
		RetryAfter: retry,
	}, h.Site.Map.Console())
}

// checkCode takes the mailed code. Tries count before the code is looked at, over
// all codes that follow the same password; a right one is good once.
func (h *Handler) checkCode(w http.ResponseWriter, r *http.Request) error {
	f, form, err := h.openForm(r, stepCode)
	if err != nil {
		return err
	}
	if f.Proof == nil {
		return h.stale(f.Request)
	}
	if form.Get(web.FieldDecision) == web.DecisionResend {
		return h.resendCode(w, r, f)
	}
	// NFKC, because Japanese input methods write full-width digits.
	typed := strings.Join(strings.Fields(norm.NFKC.String(bounded(form.Get(web.FieldCode)))), "")
	if typed == "" {
		return h.showCode(w, r, f, http.StatusUnprocessableEntity, web.SignInCodeRequired, 0)
	}
	now := h.Site.Clock.Now()
	var problem web.AccountError
	err = h.DB.Update(r.Context(), nil, func(tx store.Tx) error {
		problem = ""
		tries := f.Proof.triesKeys()
		n, err := credential.Failures(tx, tries, now)
		if err != nil {
			return err
		}
		if n >= codeTries || !now.Before(f.CodeUntil) {
			problem = web.SignInCodeSpent
			return nil
		}
		if err := credential.Reserve(tx, tries, now); err != nil {
			return err
		}
		if !secret.NewString(f.Proof.codeHash(typed)).Equal(secret.NewString(f.CodeHash)) {
			problem = web.SignInCodeWrong
			a, err := tx.Account(f.Proof.Account)
			if err != nil {
				return err
			}
			return tx.AppendEvent(h.signInEvent(r, f, candidate{account: a, root: true}, reasonWrongCode))
		}
		err = tx.SpendOnce(secret.NewString("sign-in-code/"+f.Proof.ID).Hash(), f.Proof.At.Add(proofLife))
		if fault.Is(err, fault.Conflict) {
			problem = web.SignInCodeSpent
			return nil
		}
		if err != nil {
			return err
		}
		return credential.Succeeded(tx, h.mailKeys(f.Proof))
	})
	if err != nil {
		return err
	}
	if problem != "" {
		f.Resent = false
		return h.showCode(w, r, f, http.StatusUnprocessableEntity, problem, 0)
	}
	f.CodeHash, f.Proof.Mailed = "", true
	return h.advance(w, r, f, nil)
}
