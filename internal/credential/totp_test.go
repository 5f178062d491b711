package credential

import (
	"encoding/base32"
	"fmt"
	"strings"
	"testing"
	"time"

	"sekisho/internal/secret"
)

// device is an authenticator as its user holds it, with a clock that may be off.
type device struct {
	seed secret.String
	off  time.Duration
}

func (d device) code(now time.Time) string { return TOTP{Seed: d.seed}.codeAt(stepAt(now.Add(d.off))) }

func (d device) pair(now time.Time) (first, second string) {
	return d.code(now.Add(-30 * time.Second)), d.code(now)
}

// The test vectors of RFC 6238, appendix B, of which six digits are shown.
func TestCodeAt(t *testing.T) {
	t.Parallel()
	seed := secret.NewString(strings.TrimRight(base32.StdEncoding.EncodeToString([]byte("12345678901234567890")), "="))
	for at, want := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130"} {
		if got := (TOTP{Seed: seed}).codeAt(stepAt(time.Unix(at, 0))); got != want {
			t.Errorf("at %d: %s, want %s", at, got, want)
		}
	}
}

func TestNewSeed(t *testing.T) {
	t.Parallel()
	a, b := NewSeed(), NewSeed()
	if len(a.Reveal()) != 64 || strings.Trim(a.Reveal(), "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") != "" || a.Equal(b) {
		t.Error("not 64 random characters of base32")
	}
}

// A code is good for one step before and after its own.
func TestVerifyWindow(t *testing.T) {
	t.Parallel()
	d := device{seed: NewSeed()}
	for off, want := range map[int]bool{-3: false, -2: false, -1: true, 0: true, 1: true, 2: false, 3: false} {
		if _, ok := (TOTP{Seed: d.seed}).Verify(d.code(noon.Add(time.Duration(off)*30*time.Second)), noon, CodeWindow); ok != want {
			t.Errorf("%d steps off: %v", off, ok)
		}
	}
}

// a code is good once, and with it all that were shown before.
func TestVerifyOnce(t *testing.T) {
	t.Parallel()
	d, kept := device{seed: NewSeed()}, TOTP{}
	kept.Seed = d.seed
	before := d.code(noon.Add(-30 * time.Second))
	kept, ok := kept.Verify(d.code(noon), noon, CodeWindow)
	if !ok {
		t.Fatal("the right code is refused")
	}
	for name, code := range map[string]string{"the same": d.code(noon), "the one before": before} {
		if _, ok := kept.Verify(code, noon, CodeWindow); ok {
			t.Errorf("%s is good after it", name)
		}
	}
	if _, ok := kept.Verify(d.code(noon.Add(30*time.Second)), noon.Add(30*time.Second), CodeWindow); !ok {
		t.Error("the next is refused")
	}
}

func TestVerifyRefuses(t *testing.T) {
	t.Parallel()
	d := device{seed: NewSeed()}
	right := d.code(noon)
	for _, code := range []string{"", right[:5], right + "0", " " + right[1:], "abcdef"} {
		if _, ok := (TOTP{Seed: d.seed}).Verify(code, noon, CodeWindow); ok {
			t.Errorf("%q is good", code)
		}
	}
	for _, seed := range []string{"", "not base32!"} { // a seed that is none opens nothing, not even to nothing
		broken := TOTP{Seed: secret.NewString(seed)}
		if _, ok := broken.Verify("", noon, CodeWindow); ok {
			t.Errorf("seed %q: no code is good", seed)
		}
		if _, ok := broken.VerifyPair("", "", noon); ok {
			t.Errorf("seed %q: no codes are good", seed)
		}
	}
}

// Two codes that follow each other prove a device within an hour, and its clock
// is known from then on.
func TestVerifyPair(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		off   time.Duration
		good  bool
		drift int
	}{
		{0, true, 0},
		{30 * time.Second, true, 0},
		{-30 * time.Second, true, 0},
		{time.Minute, true, 2},
		{-10 * time.Minute, true, -20},
		{time.Hour, true, 120},
		{-59 * time.Minute, true, -118},
		{61 * time.Minute, false, 0},
		{-61 * time.Minute, false, 0},
	} {
		d := device{NewSeed(), c.off}
		first, second := d.pair(noon)
		kept, ok := TOTP{Seed: d.seed}.VerifyPair(first, second, noon)
		if ok != c.good || kept.Drift != c.drift {
			t.Errorf("%v off: %v with drift %d", c.off, ok, kept.Drift)
			continue
		}
		if !ok {
			continue
		}
		if _, ok := kept.Verify(second, noon, CodeWindow); ok {
			t.Errorf("%v off: a code of the pair is good again", c.off)
		}
		if _, ok := kept.VerifyPair(first, second, noon); ok {
			t.Errorf("%v off: the pair is good again", c.off)
		}
		later := noon.Add(5 * time.Minute)
		if _, ok := kept.Verify(d.code(later), later, CodeWindow); !ok {
			t.Errorf("%v off: its code is refused afterwards", c.off)
		}
	}
}

func TestVerifyPairRefuses(t *testing.T) {
	t.Parallel()
	d := device{seed: NewSeed()}
	first, second := d.pair(noon)
	next := d.code(noon.Add(30 * time.Second))
	for name, codes := range map[string][2]string{
		"one twice":        {second, second},
		"in reverse":       {second, first},
		"with a gap":       {first, next},
		"split elsewhere":  {first + second[:1], second[1:]},
		"all in the first": {first + second, ""},
		"another's":        {fmt.Sprintf("%06d", 0), fmt.Sprintf("%06d", 1)},
	} {
		if _, ok := (TOTP{Seed: d.seed}).VerifyPair(codes[0], codes[1], noon); ok {
			t.Errorf("%s is good", name)
		}
	}
}

func FuzzVerify(f *testing.F) {
	d := device{seed: NewSeed()}
	f.Add("123456")
	f.Add("")
	f.Add("１２３４５６")
	f.Fuzz(func(t *testing.T, code string) {
		shown := map[string]bool{}
		for i := -CodeWindow; i <= CodeWindow; i++ {
			shown[d.code(noon.Add(time.Duration(i)*30*time.Second))] = true
		}
		if _, ok := (TOTP{Seed: d.seed}).Verify(code, noon, CodeWindow); ok != shown[code] {
			t.Errorf("%q: %v", code, ok)
		}
	})
}
