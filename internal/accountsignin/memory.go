package accountsignin

import (
	"net/http"
	"slices"
	"time"

	"sekisho/internal/credential"
	"sekisho/internal/keys"
	"sekisho/internal/sealed"
	"sekisho/internal/secret"
	"sekisho/web"
)

// memory is what a browser keeps of earlier sign-ins. It proves nothing: it
// fills in names, and tells the browsers of an account's owner from those of
// others.
type memory struct {
	// UserType is how the last sign-in was: web.UserTypeRoot or web.UserTypeIAM.
	UserType string `cbor:"1,keyasint,omitempty"`
	Email    string `cbor:"2,keyasint,omitempty"` // B-16
	Account  string `cbor:"3,keyasint,omitempty"` // C-07
	UserName string `cbor:"4,keyasint,omitempty"`
	// Devices says who signed in here before, the last one first.
	Devices []device `cbor:"5,keyasint,omitempty"`
}

// device marks this browser as one on which somebody signed in before.
type device struct {
	Kind  credential.OwnerKind `cbor:"1,keyasint"`
	Owner string               `cbor:"2,keyasint"`
	Mark  []byte               `cbor:"3,keyasint"` // 128 random bits
	// PasswordSetAt is of the password that was given then, in Unix microseconds.
	PasswordSetAt int64 `cbor:"4,keyasint"`
}

const (
	cookieMemory = "sekisho-account-memory"
	memoryLife   = 365 * 24 * time.Hour
	// maxDevices keeps the cookie below the 1,024 characters that are read.
	maxDevices = 5
)

func (h *Handler) memory(r *http.Request) memory {
	m, err := sealed.Open[memory](h.Ring, keys.Remembered, h.Site.Cookie(r, cookieMemory))
	if err != nil {
		return memory{}
	}
	return m
}

func (h *Handler) remember(w http.ResponseWriter, m memory) {
	h.Site.SetCookie(w, cookieMemory, sealed.Seal(h.Ring, keys.Remembered, m), memoryLife)
}

// device returns the mark of o, if o signed in here before.
func (m memory) device(o credential.Owner) (device, bool) {
	i := slices.IndexFunc(m.Devices, func(d device) bool { return d.Kind == o.Kind && d.Owner == o.ID && o.ID != "" })
	if i < 0 {
		return device{}, false
	}
	return m.Devices[i], true
}

// knows reports whether o signed in here with the password that was set then: who
// changed it does not trust the browsers of before.
func (m memory) knows(o credential.Owner, passwordSetAt time.Time) bool {
	d, ok := m.device(o)
	return ok && d.PasswordSetAt == passwordSetAt.UnixMicro()
}

// mark notes that o signed in here.
func (m *memory) mark(o credential.Owner, passwordSetAt time.Time) {
	d, ok := m.device(o)
	if !ok {
		d = device{Kind: o.Kind, Owner: o.ID, Mark: secret.Random(16)}
	}
	d.PasswordSetAt = passwordSetAt.UnixMicro()
	others := slices.DeleteFunc(slices.Clone(m.Devices), func(x device) bool { return x.Kind == o.Kind && x.Owner == o.ID })
	m.Devices = append([]device{d}, others[:min(len(others), maxDevices-1)]...)
}

// noteSignIn keeps who signed in by f: root users' addresses, and of IAM users
// what they asked to be kept.
func (m *memory) noteSignIn(f flow, account string) {
	if f.Proof == nil || f.Proof.User == "" {
		m.UserType, m.Email = web.UserTypeRoot, f.Email
		return
	}
	m.UserType, m.Account, m.UserName = web.UserTypeIAM, "", ""
	if f.Remember {
		if m.Account = f.Account; m.Account == "" {
			m.Account = account
		}
		m.UserName = f.UserName
	}
}
