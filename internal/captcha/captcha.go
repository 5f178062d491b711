// Package captcha is the check that a person is there: characters to read from
// a picture, or digits to hear (B-10, M-12, H-24).
//
// Nothing is stored for a challenge that is shown: its id is the answer, sealed
// with an expiry. Only an id that was tried is remembered, so that each can be
// tried once, right or wrong. How often one may ask is the callers' business.
//
// Picture and sound are made here, from fonts and recordings inside the program
// that are read when first needed. (The library base64Captcha parses 6 MB of
// fonts whenever the program starts, which takes 20 to 40 ms.)
package captcha

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sync/semaphore"
	"golang.org/x/text/unicode/norm"

	"sekisho/internal/clock"
	"sekisho/internal/fault"
	"sekisho/internal/keys"
	"sekisho/internal/secret"
)

const (
	// Life is how long a challenge can be answered.
	Life = 10 * time.Minute
	// Length is how many characters or digits an answer has.
	Length = 6

	// alphabet leaves out what is mistaken for something else: 0 and o, 1, i, j and
	// l, 9, g and q, s for 5, z for 2, u and v.
	alphabet = "2345678abcdefhkmnprtwxy"
	digits   = "0123456789"
)

// Spender remembers one-time values; token.Store is one.
type Spender interface {
	// SpendOnce records that a value was used; the second time it is Conflict.
	SpendOnce(hash string, expires time.Time) error
}

// Service makes and checks challenges. It is safe for concurrent use.
type Service struct {
	keys  *keys.Ring
	clock clock.Clock
	// rendering bounds how many pictures and sounds are made at once.
	rendering *semaphore.Weighted
}

// New makes a service whose ids are sealed by ring and expire by c.
func New(ring *keys.Ring, c clock.Clock) *Service {
	return &Service{keys: ring, clock: c, rendering: semaphore.NewWeighted(maxRendering())}
}

// maxRendering is how many pictures and sounds are made at once: as many as can
// be without getting in each other's way.
func maxRendering() int64 { return int64(runtime.GOMAXPROCS(0)) }

// form is how a challenge is presented.
type form byte

const (
	picture form = 'p'
	sound   form = 's'
)

// challenge is what an id carries, in this order.
type challenge struct {
	form    form
	expires time.Time // to the second
	// seed decides noise and distortion, so that a challenge looks and sounds the
	// same however often it is fetched and copies cannot be averaged.
	seed   [seedLen]byte
	answer string
}

const (
	seedLen      = 16
	challengeLen = 1 + 8 + seedLen + Length
	maxID        = 256 // characters
)

var (
	errID      = fault.New(fault.Invalid, "captcha-id", "The security check is not valid. Load a new one.")
	errExpired = fault.New(fault.Expired, "captcha-expired", "The security check has expired. Load a new one.")
	errBusy    = fault.New(fault.Throttled, "captcha-busy", "The server is busy. Try again in a few seconds.")
)

// NewPicture returns the id of a new challenge to be read, about 100 characters
// of base64url.
func (s *Service) NewPicture() string { return s.seal(picture, secret.Pick(alphabet, Length)) }

// NewSound returns the id of a new challenge to be heard. Its answer is digits.
func (s *Service) NewSound() string { return s.seal(sound, secret.Pick(digits, Length)) }

func (s *Service) seal(f form, answer string) string {
	b := append(make([]byte, 0, challengeLen), byte(f))
	b = binary.BigEndian.AppendUint64(b, uint64(s.clock.Now().Add(Life).Unix()))
	b = append(b, secret.Random(seedLen)...)
	b = append(b, answer...)
	return base64.RawURLEncoding.EncodeToString(s.keys.Seal(keys.Captcha, b))
}

// open reads an id, expired or not. hash stands for it in Spender.
func (s *Service) open(id string) (c challenge, hash string, err error) {
	if len(id) > maxID {
		return c, "", errID
	}
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(id)
	if err != nil {
		return c, "", errID
	}
	b, err := s.keys.Open(keys.Captcha, sealed)
	if err != nil || len(b) != challengeLen {
		return c, "", errID
	}
	c.form = form(b[0])
	c.expires = time.Unix(int64(binary.BigEndian.Uint64(b[1:])), 0).UTC()
	copy(c.seed[:], b[9:])
	c.answer = string(b[9+seedLen:])
	sum := sha256.Sum256(append([]byte("captcha\x00"), sealed...)) // not of id, whose text could vary
	return c, hex.EncodeToString(sum[:]), nil
}

func (s *Service) openLive(id string, f form) (challenge, error) {
	c, _, err := s.open(id)
	switch {
	case err != nil:
		return c, err
	case c.form != f:
		return c, errID
	case !s.clock.Now().Before(c.expires):
		return c, errExpired
	}
	return c, nil
}

// Picture returns the picture of id as PNG, Width by Height pixels. It fails with
// Invalid or Expired, or with Throttled when too many are being made.
func (s *Service) Picture(ctx context.Context, id string) ([]byte, error) {
	c, err := s.openLive(id, picture)
	if err != nil {
		return nil, err
	}
	return s.render(ctx, func() ([]byte, error) { return draw(c.answer, c.random()) })
}

// Sound returns the sound of id as WAV (8 kHz, 8 bits, mono), of about 10
// seconds, spoken in the language of locale: Japanese for "ja…", else English.
// It fails as Picture does.
func (s *Service) Sound(ctx context.Context, id, locale string) ([]byte, error) {
	c, err := s.openLive(id, sound)
	if err != nil {
		return nil, err
	}
	language := "en"
	if locale == "ja" || strings.HasPrefix(locale, "ja-") {
		language = "ja"
	}
	return s.render(ctx, func() ([]byte, error) { return speak(c.answer, language, c.random()) })
}

// Answer returns the answer of id. It is for the developer's surface only.
func (s *Service) Answer(id string) (string, error) {
	c, _, err := s.open(id)
	return c.answer, err
}

// Check reports whether answer is that of id, in either case and however spaced,
// and spends the id. It answers false too for an id that is not one of ours, has
// expired or was tried before. The caller commits tx in either case: a wrong
// answer that were rolled back could be followed by another.
func (s *Service) Check(tx Spender, id, answer string, now time.Time) (bool, error) {
	c, hash, err := s.open(id)
	if err != nil || !now.Before(c.expires) {
		return false, nil //nolint:nilerr // an id that cannot be opened is a wrong answer
	}
	switch err := tx.SpendOnce(hash, c.expires); {
	case fault.Is(err, fault.Conflict):
		return false, nil
	case err != nil:
		return false, err
	}
	if len(answer) > maxID {
		return false, nil
	}
	// NFKC, because Japanese input methods write full-width letters and digits.
	given := strings.ToLower(norm.NFKC.String(strings.Join(strings.Fields(answer), "")))
	return subtle.ConstantTimeCompare([]byte(given), []byte(c.answer)) == 1, nil
}

// CheckEither is Check for a page that shows a picture and a sound: answer may be
// that of one or the other, and both are spent.
func (s *Service) CheckEither(tx Spender, picture, sound, answer string, now time.Time) (bool, error) {
	read, err := s.Check(tx, picture, answer, now)
	if err != nil {
		return false, err
	}
	heard, err := s.Check(tx, sound, answer, now)
	return read || heard, err
}

// renderWait is how long a picture or sound waits for its turn.
const renderWait = 5 * time.Second

func (s *Service) render(ctx context.Context, work func() ([]byte, error)) ([]byte, error) {
	wait, cancel := context.WithTimeout(ctx, renderWait)
	defer cancel()
	if err := s.rendering.Acquire(wait, 1); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, errBusy
	}
	defer s.rendering.Release(1)
	return work()
}

// random is the source of everything that is not the answer. The seed is secret,
// or noise and distortion could be computed away.
func (c challenge) random() *rand.Rand {
	return rand.New(rand.NewChaCha8(sha256.Sum256(c.seed[:]))) //nolint:gosec // ChaCha8 under a secret seed, and repeatable, which crypto/rand is not
}
