package pagehttp

import "sync"

// Background runs what must not show in the time of an answer, such as writing a
// mail to somebody who exists. It takes a bounded number of jobs; the zero value
// is ready.
type Background struct {
	once  sync.Once
	slots chan struct{}
	busy  sync.WaitGroup
}

const backgroundSlots = 64

// Do runs job beside the request; false if too many are running.
func (b *Background) Do(job func()) bool {
	b.once.Do(func() { b.slots = make(chan struct{}, backgroundSlots) })
	select {
	case b.slots <- struct{}{}:
	default:
		return false
	}
	b.busy.Go(func() {
		defer func() { <-b.slots }()
		job()
	})
	return true
}

// Wait returns when no job runs any more.
func (b *Background) Wait() { b.busy.Wait() }
