package signin

import (
	"context"
	"net/http"
	"path"
	"strings"
	"time"

	"sekisho/internal/audit"
	"sekisho/internal/credential"
	"sekisho/internal/directory"
	"sekisho/internal/fault"
	"sekisho/internal/notify"
	"sekisho/internal/pagehttp"
	"sekisho/internal/secret"
	"sekisho/internal/store"
	"sekisho/web"
)

// askForgot asks who forgot the password, and for proof of being a person (H-24).
func (h *Handler) askForgot(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepForgot)
	if err != nil {
		return err
	}
	return h.showForgot(w, r, f, http.StatusOK, "", "")
}

// showForgot shows the page with new challenges: none is shown twice.
func (h *Handler) showForgot(w http.ResponseWriter, r *http.Request, f flow, status int, name web.IdentifyError, captcha web.CaptchaError) error {
	p, err := h.place(r.Context(), f.Request.Portal)
	if err != nil {
		return err
	}
	refresh := h.pageOf(pathForgot, f)
	f.Picture, f.Sound = h.Captcha.NewPicture(), h.Captcha.NewSound()
	return h.Site.Show(w, r, status, web.Forgot{
		Frame:        h.frame(r, pathForgot, f),
		Action:       pathForgot,
		Organisation: p.organization,
		UserName:     f.UserName,
		ImageURL:     pathCaptcha + f.Picture + ".png",
		AudioURL:     pathCaptcha + f.Sound + ".wav",
		RefreshURL:   refresh,
		CancelURL:    h.loginPath(f.Request),
		Error:        captcha,
		NameError:    name,
	})
}

// captchaFile serves the picture or the sound of a challenge.
func (h *Handler) captchaFile(w http.ResponseWriter, r *http.Request) error {
	file := r.PathValue("file")
	ext := path.Ext(file)
	id := strings.TrimSuffix(file, ext)
	var (
		body        []byte
		contentType string
		err         error
	)
	switch ext {
	case ".png":
		contentType = "image/png"
		body, err = h.Captcha.Picture(r.Context(), id)
	case ".wav":
		contentType = "audio/wav"
		body, err = h.Captcha.Sound(r.Context(), id, string(h.Site.Locale(r)))
	default:
		return h.Site.NotFound(w, r)
	}
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Expired) {
		return h.Site.NotFound(w, r)
	}
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", contentType)
	_, _ = w.Write(body) //nolint:gosec // a picture or a sound made here, under its own content type
	return nil
}

// forgot answers everybody the same and at the same speed (H-25): whether there
// is somebody to write to is looked up only after the answer is decided, beside
// the request.
func (h *Handler) forgot(w http.ResponseWriter, r *http.Request) error {
	f, form, err := h.openForm(r, stepForgot)
	if err != nil {
		return err
	}
	name, nameProblem := typedUserName(form.Get(web.FieldUserName))
	answer := strings.TrimSpace(form.Get(web.FieldCaptcha))
	if f.UserName = name; nameProblem != "" {
		return h.showForgot(w, r, f, http.StatusUnprocessableEntity, nameProblem, "")
	}
	if answer == "" {
		return h.showForgot(w, r, f, http.StatusUnprocessableEntity, "", web.CaptchaRequired)
	}
	var human bool
	var p place
	err = h.DB.Update(r.Context(), nil, func(tx store.Tx) (err error) {
		if p, err = findPlace(tx, f.Request.Portal); err != nil {
			return err
		}
		now := h.Site.Clock.Now()
		if human, err = h.Captcha.CheckEither(tx, f.Picture, f.Sound, answer, now); err != nil || !human {
			return err // a wrong answer is spent as well
		}
		return credential.Reserve(tx, h.forgotKeys(r, p, name, now), now)
	})
	if err != nil {
		return err
	}
	if !human {
		return h.showForgot(w, r, f, http.StatusUnprocessableEntity, "", web.CaptchaWrong)
	}
	mail := resetMail{place: p, portal: p.portalName(f.Request.Portal), name: name, locale: h.Site.Locale(r)}
	recorded := h.event(r, p, directory.User{}, eventResetRequested, "")
	ctx := context.WithoutCancel(r.Context())
	if !h.background.Do(func() {
		if err := h.sendReset(ctx, mail, *recorded); err != nil {
			h.Site.Log.ErrorContext(ctx, "reset mail failed", "request_id", recorded.RequestID, "error", err)
		}
	}) {
		return fault.New(fault.Unavailable, "background-full", "Too many people ask for mail at the moment.")
	}
	f.Step, f.Picture, f.Sound = stepForgotSent, "", ""
	return pagehttp.See(w, h.pageOf(pathDone, f))
}

// forgotKeys are what requests for mail count under, apart from passwords, and
// each day anew: being written to too often locks nobody out for good.
func (h *Handler) forgotKeys(r *http.Request, p place, name string, now time.Time) []credential.Key {
	return append([]credential.Key{credential.DailyKey("forgot/"+p.DirectoryID, name, now)}, h.Site.Network(r)...)
}

// resetMail is a mail to be written if there is somebody to receive it.
type resetMail struct {
	place  place
	portal string
	name   string
	locale web.Locale // of the browser that asked
}

// sendReset makes a link for the person of that name, if there is one who may
// have it, and queues the mail in the same transaction (N-19).
func (h *Handler) sendReset(ctx context.Context, m resetMail, e audit.Event) error {
	return h.DB.Update(ctx, nil, func(tx store.Tx) error {
		e := e // Update may run this again
		u, err := tx.UserByName(m.place.DirectoryID, m.name)
		switch {
		case fault.Is(err, fault.NotFound):
			e.ErrorCode, e.ErrorReason = failure, reasonUnknownUser
			return tx.AppendEvent(&e)
		case err != nil:
			return err
		}
		e.PrincipalID, e.UserName = u.ID, u.UserName
		if u.Disabled {
			e.ErrorCode, e.ErrorReason = failure, reasonDisabled
			return tx.AppendEvent(&e)
		}
		now := h.Site.Clock.Now()
		link, err := credential.NewResetLink(tx, ownerOf(u), now)
		if err != nil {
			return err
		}
		address := mailedLink(h.Site.Map, pathReset, link, u)
		err = h.queue(tx, u, notify.PasswordReset, m.locale, web.PasswordResetMail{
			Organisation: m.place.organization,
			UserName:     u.UserName,
			ResetURL:     address,
			Valid:        credential.ResetLinkLife,
			PortalURL:    h.Site.Map.StartURL(m.portal),
		}, address)
		if err != nil {
			return err
		}
		return tx.AppendEvent(&e)
	})
}

func (h *Handler) queue(tx notify.Store, u directory.User, k notify.Kind, fallback web.Locale, mail web.Mail, links ...string) error {
	m := Mailer{h.Site.Pages, h.Senders}
	return m.Queue(tx, u, k, fallback, mail, Ask{Links: links}, h.Site.Clock.Now())
}

// openReset is where the mailed link leads. It proves the link good and spends
// nothing: mail scanners follow links too. The token leaves the address bar.
func (h *Handler) openReset(w http.ResponseWriter, r *http.Request) error {
	return h.openLink(w, r, flow{Step: stepNewPassword, Proof: byReset}, pathNewPassword, h.resetOwner)
}

// openLink opens a mailed link at the step of f, which is on another page.
func (h *Handler) openLink(w http.ResponseWriter, r *http.Request, f flow, page string, owner func(store.Tx, flow) (directory.User, error)) error {
	q := r.URL.Query()
	f.Token, f.Browser = q.Get(paramToken), h.browser(w, r)
	err := h.DB.View(r.Context(), func(tx store.Tx) (err error) {
		if f.Request.Portal, err = portalCalled(tx, q.Get(paramPortal)); err != nil {
			return err
		}
		u, err := owner(tx, f)
		if err != nil {
			return err
		}
		inst, err := tx.InstanceByName(u.Directory)
		f.UserName, f.Request = u.UserName, Request{Portal: inst.PortalName(), IssuedAt: h.Site.Clock.Now()}
		return err
	})
	if err != nil {
		return err
	}
	return pagehttp.See(w, h.pageOf(page, f))
}

// resetOwner returns who may set a new password by the link of f.
func (h *Handler) resetOwner(tx store.Tx, f flow) (directory.User, error) {
	o, refused := credential.OpenResetLink(tx, secret.NewString(f.Token), h.Site.Clock.Now())
	if refused != nil && o.ID == "" {
		return directory.User{}, h.linkProblem(tx, f, directory.User{}, refused)
	}
	u, err := tx.User(o.ID)
	switch {
	case fault.Is(err, fault.NotFound):
		return u, h.badLink(tx, f, u, web.LinkUsed, err)
	case err != nil:
		return u, err
	case refused == nil && (u.Disabled || o.Kind != credential.DirectoryUser):
		return u, h.badLink(tx, f, u, web.LinkUsed, nil)
	}
	return u, h.linkProblem(tx, f, u, refused)
}

// linkProblem is the page for what is wrong with the link of f, which was u's if that
// is known.
func (h *Handler) linkProblem(tx store.Tx, f flow, u directory.User, err error) error {
	switch fault.KindOf(err) {
	case fault.NotFound:
		return h.badLink(tx, f, u, web.LinkUsed, err)
	case fault.Expired:
		return h.badLink(tx, f, u, web.LinkExpired, err)
	}
	return err
}

// badLink is the page for a mailed link that is no good. On it goes to the person's
// own portal, where one signs in or asks for another link: what is kept of the link
// says which, else the link, which anybody can write, but only with a portal of this
// server. Without either it goes to the page on which one finds one's own.
func (h *Handler) badLink(tx store.Tx, f flow, u directory.User, kind web.ProblemKind, cause error) error {
	problem := &pagehttp.Problem{Status: http.StatusGone, Kind: kind, NextURL: PathHome, Cause: cause}
	portal, err := portalCalled(tx, u.Directory)
	if err != nil {
		return err
	}
	if portal == "" {
		portal = f.Request.Portal
	}
	if portal != "" {
		problem.NextURL = h.Site.Map.StartURL(portal)
	}
	return problem
}

// portalCalled is the name of the portal that name means, "" if it means none.
func portalCalled(tx store.Tx, name string) (string, error) {
	if name == "" {
		return "", nil
	}
	inst, err := tx.InstanceByName(name)
	if fault.Is(err, fault.NotFound) {
		return "", nil
	}
	return inst.PortalName(), err
}
