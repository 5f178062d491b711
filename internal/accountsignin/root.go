package accountsignin

import (
	"net/http"
	"time"

	"sekisho/internal/credential"
	"sekisho/internal/pagehttp"
	"sekisho/internal/secret"
	"sekisho/web"
)

func (h *Handler) askRoot(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepRoot)
	if err != nil {
		return err
	}
	return h.showRoot(w, r, f, http.StatusOK, "", nil)
}

func (h *Handler) showRoot(w http.ResponseWriter, r *http.Request, f flow, status int, problem web.AccountError, t *credential.ThrottledError) error {
	forgot := f
	forgot.Step = stepForgot
	page := web.RootPassword{
		Frame:     h.frame(r, pathRoot, f),
		Action:    pathRoot,
		Email:     f.Email,
		ForgotURL: h.pageOf(pathForgot, forgot),
		OtherURL:  h.mainPath(f.Request, web.UserTypeRoot),
		SignUpURL: h.signUpURL(),
		IAMURL:    h.iamPath(f.Request, ""),
		SignInURL: h.pattern(),
		Error:     problem,
	}
	if t != nil {
		page.Error = throttledError(t)
		page.RetryAfter = h.retryAfter(w, t)
	}
	return h.Site.Show(w, r, status, page, h.Site.Map.Console())
}

func throttledError(t *credential.ThrottledError) web.AccountError {
	if t.Until.IsZero() {
		return web.SignInLocked
	}
	return web.SignInThrottled
}

// retryAfter is how long to wait, which programs are told too; 0, and nothing, where
// waiting does not help.
func (h *Handler) retryAfter(w http.ResponseWriter, t *credential.ThrottledError) time.Duration {
	if t.Until.IsZero() {
		return 0
	}
	after := pagehttp.RetryAfter(t, h.Site.Clock.Now())
	pagehttp.SetRetryAfter(w, after)
	return after
}

// checkRoot takes the root user's password (B-11).
func (h *Handler) checkRoot(w http.ResponseWriter, r *http.Request) error {
	f, form, err := h.openForm(r, stepRoot)
	if err != nil {
		return err
	}
	typed := secret.NewString(form.Get(web.FieldPassword))
	if typed.Empty() {
		return h.showRoot(w, r, f, http.StatusUnprocessableEntity, web.AccountPasswordRequired, nil)
	}
	f.UserType = web.UserTypeRoot
	o, err := h.try(r, f, typed)
	switch {
	case err != nil:
		return err
	case o.unchecked:
		f.Step, f.Human = stepCheck, ""
		return pagehttp.See(w, h.pageOf(pathCheck, f))
	case o.throttled != nil:
		return h.showRoot(w, r, f, http.StatusTooManyRequests, "", o.throttled)
	case o.right:
		return h.proved(w, r, f, o.candidate)
	}
	f.Human = ""
	if o.suspect {
		f.Step, f.Refused = stepCheck, true
		return h.showCheck(w, r, f, http.StatusUnprocessableEntity, "")
	}
	return h.showRoot(w, r, f, http.StatusUnprocessableEntity, web.AuthenticationFailed, nil)
}
