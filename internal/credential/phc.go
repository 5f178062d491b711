package credential

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Params is what an argon2id hash costs.
type Params struct {
	Memory  uint32 // KiB
	Time    uint32 // passes
	Threads uint8
}

// DefaultParams is OWASP's first choice of argon2id parameters.
var DefaultParams = Params{Memory: 19 * 1024, Time: 2, Threads: 1}

const (
	saltLen = 16
	keyLen  = 32

	// What a stored hash may ask for. A hash can come from an imported file, and
	// must not be able to take the memory or the time of the whole server.
	maxMemory  = 256 * 1024 // KiB
	maxTime    = 16
	maxThreads = 16
	maxPHC     = 512 // bytes
)

// phc is an argon2id hash in its parts. Its text form is the PHC string format,
// $argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>, with unpadded standard base64.
type phc struct {
	Params
	salt, key []byte
}

// String is the PHC string format.
func (h phc) String() string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s",
		argon2.Version, h.Memory, h.Time, h.Threads, b64(h.salt), b64(h.key))
}

// parsePHC reads an argon2id hash. It takes exactly the form that String
// writes, within the limits above.
func parsePHC(s string) (phc, error) {
	var h phc
	if len(s) > maxPHC {
		return h, fmt.Errorf("password hash: longer than %d bytes", maxPHC)
	}
	f := strings.Split(s, "$")
	if len(f) != 6 || f[0] != "" || f[1] != "argon2id" || f[2] != "v="+strconv.Itoa(argon2.Version) {
		return h, fmt.Errorf("password hash: not an argon2id hash, version %d, in PHC string format", argon2.Version)
	}
	costs := strings.Split(f[3], ",")
	if len(costs) != 3 {
		return h, fmt.Errorf("password hash: want m, t and p")
	}
	m, err := cost(costs[0], "m=", 8, maxMemory)
	if err != nil {
		return h, err
	}
	t, err := cost(costs[1], "t=", 1, maxTime)
	if err != nil {
		return h, err
	}
	p, err := cost(costs[2], "p=", 1, maxThreads)
	if err != nil {
		return h, err
	}
	h.Params = Params{Memory: m, Time: t, Threads: uint8(p)}
	if m < 8*p {
		return h, fmt.Errorf("password hash: m is below 8 p")
	}
	if h.salt, err = base64.RawStdEncoding.Strict().DecodeString(f[4]); err != nil || len(h.salt) < 8 || len(h.salt) > 64 {
		return h, fmt.Errorf("password hash: bad salt")
	}
	if h.key, err = base64.RawStdEncoding.Strict().DecodeString(f[5]); err != nil || len(h.key) < 16 || len(h.key) > 64 {
		return h, fmt.Errorf("password hash: bad hash value")
	}
	if h.String() != s { // leading zeros, line breaks in base64
		return h, fmt.Errorf("password hash: not in canonical form")
	}
	return h, nil
}

func cost(s, name string, least, most uint32) (uint32, error) {
	digits, ok := strings.CutPrefix(s, name)
	n, err := strconv.ParseUint(digits, 10, 32)
	if !ok || err != nil || uint32(n) < least || uint32(n) > most {
		return 0, fmt.Errorf("password hash: %s must be a number from %d to %d", strings.TrimSuffix(name, "="), least, most)
	}
	return uint32(n), nil
}
