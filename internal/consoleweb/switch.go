package consoleweb

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/audit"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/keys"
	"sekisho/internal/pagehttp"
	"sekisho/internal/sealed"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/internal/token"
	"sekisho/web"
)

// switchForm ties the form to the session that it was shown to (against forged
// forms).
type switchForm struct {
	Session  string    `cbor:"1,keyasint"`
	IssuedAt time.Time `cbor:"2,keyasint"`
}

const (
	formLife   = time.Hour
	maxDisplay = 64       // characters
	maxRole    = 512 + 64 // bytes of a path and a name
	// shortest is the shortest session that STS gives. The console's own session
	// ends when it ends, however long the role's would have gone on.
	shortest = 15 * time.Minute
)

// rolePath is [path/]name (behaviours.md 1.4).
var rolePath = regexp.MustCompile(`^(?:[\x21-\x2e\x30-\x7e]+/)*[\w+=,.@-]{1,64}$`)

// colors are those that AWS's console offers; "" is none.
var colors = []string{"", "F2B0A9", "FBBF93", "FAD791", "B7CA9D", "99BCE3"}

// asked is a role as a person asks for it.
type asked struct {
	pastRole
	to string // an address of the app
}

func (h *Handler) asked(q url.Values) asked {
	a := asked{pastRole: pastRole{
		Account: strings.TrimSpace(q.Get(web.FieldAccount)), Role: strings.Trim(strings.TrimSpace(q.Get(web.FieldRole)), "/"),
		DisplayName: strings.TrimSpace(q.Get(web.FieldDisplayName)), Color: strings.ToUpper(strings.TrimPrefix(q.Get(web.FieldColor), "#")),
	}}
	if to := h.Site.Map.ConsolePath(q.Get(web.FieldRedirectURI)); to != "" {
		a.to = safeReturn(to)
	}
	return a
}

// check returns what is wrong with the form, in the order of its fields.
func (a asked) check() (broken []web.SwitchError) {
	switch {
	case a.Account == "":
		broken = append(broken, web.SwitchAccountRequired)
	case !account.ValidName(a.Account):
		broken = append(broken, web.SwitchAccountInvalid)
	}
	switch {
	case a.Role == "":
		broken = append(broken, web.SwitchRoleRequired)
	case len(a.Role) > maxRole || !rolePath.MatchString(a.Role):
		broken = append(broken, web.SwitchRoleInvalid)
	}
	if utf8.RuneCountInString(a.DisplayName) > maxDisplay || strings.ContainsFunc(a.DisplayName, unprintable) {
		broken = append(broken, web.SwitchDisplayNameInvalid)
	}
	if !slices.Contains(colors, a.Color) {
		broken = append(broken, web.SwitchColorInvalid)
	}
	return broken
}

func unprintable(c rune) bool { return c == utf8.RuneError || unicode.In(c, unicode.Cc, unicode.Cf) }

// showSwitch shows the form, filled in by the address, and the roles that this
// browser took before.
func (h *Handler) showSwitch(w http.ResponseWriter, r *http.Request) error {
	s, owner, err := h.switcher(r)
	if err != nil {
		return h.signInFirst(w, r, s, err)
	}
	return h.switchPage(w, r, s, owner, h.asked(r.URL.Query()), http.StatusOK, nil)
}

// switcher is who signed in, whatever role they act as: each switch starts from
// there (behaviours.md 8.4).
func (h *Handler) switcher(r *http.Request) (s session.Session, owner call.Principal, err error) {
	if s, err = h.signedIn(r); err == nil {
		owner, err = h.Owner(r.Context(), s.ID)
	}
	return s, owner, err
}

// signInFirst sends nobody to sign in, and to come back to the form.
func (h *Handler) signInFirst(w http.ResponseWriter, r *http.Request, s session.Session, err error) error {
	if !fault.Is(err, fault.Unauthenticated) {
		return err
	}
	if s.Kind == session.Role {
		return h.backToPortal(w, r, s.User)
	}
	return h.signIn(w, r, r.URL.RequestURI(), h.shell.Notice(w, r))
}

// switchPage shows the form with what is wrong with it; change, if not nil, fills
// in more.
func (h *Handler) switchPage(w http.ResponseWriter, r *http.Request, s session.Session, owner call.Principal, a asked, status int, change func(*web.SwitchRole)) error {
	q := url.Values{}
	for name, value := range map[string]string{web.FieldAccount: a.Account, web.FieldRole: a.Role, web.FieldDisplayName: a.DisplayName, web.FieldColor: a.Color, web.FieldRedirectURI: a.to} {
		if value != "" {
			q.Set(name, value)
		}
	}
	page := web.SwitchRole{
		Frame: h.Site.Frame(r), Action: PathSwitchRole, Who: owner.ARN, RootUser: owner.Kind == call.Root,
		Account: a.Account, Role: a.Role, DisplayName: a.DisplayName, Color: a.Color, Colors: colors, RedirectURI: a.to,
		CancelURL: pathHome, HelpURL: h.Site.Map.SignIn() + "/help/user-types",
	}
	page.Path = PathSwitchRole + "?" + q.Encode()
	page.Flow = sealed.Seal(h.Ring, keys.SwitchRoleForm, switchForm{s.ID, h.Site.Clock.Now()})
	for _, p := range h.history(r, owner) {
		page.History = append(page.History, web.PastRole{Account: p.Account, Role: p.Role, DisplayName: p.DisplayName, Color: p.Color})
	}
	if page.RootUser {
		status = http.StatusForbidden
	}
	if change != nil {
		change(&page)
	}
	return h.Site.Show(w, r, status, page)
}

// switchRole takes the role, if STS gives it.
func (h *Handler) switchRole(w http.ResponseWriter, r *http.Request) error {
	form, err := h.Site.Form(r, h.Site.Map.Console())
	if err != nil {
		return err
	}
	s, owner, err := h.switcher(r)
	if err != nil {
		return h.signInFirst(w, r, s, err)
	}
	now := h.Site.Clock.Now()
	flow, err := sealed.Open[switchForm](h.Ring, keys.SwitchRoleForm, form.Get(web.FieldFlow))
	if err != nil || flow.Session != s.ID || now.Sub(flow.IssuedAt) > formLife {
		return &pagehttp.Problem{Status: http.StatusBadRequest, Kind: web.StaleForm, NextURL: PathSwitchRole, Cause: err}
	}
	a := h.asked(form)
	if owner.Kind == call.Root {
		return h.switchPage(w, r, s, owner, a, http.StatusForbidden, nil)
	}
	if broken := a.check(); len(broken) > 0 {
		return h.switchPage(w, r, s, owner, a, http.StatusUnprocessableEntity, func(p *web.SwitchRole) { p.Errors = broken })
	}
	role, err := h.assume(w, r, s, owner, a)
	if refused, ok := errors.AsType[*call.Error](err); ok {
		h.countRefused(r, owner, a, refused)
		return h.switchPage(w, r, s, owner, a, http.StatusForbidden, func(p *web.SwitchRole) { p.Denied = refused.Message })
	}
	if err != nil {
		return err
	}
	e := h.switchEvent(r, owner, role.Account, a)
	e.ShareWith(role.Account)
	if err := h.act(r, s.ID, role, e); err != nil {
		return err
	}
	h.remember(w, r, owner, a.pastRole)
	return pagehttp.See(w, cmp.Or(a.to, pathHome))
}

// switchEvent is the event of a switch to the role in an account (behaviours.md 9.3).
func (h *Handler) switchEvent(r *http.Request, owner call.Principal, in string, a asked) *audit.Event {
	e := h.event(r, audit.SwitchRole, owner.Account)
	by(e, owner)
	e.Resource = arn.Role(in, "/", a.Role)
	e.Set(audit.DetailSwitchFrom, owner.ARN)
	e.Set(audit.DetailRedirectTo, h.Site.Map.Console()+cmp.Or(a.to, pathHome))
	return e
}

// countRefused records a switch that was refused, in the account of who tried alone:
// nobody can fill another's history. It names the account as it was typed, so that
// the history tells as little as the page does of whose an alias is.
func (h *Handler) countRefused(r *http.Request, owner call.Principal, a asked, refused *call.Error) {
	e := h.switchEvent(r, owner, a.Account, a)
	e.ErrorCode, e.ErrorReason, e.ErrorMessage = "Failure", refused.Code, refused.Message
	h.Count(e)
}

// nobodysAccount stands for the account of an alias that there is not: STS refuses
// its roles in the words in which it refuses those of any account.
const nobodysAccount = "000000000000"

// assume asks STS for the role, for as long as role, session and AWS allow. What
// it says names the account as it was typed: it must not tell whose an alias is.
func (h *Handler) assume(w http.ResponseWriter, r *http.Request, s session.Session, owner call.Principal, a asked) (session.Switched, error) {
	now := h.Site.Clock.Now()
	name := a.Role[strings.LastIndexByte(a.Role, '/')+1:]
	role := session.Switched{Account: a.Account, Role: a.Role, DisplayName: a.DisplayName, Color: a.Color}
	byAlias := !arn.ValidAccount(a.Account)
	if byAlias {
		role.Account = nobodysAccount
	}
	life := token.DefaultRoleSession
	err := h.DB.View(r.Context(), func(tx store.Tx) error {
		in, err := account.Named(tx, a.Account)
		if err != nil {
			return err
		}
		role.Account = in.ID
		there, err := tx.RoleByName(in.ID, name)
		if err == nil {
			life = min(time.Duration(there.MaxSessionSeconds)*time.Second, session.ConsoleLife)
		}
		return err
	})
	if err != nil && !fault.Is(err, fault.NotFound) {
		return role, err
	}
	if owner.Temporary != nil && owner.Kind == call.AssumedRole {
		life = min(life, token.MaxChainedSession)
	}
	life = max(min(life, s.ExpiresAt.Sub(now)), shortest)
	got, err := h.Assume(w, r, owner, role, int32(life/time.Second))
	if refused, ok := errors.AsType[*call.Error](err); ok && byAlias {
		return role, &call.Error{Code: refused.Code, Status: refused.Status,
			Message: strings.ReplaceAll(refused.Message, ":"+role.Account+":role/", ":"+a.Account+":role/")}
	}
	return got, err
}

// act lets the session act as role from now on; the zero value is whoever signed in.
func (h *Handler) act(r *http.Request, id string, role session.Switched, e *audit.Event) error {
	return h.DB.Update(r.Context(), e, func(tx store.Tx) error {
		s, err := tx.Session(id)
		if err != nil {
			return err
		}
		if !s.Live(e.At) {
			return session.ErrEnded
		}
		s.Switched = role
		return tx.PutSession(s)
	})
}

// leaveRole goes back to whoever signed in.
func (h *Handler) leaveRole(r *http.Request, s session.Session, owner call.Principal) (session.Session, error) {
	e := h.event(r, audit.ExitRole, owner.Account)
	by(e, owner)
	e.Resource = arn.Role(s.Switched.Account, "/", s.Switched.Role)
	e.Set(audit.DetailSwitchFrom, owner.ARN)
	s.Switched = session.Switched{}
	return s, h.act(r, s.ID, session.Switched{}, e)
}

// switchBack is the navigation bar's "Switch back". Only the console's own script
// can ask for it.
func (h *Handler) switchBack(w http.ResponseWriter, r *http.Request) error {
	if !h.fromScript(w, r) {
		return nil
	}
	s, owner, err := h.switcher(r)
	if err == nil && !s.Switched.None() {
		_, err = h.leaveRole(r, s, owner)
	}
	if err != nil && !fault.Is(err, fault.Unauthenticated) {
		return err
	}
	return answer(w, map[string]string{"location": pathHome}) // whose session is over is sent to sign in there
}
