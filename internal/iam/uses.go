package iam

import (
	"context"
	"hash/maphash"
	"sync"
	"time"
)

// Use is the last time that an identity called an action of a service. It is
// recorded at most once in 15 minutes (behaviours.md 5.4).
type Use struct {
	Account string
	// Entity is the id of the user or role, or the account id for its root user.
	Entity    string
	AccessKey string // the long-term key that signed; "" for none
	Service   string // as actions name it: "iam", "sts"…
	Action    string // without the service: "CreateUser"
	Region    string
	At        time.Time
}

// UseStore keeps last uses.
type UseStore interface {
	// PutUses records a batch; of each entity, service and action, and of each
	// access key, the latest is kept.
	PutUses(batch []Use) error
	// AccessKeyUse returns the key's last use, or NotFound.
	AccessKeyUse(accessKey string) (Use, error)
	// UsesOf returns the entity's last uses, in order of service and action.
	UsesOf(entity string) ([]Use, error)
}

// UseGranularity is how far the time of a last use may be behind.
const UseGranularity = 15 * time.Minute

const (
	recordEvery  = time.Second
	recordWithin = 5 * time.Second
	useShards    = 16
	// mostNoted bounds what a shard remembers to have noted; some 100,000 in all,
	// 30 MB at most. Forgetting only costs that a use is recorded again.
	mostNoted = 6_000
	// mostPending bounds what a shard holds until the next second; what is more
	// is not recorded before it happens again.
	mostPending = 1_000
)

// Recorder gathers uses and hands on, once a second, those of which the store
// does not know yet. A crash can lose the last second of them. Make it with
// NewRecorder.
type Recorder struct {
	// Record stores a batch. It is called from one goroutine.
	Record func(ctx context.Context, batch []Use) error
	// Failed is told of a batch that could not be stored.
	Failed func(error)

	seed   maphash.Seed
	shards [useShards]useShard
}

type useShard struct {
	mu      sync.RWMutex
	noted   map[useKey]int64 // Unix seconds
	pending []Use
}

// useKey is what is recorded of separately.
type useKey struct{ entity, accessKey, service, action string }

func keyOf(u Use) useKey { return useKey{u.Entity, u.AccessKey, u.Service, u.Action} }

// NewRecorder makes a recorder. Nothing is stored before Run.
func NewRecorder(record func(context.Context, []Use) error, failed func(error)) *Recorder {
	r := &Recorder{Record: record, Failed: failed, seed: maphash.MakeSeed()}
	for i := range r.shards {
		r.shards[i].noted = make(map[useKey]int64)
	}
	return r
}

// Note tells of a use, of a call that was allowed. What was noted less than
// UseGranularity ago costs a look into a map and no memory.
func (r *Recorder) Note(u Use) {
	k, at := keyOf(u), u.At.Unix()
	s := &r.shards[maphash.String(r.seed, u.Entity)%useShards]
	s.mu.RLock()
	last, ok := s.noted[k]
	s.mu.RUnlock()
	if ok && at-last < int64(UseGranularity/time.Second) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.pending) >= mostPending || s.noted[k] == at {
		return
	}
	if len(s.noted) >= mostNoted {
		clear(s.noted)
	}
	s.noted[k] = at
	s.pending = append(s.pending, u)
}

// Run stores what is noted until ctx ends, and once more after.
func (r *Recorder) Run(ctx context.Context) {
	tick := time.NewTicker(recordEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			r.flush(ctx)
			return
		case <-tick.C:
			r.flush(ctx)
		}
	}
}

// flush stores what is noted. Once begun it does not end with ctx, which would
// lose the batch.
func (r *Recorder) flush(ctx context.Context) {
	var batch []Use
	for i := range r.shards {
		s := &r.shards[i]
		s.mu.Lock()
		batch = append(batch, s.pending...)
		s.pending = nil
		s.mu.Unlock()
	}
	if len(batch) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordWithin)
	defer cancel()
	if err := r.Record(ctx, batch); err != nil {
		r.forget(batch)
		r.Failed(err)
	}
}

// forget lets the next use be noted again.
func (r *Recorder) forget(batch []Use) {
	for _, u := range batch {
		s := &r.shards[maphash.String(r.seed, u.Entity)%useShards]
		s.mu.Lock()
		delete(s.noted, keyOf(u))
		s.mu.Unlock()
	}
}
