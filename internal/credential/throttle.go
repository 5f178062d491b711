package credential

import (
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"strings"
	"time"

	"sekisho/internal/directory"
	"sekisho/internal/fault"
)

// What may be tried. A try counts before its password is looked at, so that
// tries in parallel cannot share one place in the budget, and only a correct
// password gives it back.
//
//   - A user name on unknown devices: 5 failures at once, then one more after
//     each wait of 1, 2, 4, 8 and from then on 15 minutes; 24 hours without a
//     try start that anew. 100 in all without a success in between (NIST SP
//     800-63B-4, 3.2.2), and after that only a new password helps.
//   - A known device: the same, counted apart, so that nobody elsewhere can lock
//     the owner out of it (promise 3).
//   - A network address: 50 failures at once and one more per minute.
//
// So 10,000 tries against one name, from any number of addresses, are never more
// than MaxFailures evaluated passwords, and a single address gets to evaluate
// 1,490 in a day over all names.
const (
	FreeFailures = 5
	MaxFailures  = 100
	FirstWait    = time.Minute
	LongestWait  = 15 * time.Minute
	QuietPeriod  = 24 * time.Hour

	AddressFailures = 50
	AddressRefill   = time.Minute

	// TotalMemory is for how long after the last failure the sum is kept that
	// MaxFailures bounds, so that names which nobody has do not stay for ever.
	TotalMemory = 365 * 24 * time.Hour
)

// Key is something that tries are counted under. Make it with NameKey,
// DeviceKey, CodeKey or AddressKey.
type Key struct {
	kind keyKind
	hash string
}

type keyKind string

const (
	nameKey    keyKind = "name"
	deviceKey  keyKind = "device"
	codeKey    keyKind = "code"
	addressKey keyKind = "address"
	totalOf    keyKind = "total-" // before all but address: failures without a success
)

func newKey(kind keyKind, parts ...string) Key {
	return Key{kind, hashOf(parts...)}
}

// hashOf is the SHA-256 of parts, of which only the last may have NULs, in hexadecimal.
func hashOf(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:])
}

// NameKey counts tries for a user name, known or not, in a directory, on devices
// that its owner never signed in on. All spellings that sign in as the same
// person have one key; the key does not tell the name.
func NameKey(directoryID, name string) Key {
	return newKey(nameKey, directoryID, directory.FoldName(name))
}

// DeviceKey counts tries on a device on which owner signed in before. device is
// what identifies it, of at least 128 random bits.
func DeviceKey(owner Owner, device string) Key {
	return newKey(deviceKey, string(owner.Kind), owner.ID, device)
}

// CodeKey counts tries at the codes of an MFA device, which are easier to guess
// than any password. Its budget is that of a name.
func CodeKey(serial string) Key { return newKey(codeKey, serial) }

// DailyKey counts what may be asked for in somebody's name, such as mail to them,
// apart from passwords and each day anew: being asked for too often locks nobody
// out for good. Its budget is that of a name.
func DailyKey(what, name string, now time.Time) Key {
	return NameKey(what+"/"+now.Format(time.DateOnly), name)
}

// AddressKey counts tries from a network address: one IPv4 address, or one IPv6
// /64, which is what a single subscriber has.
func AddressKey(a netip.Addr) Key {
	a = a.Unmap()
	if a.Is6() {
		if p, err := a.WithZone("").Prefix(64); err == nil {
			return newKey(addressKey, p.String())
		}
	}
	return newKey(addressKey, a.String())
}

// ThrottledError says that a try was refused and not evaluated. It is a Throttled
// fault of reason "too-many-attempts".
type ThrottledError struct {
	// Until is when the next try may be made; zero when waiting does not help
	// and a new password is needed.
	Until time.Time
}

// Error is the text for logs.
func (e *ThrottledError) Error() string { return e.Unwrap().Error() }

// Unwrap returns the fault.
func (e *ThrottledError) Unwrap() error {
	return fault.New(fault.Throttled, "too-many-attempts", "There were too many failed attempts. Try again later.")
}

// Reserve counts one try under every key and returns nil, or counts none and
// returns a *ThrottledError. Only after it returned nil, and its transaction was
// committed, may the password be looked at. For a known device that is its key
// alone, for any other the keys of name and address.
func Reserve(tx Store, keys []Key, now time.Time) error {
	var next []Attempts
	var refused *ThrottledError
	for _, k := range keys {
		for _, b := range k.budgets() {
			a, err := tx.Attempts(b.key)
			if err != nil {
				return err
			}
			a = b.at(a, now)
			a.Key = b.key
			if until, ok := b.open(a, now); !ok {
				refused = refused.later(until)
			}
			next = append(next, b.count(a, now))
		}
	}
	if refused != nil {
		return refused
	}
	for _, a := range next {
		if err := tx.PutAttempts(a); err != nil {
			return err
		}
	}
	return nil
}

// later merges two refusals: never is later than any time.
func (e *ThrottledError) later(until time.Time) *ThrottledError {
	switch {
	case e == nil:
		return &ThrottledError{Until: until}
	case e.Until.IsZero() || until.IsZero():
		return &ThrottledError{}
	case until.After(e.Until):
		return &ThrottledError{Until: until}
	}
	return e
}

// Failures is the largest count that stands under keys at now: of tries for which
// no right password has been given since, lately. It counts nothing.
func Failures(tx Store, keys []Key, now time.Time) (int, error) {
	most := 0
	for _, k := range keys {
		b := k.budgets()[0]
		a, err := tx.Attempts(b.key)
		if err != nil {
			return 0, err
		}
		most = max(most, b.at(a, now).Failures)
	}
	return most, nil
}

// Succeeded takes back what Reserve counted after the password proved right:
// the failures of name and device are forgotten. Of an address only this one try
// is: who has one account there must not get to guess at others by it.
func Succeeded(tx Store, keys []Key) error {
	for _, k := range keys {
		for _, b := range k.budgets() {
			var err error
			if k.kind == addressKey {
				err = giveBack(tx, b.key)
			} else {
				err = tx.ClearAttempts(b.key)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// Release takes back what Reserve counted when the password was not looked at
// after all, because the hasher's queue was full.
func Release(tx Store, keys []Key) error {
	for _, k := range keys {
		for _, b := range k.budgets() {
			if err := giveBack(tx, b.key); err != nil {
				return err
			}
		}
	}
	return nil
}

func giveBack(tx Store, key string) error {
	a, err := tx.Attempts(key)
	if err != nil || a.Failures == 0 {
		return err
	}
	if a.Failures == 1 {
		return tx.ClearAttempts(key)
	}
	a.Failures--
	return tx.PutAttempts(a)
}

// KeptUntil is when the row may be dropped: it would count for nothing any more.
func (a Attempts) KeptUntil() time.Time {
	if strings.HasPrefix(a.Key, string(totalOf)) {
		return a.LastFailure.Add(TotalMemory)
	}
	return a.LastFailure.Add(QuietPeriod)
}

// budget is one row of counts and its rule.
type budget struct {
	key string
	// at brings a count forward to now.
	at func(a Attempts, now time.Time) Attempts
	// open reports whether one more try fits, or else from when on; zero is never.
	open func(a Attempts, now time.Time) (time.Time, bool)
	// count adds the try.
	count func(a Attempts, now time.Time) Attempts
}

func (k Key) budgets() []budget {
	row := func(kind keyKind) string { return string(kind) + "/" + k.hash }
	if k.kind == addressKey {
		return []budget{{row(k.kind), leak, addressOpen, fill}}
	}
	return []budget{
		{row(k.kind), forget(QuietPeriod), paceOpen, countAt},
		{row(totalOf + k.kind), forget(TotalMemory), totalOpen, countAt},
	}
}

func forget(after time.Duration) func(Attempts, time.Time) Attempts {
	return func(a Attempts, now time.Time) Attempts {
		if now.Sub(a.LastFailure) >= after {
			a.Failures = 0
		}
		return a
	}
}

func paceOpen(a Attempts, now time.Time) (time.Time, bool) {
	until := a.LastFailure.Add(waitAfter(a.Failures))
	return until, !now.Before(until)
}

// waitAfter is how long after the last of n failures the next try waits.
func waitAfter(n int) time.Duration {
	if n < FreeFailures {
		return 0
	}
	if doublings := n - FreeFailures; doublings < 4 {
		return FirstWait << doublings
	}
	return LongestWait
}

func totalOpen(a Attempts, _ time.Time) (time.Time, bool) {
	return time.Time{}, a.Failures < MaxFailures
}

func countAt(a Attempts, now time.Time) Attempts {
	a.Failures++
	a.LastFailure = now
	return a
}

// leak takes from the count what AddressRefill gave back. LastFailure is the
// time up to which that is done; the rest of a minute stays for the next time,
// so that a busy address gets its refills too.
func leak(a Attempts, now time.Time) Attempts {
	if gone := now.Sub(a.LastFailure) / AddressRefill; gone > 0 {
		a.Failures = max(0, a.Failures-int(gone))
		a.LastFailure = a.LastFailure.Add(gone * AddressRefill)
	}
	return a
}

func fill(a Attempts, now time.Time) Attempts {
	if a.Failures == 0 {
		a.LastFailure = now
	}
	a.Failures++
	return a
}

func addressOpen(a Attempts, _ time.Time) (time.Time, bool) {
	over := a.Failures - AddressFailures + 1
	return a.LastFailure.Add(time.Duration(over) * AddressRefill), over <= 0
}
