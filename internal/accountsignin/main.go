package accountsignin

import (
	"net/http"
	"strings"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/pagehttp"
	"sekisho/internal/secret"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/web"
)

// main is where every request enters. Who is signed in on this host goes on at
// once. Everybody else gets the page that fits this browser's last sign-in (B-16
// to B-18, M-11): the main page, or the IAM users'. It looks nobody up.
func (h *Handler) main(w http.ResponseWriter, r *http.Request) error {
	if f, err := h.openPage(r, stepChoose); err == nil {
		return h.showMain(w, r, f, http.StatusOK, "")
	}
	req, asked := h.request(r)
	if asked {
		if done, err := h.goOn(w, r, req); done || err != nil {
			return err
		}
	}
	chosen, last := r.URL.Query().Get("user"), h.memory(r)
	switch {
	case chosen == "" && req.Account != "":
		return pagehttp.See(w, h.iamPath(req, req.Account))
	case chosen == "" && last.UserType == web.UserTypeIAM:
		return pagehttp.See(w, h.iamPath(req, last.Account))
	}
	f := h.begin(w, r, stepChoose, req)
	f.UserType, f.Email = web.UserTypeRoot, last.Email
	if chosen == web.UserTypeIAM {
		f.UserType = web.UserTypeIAM
	}
	return h.showMain(w, r, f, http.StatusOK, "")
}

// goOn sends a browser on that is signed in as the request wants it.
func (h *Handler) goOn(w http.ResponseWriter, r *http.Request, req Request) (done bool, err error) {
	if req.Again || r.Method != http.MethodGet { // HEAD changes nothing
		return false, nil
	}
	s, err := h.SignedIn(r)
	if fault.Is(err, fault.Unauthenticated) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	var to string
	err = h.DB.Update(r.Context(), nil, func(tx store.Tx) (err error) {
		to = ""
		if fits, err := fits(tx, s, req); err != nil || !fits {
			return err
		}
		to, err = h.onward(tx, r, req, s)
		return err
	})
	if err != nil || to == "" {
		return false, err
	}
	return true, pagehttp.See(w, to)
}

// fits reports whether the session is of the account that the request names.
func fits(tx store.Tx, s session.Session, req Request) (bool, error) {
	if req.Account == "" {
		return true, nil
	}
	a, err := account.Named(tx, req.Account)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return a.ID == s.Account, err
}

func (h *Handler) showMain(w http.ResponseWriter, r *http.Request, f flow, status int, problem web.AccountError) error {
	notice := f.Request.Notice
	if problem != "" {
		notice = ""
	}
	return h.Site.Show(w, r, status, web.AccountMain{
		Frame:     h.frame(r, pathMain, f),
		Action:    pathMain,
		UserType:  f.UserType,
		Email:     f.Email,
		Account:   f.Account,
		SignUpURL: h.signUpURL(),
		IAMURL:    h.iamPath(f.Request, ""),
		ForgotURL: pathForgot,
		SignInURL: h.pattern(),
		Notice:    notice,
		Error:     problem,
	})
}

// signUpURL is where accounts are opened (B-06, B-11); "" where visitors open none.
func (h *Handler) signUpURL() string {
	if h.NoSignUp {
		return ""
	}
	return h.Site.Map.SignUp()
}

// pattern is what the addresses of sign-in pages contain (C-25, M-07).
func (h *Handler) pattern() string { return pagehttp.HostOf(h.Site.Map.SignIn()) + "/" }

// choose takes the type of user with its e-mail address or account (B-07, C-05),
// and goes on alike whatever exists.
func (h *Handler) choose(w http.ResponseWriter, r *http.Request) error {
	f, form, err := h.openForm(r, stepChoose)
	if err != nil {
		return err
	}
	f.UserType = web.UserTypeRoot
	// Nothing longer is an address or an account, and it must not fill the flow.
	f.Email, f.Account = bounded(strings.TrimSpace(form.Get(web.FieldEmail))), bounded(strings.TrimSpace(form.Get(web.FieldAccount)))
	if form.Get(web.FieldUserType) == web.UserTypeIAM {
		f.UserType = web.UserTypeIAM
		if problem := accountProblem(f.Account); problem != "" {
			return h.showMain(w, r, f, http.StatusUnprocessableEntity, problem)
		}
		f.Request.Notice = ""
		return pagehttp.See(w, h.iamPath(f.Request, f.Account))
	}
	if problem := emailProblem(f.Email); problem != "" {
		return h.showMain(w, r, f, http.StatusUnprocessableEntity, problem)
	}
	f.Request.Notice = ""
	var suspect bool
	err = h.DB.View(r.Context(), func(tx store.Tx) error {
		c, err := h.find(tx, r, f)
		if err == nil {
			suspect, err = h.suspicious(tx, r, c, h.Site.Clock.Now())
		}
		return err
	})
	if err != nil {
		return err
	}
	if suspect {
		f.Step = stepCheck
		return pagehttp.See(w, h.pageOf(pathCheck, f))
	}
	f.Step = stepRoot
	return pagehttp.See(w, h.pageOf(pathRoot, f))
}

func emailProblem(email string) web.AccountError {
	switch {
	case email == "":
		return web.EmailRequired
	case !account.ValidEmail(email):
		return web.EmailInvalid
	}
	return ""
}

func accountProblem(name string) web.AccountError {
	switch {
	case name == "":
		return web.AccountRequired
	case !account.ValidName(name):
		return web.AccountInvalid
	}
	return ""
}

// After so many failures a CAPTCHA is asked for (B-08): of a name or an address
// lately, or of a browser that its owner used before.
const (
	suspectFailures      = 1
	suspectFailuresKnown = 3
)

// suspicious reports whether a CAPTCHA comes before the next password for c. It
// depends on what was tried and from where, not on who exists.
func (h *Handler) suspicious(tx store.Tx, r *http.Request, c candidate, now time.Time) (bool, error) {
	n, err := credential.Failures(tx, c.throttle, now)
	if _, known := h.memory(r).device(c.owner()); known {
		return n >= suspectFailuresKnown, err
	}
	return n >= suspectFailures, err
}

// unchecked reports whether the CAPTCHA that is asked for was not answered. An
// answered one is good for one try at a password.
func (h *Handler) unchecked(tx store.Tx, f flow, suspect bool) (bool, error) {
	if f.Human == "" {
		return suspect, nil
	}
	err := tx.SpendOnce(secret.NewString("account-sign-in/"+f.Human).Hash(), f.Request.IssuedAt.Add(RequestLife))
	if fault.Is(err, fault.Conflict) {
		return suspect, nil
	}
	return false, err
}

func (h *Handler) askCheck(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepCheck)
	if err != nil {
		return err
	}
	return h.showCheck(w, r, f, http.StatusOK, "")
}

// showCheck shows the security check with new challenges: none is shown twice.
func (h *Handler) showCheck(w http.ResponseWriter, r *http.Request, f flow, status int, problem web.CaptchaError) error {
	refused := f.Refused
	f.Refused = false // told once
	refresh := h.pageOf(pathCheck, f)
	forgot := f
	forgot.Step = stepForgot
	f.Picture, f.Sound = h.Captcha.NewPicture(), h.Captcha.NewSound()
	return h.Site.Show(w, r, status, web.SecurityCheck{
		Frame:      h.frame(r, pathCheck, f),
		Action:     pathCheck,
		ImageURL:   pathCaptcha + f.Picture + ".png",
		AudioURL:   pathCaptcha + f.Sound + ".wav",
		RefreshURL: refresh,
		CancelURL:  h.mainPath(f.Request, web.UserTypeRoot),
		IAMURL:     h.iamPath(f.Request, ""),
		ForgotURL:  h.pageOf(pathForgot, forgot),
		SignInURL:  h.pattern(),
		Refused:    refused,
		Error:      problem,
	})
}

// check takes the characters that were read or heard (B-09). An answer is spent,
// right or wrong.
func (h *Handler) check(w http.ResponseWriter, r *http.Request) error {
	f, form, err := h.openForm(r, stepCheck)
	if err != nil {
		return err
	}
	answer := strings.TrimSpace(form.Get(web.FieldCaptcha))
	if answer == "" {
		return h.showCheck(w, r, f, http.StatusUnprocessableEntity, web.CaptchaRequired)
	}
	var human bool
	err = h.DB.Update(r.Context(), nil, func(tx store.Tx) (err error) {
		human, err = h.Captcha.CheckEither(tx, f.Picture, f.Sound, answer, h.Site.Clock.Now())
		return err
	})
	if err != nil {
		return err
	}
	if !human {
		return h.showCheck(w, r, f, http.StatusUnprocessableEntity, web.CaptchaWrong)
	}
	f.Step, f.Picture, f.Sound, f.Human = stepRoot, "", "", secret.Token("", 16).Reveal()
	return pagehttp.See(w, h.pageOf(pathRoot, f))
}
