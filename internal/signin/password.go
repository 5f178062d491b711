package signin

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"

	"sekisho/internal/audit"
	"sekisho/internal/credential"
	"sekisho/internal/directory"
	"sekisho/internal/directory/people"
	"sekisho/internal/fault"
	"sekisho/internal/keys"
	"sekisho/internal/pagehttp"
	"sekisho/internal/sealed"
	"sekisho/internal/secret"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/web"
)

func (h *Handler) askPassword(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepPassword)
	if err != nil {
		return err
	}
	return h.showPassword(w, r, f, http.StatusOK, "", 0)
}

func (h *Handler) showPassword(w http.ResponseWriter, r *http.Request, f flow, status int, problem web.PasswordError, retry time.Duration) error {
	p, err := h.place(r.Context(), f.Request.Portal)
	if err != nil {
		return err
	}
	forgot := f
	forgot.Step = stepForgot
	page := web.Password{
		Frame:        h.frame(r, pathPassword, f),
		Action:       pathPassword,
		Organisation: p.organization,
		UserName:     f.UserName,
		ChangeURL:    h.loginPath(f.Request),
		ForgotURL:    h.pageOf(pathForgot, forgot),
		Error:        problem,
		RetryAfter:   retry,
	}
	if p.EmailOTP {
		first := f
		first.Step = stepFirst
		page.FirstURL = h.pageOf(pathFirst, first)
	}
	if retry > 0 {
		pagehttp.SetRetryAfter(w, retry)
	}
	return h.Site.Show(w, r, status, page, h.portalOrigin(f.Request))
}

// candidate is what is known about a user name before its password is looked at.
type candidate struct {
	place    place
	user     directory.User
	password credential.Password
	throttle []credential.Key // under which the try was counted
	// refusal is why no password can be right; "" if one can.
	refusal string
}

// The precise reasons of failures, for the audit trail only.
const (
	reasonUnknownUser   = "no-such-user"
	reasonDisabled      = "user-disabled"
	reasonNoPassword    = "no-password"
	reasonWrongPassword = "password-incorrect"
	reasonThrottled     = "too-many-attempts"
	reasonExpired       = "one-time-password-expired"
)

// checkPassword verifies the password. Who does not exist, is disabled or has
// no password gets the same answer, for the same work, as who typed it wrong.
func (h *Handler) checkPassword(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, form, err := h.openForm(r, stepPassword)
	if err != nil {
		return err
	}
	typed := secret.NewString(form.Get(web.FieldPassword))
	if typed.Empty() {
		return h.showPassword(w, r, f, http.StatusUnprocessableEntity, web.PasswordRequired, 0)
	}
	c, err := h.reserve(r, f)
	if t, ok := errors.AsType[*credential.ThrottledError](err); ok {
		h.Count(h.event(r, c.place, c.user, eventVerification, reasonThrottled))
		problem := web.PasswordThrottled
		if t.Until.IsZero() {
			problem = web.PasswordLocked
		}
		return h.showPassword(w, r, f, http.StatusTooManyRequests, problem, pagehttp.RetryAfter(t, h.Site.Clock.Now()))
	}
	if err != nil {
		return err
	}
	ok, err := h.Hasher.Verify(ctx, c.password.Hash, typed)
	if err != nil {
		// The password was not looked at, so the try does not count.
		release := func(tx store.Tx) error { return credential.Release(tx, c.throttle) }
		if err := h.DB.Update(context.WithoutCancel(ctx), nil, release); err != nil {
			return err
		}
		return err
	}
	if !ok || c.refusal != "" {
		reason := c.refusal
		if reason == "" {
			reason = reasonWrongPassword
		}
		if err := h.recordSignIn(r, c, reason); err != nil {
			return err
		}
		return h.showPassword(w, r, f, http.StatusUnprocessableEntity, web.PasswordIncorrect, 0)
	}
	if h.Hasher.NeedsRehash(c.password.Hash) {
		h.rehash(context.WithoutCancel(ctx), c.password, typed)
	}
	if c.password.MustChange {
		// Only who has the right one learns that it came too late.
		if ends := people.OneTimePasswordEnds(c.password); !h.Site.Clock.Now().Before(ends) {
			if err := h.passwordProved(r, c, reasonExpired); err != nil {
				return err
			}
			return h.showPassword(w, r, f, http.StatusUnprocessableEntity, web.PasswordExpired, 0)
		}
		if err := h.passwordProved(r, c, ""); err != nil {
			return err
		}
		f.Step, f.User, f.PasswordSetAt = stepNewPassword, c.user.ID, c.password.SetAt.UnixMicro()
		return pagehttp.See(w, h.pageOf(pathNewPassword, f))
	}
	return h.enter(w, r, f, c.user, func(tx store.Tx) error {
		// What was proved must still be true where it lets in.
		now, err := tx.Password(c.password.Owner)
		if err != nil {
			return err
		}
		if now.Hash != c.password.Hash {
			return h.stale(f.Request)
		}
		if err := credential.Succeeded(tx, c.throttle); err != nil {
			return err
		}
		return h.appendSignIn(tx, r, c, "")
	})
}

// rehash keeps the password at the present cost, beside the request. If there is
// no room for that now, the next sign-in tries again.
func (h *Handler) rehash(ctx context.Context, p credential.Password, typed secret.String) {
	h.background.Do(func() {
		hash, err := h.Hasher.Hash(ctx, typed)
		if err == nil {
			err = h.DB.Update(ctx, nil, func(tx store.Tx) error { return credential.Rehash(tx, p.Owner, p.Hash, hash) })
		}
		if err != nil {
			h.Site.Log.WarnContext(ctx, "password not rehashed", "user", p.Owner.ID, "error", err)
		}
	})
}

// reserve finds out about the user name and counts the try, in one transaction.
// The candidate's place is set even when the try is refused.
func (h *Handler) reserve(r *http.Request, f flow) (c candidate, err error) {
	err = h.DB.Update(r.Context(), nil, func(tx store.Tx) (err error) {
		c = candidate{}
		if c.place, err = findPlace(tx, f.Request.Portal); err != nil {
			return err
		}
		c.user, err = tx.UserByName(c.place.DirectoryID, f.UserName)
		switch {
		case fault.Is(err, fault.NotFound):
			c.user, c.refusal = directory.User{}, reasonUnknownUser
		case err != nil:
			return err
		case c.user.Disabled:
			c.refusal = reasonDisabled
		}
		// Asked for nobody's password too, so that the work is the same.
		c.password, err = tx.Password(ownerOf(c.user))
		switch {
		case fault.Is(err, fault.NotFound):
			c.password = credential.Password{}
			if c.refusal == "" {
				c.refusal = reasonNoPassword
			}
		case err != nil:
			return err
		}
		c.throttle = h.throttleKeys(r, c.place, c.user, f.UserName)
		return credential.Reserve(tx, c.throttle, h.Site.Clock.Now())
	})
	return c, err
}

func ownerOf(u directory.User) credential.Owner {
	return credential.Owner{Kind: credential.DirectoryUser, ID: u.ID}
}

// throttleKeys are what a try counts under: the device alone if the person has
// signed in on it before, else user name and address.
func (h *Handler) throttleKeys(r *http.Request, p place, u directory.User, typed string) []credential.Key {
	if d, ok := h.knownDevice(r); ok && u.ID != "" && d.User == u.ID {
		return []credential.Key{credential.DeviceKey(ownerOf(u), d.Device)}
	}
	return append([]credential.Key{credential.NameKey(p.DirectoryID, typed)}, h.Site.Network(r)...)
}

// passwordProved takes the try back when the password was right but no session
// begins yet, or none at all for that reason.
func (h *Handler) passwordProved(r *http.Request, c candidate, reason string) error {
	return h.DB.Update(r.Context(), nil, func(tx store.Tx) error {
		if err := credential.Succeeded(tx, c.throttle); err != nil {
			return err
		}
		return tx.AppendEvent(h.event(r, c.place, c.user, eventVerification, reason))
	})
}

// entry is a session that began, and the value of its cookie.
type entry struct {
	session session.Session
	cookie  secret.String
}

// begin starts the session of a person who proved who they are, at mfaAt by a second
// factor too, and records that they are in. Once it is committed, welcome gives this
// browser its cookies.
//
// The browser's old session is replaced, never joined: a cookie that somebody
// else put there leads nowhere. If it was another person's it ends, because they
// are no longer at this browser; one's own goes on for what hangs on it.
func (h *Handler) begin(tx store.Tx, r *http.Request, p place, u directory.User, mfaAt time.Time, recorded *audit.Event) (in entry, err error) {
	now := h.Site.Clock.Now()
	if old := h.Site.Cookie(r, cookieSession); old != "" {
		if err := dropOldSession(tx, secret.NewString(old).Hash(), u.ID, now); err != nil {
			return in, err
		}
	}
	if in.session, err = session.Begin(tx, uuid.NewString(), u.ID, now, p.SessionDuration, h.Site.ClientIP(r), pagehttp.UserAgent(r)); err != nil {
		return in, err
	}
	if !mfaAt.IsZero() {
		in.session.MFAAt = mfaAt
		if err := tx.PutSession(in.session); err != nil {
			return in, err
		}
	}
	if err := people.SignedIn(tx, u.ID, now); err != nil {
		return in, err
	}
	if in.cookie, err = session.GiveCookie(tx, in.session, session.SignIn, pagehttp.HostOf(h.Site.Map.SignIn())); err != nil {
		return in, err
	}
	return in, tx.AppendEvent(recorded)
}

// welcome gives the browser the cookies of a session that began.
func (h *Handler) welcome(w http.ResponseWriter, r *http.Request, p place, u directory.User, in entry) {
	h.Site.SetCookie(w, cookieSession, in.cookie.Reveal(), p.SessionDuration)
	h.rememberDevice(w, r, u)
}

func dropOldSession(tx store.Tx, hash, newUser string, now time.Time) error {
	c, err := tx.Cookie(hash)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := tx.DeleteCookie(hash); err != nil {
		return err
	}
	old, err := tx.Session(c.Session)
	if fault.Is(err, fault.NotFound) || err == nil && old.User == newUser {
		return nil
	}
	if err != nil {
		return err
	}
	return tx.EndSession(old.ID, now, session.SignedOut)
}

// device is a browser on which a person signed in before.
type device struct {
	User   string `cbor:"1,keyasint"`
	Device string `cbor:"2,keyasint"` // 128 random bits
}

const (
	cookieDevice = "sekisho-device"
	deviceLife   = 365 * 24 * time.Hour
)

// knownDevice reads the browser's mark, if it has one.
func (h *Handler) knownDevice(r *http.Request) (device, bool) {
	v := h.Site.Cookie(r, cookieDevice)
	if v == "" {
		return device{}, false
	}
	d, err := sealed.Open[device](h.Ring, keys.KnownDevice, v)
	return d, err == nil && d.User != "" && d.Device != ""
}

func (h *Handler) rememberDevice(w http.ResponseWriter, r *http.Request, u directory.User) {
	d, ok := h.knownDevice(r)
	if !ok || d.User != u.ID {
		d = device{User: u.ID, Device: secret.Token("", 16).Reveal()}
	}
	h.Site.SetCookie(w, cookieDevice, h.seal(keys.KnownDevice, d), deviceLife)
}
