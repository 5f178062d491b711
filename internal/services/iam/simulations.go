package iam

import (
	"context"
	"sync"
	"time"

	"sekisho/internal/fault"
)

// An account simulates one thing at a time; few calls wait for their turn, and
// not for long. Whoever may simulate may not keep everybody's processors busy.
const (
	mostWaiting    = 8
	longestWaiting = 2 * time.Second
)

// simulations gives the turns. The zero value is ready.
type simulations struct {
	mu    sync.Mutex
	lines map[string]*line // by account; those in which somebody is
}

// line is the calls of one account: who simulates has put something into turn.
type line struct {
	turn  chan struct{}
	calls int
}

var errBusy = fault.New(fault.Throttled, "simulating", "Rate exceeded")

// begin waits for the account's turn; done gives it on. It is Throttled if others
// wait already or take too long.
func (s *simulations) begin(ctx context.Context, account string) (done func(), err error) {
	l, err := s.join(account)
	if err != nil {
		return nil, err
	}
	patience, cancel := context.WithTimeout(ctx, longestWaiting)
	defer cancel()
	select {
	case l.turn <- struct{}{}:
		return func() {
			<-l.turn
			s.leave(account, l)
		}, nil
	case <-patience.Done():
		s.leave(account, l)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		return nil, errBusy
	}
}

func (s *simulations) join(account string) (*line, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.lines[account]
	if l == nil {
		if s.lines == nil {
			s.lines = make(map[string]*line)
		}
		l = &line{turn: make(chan struct{}, 1)}
		s.lines[account] = l
	}
	if l.calls > mostWaiting {
		return nil, errBusy
	}
	l.calls++
	return l, nil
}

func (s *simulations) leave(account string, l *line) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l.calls--; l.calls == 0 {
		delete(s.lines, account)
	}
}
