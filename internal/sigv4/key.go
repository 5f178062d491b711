package sigv4

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"sync"
)

// SigningKey signs for one secret, day, region and service. Whoever has it can
// sign within that scope, so it does not print.
type SigningKey struct{ key [sha256.Size]byte }

// Format implements fmt.Formatter for every verb.
func (SigningKey) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("[signing key]")) }

// DeriveKey computes the signing key of a secret access key for a credential
// scope. date is YYYYMMDD.
func DeriveKey(secret []byte, date, region, service string) SigningKey {
	first := make([]byte, 0, 64)
	first = append(first, "AWS4"...)
	first = append(first, secret...)
	sum := mac(first, date)
	clear(first)
	sum = mac(sum[:], region)
	sum = mac(sum[:], service)
	return SigningKey{mac(sum[:], terminator)}
}

func mac(key []byte, data string) (sum [sha256.Size]byte) {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(data))
	h.Sum(sum[:0])
	return sum
}

// KeyCache remembers derived keys, so that a caller's second request of the day
// costs one hash instead of four HMACs. It is safe for concurrent use.
//
// It is keyed by a hash over secret and scope: no secret is kept, a changed
// secret is a different entry, and nothing needs invalidating. Whether the key
// is still good is never the cache's business.
type KeyCache struct {
	half int

	// Two generations: when the young one is full it becomes the old one, and
	// the former old one is dropped. An entry in use is copied forward. That
	// bounds the size as an LRU list does, without a lock on every hit.
	mu         sync.RWMutex
	young, old map[cacheKey]SigningKey
}

type cacheKey [sha256.Size]byte

// NewKeyCache returns a cache of at most size keys, about 100 bytes each.
// A size below 2 counts as 2.
func NewKeyCache(size int) *KeyCache {
	return &KeyCache{half: max(1, size/2), young: make(map[cacheKey]SigningKey)}
}

// Derive is DeriveKey, remembered.
func (c *KeyCache) Derive(secret []byte, date, region, service string) SigningKey {
	id := identify(secret, date, region, service)
	c.mu.RLock()
	key, found := c.young[id]
	if found {
		c.mu.RUnlock()
		return key
	}
	key, found = c.old[id]
	c.mu.RUnlock()
	if !found {
		key = DeriveKey(secret, date, region, service)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.young) >= c.half {
		c.old, c.young = c.young, make(map[cacheKey]SigningKey, c.half)
	}
	c.young[id] = key
	return key
}

// identify hashes the four with their lengths, so that no two scopes share an
// entry by moving a boundary.
func identify(secret []byte, date, region, service string) cacheKey {
	var room [192]byte
	b := append(room[:0], "sigv4 key cache"...)
	for _, n := range [...]int{len(secret), len(date), len(region), len(service)} {
		b = binary.BigEndian.AppendUint32(b, uint32(n))
	}
	b = append(b, secret...)
	b = append(b, date...)
	b = append(b, region...)
	b = append(b, service...)
	id := sha256.Sum256(b)
	clear(b)
	return id
}
