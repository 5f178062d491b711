package credential

import (
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sekisho/internal/fault"
)

func (m *memory) reserve(now time.Time, keys ...Key) error {
	return m.update(func(tx Store) error { return Reserve(tx, keys, now) })
}

// wait is how long Reserve says to wait: 0 if it let the try in, -1 for ever.
func wait(t *testing.T, m *memory, now time.Time, keys ...Key) time.Duration {
	t.Helper()
	err := m.reserve(now, keys...)
	if err == nil {
		return 0
	}
	var e *ThrottledError
	if !errors.As(err, &e) || !fault.Is(err, fault.Throttled) || fault.ReasonOf(err) != "too-many-attempts" {
		t.Fatalf("refused with %v", err)
	}
	if e.Until.IsZero() {
		return -1
	}
	if !e.Until.After(now) {
		t.Fatalf("refused at %v until %v", now, e.Until)
	}
	return e.Until.Sub(now)
}

func address(i int) Key {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], uint32(i)+1)
	return AddressKey(netip.AddrFrom4(b))
}

// The schedule as it is documented, and the end of it.
func TestSchedule(t *testing.T) {
	t.Parallel()
	for name, key := range map[string]Key{"name": NameKey("d-1", "jane"), "device": DeviceKey(jane, "secret")} {
		m, now := newMemory(), noon
		for n := range MaxFailures {
			if n >= FreeFailures {
				want := min(FirstWait<<min(n-FreeFailures, 10), LongestWait)
				if got := wait(t, m, now, key); got != want {
					t.Fatalf("%s: after %d failures the wait is %v, want %v", name, n, got, want)
				}
				now = now.Add(want - 1)
				if got := wait(t, m, now, key); got != 1 {
					t.Fatalf("%s: refused tries moved the wait: %v left", name, got)
				}
				now = now.Add(1)
			}
			if got := wait(t, m, now, key); got != 0 {
				t.Fatalf("%s: try %d has to wait %v", name, n+1, got)
			}
		}
		for _, later := range []time.Duration{0, LongestWait, QuietPeriod, 300 * 24 * time.Hour} {
			if got := wait(t, m, now.Add(later), key); got != -1 {
				t.Errorf("%s: %v after %d failures the wait is %v", name, later, MaxFailures, got)
			}
		}
		// A new password, or the right one, opens it.
		if err := Succeeded(m, []Key{key}); err != nil || len(m.attempts) != 0 {
			t.Fatal(err, m.attempts)
		}
		if got := wait(t, m, now, key); got != 0 {
			t.Errorf("%s: after success: %v", name, got)
		}
	}
}

// A quiet day gives back the free failures, but not the sum.
func TestQuiet(t *testing.T) {
	t.Parallel()
	m, now, key := newMemory(), noon, NameKey("d-1", "jane")
	evaluated := 0
	for range 2 * MaxFailures / FreeFailures {
		for range 2 * FreeFailures {
			if wait(t, m, now, key) == 0 {
				evaluated++
			}
		}
		now = now.Add(QuietPeriod)
	}
	if evaluated != MaxFailures {
		t.Errorf("%d tries evaluated", evaluated)
	}
	if got := wait(t, m, now.Add(TotalMemory), key); got != 0 {
		t.Errorf("after a year: %v", got)
	}
}

// An address gets its 50 and one a minute, however busy it is, and its
// successes cost it nothing.
func TestAddressBudget(t *testing.T) {
	t.Parallel()
	m, now := newMemory(), noon
	evaluated := 0
	for range 24 * 60 * 4 { // every 15 seconds for a day
		if wait(t, m, now, address(0)) == 0 {
			evaluated++
		}
		now = now.Add(15 * time.Second)
	}
	if want := AddressFailures + int(24*time.Hour/AddressRefill); evaluated < want-1 || evaluated > want {
		t.Errorf("%d failures evaluated in a day, want %d", evaluated, want)
	}

	m, now = newMemory(), noon
	for i := range 5000 {
		if got := wait(t, m, now, address(0)); got != 0 {
			t.Fatalf("success %d had to wait %v", i, got)
		}
		if err := Succeeded(m, []Key{address(0)}); err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Second)
	}
}

// Who has one account cannot use it to guess at others from one address.
func TestSuccessDoesNotClearAddress(t *testing.T) {
	t.Parallel()
	m := newMemory()
	evaluated := 0
	for i := range 500 {
		if wait(t, m, noon, NameKey("d-1", string(rune('A'+i))), address(0)) == 0 {
			evaluated++
		}
		own := []Key{NameKey("d-1", "mallory"), address(0)}
		if wait(t, m, noon, own...) == 0 {
			if err := Succeeded(m, own); err != nil {
				t.Fatal(err)
			}
		}
	}
	if evaluated != AddressFailures {
		t.Errorf("%d names guessed at", evaluated)
	}
}

// Promise 3. 10,000 wrong tries over many addresses, in parallel and over days:
// never more than the documented budget is evaluated, and the owner enters on a
// known device all the while.
func TestNoPasswordCanBeGuessedOnline(t *testing.T) {
	t.Parallel()
	m, name, device := newMemory(), NameKey("d-1", "jane"), DeviceKey(jane, "the owner's browser")
	now := noon
	var evaluated atomic.Int64
	for round := range 200 {
		var all sync.WaitGroup
		before := evaluated.Load()
		for i := range 50 {
			all.Go(func() {
				if m.reserve(now, name, address(50*round+i)) == nil {
					evaluated.Add(1)
				}
			})
		}
		all.Wait()
		if n := evaluated.Load() - before; round == 0 && n != FreeFailures || n > FreeFailures {
			t.Fatalf("%d of 50 parallel tries were evaluated", n)
		}
		if got := wait(t, m, now, device); got != 0 {
			t.Fatalf("the owner has to wait %v", got)
		}
		if err := Succeeded(m, []Key{device}); err != nil {
			t.Fatal(err)
		}
		now = now.Add(LongestWait)
	}
	if n := evaluated.Load(); n != MaxFailures {
		t.Errorf("%d of 10,000 tries were evaluated, the budget is %d", n, MaxFailures)
	}
}

// The property behind the promise: whatever an attacker mixes of times, names,
// addresses and own successes, no name and no address gets beyond its budget,
// and a refused try changes nothing.
func TestBudgetsHoldUnderRandomPlay(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, 1))
		m, now := newMemory(), noon
		byName, byAddress := map[Key]int{}, map[Key]int{}
		names := []Key{NameKey("d-1", "a"), NameKey("d-1", "b"), NameKey("d-1", "c")}
		for range 3000 {
			now = now.Add(time.Duration(random.ExpFloat64() * float64(2*time.Minute)))
			n, a := names[random.IntN(3)], address(random.IntN(4))
			before := clone(m.attempts)
			err := m.reserve(now, n, a)
			if err != nil {
				for k, v := range m.attempts {
					if before[k] != v {
						t.Fatalf("a refused try changed %s", k)
					}
				}
				continue
			}
			byName[n]++
			byAddress[a]++
			if random.IntN(10) == 0 { // the queue was full
				if err := Release(m, []Key{n, a}); err != nil {
					t.Fatal(err)
				}
				byName[n]--
				byAddress[a]--
			}
			if byName[n] > MaxFailures {
				t.Fatalf("seed %d: %d tries of one name", seed, byName[n])
			}
			if most := AddressFailures + 1 + int(now.Sub(noon)/AddressRefill); byAddress[a] > most {
				t.Fatalf("seed %d: %d tries of one address in %v", seed, byAddress[a], now.Sub(noon))
			}
		}
	}
}

// Dropping rows when the store may drop them makes no difference.
func TestKeptUntil(t *testing.T) {
	t.Parallel()
	keys := []Key{NameKey("d-1", "jane"), DeviceKey(jane, "x"), address(0)}
	m := newMemory()
	for range 200 {
		_ = m.reserve(noon, keys...)
	}
	if len(m.attempts) != 5 {
		t.Fatalf("%d rows", len(m.attempts))
	}
	for key, a := range m.attempts {
		for _, k := range keys {
			for _, b := range k.budgets() {
				if b.key == key && (b.at(a, a.KeptUntil()).Failures != 0 || b.at(a, noon).Failures == 0) {
					t.Errorf("%s counts %d when it is dropped", key, b.at(a, a.KeptUntil()).Failures)
				}
			}
		}
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	addr := netip.MustParseAddr
	for _, c := range []struct {
		name string
		a, b Key
		same bool
	}{
		{"case of a name", NameKey("d-1", "Jane"), NameKey("d-1", "jANE"), true},
		{"directory", NameKey("d-1", "jane"), NameKey("d-2", "jane"), false},
		{"where parts end", NameKey("d-1", "1jane"), NameKey("d-11", "jane"), false},
		{"owner of a device", DeviceKey(jane, "x"), DeviceKey(john, "x"), false},
		{"device", DeviceKey(jane, "x"), DeviceKey(jane, "y"), false},
		{"IPv4", AddressKey(addr("192.0.2.1")), AddressKey(addr("192.0.2.2")), false},
		{"IPv4 in IPv6", AddressKey(addr("192.0.2.1")), AddressKey(addr("::ffff:192.0.2.1")), true},
		{"one /64", AddressKey(addr("2001:db8::1")), AddressKey(addr("2001:db8::ffff:1")), true},
		{"zone", AddressKey(addr("fe80::1%eth0")), AddressKey(addr("fe80::1%eth1")), true},
		{"two /64", AddressKey(addr("2001:db8::1")), AddressKey(addr("2001:db8:0:1::1")), false},
	} {
		if (c.a == c.b) != c.same {
			t.Errorf("%s: same is %v", c.name, c.a == c.b)
		}
	}
	AddressKey(netip.Addr{}) // unknown addresses share one
}
