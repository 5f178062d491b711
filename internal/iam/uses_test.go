package iam

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// sink is where a recorder's batches go.
type sink struct {
	mu     sync.Mutex
	uses   []Use
	fail   error
	failed int
}

func (s *sink) recorder() *Recorder {
	return NewRecorder(func(ctx context.Context, batch []Use) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if s.fail != nil {
			return s.fail
		}
		s.uses = append(s.uses, batch...)
		return nil
	}, func(error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.failed++
	})
}

func (s *sink) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.uses)
}

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func used(at time.Time) Use {
	return Use{Account: "111122223333", Entity: "AIDA1", AccessKey: "AKIA1", Service: "iam", Action: "GetUser", Region: "us-east-1", At: at}
}

// A use is recorded once in 15 minutes; what makes another use keeps it apart
// (behaviours.md 5.4).
func TestRecorderNote(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		second func(*Use)
		want   int
	}{
		{"the same at once", func(*Use) {}, 1},
		{"just before it is time", func(u *Use) { u.At = u.At.Add(UseGranularity - time.Second) }, 1},
		{"when it is time", func(u *Use) { u.At = u.At.Add(UseGranularity) }, 2},
		{"elsewhere", func(u *Use) { u.Region = "eu-west-1" }, 1},
		{"by another", func(u *Use) { u.Entity = "AIDA2" }, 2},
		{"with another key", func(u *Use) { u.AccessKey = "AKIA2" }, 2},
		{"of another service", func(u *Use) { u.Service = "sts" }, 2},
		{"of another action", func(u *Use) { u.Action = "ListUsers" }, 2},
	} {
		var s sink
		r := s.recorder()
		first, second := used(noon), used(noon)
		c.second(&second)
		r.Note(first)
		r.flush(t.Context())
		r.Note(second)
		r.Note(second)
		r.flush(t.Context())
		if s.count() != c.want || s.uses[0] != first || s.uses[c.want-1] != second && c.want == 2 {
			t.Errorf("%s: recorded %+v", c.name, s.uses)
		}
	}
}

func TestRecorderCostsNothing(t *testing.T) {
	var s sink
	r := s.recorder()
	u := used(noon)
	r.Note(u)
	if n := testing.AllocsPerRun(100, func() { r.Note(u) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// Neither many entities nor many uses within one second take memory without
// bound; one that had no place is recorded when it comes again.
func TestRecorderBounded(t *testing.T) {
	t.Parallel()
	var s sink
	r := s.recorder()
	var all sync.WaitGroup
	for part := range 4 {
		all.Go(func() {
			for i := part; i < 200_000; i += 4 {
				u := used(noon)
				u.Entity = fmt.Sprint("AIDA", i)
				r.Note(u)
				if i%5_000 == part {
					r.flush(t.Context())
				}
			}
		})
	}
	all.Wait()
	for i := range r.shards {
		if h := &r.shards[i]; len(h.noted) > mostNoted || len(h.pending) > mostPending {
			t.Errorf("%d noted, %d pending", len(h.noted), len(h.pending))
		}
	}
	r.flush(t.Context())

	one := s.recorder()
	for i := range 2 * mostPending { // one entity is one shard
		u := used(noon)
		u.Action = fmt.Sprint(i)
		one.Note(u)
	}
	before := s.count()
	one.flush(t.Context())
	for i := range 2 * mostPending {
		u := used(noon)
		u.Action = fmt.Sprint(i)
		one.Note(u)
	}
	one.flush(t.Context())
	if got := s.count() - before; got != 2*mostPending {
		t.Errorf("%d of %d recorded at the second time", got, 2*mostPending)
	}
}

// Uses are stored once a second and when the program stops.
func TestRecorderRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var s sink
		r := s.recorder()
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { r.Run(ctx); close(done) }()
		r.Note(used(noon))
		time.Sleep(recordEvery - time.Millisecond)
		synctest.Wait()
		if s.count() != 0 {
			t.Error("stored too soon")
		}
		time.Sleep(2 * time.Millisecond)
		synctest.Wait()
		if s.count() != 1 {
			t.Error("not stored after a second")
		}
		r.Note(used(noon.Add(time.Hour)))
		stop()
		<-done
		if s.count() != 2 {
			t.Error("not stored at the stop")
		}
	})
}

// What could not be stored is told, and noted again at the next use.
func TestRecorderFailure(t *testing.T) {
	t.Parallel()
	s := sink{fail: errors.New("disk full")}
	r := s.recorder()
	r.Note(used(noon))
	r.flush(t.Context())
	if s.failed != 1 {
		t.Error("nobody is told")
	}
	s.fail = nil
	r.Note(used(noon))
	r.flush(t.Context())
	if s.count() != 1 {
		t.Error("the next use is not recorded")
	}
}

func BenchmarkRecorderNote(b *testing.B) {
	var s sink
	r := s.recorder()
	var entities []Use
	for i := range 1000 {
		u := used(noon)
		u.Entity = fmt.Sprint("AIDA", i)
		entities = append(entities, u)
		r.Note(u)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		r.Note(entities[i%len(entities)])
	}
}
