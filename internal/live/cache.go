// Package live answers, without touching the database each time, whether the
// things that a credential leans on still stand: the portal session, the
// person, the assignment, the role, the access key.
//
// It owns a cache that the change feed keeps true: a change made by this
// process is seen before the change is acknowledged, one made elsewhere within
// a second. What the facts mean for a caller is authn's business.
package live

import (
	"context"
	"sync"

	"sekisho/internal/store"
)

const (
	maxEntries     = 100_000
	maxInvalidated = 4096
)

// key names one cached fact; the strings' meaning depends on the kind.
type key struct {
	kind    uint8
	a, b, c string
}

type entry struct {
	value any
	deps  []string
}

// Cache is safe for concurrent use.
type Cache struct {
	db store.DB

	compiled compilations

	mu      sync.RWMutex
	entries map[key]entry
	byDep   map[string]map[key]struct{}

	// A fact that was read before a change and comes to be kept after it would be
	// stale for ever. So every change gets a number, and a fact is kept only if
	// none of what it leans on has changed since its reading began.
	seq         uint64
	invalidated map[string]uint64
	floor       uint64 // changes up to this number are no longer listed
}

// New makes a cache over db. It is of use once Follow runs.
func New(db store.DB) *Cache {
	return &Cache{
		db:          db,
		entries:     make(map[key]entry),
		byDep:       make(map[string]map[key]struct{}),
		invalidated: make(map[string]uint64),
	}
}

// Follow begins to keep the cache true, until ctx ends. Without it nothing is
// ever forgotten, so call it before the first question.
func (c *Cache) Follow(ctx context.Context) { c.db.Watch(ctx, c.apply) }

func (c *Cache) apply(changes []store.Change, lost bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seq++
	if lost || len(c.invalidated)+len(changes) > maxInvalidated {
		clear(c.invalidated)
		c.floor = c.seq
	}
	if lost {
		clear(c.entries)
		clear(c.byDep)
		return
	}
	for _, ch := range changes {
		c.invalidated[ch.Key] = c.seq
		for k := range c.byDep[ch.Key] {
			c.drop(k)
		}
	}
}

// drop forgets one entry; the caller holds the lock.
func (c *Cache) drop(k key) {
	for _, d := range c.entries[k].deps {
		if set := c.byDep[d]; set != nil {
			delete(set, k)
			if len(set) == 0 {
				delete(c.byDep, d)
			}
		}
	}
	delete(c.entries, k)
}

// get returns the fact k, reading it if need be. load returns the fact and the
// keys of the changes that would alter it.
func get[T any](ctx context.Context, c *Cache, k key, load func(store.Tx) (T, []string, error)) (T, error) {
	c.mu.RLock()
	e, ok := c.entries[k]
	started := c.seq
	c.mu.RUnlock()
	if ok {
		return e.value.(T), nil
	}
	var (
		value T
		deps  []string
	)
	err := c.db.View(ctx, func(tx store.Tx) (err error) {
		value, deps, err = load(tx)
		return err
	})
	if err != nil {
		return value, err
	}
	c.keep(k, entry{value, deps}, started)
	return value, nil
}

func (c *Cache) keep(k key, e entry, started uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if started < c.floor {
		return
	}
	for _, d := range e.deps {
		if c.invalidated[d] > started {
			return
		}
	}
	if len(c.entries) >= maxEntries {
		// Go's map order is random enough to choose who goes.
		n := maxEntries / 10
		for old := range c.entries {
			c.drop(old)
			if n--; n == 0 {
				break
			}
		}
	}
	c.drop(k)
	c.entries[k] = e
	for _, d := range e.deps {
		if c.byDep[d] == nil {
			c.byDep[d] = make(map[key]struct{}, 1)
		}
		c.byDep[d][k] = struct{}{}
	}
}
