package accountsignin

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"sekisho/internal/account"
	"sekisho/internal/audit"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/notify"
	"sekisho/internal/pagehttp"
	"sekisho/internal/store"
	"sekisho/web"
)

// askForgot begins the recovery of a root user's password (B-25, B-26, B-29).
func (h *Handler) askForgot(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepForgot)
	if err != nil {
		req, _ := h.request(r)
		f = h.begin(w, r, stepForgot, req)
		f.Email = h.memory(r).Email
	}
	if out, err := h.signOutFirst(w, r, f, h.pageOf(pathForgot, f)); out || err != nil {
		return err
	}
	return h.showForgot(w, r, f, http.StatusOK, "", "")
}

// showForgot shows the page with new challenges: none is shown twice.
func (h *Handler) showForgot(w http.ResponseWriter, r *http.Request, f flow, status int, email web.AccountError, problem web.CaptchaError) error {
	refresh := h.pageOf(pathForgot, f)
	f.Picture, f.Sound = h.Captcha.NewPicture(), h.Captcha.NewSound()
	return h.Site.Show(w, r, status, web.AccountRecovery{
		Frame:      h.frame(r, pathForgot, f),
		Action:     pathForgot,
		Email:      f.Email,
		ImageURL:   pathCaptcha + f.Picture + ".png",
		AudioURL:   pathCaptcha + f.Sound + ".wav",
		RefreshURL: refresh,
		CancelURL:  h.mainPath(f.Request, web.UserTypeRoot),
		EmailError: email,
		Error:      problem,
	})
}

// forgot answers everybody the same and at the same speed: whether there is an
// account to write to is looked up only after the answer is decided, beside the
// request (B-30).
func (h *Handler) forgot(w http.ResponseWriter, r *http.Request) error {
	f, form, err := h.openForm(r, stepForgot)
	if err != nil {
		return err
	}
	if out, err := h.signOutFirst(w, r, f, h.pageOf(pathForgot, f)); out || err != nil {
		return err
	}
	answer := strings.TrimSpace(form.Get(web.FieldCaptcha))
	f.Email = strings.TrimSpace(form.Get(web.FieldEmail))
	if problem := emailProblem(f.Email); problem != "" {
		f.Email = bounded(f.Email)
		return h.showForgot(w, r, f, http.StatusUnprocessableEntity, problem, "")
	}
	if answer == "" {
		return h.showForgot(w, r, f, http.StatusUnprocessableEntity, "", web.CaptchaRequired)
	}
	var human bool
	err = h.DB.Update(r.Context(), nil, func(tx store.Tx) (err error) {
		now := h.Site.Clock.Now()
		if human, err = h.Captcha.CheckEither(tx, f.Picture, f.Sound, answer, now); err != nil || !human {
			return err // a wrong answer is spent as well
		}
		asked := append([]credential.Key{credential.DailyKey("root-recovery", f.Email, now)}, h.Site.Network(r)...)
		return credential.Reserve(tx, asked, now)
	})
	if err != nil {
		return err
	}
	if !human {
		return h.showForgot(w, r, f, http.StatusUnprocessableEntity, "", web.CaptchaWrong)
	}
	recorded := h.event(r, audit.SignInSource, audit.PasswordRecoveryRequested, candidate{root: true}, false, "")
	ctx, locale := context.WithoutCancel(r.Context()), h.Site.Locale(r)
	if !h.background.Do(func() {
		if err := h.sendReset(ctx, f.Email, locale, *recorded); err != nil {
			h.Site.Log.ErrorContext(ctx, "reset mail failed", "request_id", recorded.RequestID, "error", err)
		}
	}) {
		return fault.New(fault.Unavailable, "background-full", "Too many people ask for mail at the moment.")
	}
	f.Step, f.Picture, f.Sound = stepSent, "", ""
	return pagehttp.See(w, h.pageOf(pathDone, f))
}

// sendReset makes a link for the root user with that address, if there is one who
// may have it, and queues the mail in the same transaction (N-18).
func (h *Handler) sendReset(ctx context.Context, email string, locale web.Locale, e audit.Event) error {
	return h.DB.Update(ctx, nil, func(tx store.Tx) error {
		e := e // Update may run this again
		a, err := tx.AccountByEmail(email)
		var reason string
		switch {
		case fault.Is(err, fault.NotFound):
			reason = reasonNoAccount
		case err != nil:
			return err
		default:
			if reason, err = h.mayNotRecover(tx, a); err != nil {
				return err
			}
			e.Account, e.Resource = a.ID, a.ID
			e.Identity, e.UserName = audit.RootIdentity(a.ID, false), "root"
		}
		if reason != "" {
			e.ErrorCode, e.ErrorReason = failure, reason
			return tx.AppendEvent(&e)
		}
		link, err := credential.NewResetLink(tx, credential.Owner{Kind: credential.RootUser, ID: a.ID}, h.Site.Clock.Now())
		if err != nil {
			return err
		}
		address := h.Site.Map.SignIn() + pathReset + "?" + url.Values{"token": {link.Reveal()}}.Encode()
		mail := web.RootResetMail{Account: a.Name, ResetURL: address, Valid: credential.ResetLinkLife}
		if err := h.queue(tx, a.Email, notify.RootPasswordReset, locale, mail, []string{address}, nil); err != nil {
			return err
		}
		return tx.AppendEvent(&e)
	})
}

// mayNotRecover is why the root user of an account cannot recover a password; ""
// if they can. A member of an organization that has no password has none until
// somebody with the right to lets it set one (B-34; behaviours.md 9.4).
func (h *Handler) mayNotRecover(tx store.Tx, a account.Account) (string, error) {
	in, err := mayEnter(tx, a, true, h.Site.Clock.Now())
	if err != nil {
		return "", err
	}
	if !in {
		return reasonNotInUse, nil
	}
	_, err = tx.Password(credential.Owner{Kind: credential.RootUser, ID: a.ID})
	if !fault.Is(err, fault.NotFound) || a.Standalone() {
		return "", ignoreNotFound(err)
	}
	manages, err := tx.Manages(a.ID)
	if err == nil && manages == "" {
		return reasonNoPassword, nil
	}
	return "", err
}

func ignoreNotFound(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// resetCompleted notes that the root user's password was replaced, and tells the
// account's owner (N-25).
func (h *Handler) resetCompleted(tx store.Tx, r *http.Request, a account.Account) error {
	e := h.event(r, audit.SignInSource, audit.PasswordRecoveryCompleted, candidate{account: a, root: true}, false, "")
	e.Resource = a.ID
	if err := tx.AppendEvent(e); err != nil {
		return err
	}
	mail := web.RootPasswordMail{Account: a.Name, At: h.Site.Clock.Now(), Address: h.Site.ClientIP(r), SignInURL: h.Site.Map.SignIn() + pathMain}
	return h.queue(tx, a.Email, notify.AccountNotice, h.Site.Locale(r), mail, nil, nil)
}

// queue writes a mail to the address and puts it into the outbox.
func (h *Handler) queue(tx notify.Store, to string, k notify.Kind, loc web.Locale, mail web.Mail, links, codes []string) error {
	written, err := h.Site.Pages.Mail(mail, loc)
	if err != nil {
		return err
	}
	message, err := h.Senders.NewEmail(k, to, notify.Content{
		Subject: written.Subject, Text: written.Text, HTML: written.HTML, Links: links, Codes: codes,
	}, h.Site.Clock.Now())
	if err != nil {
		return err
	}
	return tx.PutMessage(message)
}

// done shows the last page of a recovery, again and again if it is reloaded.
func (h *Handler) done(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepSent, stepResetDone)
	if err != nil {
		return err
	}
	next := h.mainPath(f.Request, web.UserTypeRoot)
	if f.Step == stepResetDone {
		return h.Site.Show(w, r, http.StatusOK, web.AccountPasswordDone{Frame: h.Site.Frame(r), ContinueURL: next})
	}
	return h.Site.Show(w, r, http.StatusOK, web.AccountRecoverySent{
		Frame: h.Site.Frame(r), Email: f.Email, Valid: credential.ResetLinkLife, ContinueURL: next,
	})
}
