package sqlstore

import (
	"encoding/binary"
	"encoding/hex"
	"sync"
	"time"

	"sekisho/internal/secret"
)

// ids makes identifiers that sort by time: 48 bits of milliseconds, a 16-bit
// counter that orders those of one millisecond, and 64 random bits; 32 digits
// of lower-case hex in all.
type ids struct {
	mu      sync.Mutex
	millis  uint64
	counter uint64
}

// next returns an id for time t that is greater than every earlier one made
// for t or for a time before it.
func (s *ids) next(t time.Time) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	millis := uint64(max(0, t.UnixMilli()))
	if millis > s.millis {
		s.millis, s.counter = millis, 0
	} else {
		s.counter++
	}
	// The counter overflows into the milliseconds, and a clock that went back
	// stands still: order is worth more than a millisecond.
	return timeID(s.millis<<16 + s.counter)
}

func timeID(prefix uint64) string {
	b := make([]byte, 8, 16)
	binary.BigEndian.PutUint64(b, prefix)
	return hex.EncodeToString(append(b, secret.Random(8)...))
}

// firstID is less than every id of time t and after.
func firstID(t time.Time) string {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(max(0, t.UnixMilli()))<<16)
	return hex.EncodeToString(b[:])
}
