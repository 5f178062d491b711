package sigv4

import (
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"testing"
)

// TestDeriveKey uses the example of AWS's signing documentation.
func TestDeriveKey(t *testing.T) {
	t.Parallel()
	key := DeriveKey([]byte("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), "20150830", "us-east-1", "iam")
	const want = "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9"
	if got := hex.EncodeToString(key.key[:]); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestSigningKeyDoesNotPrint(t *testing.T) {
	t.Parallel()
	key := DeriveKey([]byte("secret"), "20150830", "us-east-1", "iam")
	inside := struct{ Key SigningKey }{key}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, v := range []any{key, &key, inside} {
			if got := fmt.Sprintf(verb, v); !strings.Contains(got, "[signing key]") {
				t.Errorf("%s of %T prints %s", verb, v, got)
			}
		}
	}
}

func TestKeyCache(t *testing.T) {
	t.Parallel()
	const size = 16
	c := NewKeyCache(size)
	check := func(secret, date, region, service string) {
		t.Helper()
		if c.Derive([]byte(secret), date, region, service) != DeriveKey([]byte(secret), date, region, service) {
			t.Errorf("wrong key for %q %q %q %q", secret, date, region, service)
		}
	}
	for i := range 10 * size {
		check("secret", "20260102", "us-east-1", "sts") // in use, so it stays
		check(fmt.Sprint("secret", i), "20260102", "us-east-1", "sts")
		check("secret", "20260102", fmt.Sprint("r", i), "sts")
		if n := len(c.young) + len(c.old); n > size {
			t.Fatalf("%d entries, want at most %d", n, size)
		}
	}
	// The same text with its boundaries moved is another scope.
	check("secret2", "0260102", "us-east-1", "sts")
	check("secret", "20260102", "us-east-1s", "ts")
	check("", "", "", "")

	id := identify([]byte("secret"), "20260102", "us-east-1", "sts")
	if _, young := c.young[id]; !young {
		if _, old := c.old[id]; !old {
			t.Error("the entry in use was dropped")
		}
	}
	NewKeyCache(0).Derive([]byte("x"), "", "", "")
}

func TestKeyCacheConcurrent(t *testing.T) {
	t.Parallel()
	c := NewKeyCache(8)
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 200 {
				secret := fmt.Append(nil, "secret", (i+g)%12)
				if c.Derive(secret, "20260102", "us-east-1", "sts") != DeriveKey(secret, "20260102", "us-east-1", "sts") {
					t.Error("wrong key")
					return
				}
			}
		})
	}
	wg.Wait()
}
