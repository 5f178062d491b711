package consoleweb

import (
	"net/http"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/call"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/web"
)

// sessionFacts is what the page tells the app (console/management/src/session.ts):
// no secret is in it.
type sessionFacts struct {
	Kind          string         `json:"kind"`
	AccountID     string         `json:"accountId"`
	AccountName   string         `json:"accountName"`
	Alias         string         `json:"alias"`
	UserName      string         `json:"userName"`
	Email         string         `json:"email"`
	ARN           string         `json:"arn"`
	DisplayName   string         `json:"displayName"`
	Color         string         `json:"color"`
	Switched      bool           `json:"switched"`
	SwitchedFrom  string         `json:"switchedFrom"`
	MFA           bool           `json:"mfa"`
	ExpiresAt     time.Time      `json:"expiresAt"`
	ServerTime    time.Time      `json:"serverTime"`
	Locale        web.Locale     `json:"locale"`
	Region        string         `json:"region"`
	Regions       []string       `json:"regions"`
	AccountStatus account.Status `json:"accountStatus"`
	SignInURL     string         `json:"signInUrl"`
	Links         links          `json:"links"`
}

// links are addresses outside the app; "" where there is nothing to go to.
type links struct {
	SignUp         string     `json:"signup"`
	CompleteSignUp string     `json:"completeSignUp"`
	RegisterMFA    string     `json:"registerMfa"`
	Password       string     `json:"password"`
	Email          string     `json:"email"`
	Close          string     `json:"close"`
	PaymentMethod  string     `json:"paymentMethod"`
	Help           string     `json:"help"`
	AllowList      string     `json:"allowList"`
	RootTasks      string     `json:"rootTasks"`
	Glossary       string     `json:"glossary"`
	Contact        string     `json:"contact"`
	SwitchRole     string     `json:"switchRole"`
	SwitchBack     string     `json:"switchBack"`
	SignOut        string     `json:"signOut"`
	RoleHistory    []pastRole `json:"roleHistory"`
}

// kinds are the app's names of who acts; everybody else acts as a role.
var kinds = map[call.PrincipalKind]string{call.Root: "root", call.IAMUser: "iam-user"}

// showApp answers with the app and who it is for.
func (h *Handler) showApp(w http.ResponseWriter, r *http.Request, s session.Session, owner, p call.Principal) error {
	now := h.Site.Clock.Now()
	f := sessionFacts{
		Kind: kinds[p.Kind], AccountID: p.Account, ARN: p.ARN, MFA: !s.MFAAt.IsZero() || p.Temporary != nil && p.Temporary.MFAAt != 0,
		DisplayName: s.Switched.DisplayName, Color: s.Switched.Color, Switched: !s.Switched.None(),
		ExpiresAt: s.ExpiresAt.UTC(), ServerTime: now.UTC(), Locale: h.Site.Locale(r), Region: h.Site.Map.Region(),
	}
	if f.Kind == "" {
		f.Kind = "role"
	}
	if p.Kind != call.Root {
		f.UserName = p.UserName
	}
	if p.Temporary != nil {
		f.ExpiresAt = earlier(f.ExpiresAt, time.Unix(p.Temporary.ExpiresAt, 0).UTC())
	}
	var mine account.Account
	err := h.DB.View(r.Context(), func(tx store.Tx) (err error) {
		if mine, err = tx.Account(p.Account); err != nil {
			return err
		}
		if f.Switched {
			from, err := tx.Account(owner.Account)
			if err != nil {
				return err
			}
			f.SwitchedFrom = owner.UserName + " @ " + nameOf(from)
		}
		all, err := account.RegionsOf(tx, p.Account, now)
		f.Regions = usable(all)
		return err
	})
	if err != nil {
		return err
	}
	f.AccountName, f.Alias, f.AccountStatus = mine.Name, mine.Alias, mine.Status
	f.SignInURL = h.Site.Map.AccountSignIn(nameOf(mine))
	if p.Kind == call.Root {
		f.Email = mine.Email
	}
	f.Links = h.links(r, s, owner, p, mine)
	return h.shell.Show(w, f)
}

func (h *Handler) links(r *http.Request, s session.Session, owner, p call.Principal, a account.Account) links {
	m := h.Site.Map
	at := func(path string) string { return m.SignIn() + path }
	l := links{
		SignUp: m.SignUp(), Help: at("/help"), AllowList: at("/help/allow-list"), RootTasks: at("/help/root-tasks"),
		Glossary: at("/help/glossary"), Contact: at("/contact-us"), SignOut: pathSignOut,
		RoleHistory: []pastRole{},
	}
	if p.Kind == call.Root || p.Kind == call.IAMUser {
		l.RegisterMFA = at("/mfa/register")
	}
	if p.Kind == call.Root {
		l.Password, l.Email, l.PaymentMethod = at("/account/password"), at("/account/email"), at("/account/payment")
		l.Close = at("/account/close")
		if a.Status == account.PendingActivation {
			l.CompleteSignUp = at("/signup/continue")
		}
	}
	if owner.Kind != call.Root {
		l.SwitchRole, l.RoleHistory = PathSwitchRole, h.history(r, owner)
	}
	if !s.Switched.None() {
		l.SwitchBack = pathSwitchBack
	}
	return l
}

// nameOf is how an account is named to people and in addresses.
func nameOf(a account.Account) string {
	if a.Alias != "" {
		return a.Alias
	}
	return a.ID
}

func usable(all []account.Region) []string {
	names := make([]string, 0, len(all))
	for _, r := range all {
		if r.Status == account.RegionEnabledByDefault || r.Status == account.RegionEnabled {
			names = append(names, r.Name)
		}
	}
	return names
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
