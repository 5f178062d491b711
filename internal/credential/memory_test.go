package credential

import (
	"slices"
	"sync"

	"sekisho/internal/fault"
)

// memory is a Store for tests. update is a transaction: one at a time, as
// serializable ones appear to be, and undone if fn fails.
type memory struct {
	mu       sync.Mutex
	password map[Owner]Password
	links    map[string]ResetLink
	attempts map[string]Attempts
}

func newMemory() *memory {
	return &memory{password: map[Owner]Password{}, links: map[string]ResetLink{}, attempts: map[string]Attempts{}}
}

func (m *memory) update(fn func(Store) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	before := memory{password: clone(m.password), links: clone(m.links), attempts: clone(m.attempts)}
	if err := fn(m); err != nil {
		m.password, m.links, m.attempts = before.password, before.links, before.attempts
		return err
	}
	return nil
}

func clone[K comparable, V any](in map[K]V) map[K]V {
	out := make(map[K]V, len(in))
	for k, v := range in {
		out[k] = v
	}
	return out
}

var errNone = fault.New(fault.NotFound, "", "none")

func (m *memory) Password(o Owner) (Password, error) {
	p, ok := m.password[o]
	if !ok {
		return p, errNone
	}
	p.History = slices.Clone(p.History)
	return p, nil
}
func (m *memory) PutPassword(p Password) error { m.password[p.Owner] = p; return nil }
func (m *memory) DeletePassword(o Owner) error {
	_, err := m.Password(o)
	delete(m.password, o)
	return err
}

func (m *memory) PutResetLink(l ResetLink) error { m.links[l.Hash] = l; return nil }
func (m *memory) ResetLink(hash string) (ResetLink, error) {
	l, ok := m.links[hash]
	if !ok {
		return l, errNone
	}
	return l, nil
}
func (m *memory) TakeResetLink(hash string) (ResetLink, error) {
	l, err := m.ResetLink(hash)
	delete(m.links, hash)
	return l, err
}
func (m *memory) DropResetLinks(o Owner) error {
	for hash, l := range m.links {
		if l.Owner == o {
			delete(m.links, hash)
		}
	}
	return nil
}

func (m *memory) Attempts(key string) (Attempts, error) { return m.attempts[key], nil }
func (m *memory) PutAttempts(a Attempts) error          { m.attempts[a.Key] = a; return nil }
func (m *memory) ClearAttempts(key string) error        { delete(m.attempts, key); return nil }
