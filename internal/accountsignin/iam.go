package accountsignin

import (
	"net/http"
	"strings"

	"sekisho/internal/credential"
	"sekisho/internal/secret"
	"sekisho/web"
)

// askIAM is the page of IAM users (C-05 to C-09): of the account that its address
// names, of the one that this browser remembers, or of any.
func (h *Handler) askIAM(w http.ResponseWriter, r *http.Request) error {
	if f, err := h.openPage(r, stepIAM); err == nil {
		return h.showIAM(w, r, f, http.StatusOK, nil, nil)
	}
	req, asked := h.request(r)
	name := strings.TrimSpace(r.URL.Query().Get("account"))
	if accountProblem(name) != "" {
		name = ""
	}
	if asked {
		if done, err := h.goOn(w, r, req); done || err != nil {
			return err
		}
	}
	f := h.begin(w, r, stepIAM, req)
	f.UserType, f.Account, f.Specific = web.UserTypeIAM, name, name != ""
	last := h.memory(r)
	if f.Account == "" {
		f.Account = last.Account
	}
	if last.Account != "" && f.Account == last.Account {
		f.UserName, f.Remember = last.UserName, true
	}
	return h.showIAM(w, r, f, http.StatusOK, nil, nil)
}

func (h *Handler) showIAM(w http.ResponseWriter, r *http.Request, f flow, status int, problems []web.AccountError, t *credential.ThrottledError) error {
	page := web.IAMSignIn{
		Frame:     h.frame(r, PathIAM, f),
		Action:    PathIAM,
		Account:   f.Account,
		UserName:  f.UserName,
		Remember:  f.Remember,
		Specific:  f.Specific,
		RootURL:   h.mainPath(f.Request, web.UserTypeRoot),
		IAMURL:    h.iamPath(f.Request, ""),
		ForgotURL: pathForgot,
		SignInURL: h.pattern(),
		Errors:    problems,
	}
	if problems == nil && t == nil {
		page.Notice = f.Request.Notice
	}
	if t != nil {
		page.Errors = []web.AccountError{throttledError(t)}
		page.RetryAfter = h.retryAfter(w, t)
	}
	return h.Site.Show(w, r, status, page, h.Site.Map.Console())
}

// checkIAM takes account, user name and password (C-03).
func (h *Handler) checkIAM(w http.ResponseWriter, r *http.Request) error {
	f, form, err := h.openForm(r, stepIAM)
	if err != nil {
		return err
	}
	f.UserType = web.UserTypeIAM
	f.Account, f.UserName = strings.TrimSpace(form.Get(web.FieldAccount)), strings.TrimSpace(form.Get(web.FieldUserName))
	f.Remember = form.Get(web.FieldRemember) != ""
	typed := secret.NewString(form.Get(web.FieldPassword))
	var problems []web.AccountError
	if p := accountProblem(f.Account); p != "" {
		problems = append(problems, p)
	}
	if f.UserName == "" {
		problems = append(problems, web.IAMUserRequired)
	}
	if typed.Empty() {
		problems = append(problems, web.AccountPasswordRequired)
	}
	if problems != nil {
		f.Account, f.UserName = bounded(f.Account), bounded(f.UserName)
		return h.showIAM(w, r, f, http.StatusUnprocessableEntity, problems, nil)
	}
	// No name is longer: what is, is nobody's, and must not fill the flow.
	f.UserName = bounded(f.UserName)
	o, err := h.try(r, f, typed)
	switch {
	case err != nil:
		return err
	case o.throttled != nil:
		return h.showIAM(w, r, f, http.StatusTooManyRequests, nil, o.throttled)
	case o.right:
		return h.proved(w, r, f, o.candidate)
	}
	return h.showIAM(w, r, f, http.StatusUnprocessableEntity, []web.AccountError{web.AuthenticationFailed}, nil)
}

// bounded cuts what was typed to a byte more than any name has.
func bounded(s string) string {
	const longest = 64
	return strings.ToValidUTF8(s[:min(len(s), longest+1)], "")
}
