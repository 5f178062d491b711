// Package keys is the key ring: what seals session tokens, client
// registrations and page state, and what encrypts secrets at rest.
//
// Data keys are random, kept in the database wrapped by a master key that is
// not in the database, and rotate: new seals use the newest key, old seals open
// while their key is kept. Every use has a purpose, and a seal made for one
// purpose does not open for another.
package keys

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/chacha20poly1305"

	"sekisho/internal/fault"
	"sekisho/internal/secret"
)

// Purpose separates uses of the ring.
type Purpose string

// The purposes.
const (
	AtRest        Purpose = "at-rest"
	RoleSession   Purpose = "role-session"
	ClientID      Purpose = "oauth-client-id"
	ClientSecret  Purpose = "oauth-client-secret"
	SignInRequest Purpose = "sign-in-request"
	SignInFlow    Purpose = "sign-in-flow"
	Captcha       Purpose = "captcha"
	KnownDevice   Purpose = "known-device"
	TradeIn       Purpose = "delegation-trade-in"
	// The browser flows of root users and IAM users.
	AccountRequest Purpose = "account-sign-in-request"
	AccountFlow    Purpose = "account-sign-in-flow"
	FactorFlow     Purpose = "second-factor-flow"
	SignUpFlow     Purpose = "sign-up-flow"
	SettingsFlow   Purpose = "account-settings-flow"
	ConsoleReturn  Purpose = "console-return"
	SwitchRoleForm Purpose = "switch-role-form"
	RoleHistory    Purpose = "role-history"
	Remembered     Purpose = "remembered-account"
	ContactFlow    Purpose = "contact-form"
	TestPayment    Purpose = "test-payment"
	// Of people of a directory.
	MFAEnrolment   Purpose = "mfa-enrolment"
	TrustedBrowser Purpose = "trusted-browser"
	wrapping       Purpose = "key-wrapping"
)

// Wrapped is a data key as it is stored.
type Wrapped struct {
	ID        uint32
	Sealed    []byte
	CreatedAt time.Time
}

// Store keeps wrapped data keys.
type Store interface {
	// DataKeys returns all of them, oldest first.
	DataKeys() ([]Wrapped, error)
	PutDataKey(w Wrapped) error
}

// Size is the length of master and data keys in bytes.
const Size = chacha20poly1305.KeySize

const (
	format    = 1
	headerLen = 1 + 4
	overhead  = headerLen + chacha20poly1305.NonceSizeX + chacha20poly1305.Overhead
)

// Ring seals and opens. It is safe for concurrent use.
type Ring struct {
	master []byte
	state  atomic.Pointer[state]

	// Refresh, if set before use, reads the stored keys again (by Reload). Open
	// calls it when it meets a key that another node has just added, so that a
	// rotation fails no request (promise 22).
	Refresh func() error

	refreshing sync.Mutex
}

// ahead is how far beyond the newest key an id may be that is worth a look into
// the store: anybody can make up ids, but only the next few can be real.
const ahead = 4

type state struct {
	newest uint32
	keys   map[uint32][]byte
	aeads  sync.Map // aeadKey → cipher.AEAD
}

type aeadKey struct {
	id      uint32
	purpose Purpose
}

var errOpen = fault.New(fault.Invalid, "seal", "The token is not valid.")

// NewRing makes a ring under master (32 bytes). Load must be called before use.
func NewRing(master []byte) (*Ring, error) {
	if len(master) != Size {
		return nil, fmt.Errorf("the master key must be %d bytes, this one has %d", Size, len(master))
	}
	return &Ring{master: append([]byte(nil), master...)}, nil
}

// Load takes in the stored keys, making the first one if there is none. now is
// recorded as the new key's time.
func (r *Ring) Load(tx Store, now time.Time) error {
	stored, err := tx.DataKeys()
	if err != nil {
		return err
	}
	if len(stored) == 0 {
		return r.Rotate(tx, now)
	}
	return r.take(stored)
}

// Reload takes in keys that another node added.
func (r *Ring) Reload(tx Store) error {
	stored, err := tx.DataKeys()
	if err != nil {
		return err
	}
	return r.take(stored)
}

// Rotate adds a new data key, which seals from now on. Other nodes follow the
// change feed.
func (r *Ring) Rotate(tx Store, now time.Time) error {
	stored, err := tx.DataKeys()
	if err != nil {
		return err
	}
	w := Wrapped{ID: 1, CreatedAt: now}
	if n := len(stored); n > 0 {
		w.ID = stored[n-1].ID + 1
	}
	aead, err := derive(r.master, wrapping)
	if err != nil {
		return err
	}
	w.Sealed = seal(aead, w.ID, secret.Random(Size))
	if err := tx.PutDataKey(w); err != nil {
		return err
	}
	return r.take(append(stored, w))
}

func (r *Ring) take(stored []Wrapped) error {
	aead, err := derive(r.master, wrapping)
	if err != nil {
		return err
	}
	s := &state{keys: make(map[uint32][]byte, len(stored))}
	for _, w := range stored {
		key, err := open(aead, w.Sealed)
		if err != nil {
			return fault.New(fault.Unavailable, "master-key",
				"The database's keys are wrapped by another master key. Start with the key file that belongs to this database (master.key in its data directory).")
		}
		s.keys[w.ID] = key
		s.newest = max(s.newest, w.ID)
	}
	r.state.Store(s)
	return nil
}

// Seal encrypts and authenticates plaintext for purpose. The result is 45 bytes
// longer than plaintext. Nonces are 192 random bits, so a key has no practical
// limit on the number of seals.
func (r *Ring) Seal(purpose Purpose, plaintext []byte) []byte {
	s := r.state.Load()
	aead, err := s.aead(s.newest, purpose)
	if err != nil {
		panic(err) // the newest key is always there
	}
	return seal(aead, s.newest, plaintext)
}

// Open returns what Seal was given, or an Invalid fault: for another purpose,
// changed, or sealed by a key that is gone.
func (r *Ring) Open(purpose Purpose, sealed []byte) ([]byte, error) {
	if len(sealed) < overhead || sealed[0] != format {
		return nil, errOpen
	}
	id := binary.BigEndian.Uint32(sealed[1:])
	r.follow(id)
	aead, err := r.state.Load().aead(id, purpose)
	if err != nil {
		return nil, errOpen
	}
	return open(aead, sealed)
}

// follow reads the stored keys if id may be one that is not here yet. One caller
// at a time does; the others go on with what there is.
func (r *Ring) follow(id uint32) {
	newest := r.state.Load().newest
	if r.Refresh == nil || id <= newest || id > newest+ahead || !r.refreshing.TryLock() {
		return
	}
	defer r.refreshing.Unlock()
	_ = r.Refresh() // a key that cannot be read is a seal that cannot be opened
}

func (s *state) aead(id uint32, purpose Purpose) (cipher.AEAD, error) {
	k := aeadKey{id, purpose}
	if a, ok := s.aeads.Load(k); ok {
		return a.(cipher.AEAD), nil
	}
	key, ok := s.keys[id]
	if !ok {
		return nil, errOpen
	}
	a, err := derive(key, purpose)
	if err != nil {
		return nil, err
	}
	s.aeads.Store(k, a)
	return a, nil
}

func derive(key []byte, purpose Purpose) (cipher.AEAD, error) {
	k, err := hkdf.Key(sha256.New, key, nil, "sekisho/"+string(purpose), Size)
	if err != nil {
		return nil, err
	}
	return chacha20poly1305.NewX(k)
}

func seal(aead cipher.AEAD, id uint32, plaintext []byte) []byte {
	out := make([]byte, headerLen, overhead+len(plaintext))
	out[0] = format
	binary.BigEndian.PutUint32(out[1:], id)
	out = append(out, secret.Random(aead.NonceSize())...)
	return aead.Seal(out, out[headerLen:], plaintext, out[:headerLen])
}

func open(aead cipher.AEAD, sealed []byte) ([]byte, error) {
	if len(sealed) < overhead {
		return nil, errOpen
	}
	nonceEnd := headerLen + aead.NonceSize()
	out, err := aead.Open(nil, sealed[headerLen:nonceEnd], sealed[nonceEnd:], sealed[:headerLen])
	if err != nil {
		return nil, errOpen
	}
	return out, nil
}
