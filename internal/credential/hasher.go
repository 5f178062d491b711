package credential

import (
	"context"
	"crypto/subtle"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/argon2"
	"golang.org/x/sync/semaphore"

	"sekisho/internal/fault"
	"sekisho/internal/secret"
)

// Hasher computes and verifies password hashes with argon2id, a bounded number
// at a time: each takes 19 MiB and a core for some 25 ms, so that callers
// without bound would take the machine down (promise 5). It is safe for
// concurrent use; the zero value is ready, and its fields must not change after
// the first use.
type Hasher struct {
	// Workers is how many hashes are computed at once; if zero one less than
	// GOMAXPROCS, and at least one, so that a flood of passwords leaves a core to
	// everything else (promise 5).
	Workers int
	// Queue is how many callers may wait for a worker, first come first served;
	// 64 if zero.
	Queue int
	// Wait is how long a caller waits at most; 10 seconds if zero.
	Wait time.Duration
	// Params is the cost of new hashes; DefaultParams if zero. Existing hashes
	// are verified at the cost they were made with.
	Params Params

	once    sync.Once
	workers *semaphore.Weighted // hands its places out in order of arrival
	inside  atomic.Int64        // callers that wait or compute
}

var errQueueFull = fault.New(fault.Throttled, "password-queue-full", "Too many people are signing in at the moment. Try again in a few seconds.")

func (h *Hasher) init() {
	h.once.Do(func() {
		if h.Workers <= 0 {
			h.Workers = max(1, runtime.GOMAXPROCS(0)-1)
		}
		if h.Queue <= 0 {
			h.Queue = 64
		}
		if h.Wait <= 0 {
			h.Wait = 10 * time.Second
		}
		if h.Params == (Params{}) {
			h.Params = DefaultParams
		}
		h.workers = semaphore.NewWeighted(int64(h.Workers))
	})
}

// Hash returns the hash of p in PHC string format. It fails with a Throttled
// fault of reason "password-queue-full" when the queue is full or the wait was
// too long, with Invalid when p is not a password in the sense of RFC 8265, and
// with ctx's error when ctx ends first.
func (h *Hasher) Hash(ctx context.Context, p secret.String) (string, error) {
	h.init()
	prepared, ok := prepare(p)
	if !ok {
		return "", fault.New(fault.Invalid, "password-characters", "The password has characters that passwords cannot have.")
	}
	out := phc{Params: h.Params, salt: secret.Random(saltLen)}
	err := h.compute(ctx, func() { out.key = out.derive(prepared, keyLen) })
	if err != nil {
		return "", err
	}
	return out.String(), nil
}

// Verify reports whether hash is p's. With hash "" (nobody of that name, or no
// password yet) it does the same work and answers false, so that its time does
// not tell who has an account (promise 4). It fails as Hash does; a hash that
// cannot be read is an error too.
func (h *Hasher) Verify(ctx context.Context, hash string, p secret.String) (bool, error) {
	h.init()
	stored := phc{Params: h.Params, salt: make([]byte, saltLen), key: make([]byte, keyLen)}
	if hash != "" {
		var err error
		if stored, err = parsePHC(hash); err != nil {
			return false, err
		}
	}
	prepared, valid := prepare(p) // what is no password is compared all the same
	var same int
	err := h.compute(ctx, func() {
		key := stored.derive(prepared, uint32(len(stored.key)))
		same = subtle.ConstantTimeCompare(key, stored.key)
	})
	if err != nil {
		return false, err
	}
	return same == 1 && valid && hash != "", nil
}

// MatchesAny reports whether one of hashes is p's. It is as long as Verify for
// each of them.
func (h *Hasher) MatchesAny(ctx context.Context, hashes []string, p secret.String) (bool, error) {
	for _, hash := range hashes {
		if ok, err := h.Verify(ctx, hash, p); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

// NeedsRehash reports whether hash was made at another cost than new hashes
// are, so that it should be replaced when the password is next known.
func (h *Hasher) NeedsRehash(hash string) bool {
	h.init()
	stored, err := parsePHC(hash)
	return err != nil || stored.Params != h.Params || len(stored.salt) < saltLen || len(stored.key) < keyLen
}

// compute runs work on a worker's place. The caller's own goroutine does it:
// what is bounded is how many do at once.
func (h *Hasher) compute(ctx context.Context, work func()) error {
	if h.inside.Add(1) > int64(h.Workers+h.Queue) {
		h.inside.Add(-1)
		return errQueueFull
	}
	defer h.inside.Add(-1)
	wait, cancel := context.WithTimeout(ctx, h.Wait)
	defer cancel()
	if err := h.workers.Acquire(wait, 1); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return errQueueFull.Wrap(err)
	}
	defer h.workers.Release(1)
	work()
	return nil
}

func (h phc) derive(password []byte, n uint32) []byte {
	return argon2.IDKey(password, h.salt, h.Time, h.Memory, h.Threads, n)
}
