package signintest

import (
	"context"
	"sync"
	"testing"
	"time"

	"sekisho/internal/credential"
	"sekisho/internal/secret"
)

// NarrowHasher computes one cheap hash at a time and lets nobody wait long.
func NarrowHasher() *credential.Hasher {
	return &credential.Hasher{Params: credential.Params{Memory: 64, Time: 1, Threads: 1}, Workers: 1, Queue: 2, Wait: time.Millisecond}
}

// Occupy keeps a NarrowHasher's only worker busy until the test is done, but for an
// instant every half second or so: who is answered otherwise than that the queue is
// full had no hash computed.
func Occupy(t *testing.T, hasher *credential.Hasher) {
	t.Helper()
	slow := &credential.Hasher{Params: credential.Params{Memory: 32 << 10, Time: 16, Threads: 1}}
	hash, err := slow.Hash(t.Context(), secret.NewString("x"))
	if err != nil {
		t.Fatal(err)
	}
	stop, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	var occupied sync.WaitGroup
	occupied.Go(func() {
		for stop.Err() == nil {
			_, _ = hasher.Verify(stop, hash, secret.NewString("y"))
		}
	})
	t.Cleanup(func() { cancel(); occupied.Wait() })
	for {
		if _, err := hasher.Verify(stop, "", secret.NewString("z")); err != nil {
			return
		}
	}
}
