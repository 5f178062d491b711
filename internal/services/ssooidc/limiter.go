package ssooidc

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limiter holds a token bucket for each key. It is one node's: several nodes
// together let through that many times more, which a throttle can bear.
type limiter struct {
	mu      sync.Mutex
	buckets map[string]*rate.Limiter
	old     map[string]*rate.Limiter
}

// most buckets in one generation; two generations are kept, so a bucket in use
// survives and an abandoned one goes.
const mostBuckets = 50_000

func (l *limiter) allow(key string, now time.Time, perSecond float64, burst int) bool {
	l.mu.Lock()
	b, ok := l.buckets[key]
	if !ok {
		if b, ok = l.old[key]; !ok {
			b = rate.NewLimiter(rate.Limit(perSecond), burst)
		}
		if l.buckets == nil || len(l.buckets) >= mostBuckets {
			l.old, l.buckets = l.buckets, make(map[string]*rate.Limiter)
		}
		l.buckets[key] = b
	}
	l.mu.Unlock()
	return b.AllowN(now, 1)
}
