package signin

import (
	"context"
	"net/http"
	"strings"

	"sekisho/internal/audit"
	"sekisho/internal/credential"
	"sekisho/internal/directory"
	"sekisho/internal/directory/people"
	"sekisho/internal/fault"
	"sekisho/internal/notify"
	"sekisho/internal/pagehttp"
	"sekisho/internal/secret"
	"sekisho/internal/store"
	"sekisho/web"
)

// credentialEmailOTP is the trail's name of codes by mail (behaviours.md 6.7).
const credentialEmailOTP = "EMAIL_OTP"

// askFirst offers a code by mail to who never had a password, where the instance
// has that (behaviours.md 6.6). AWS asks such people for the code at once, which
// tells everybody who has no password yet; here everybody sees the same.
func (h *Handler) askFirst(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepFirst)
	if err != nil {
		return err
	}
	return h.showFirst(w, r, f, http.StatusOK, "")
}

// showFirst shows the page with new challenges: none is shown twice.
func (h *Handler) showFirst(w http.ResponseWriter, r *http.Request, f flow, status int, problem web.CaptchaError) error {
	p, err := h.placeWithCodes(r.Context(), f)
	if err != nil {
		return err
	}
	refresh, back := h.pageOf(pathFirst, f), h.passwordPage(f)
	f.Picture, f.Sound = h.Captcha.NewPicture(), h.Captcha.NewSound()
	return h.Site.Show(w, r, status, web.FirstSignIn{
		Frame: h.frame(r, pathFirst, f), Action: pathFirst, Organisation: p.organization, UserName: f.UserName,
		ImageURL: pathCaptcha + f.Picture + ".png", AudioURL: pathCaptcha + f.Sound + ".wav", RefreshURL: refresh, BackURL: back, Error: problem,
	})
}

// placeWithCodes is the place of the flow, which is stale if an administrator has
// turned codes off meanwhile.
func (h *Handler) placeWithCodes(ctx context.Context, f flow) (place, error) {
	p, err := h.place(ctx, f.Request.Portal)
	if err == nil && !p.EmailOTP {
		return p, h.stale(f.Request)
	}
	return p, err
}

func (h *Handler) passwordPage(f flow) string {
	f.Step = stepPassword
	return h.pageOf(pathPassword, f)
}

// sendFirst answers everybody the same and at the same speed: whether there is
// somebody to write to is looked up beside the request.
func (h *Handler) sendFirst(w http.ResponseWriter, r *http.Request) error {
	f, form, err := h.openForm(r, stepFirst)
	if err != nil {
		return err
	}
	answer := strings.TrimSpace(form.Get(web.FieldCaptcha))
	if answer == "" {
		return h.showFirst(w, r, f, http.StatusUnprocessableEntity, web.CaptchaRequired)
	}
	p, err := h.placeWithCodes(r.Context(), f)
	if err != nil {
		return err
	}
	var human bool
	err = h.DB.Update(r.Context(), nil, func(tx store.Tx) (err error) {
		now := h.Site.Clock.Now()
		if human, err = h.Captcha.CheckEither(tx, f.Picture, f.Sound, answer, now); err != nil || !human {
			return err // a wrong answer is spent as well
		}
		keys := append([]credential.Key{credential.DailyKey("first-code/"+p.DirectoryID, f.UserName, now)}, h.Site.Network(r)...)
		return credential.Reserve(tx, keys, now)
	})
	if err != nil {
		return err
	}
	if !human {
		return h.showFirst(w, r, f, http.StatusUnprocessableEntity, web.CaptchaWrong)
	}
	recorded := h.event(r, p, directory.User{}, eventChallenge, "")
	recorded.Set("CredentialType", credentialEmailOTP)
	locale, ctx := h.Site.Locale(r), context.WithoutCancel(r.Context())
	if !h.background.Do(func() {
		if err := h.mailCode(ctx, p, f.UserName, locale, *recorded); err != nil {
			h.Site.Log.ErrorContext(ctx, "sign-in code mail failed", "request_id", recorded.RequestID, "error", err)
		}
	}) {
		return fault.New(fault.Unavailable, "background-full", "Too many people ask for mail at the moment.")
	}
	f.Step, f.Picture, f.Sound = stepFirstCode, "", ""
	return pagehttp.See(w, h.pageOf(pathFirstCode, f))
}

// mailCode makes a code for the person of that name, if there is one who never had
// a password, and queues the mail in the same transaction (N-17).
func (h *Handler) mailCode(ctx context.Context, p place, name string, locale web.Locale, e audit.Event) error {
	return h.DB.Update(ctx, nil, func(tx store.Tx) error {
		e := e // Update may run this again
		now := h.Site.Clock.Now()
		u, err := tx.UserByName(p.DirectoryID, name)
		var code secret.String
		if err == nil {
			e.PrincipalID, e.UserName = u.ID, u.UserName
			code, err = people.NewCode(tx, u, now)
		}
		if f, ok := fault.As(err); ok {
			e.ErrorCode, e.ErrorReason = failure, f.Reason
			return tx.AppendEvent(&e)
		}
		if err != nil {
			return err
		}
		letter := web.FirstSignInCodeMail{Organisation: p.organization, UserName: u.UserName, Code: code.Reveal(), Valid: people.CodeLife}
		m := Mailer{h.Site.Pages, h.Senders}
		if err := m.Queue(tx, u, notify.SignInCode, locale, letter, Ask{Codes: []string{code.Reveal()}}, now); err != nil {
			return err
		}
		return tx.AppendEvent(&e)
	})
}

func (h *Handler) askFirstCode(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepFirstCode)
	if err != nil {
		return err
	}
	return h.showFirstCode(w, r, f, http.StatusOK, "")
}

func (h *Handler) showFirstCode(w http.ResponseWriter, r *http.Request, f flow, status int, problem web.FirstCodeError) error {
	p, err := h.placeWithCodes(r.Context(), f)
	if err != nil {
		return err
	}
	again := f
	again.Step = stepFirst
	return h.Site.Show(w, r, status, web.FirstSignInCode{
		Frame: h.frame(r, pathFirstCode, f), Action: pathFirstCode, Organisation: p.organization, UserName: f.UserName, Valid: people.CodeLife,
		AgainURL: h.pageOf(pathFirst, again), BackURL: h.passwordPage(f), Error: problem,
	})
}

// checkFirstCode verifies the code. Tries count each day anew: a stranger who uses up
// those of a day keeps nobody out for good, and had one chance in 10,000. Who does not exist, is disabled, has a
// password or was sent none gets the same answer as who typed it wrong.
func (h *Handler) checkFirstCode(w http.ResponseWriter, r *http.Request) error {
	f, form, err := h.openForm(r, stepFirstCode)
	if err != nil {
		return err
	}
	typed := strings.Join(strings.Fields(form.Get(web.FieldCode)), "")
	if typed == "" {
		return h.showFirstCode(w, r, f, http.StatusUnprocessableEntity, web.FirstCodeRequired)
	}
	p, err := h.placeWithCodes(r.Context(), f)
	if err != nil {
		return err
	}
	var hash string
	var u directory.User
	err = h.DB.Update(r.Context(), nil, func(tx store.Tx) (err error) {
		hash = ""
		now := h.Site.Clock.Now()
		keys := append([]credential.Key{credential.DailyKey("first-code-tried/"+p.DirectoryID, f.UserName, now)}, h.Site.Network(r)...)
		if err := credential.Reserve(tx, keys, now); err != nil {
			return err
		}
		if u, err = tx.UserByName(p.DirectoryID, f.UserName); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		proved, err := people.CheckCode(tx, u, secret.NewString(typed), now)
		wrong, expected := fault.As(err)
		if err != nil && !expected {
			return err
		}
		e := h.event(r, p, u, eventVerification, "")
		e.Set("CredentialType", credentialEmailOTP)
		if wrong != nil {
			e.ErrorCode, e.ErrorReason = failure, wrong.Reason
			return tx.AppendEvent(e)
		}
		hash = proved
		if err := credential.Succeeded(tx, keys); err != nil {
			return err
		}
		return tx.AppendEvent(e)
	})
	if err != nil {
		return err
	}
	if hash == "" {
		return h.showFirstCode(w, r, f, http.StatusUnprocessableEntity, web.FirstCodeWrong)
	}
	f.Step, f.Proof, f.User, f.Token = stepNewPassword, byCode, u.ID, hash
	return pagehttp.See(w, h.pageOf(pathNewPassword, f))
}
