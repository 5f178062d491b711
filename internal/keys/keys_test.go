package keys_test

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/keys"
	"sekisho/internal/secret"
)

var now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// memory is a keys.Store.
type memory struct {
	mu   sync.Mutex
	keys []keys.Wrapped
}

func (m *memory) DataKeys() ([]keys.Wrapped, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]keys.Wrapped(nil), m.keys...), nil
}

func (m *memory) PutDataKey(w keys.Wrapped) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keys = append(m.keys, w)
	return nil
}

func newRing(t testing.TB, master []byte, db *memory) *keys.Ring {
	t.Helper()
	r, err := keys.NewRing(master)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Load(db, now); err != nil {
		t.Fatal(err)
	}
	return r
}

func master() []byte { return secret.Random(keys.Size) }

var purposes = []keys.Purpose{
	keys.AtRest, keys.RoleSession, keys.ClientID, keys.ClientSecret, keys.SignInRequest, keys.SignInFlow, keys.Captcha, keys.KnownDevice,
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	r := newRing(t, master(), &memory{})
	for _, n := range []int{0, 1, 31, 512, 1 << 16} {
		plain := secret.Random(n)
		a, b := r.Seal(keys.AtRest, plain), r.Seal(keys.AtRest, plain)
		if len(a) != n+45 || bytes.Equal(a, b) || n > 8 && bytes.Contains(a, plain) {
			t.Errorf("%d bytes: sealed as %d", n, len(a))
		}
		if got, err := r.Open(keys.AtRest, a); err != nil || !bytes.Equal(got, plain) {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
}

// A seal opens for its own purpose only (promise 19).
func TestPurposesAreSeparate(t *testing.T) {
	t.Parallel()
	r := newRing(t, master(), &memory{})
	seen := make(map[keys.Purpose]bool)
	for _, sealedFor := range purposes {
		if seen[sealedFor] {
			t.Errorf("%q is there twice", sealedFor)
		}
		seen[sealedFor] = true
		s := r.Seal(sealedFor, []byte("plain"))
		for _, p := range append(purposes, "", "key-wrapping", "at-rest ") {
			_, err := r.Open(p, s)
			if (err == nil) != (p == sealedFor) || err != nil && !fault.Is(err, fault.Invalid) {
				t.Errorf("sealed for %q, opened for %q: %v", sealedFor, p, err)
			}
		}
	}
}

// A wrapped data key, which an attacker may have read from the database, is no
// seal of any purpose, and nothing that was changed opens.
func TestTampering(t *testing.T) {
	t.Parallel()
	db := &memory{}
	r := newRing(t, master(), db)
	sealed := r.Seal(keys.AtRest, []byte("plain"))
	refused := func(what string, s []byte) {
		t.Helper()
		if got, err := r.Open(keys.AtRest, s); !fault.Is(err, fault.Invalid) || got != nil {
			t.Errorf("%s: %q, %v", what, got, err)
		}
	}
	for i := range sealed {
		for bit := range 8 {
			s := bytes.Clone(sealed)
			s[i] ^= 1 << bit
			refused("flipped", s)
		}
		refused("cut", sealed[:i])
	}
	refused("lengthened", append(bytes.Clone(sealed), 0))
	refused("nil", nil)
	refused("a wrapped key", db.keys[0].Sealed)
	refused("another ring's", newRing(t, master(), &memory{}).Seal(keys.AtRest, []byte("plain")))
}

// Old seals open and new ones use the new key, under load (promise 22).
func TestRotateUnderLoad(t *testing.T) {
	t.Parallel()
	db := &memory{}
	r := newRing(t, master(), db)
	stop := make(chan struct{})
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			kept := r.Seal(keys.RoleSession, []byte("kept"))
			for {
				select {
				case <-stop:
					return
				default:
				}
				fresh := r.Seal(keys.RoleSession, []byte("fresh"))
				for want, s := range map[string][]byte{"kept": kept, "fresh": fresh} {
					if got, err := r.Open(keys.RoleSession, s); err != nil || string(got) != want {
						t.Errorf("%s: %v", want, err)
						return
					}
				}
			}
		})
	}
	for n := range 50 {
		before := r.Seal(keys.AtRest, nil)
		if err := r.Rotate(db, now.Add(time.Duration(n)*time.Hour)); err != nil {
			t.Fatal(err)
		}
		if after := r.Seal(keys.AtRest, nil); bytes.Equal(before[1:5], after[1:5]) {
			t.Fatal("the new key is not in use")
		}
	}
	close(stop)
	all.Wait()
	if len(db.keys) != 51 || !db.keys[50].CreatedAt.Equal(now.Add(49*time.Hour)) {
		t.Errorf("%d keys", len(db.keys))
	}
}

// Two processes on one database: the second takes in what the first added.
func TestReload(t *testing.T) {
	t.Parallel()
	key, db := master(), &memory{}
	first, second := newRing(t, key, db), newRing(t, key, db)
	if len(db.keys) != 1 {
		t.Fatalf("%d keys", len(db.keys))
	}
	if err := first.Rotate(db, now); err != nil {
		t.Fatal(err)
	}
	s := first.Seal(keys.AtRest, []byte("plain"))
	if _, err := second.Open(keys.AtRest, s); !fault.Is(err, fault.Invalid) {
		t.Errorf("before Reload: %v", err)
	}
	if err := second.Reload(db); err != nil {
		t.Fatal(err)
	}
	if got, err := second.Open(keys.AtRest, s); err != nil || string(got) != "plain" {
		t.Errorf("after Reload: %v", err)
	}
	if back := second.Seal(keys.AtRest, nil); !bytes.Equal(back[1:5], s[1:5]) {
		t.Error("the second process still seals with the old key")
	}
	// Both rotate: each takes in the other's key.
	if err := second.Rotate(db, now); err != nil {
		t.Fatal(err)
	}
	if err := first.Rotate(db, now); err != nil {
		t.Fatal(err)
	}
	if _, err := first.Open(keys.AtRest, second.Seal(keys.AtRest, nil)); err != nil {
		t.Errorf("after both rotated: %v", err)
	}
}

// Starting with another database's key file says so, and leaves the ring that
// was loaded as it was.
func TestWrongMasterKey(t *testing.T) {
	t.Parallel()
	db := &memory{}
	newRing(t, master(), db)
	other, err := keys.NewRing(master())
	if err != nil {
		t.Fatal(err)
	}
	err = other.Load(db, now)
	if !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "another master key") || !strings.Contains(err.Error(), "master.key") {
		t.Errorf("%v", err)
	}
	own := newRing(t, master(), &memory{})
	s := own.Seal(keys.AtRest, []byte("x"))
	if err := own.Reload(db); err == nil {
		t.Error("foreign keys are taken in")
	}
	if _, err := own.Open(keys.AtRest, s); err != nil {
		t.Errorf("after a failed Reload: %v", err)
	}
	for _, n := range []int{0, 16, 31, 33, 64} {
		if _, err := keys.NewRing(make([]byte, n)); err == nil {
			t.Errorf("a master key of %d bytes is taken", n)
		}
	}
}

func FuzzOpen(f *testing.F) {
	r := newRing(f, master(), &memory{})
	for _, s := range [][]byte{nil, {1}, make([]byte, 45), append([]byte{1, 0, 0, 0, 1}, make([]byte, 40)...), bytes.Repeat([]byte{0xff}, 100)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s []byte) {
		if got, err := r.Open(keys.AtRest, s); err == nil {
			t.Errorf("%x opens as %x", s, got)
		}
	})
}

func BenchmarkSeal512(b *testing.B) {
	r := newRing(b, master(), &memory{})
	plain := secret.Random(512)
	b.ReportAllocs()
	b.SetBytes(512)
	for b.Loop() {
		r.Seal(keys.RoleSession, plain)
	}
}

func BenchmarkOpen512(b *testing.B) {
	r := newRing(b, master(), &memory{})
	sealed := r.Seal(keys.RoleSession, secret.Random(512))
	b.ReportAllocs()
	b.SetBytes(512)
	for b.Loop() {
		if _, err := r.Open(keys.RoleSession, sealed); err != nil {
			b.Fatal(err)
		}
	}
}
