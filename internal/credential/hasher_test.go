package credential

import (
	"context"
	"errors"
	"runtime"
	"runtime/metrics"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/secret"
)

// cheap is a cost for tests that are not about cost.
var cheap = Params{Memory: 64, Time: 1, Threads: 1}

func TestHashAndVerify(t *testing.T) {
	t.Parallel()
	h := &Hasher{Params: cheap}
	hash, err := h.Hash(t.Context(), secret.NewString("Ünï-Code 1"))
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Fatal(hash, err)
	}
	for _, c := range []struct {
		name, hash, password string
		want                 bool
	}{
		{"the password", hash, "Ünï-Code 1", true},
		{"decomposed (RFC 8265)", hash, "U\u0308ni\u0308-Code 1", true},
		{"ideographic space (RFC 8265)", hash, "Ünï-Code\u30001", true},
		{"other case (K-18)", hash, "ünï-Code 1", false},
		{"nothing", hash, "", false},
		{"control character", hash, "Ünï-Code 1\n", false},
		{"too much", hash, strings.Repeat("x", maxBytes+1), false},
		{"nobody", "", "Ünï-Code 1", false},
		{"nobody, nothing", "", "", false},
	} {
		if got, err := h.Verify(t.Context(), c.hash, secret.NewString(c.password)); got != c.want || err != nil {
			t.Errorf("%s: %v, %v", c.name, got, err)
		}
	}
	again, _ := h.Hash(t.Context(), secret.NewString("Ünï-Code 1"))
	if again == hash {
		t.Error("the salt is not random")
	}
	if _, err := h.Hash(t.Context(), secret.NewString("a\x00b")); !fault.Is(err, fault.Invalid) {
		t.Errorf("control character: %v", err)
	}
	if _, err := h.Verify(t.Context(), "$argon2i$…", secret.NewString("x")); err == nil {
		t.Error("a hash that cannot be read was compared")
	}
}

// The vector of the reference implementation (phc-winner-argon2, test.c).
func TestReferenceVector(t *testing.T) {
	t.Parallel()
	const hash = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
	ok, err := new(Hasher).Verify(t.Context(), hash, secret.NewString("password"))
	if !ok || err != nil {
		t.Fatal(ok, err)
	}
}

func TestNeedsRehash(t *testing.T) {
	t.Parallel()
	old, now := &Hasher{Params: cheap}, &Hasher{Params: Params{Memory: 128, Time: 1, Threads: 1}}
	hash, err := old.Hash(t.Context(), secret.NewString("x"))
	if err != nil || old.NeedsRehash(hash) || !now.NeedsRehash(hash) || !now.NeedsRehash("") {
		t.Fatal(err, old.NeedsRehash(hash), now.NeedsRehash(hash))
	}
	if ok, err := now.Verify(t.Context(), hash, secret.NewString("x")); !ok || err != nil {
		t.Error("hashes of another cost are not verified any more", err)
	}
}

// With every worker busy and the queue full, the next caller is told at once;
// one that waits is told when its time is over, and one that goes away leaves.
func TestQueueIsBounded(t *testing.T) {
	t.Parallel()
	h := &Hasher{Workers: 1, Queue: 2, Wait: time.Hour, Params: cheap}
	h.init()
	release, started := make(chan struct{}), make(chan struct{})
	var busy sync.WaitGroup
	busy.Go(func() { _ = h.compute(t.Context(), func() { close(started); <-release }) })
	<-started
	ctx, leave := context.WithCancel(t.Context())
	left := make(chan error)
	go func() { left <- h.compute(ctx, func() { t.Error("computed for nobody") }) }()
	busy.Go(func() {
		if err := h.compute(t.Context(), func() {}); err != nil {
			t.Error(err)
		}
	})
	for h.inside.Load() < 3 {
		runtime.Gosched()
	}
	_, err := h.Verify(t.Context(), "", secret.NewString("x"))
	if !fault.Is(err, fault.Throttled) || fault.ReasonOf(err) != "password-queue-full" {
		t.Errorf("full queue: %v", err)
	}
	leave()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("left: %v", err)
	}
	h.Wait = time.Nanosecond // of callers from here on
	if err := h.compute(t.Context(), func() {}); fault.ReasonOf(err) != "password-queue-full" {
		t.Errorf("deadline: %v", err)
	}
	close(release)
	busy.Wait()
	if n := h.inside.Load(); n != 0 {
		t.Errorf("%d callers were not counted out", n)
	}
}

// Promise 5: 500 sign-ins at once take the memory of two, and each gets its
// answer or is told to come back.
func TestMemoryOfAFlood(t *testing.T) {
	h := &Hasher{Workers: 2, Queue: 30, Wait: time.Minute}
	hash, err := h.Hash(t.Context(), secret.NewString("password"))
	if err != nil {
		t.Fatal(err)
	}
	stop, peak := make(chan struct{}), make(chan uint64)
	go func() {
		var most uint64
		for {
			select {
			case <-stop:
				peak <- most
				return
			case <-time.After(5 * time.Millisecond):
				most = max(most, heap())
			}
		}
	}()
	var right, full atomic.Int64
	var all sync.WaitGroup
	start := time.Now()
	for range 500 {
		all.Go(func() {
			ok, err := h.Verify(t.Context(), hash, secret.NewString("password"))
			switch {
			case ok:
				right.Add(1)
			case fault.ReasonOf(err) == "password-queue-full":
				full.Add(1)
			default:
				t.Error(ok, err)
			}
		})
	}
	all.Wait()
	took := time.Since(start)
	close(stop)
	most := <-peak
	t.Logf("%d verified, %d told to come back, in %v; heap at most %d MiB", right.Load(), full.Load(), took, most>>20)
	if right.Load() < 32 || right.Load()+full.Load() != 500 {
		t.Errorf("%d verified and %d refused of 500", right.Load(), full.Load())
	}
	if most > 192<<20 {
		t.Errorf("the heap reached %d MiB", most>>20)
	}
}

// heap is the memory of live and not yet collected objects in bytes.
func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// Promise 4: verifying for nobody takes the time of verifying for somebody. The
// samples interleave, so that load falls on both alike.
func TestUnknownCostsTheSame(t *testing.T) {
	h := &Hasher{Params: Params{Memory: 1024, Time: 1, Threads: 1}}
	hash, err := h.Hash(t.Context(), secret.NewString("right"))
	if err != nil {
		t.Fatal(err)
	}
	const pairs = 400
	slower := 0 // pairs in which the known name took longer
	for i := range pairs {
		var took [2]time.Duration
		for j := range took {
			known := (i+j)%2 == 0 // each goes first as often
			start := time.Now()
			if _, err := h.Verify(t.Context(), map[bool]string{true: hash}[known], secret.NewString("wrong")); err != nil {
				t.Fatal(err)
			}
			took[map[bool]int{true: 1}[known]] = time.Since(start)
		}
		if took[1] > took[0] {
			slower++
		}
	}
	// The sign test: by chance, 200 ± 10.
	if slower < pairs/2-39 || slower > pairs/2+39 {
		t.Errorf("a known name took longer in %d of %d pairs", slower, pairs)
	}
}

func FuzzParsePHC(f *testing.F) {
	h := &Hasher{Params: cheap}
	good, _ := h.Hash(context.Background(), secret.NewString("x"))
	for _, s := range []string{
		good, "", "$", "$$$$$$", "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
		"$argon2id$v=19$m=4294967295,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEg", "$argon2id$v=16$m=8,t=1,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEg",
		"$argon2i$v=19$m=8,t=1,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEg", "$argon2id$v=19$m=+8,t=01,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEg",
		"$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		h, err := parsePHC(s)
		if err != nil {
			return
		}
		if h.String() != s {
			t.Errorf("%q reads as %q", s, h)
		}
		if h.Memory > maxMemory || h.Time > maxTime || h.Threads > maxThreads || h.Time == 0 || h.Threads == 0 ||
			len(h.salt) > 64 || len(h.key) < 16 || len(h.key) > 64 {
			t.Errorf("%q is beyond the limits", s)
		}
	})
}

func TestParsePHCRefuses(t *testing.T) {
	t.Parallel()
	const good = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
	if _, err := parsePHC(good); err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{"argon2id", "argon2i"}, {"v=19", "v=16"}, {"m=256", "m=7"}, {"m=256", "m=262145"}, {"m=256", "m=0256"}, {"m=256,t=2", "t=2,m=256"},
		{"t=2", "t=0"}, {"t=2", "t=17"}, {"p=1", "p=0"}, {"p=1", "p=17"}, {"p=1", "p=1,x=1"}, {"c29tZXNhbHQ", "c29t"},
		{"c29tZXNhbHQ", "c29tZXNhbHQ="}, {"nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "nf65"}, {"$nf", "$$nf"}, {"i/4", "i/5"},
	} {
		s := strings.Replace(good, change[0], change[1], 1)
		if h, err := parsePHC(s); err == nil {
			t.Errorf("%s reads as %s", s, h)
		}
	}
}

// BenchmarkVerify is one verification at the cost of new hashes, on one core.
func BenchmarkVerify(b *testing.B) {
	h := &Hasher{Workers: 1}
	hash, err := h.Hash(b.Context(), secret.NewString("password"))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if ok, err := h.Verify(b.Context(), hash, secret.NewString("password")); !ok || err != nil {
			b.Fatal(ok, err)
		}
	}
}
