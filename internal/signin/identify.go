package signin

import (
	"net/http"
	"net/url"
	"strings"

	"sekisho/internal/directory"
	"sekisho/internal/pagehttp"
	"sekisho/internal/secret"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/web"
)

// login is where every request enters. Who is signed in on this host goes on at
// once; everybody else is asked for a user name. It looks nobody up.
func (h *Handler) login(w http.ResponseWriter, r *http.Request) error {
	req, err := parseRequest(h.Ring, r.URL.Query().Get("request"), h.Site.Clock.Now())
	if err != nil {
		return h.stale(req)
	}
	p, err := h.place(r.Context(), req.Portal)
	if err != nil {
		return err
	}
	if r.Method == http.MethodGet && !req.Again { // HEAD changes nothing
		s, u, ok, err := h.signedIn(r)
		if err != nil {
			return err
		}
		if ok && u.Directory == p.DirectoryID { // somebody of another portal is nobody here
			return h.proceed(w, r, req, s)
		}
	}
	f := flow{Step: stepIdentify, Request: req, Browser: h.browser(w, r)}
	return h.showIdentify(w, r, p, f, http.StatusOK, "")
}

func (h *Handler) showIdentify(w http.ResponseWriter, r *http.Request, p place, f flow, status int, problem web.IdentifyError) error {
	page := web.Identify{
		Frame:        h.frame(r, pathLogin, f),
		Action:       pathLogin,
		Organisation: p.organization,
		UserName:     f.UserName,
		PortalURL:    h.Site.Map.StartURL(p.portalName(f.Request.Portal)),
		SigninURL:    PathHome,
		Notice:       f.Request.Notice,
		Error:        problem,
	}
	page.Path = h.loginPath(f.Request)
	return h.Site.Show(w, r, status, page)
}

// identify takes the user name (H-05) and asks for the password whoever it is:
// nothing here tells who exists.
func (h *Handler) identify(w http.ResponseWriter, r *http.Request) error {
	f, form, err := h.openForm(r, stepIdentify)
	if err != nil {
		return err
	}
	name, problem := typedUserName(form.Get(web.FieldUserName))
	if problem != "" {
		p, err := h.place(r.Context(), f.Request.Portal)
		if err != nil {
			return err
		}
		f.Request.Notice = ""
		return h.showIdentify(w, r, p, f, http.StatusUnprocessableEntity, problem)
	}
	f.Step, f.UserName = stepPassword, name
	return pagehttp.See(w, h.pageOf(pathPassword, f))
}

func typedUserName(typed string) (string, web.IdentifyError) {
	name := strings.TrimSpace(typed)
	switch {
	case name == "":
		return "", web.UserNameRequired
	case !directory.ValidUserName(name):
		return "", web.UserNameInvalid
	}
	return name, ""
}

// proceed decides what comes next for a person with a live session. Every step
// ends here.
func (h *Handler) proceed(w http.ResponseWriter, r *http.Request, req Request, s session.Session) error {
	switch req.Purpose {
	case ForPortal:
		return h.handOff(w, r, req, s)
	case ForDevices:
		return pagehttp.See(w, h.devicesPath(req.Portal, ""))
	case ForDevice, ForClient:
	}
	f := flow{Step: stepConsent, Request: req, Browser: h.browser(w, r), Session: s.ID}
	return pagehttp.See(w, h.pageOf(pathConsent, f))
}

// handOff sends the person back to their portal with a one-time code. The
// address is this server's own for the portal's name, whatever Host said.
func (h *Handler) handOff(w http.ResponseWriter, r *http.Request, req Request, s session.Session) error {
	portal := h.Site.Map.Portal(req.Portal)
	var code secret.String
	err := h.DB.Update(r.Context(), nil, func(tx store.Tx) (err error) {
		code, err = session.GiveHandoff(tx, s, session.Portal, pagehttp.HostOf(portal), req.State, h.Site.Clock.Now())
		return err
	})
	if err != nil {
		return err
	}
	q := url.Values{"code": {code.Reveal()}}
	if req.Return != "" {
		q.Set("to", req.Return)
	}
	return pagehttp.See(w, h.Site.WithLanguage(r, portal+"/start/handoff?"+q.Encode()))
}
