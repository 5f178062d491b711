package accountsignin

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"sekisho/internal/account"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/keys"
	"sekisho/internal/pagehttp"
	"sekisho/internal/sealed"
	"sekisho/internal/secondfactor"
	"sekisho/internal/secret"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/web"
)

// proof says that a password was right, and what was proved since. What it says
// is looked at again at every step: the password must still be the same.
type proof struct {
	ID            string    `cbor:"1,keyasint"` // random
	Account       string    `cbor:"2,keyasint"` // 12 digits
	User          string    `cbor:"3,keyasint"` // AIDA…; "" is the root user
	PasswordSetAt int64     `cbor:"4,keyasint"` // Unix microseconds
	At            time.Time `cbor:"5,keyasint"`
	// Of the second factor; zero and "" without one.
	MFAAt     time.Time `cbor:"6,keyasint"`
	MFASerial string    `cbor:"7,keyasint,omitempty"`
	Recovered bool      `cbor:"8,keyasint,omitempty"` // in place of a lost one (B-22)
	Mailed    bool      `cbor:"9,keyasint,omitempty"` // the mailed code was given
}

// proofLife is how long a person has for the steps after the password.
const proofLife = 15 * time.Minute

func (p *proof) fresh(now time.Time) bool { return now.Before(p.At.Add(proofLife)) }

func (p *proof) owner() credential.Owner {
	if p.User == "" {
		return credential.Owner{Kind: credential.RootUser, ID: p.Account}
	}
	return iam.PasswordOf(p.User)
}

// proved goes on with somebody whose password was right.
func (h *Handler) proved(w http.ResponseWriter, r *http.Request, f flow, c candidate) error {
	f.Human, f.Proof = "", &proof{
		ID: secret.Token("", 16).Reveal(), Account: c.account.ID, User: c.user.ID,
		PasswordSetAt: c.password.SetAt.UnixMicro(), At: h.Site.Clock.Now(),
	}
	return h.advance(w, r, f, func(tx store.Tx) error { return credential.Succeeded(tx, c.throttle) })
}

// standing is what holds now of somebody who proved something.
type standing struct {
	account  account.Account
	user     iam.User // zero for a root user
	password credential.Password
	// next is what is still asked for; stepIn is nothing.
	next step
	// over says that the password expired and only an administrator can help.
	over bool
}

func (s standing) root() bool { return s.user.ID == "" }

// stand looks at what holds of the flow's proof, and decides what comes next. What
// no longer stands is a stale form.
func (h *Handler) stand(tx store.Tx, r *http.Request, f flow) (s standing, err error) {
	p := f.Proof
	gone := func(err error) error {
		if fault.Is(err, fault.NotFound) {
			return h.stale(f.Request)
		}
		return err
	}
	if s.account, err = tx.Account(p.Account); err != nil {
		return s, gone(err)
	}
	if p.User != "" {
		if s.user, err = tx.IAMUser(p.User); err != nil {
			return s, gone(err)
		}
	}
	if s.password, err = tx.Password(p.owner()); err != nil {
		return s, gone(err)
	}
	now := h.Site.Clock.Now()
	in, err := mayEnter(tx, s.account, p.User == "", now)
	if err != nil {
		return s, err
	}
	if !in || s.password.SetAt.UnixMicro() != p.PasswordSetAt || s.password.Hash == "" {
		return s, h.stale(f.Request)
	}
	s.next, err = h.next(tx, r, p, s)
	if err != nil || s.next != stepIn || s.root() {
		return s, err
	}
	policy, err := iam.PasswordPolicyOf(tx, s.account.ID)
	if err != nil {
		return s, err
	}
	until := policy.ExpiresAt(s.password.SetAt)
	expired := !until.IsZero() && !now.Before(until)
	if expired || s.password.MustChange {
		s.next, s.over = stepNewPassword, expired && policy.HardExpiry
	}
	return s, nil
}

// next is what else is asked for beside the password: a second factor of who has
// one (B-12, C-10), else of a root user a mailed code in a browser that they did
// not use before (B-13, B-14).
func (h *Handler) next(tx store.Tx, r *http.Request, p *proof, s standing) (step, error) {
	if p.Recovered || !p.MFAAt.IsZero() {
		return stepIn, nil
	}
	devices, err := tx.MFADevicesOf(p.Account, p.User)
	if err != nil {
		return 0, err
	}
	switch {
	case len(devices) > 0:
		return stepFactor, nil
	case s.root() && !p.Mailed && !h.NoMail && !h.memory(r).knows(p.owner(), s.password.SetAt):
		return stepCode, nil
	}
	return stepIn, nil
}

// advance goes to what is asked for next of somebody who proved something, and in
// the end lets them in. Every step returns to it. also runs in the transaction in
// which that is kept; it may be nil.
func (h *Handler) advance(w http.ResponseWriter, r *http.Request, f flow, also func(store.Tx) error) error {
	var s standing
	err := h.DB.View(r.Context(), func(tx store.Tx) (err error) {
		s, err = h.stand(tx, r, f)
		return err
	})
	if err != nil {
		return err
	}
	if s.next == stepIn {
		return h.enter(w, r, f, stepIn, also)
	}
	if f.Step = s.next; s.next == stepCode {
		return h.sendCode(w, r, f, also)
	}
	if s.over || also != nil {
		err := h.DB.Update(r.Context(), nil, func(tx store.Tx) error {
			if s.over {
				c := candidate{account: s.account, user: s.user}
				if err := tx.AppendEvent(h.signInEvent(r, f, c, reasonPasswordExpired)); err != nil {
					return err
				}
			}
			if also == nil {
				return nil
			}
			return also(tx)
		})
		if err != nil {
			return err
		}
	}
	if s.next == stepFactor {
		name := s.user.Name
		if s.root() {
			name = s.account.Email
		}
		on := sealed.Seal(h.Ring, keys.AccountFlow, f)
		return h.Factors.Begin(w, r, secondfactor.Challenge{Account: s.account.ID, User: s.user.ID, Name: name, On: []byte(on)})
	}
	if s.over {
		return h.showNewPassword(w, r, f, s, iam.NewPassword{}, http.StatusForbidden, nil)
	}
	return pagehttp.See(w, h.pageOf(pathNewPassword, f))
}

// FactorPassed goes on with a sign-in whose second factor was given; on is what
// the challenge carried. also runs in the transaction in which the person is let
// in; it may be nil. Who had to get around a lost device had more steps to take, and
// has the time of all of them.
func (h *Handler) FactorPassed(w http.ResponseWriter, r *http.Request, on []byte, p secondfactor.Passed, also func(store.Tx) error) error {
	longer := time.Duration(0)
	if p.Recovered {
		longer = secondfactor.RecoveryLife
	}
	f, err := h.openFlowLate(r, string(on), longer, stepFactor)
	if err != nil {
		return err
	}
	if f.Proof == nil || f.Proof.Account != p.Account || f.Proof.User != p.User {
		return h.stale(f.Request)
	}
	if f.Proof.Recovered = p.Recovered; !p.Recovered {
		f.Proof.MFAAt, f.Proof.MFASerial = p.At, p.Serial
	}
	return h.advance(w, r, f, also)
}

// enter begins the session of somebody of whom nothing more is asked, or only
// what also does: still says what was to be asked for until then.
func (h *Handler) enter(w http.ResponseWriter, r *http.Request, f flow, still step, also func(store.Tx) error) error {
	var at standing
	var in entry
	err := h.DB.Update(r.Context(), nil, func(tx store.Tx) (err error) {
		// What was proved must still be true where the session begins.
		if at, err = h.stand(tx, r, f); err != nil {
			return err
		}
		if at.next != still || at.over {
			return h.stale(f.Request)
		}
		if also != nil {
			if err := also(tx); err != nil {
				return err
			}
			if at.password, err = tx.Password(f.Proof.owner()); err != nil {
				return err
			}
		}
		in, err = h.open(tx, r, f, at)
		return err
	})
	if err != nil {
		return err
	}
	h.keep(w, r, f, at, in)
	return pagehttp.See(w, in.to)
}

// entry is a session that began, the cookie by which this browser has it, and
// where the browser goes on to.
type entry struct {
	session session.Session
	cookie  secret.String
	to      string
}

// open begins the session. The browser's old one ends, whoever's it was: a cookie
// that somebody else put there, or took from there, leads nowhere (fixation).
func (h *Handler) open(tx store.Tx, r *http.Request, f flow, at standing) (in entry, err error) {
	now, p := h.Site.Clock.Now(), f.Proof
	if err := h.end(tx, r, now); err != nil {
		return in, err
	}
	s := session.Session{
		ID: uuid.NewString(), Kind: session.IAMUser, User: at.user.ID, Account: at.account.ID,
		MFAAt: p.MFAAt, SourceIP: h.Site.ClientIP(r), UserAgent: pagehttp.UserAgent(r),
	}
	if at.root() {
		s.Kind, s.User = session.RootUser, at.account.ID
	}
	if in.session, err = session.BeginConsole(tx, s, now, session.ConsoleLife); err != nil {
		return in, err
	}
	if in.cookie, err = session.GiveCookie(tx, in.session, session.AccountSignIn, pagehttp.HostOf(h.Site.Map.SignIn())); err != nil {
		return in, err
	}
	use := iam.Use{Account: at.account.ID, Entity: s.User, Service: "signin", Action: "ConsoleLogin", Region: h.Site.Map.Region(), At: now}
	if err := tx.PutUses([]iam.Use{use}); err != nil {
		return in, err
	}
	c := candidate{account: at.account, user: at.user, root: at.root()}
	if err := tx.AppendEvent(h.signInEvent(r, f, c, "")); err != nil {
		return in, err
	}
	in.to, err = h.onward(tx, r, f.Request, in.session)
	return in, err
}

// end ends the session that this browser has here.
func (h *Handler) end(tx store.Tx, r *http.Request, now time.Time) error {
	value := h.Site.Cookie(r, cookieSession)
	if value == "" {
		return nil
	}
	hash := secret.NewString(value).Hash()
	c, err := tx.Cookie(hash)
	if fault.Is(err, fault.NotFound) || err == nil && c.Surface != session.AccountSignIn {
		return nil
	}
	if err != nil {
		return err
	}
	if err := tx.DeleteCookie(hash); err != nil {
		return err
	}
	err = tx.EndSession(c.Session, now, session.SignedOut)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// keep gives the browser the session and what it remembers of it.
func (h *Handler) keep(w http.ResponseWriter, r *http.Request, f flow, at standing, in entry) {
	h.Site.SetCookie(w, cookieSession, in.cookie.Reveal(), session.ConsoleLife)
	m := h.memory(r)
	m.mark(f.Proof.owner(), at.password.SetAt)
	m.noteSignIn(f, at.account.ID)
	h.remember(w, m)
}

// consoleHome is where one arrives who was sent from nowhere (B-15, C-11).
const consoleHome = "/console/home"

// onward is where the browser of s goes on to: to a page of this host, or to the
// console with a one-time code. Addresses are this server's own, whatever Host or
// the request said.
func (h *Handler) onward(tx store.Tx, r *http.Request, req Request, s session.Session) (string, error) {
	if req.Here != "" {
		return h.Site.Map.SignIn() + localPath(req.Here), nil
	}
	console := h.Site.Map.Console()
	if req.State == "" {
		// Nobody there waits for a code. The console must ask for one whoever's session
		// it has, else the person would go on as whoever was in it before.
		if req.Return == "" {
			req.Return = consoleHome
		}
		return console + PathConsole + "?" + url.Values{"to": {localPath(req.Return)}}.Encode(), nil
	}
	code, err := session.GiveHandoff(tx, s, session.Console, pagehttp.HostOf(console), req.State, h.Site.Clock.Now())
	if err != nil {
		return "", err
	}
	q := url.Values{"code": {code.Reveal()}}
	if req.Return != "" {
		q.Set("to", localPath(req.Return))
	}
	return h.Site.WithLanguage(r, console+"/handoff?"+q.Encode()), nil
}

// localPath is p if it is a path of a host's own, with its query, else "/": it
// can lead nowhere else, however browsers read it.
func localPath(p string) string {
	u, err := url.Parse(p)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(p, "/") || strings.HasPrefix(p, "//") ||
		strings.ContainsAny(p, "\\\r\n\t") {
		return "/"
	}
	return p
}

// SignIn begins a session of the account's root user in this browser, without a
// page: for who just chose the password in signing up.
func (h *Handler) SignIn(w http.ResponseWriter, r *http.Request, accountID string) (session.Session, error) {
	now := h.Site.Clock.Now()
	f := flow{UserType: web.UserTypeRoot, Proof: &proof{Account: accountID, At: now}}
	var at standing
	var in entry
	err := h.DB.Update(r.Context(), nil, func(tx store.Tx) (err error) {
		if at.account, err = tx.Account(accountID); err != nil {
			return err
		}
		if at.password, err = tx.Password(f.Proof.owner()); err != nil {
			return err
		}
		in, err = h.open(tx, r, f, at)
		return err
	})
	if err != nil {
		return session.Session{}, err
	}
	f.Email = at.account.Email
	h.keep(w, r, f, at, in)
	return in.session, nil
}
