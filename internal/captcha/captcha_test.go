package captcha

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"image/png"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sekisho/internal/clock"
	"sekisho/internal/fault"
	"sekisho/internal/keys"
	"sekisho/internal/secret"
)

type dataKeys []keys.Wrapped

func (d *dataKeys) DataKeys() ([]keys.Wrapped, error) { return *d, nil }
func (d *dataKeys) PutDataKey(w keys.Wrapped) error   { *d = append(*d, w); return nil }

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

func newRing(t testing.TB) *keys.Ring {
	t.Helper()
	ring, err := keys.NewRing(secret.Random(keys.Size))
	if err == nil {
		err = ring.Load(new(dataKeys), noon)
	}
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

func newService(t testing.TB) (*Service, *clock.Fixed) {
	c := clock.NewFixed(noon)
	return New(newRing(t), c), c
}

// spent is a Spender.
type spent struct{ m sync.Map }

func (s *spent) SpendOnce(hash string, expires time.Time) error {
	if _, again := s.m.LoadOrStore(hash, expires); again {
		return fault.New(fault.Conflict, "", "spent")
	}
	return nil
}

func TestCheck(t *testing.T) {
	t.Parallel()
	s, _ := newService(t)
	foreign, _ := newService(t)
	answer := func(id string) string {
		t.Helper()
		a, err := s.Answer(id)
		if err != nil || len(a) != Length {
			t.Fatal(a, err)
		}
		return a
	}
	full := func(s string) string { // as a Japanese input method writes it
		return strings.Map(func(r rune) rune { return r + 0xfee0 }, s)
	}
	for _, c := range []struct {
		name   string
		id     string
		answer func(right string) string
		want   bool
	}{
		{"right", s.NewPicture(), func(a string) string { return a }, true},
		{"right, heard", s.NewSound(), func(a string) string { return a }, true},
		{"other case", s.NewPicture(), strings.ToUpper, true},
		{"spaced", s.NewSound(), func(a string) string { return " " + a[:3] + " " + a[3:] + "\n" }, true},
		{"full width", s.NewPicture(), full, true},
		{"wrong", s.NewPicture(), func(a string) string { return a[1:] + "?" }, false},
		{"empty", s.NewPicture(), func(string) string { return "" }, false},
		{"longer", s.NewPicture(), func(a string) string { return a + "x" }, false},
		{"very long", s.NewPicture(), func(a string) string { return a + strings.Repeat(" ", 1<<20) }, false},
	} {
		tx, right := &spent{}, answer(c.id)
		for try, want := range []bool{c.want, false} { // each id once, right or wrong
			if got, err := s.Check(tx, c.id, c.answer(right), noon); got != want || err != nil {
				t.Errorf("%s, try %d: %v, %v", c.name, try+1, got, err)
			}
		}
		if got, _ := s.Check(tx, c.id, right, noon); got {
			t.Errorf("%s: the right answer after another passes", c.name)
		}
	}

	tx, id := &spent{}, s.NewPicture()
	if got, _ := foreign.Check(tx, id, answer(id), noon); got {
		t.Error("an id sealed by another ring passes")
	}
	if got, _ := s.Check(tx, id, answer(id), noon.Add(Life)); got {
		t.Error("an expired id passes")
	}
	if got, _ := s.Check(tx, id, answer(id), noon.Add(Life-time.Second)); !got {
		t.Error("an id of its last second does not pass")
	}
}

// The same seal in another spelling is the same id: it is spent with it.
func TestSpellingsOfAnID(t *testing.T) {
	t.Parallel()
	s, _ := newService(t)
	id := s.NewPicture()
	right, tx := mustAnswer(t, s, id), &spent{}
	sealed, _ := base64.RawURLEncoding.DecodeString(id)
	if ok, err := s.Check(tx, id, right, noon); !ok || err != nil {
		t.Fatal(ok, err)
	}
	for _, other := range []string{
		id + "\n", id[:40] + "\r\n" + id[40:], id + "=", id + "==", base64.RawStdEncoding.EncodeToString(sealed), id + "A", id + id,
		id[:len(id)-1] + string(id[len(id)-1]+1), // the bits behind the last byte
	} {
		if ok, err := s.Check(tx, other, right, noon); ok || err != nil {
			t.Errorf("%q passes after %q: %v", other, id, err)
		}
	}
}

// Attack: one answer used by many at the same time (promise 6).
func TestRace(t *testing.T) {
	t.Parallel()
	s, _ := newService(t)
	tx, id := &spent{}, s.NewPicture()
	right, _ := s.Answer(id)
	var passed atomic.Int64
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if ok, err := s.Check(tx, id, right, noon); err != nil {
				t.Error(err)
			} else if ok {
				passed.Add(1)
			}
		})
	}
	all.Wait()
	if n := passed.Load(); n != 1 {
		t.Errorf("%d of 50 passed", n)
	}
}

// H-24: an image of six characters; B-10: reloading gives other ones.
func TestPicture(t *testing.T) {
	t.Parallel()
	s, c := newService(t)
	id, other := s.NewPicture(), s.NewPicture()
	first, err := s.Picture(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	again, _ := s.Picture(t.Context(), id)
	if !bytes.Equal(first, again) {
		t.Error("fetched twice, the picture differs: averaging removes the noise")
	}
	second, _ := s.Picture(t.Context(), other)
	if a, b := mustAnswer(t, s, id), mustAnswer(t, s, other); a == b || bytes.Equal(first, second) {
		t.Error("two challenges are alike")
	}
	for _, f := range []struct {
		name string
		id   string
		at   time.Duration
		kind fault.Kind
	}{
		{"a sound's id", s.NewSound(), 0, fault.Invalid},
		{"no id", "", 0, fault.Invalid},
		{"a long id", strings.Repeat("A", 1<<20), 0, fault.Invalid},
		{"expired", id, Life, fault.Expired},
	} {
		c.Set(noon.Add(f.at))
		if _, err := s.Picture(t.Context(), f.id); !fault.Is(err, f.kind) {
			t.Errorf("%s: %v", f.name, err)
		}
	}
}

func mustAnswer(t *testing.T, s *Service, id string) string {
	t.Helper()
	a, err := s.Answer(id)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Every character has its shape, and no picture is empty, black, cut off or large.
func TestDrawing(t *testing.T) {
	t.Parallel()
	ink := func(text string, seed uint64) (dark, border int, size int) {
		b, err := draw(text, rand.New(rand.NewPCG(seed, 0)))
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(b))
		if err != nil || img.Bounds().Dx() != Width || img.Bounds().Dy() != Height {
			t.Fatal(err)
		}
		for y := range Height {
			for x := range Width {
				if r, _, _, _ := img.At(x, y).RGBA(); r < 0x8000 {
					dark++
					if x < 4 || x >= Width-4 {
						border++
					}
				}
			}
		}
		return dark, border, len(b)
	}
	seen := map[string]rune{}
	for _, r := range alphabet {
		b, err := draw(strings.Repeat(string(r), Length), rand.New(rand.NewPCG(1, 0)))
		if twin, ok := seen[string(b)]; ok || err != nil {
			t.Errorf("%c looks as %c does: %v", r, twin, err)
		}
		seen[string(b)] = r
	}
	for seed := range uint64(200) {
		text := make([]byte, Length)
		for i := range text {
			text[i] = alphabet[rand.IntN(len(alphabet))]
		}
		dark, border, size := ink(string(text), seed)
		if part := 100 * dark / (Width * Height); part < 8 || part > 35 || border > 40 || size > 6000 {
			t.Errorf("%s, seed %d: %d %% ink, %d pixels at the border, %d bytes", text, seed, part, border, size)
		}
	}
}

// B-10, M-12: an audio version.
func TestSound(t *testing.T) {
	t.Parallel()
	s, _ := newService(t)
	id := s.NewSound()
	if a := mustAnswer(t, s, id); strings.Trim(a, digits) != "" {
		t.Fatalf("answer %q is not digits", a)
	}
	byLocale := map[string][]byte{}
	for _, locale := range []string{"en", "en-US", "ja", "ja-JP", "fr", ""} {
		b, err := s.Sound(t.Context(), id, locale)
		if err != nil {
			t.Fatal(err)
		}
		le, n := binary.LittleEndian, len(b)
		if string(b[:4]) != "RIFF" || int(le.Uint32(b[4:])) != n-8 || string(b[8:16]) != "WAVEfmt " || string(b[36:40]) != "data" {
			t.Fatalf("%s: header %q", locale, b[:wavHeader])
		}
		if length := time.Duration(n) * time.Second / rate; length < 5*time.Second || length > 16*time.Second {
			t.Errorf("%s: %v long", locale, length)
		}
		byLocale[locale] = b
	}
	for _, same := range [][2]string{{"en", "en-US"}, {"ja", "ja-JP"}, {"en", "fr"}, {"en", ""}} {
		if !bytes.Equal(byLocale[same[0]], byLocale[same[1]]) {
			t.Errorf("%s and %s differ", same[0], same[1])
		}
	}
	if bytes.Equal(byLocale["en"], byLocale["ja"]) {
		t.Error("English and Japanese are the same")
	}
	if _, err := s.Sound(t.Context(), s.NewPicture(), "en"); !fault.Is(err, fault.Invalid) {
		t.Errorf("a picture's id: %v", err)
	}
}

// Every digit is louder than noise and murmur, and sounds like itself.
func TestDigitsAreAudible(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"en", "ja"} {
		for d := byte('0'); d <= '9'; d++ {
			b, err := speak(strings.Repeat(string(d), Length), language, rand.New(rand.NewPCG(1, 1)))
			if err != nil {
				t.Fatal(err)
			}
			var speech int
			for _, v := range b[wavHeader:] {
				if v > silence+24 || v < silence-24 { // above noise and murmur
					speech++
				}
			}
			if part := float64(speech) / float64(len(b)); part < 0.015 {
				t.Errorf("%s %c cannot be heard: %.3f", language, d, part)
			}
		}
	}
	one, _ := speak("123456", "en", rand.New(rand.NewPCG(1, 1)))
	two, _ := speak("123457", "en", rand.New(rand.NewPCG(1, 1)))
	if bytes.Equal(one, two) {
		t.Error("another digit sounds the same")
	}
}

// Rendering has its bound, and callers that leave are not drawn for.
func TestRenderingIsBounded(t *testing.T) {
	t.Parallel()
	s, _ := newService(t)
	var now, most atomic.Int64
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			_, err := s.render(t.Context(), func() ([]byte, error) {
				n := now.Add(1)
				for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
				}
				b, err := draw("25br2n", rand.New(rand.NewPCG(1, 2)))
				now.Add(-1)
				return b, err
			})
			if err != nil && !fault.Is(err, fault.Throttled) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if bound := maxRendering(); most.Load() > bound {
		t.Errorf("%d at once, the bound is %d", most.Load(), bound)
	}
	if err := s.rendering.Acquire(t.Context(), maxRendering()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Picture(ctx, s.NewPicture()); !errors.Is(err, context.Canceled) {
		t.Errorf("left: %v", err)
	}
}

func FuzzOpen(f *testing.F) {
	s, _ := newService(f)
	id := s.NewPicture()
	for _, seed := range []string{"", id, s.NewSound(), id[:len(id)-1], id + "A", "AAAA", strings.Repeat("_", maxID)} {
		f.Add(seed, "25br2n")
	}
	f.Fuzz(func(t *testing.T, id, answer string) {
		c, hash, err := s.open(id)
		if err != nil {
			if ok, err := s.Check(&spent{}, id, answer, noon); ok || err != nil {
				t.Errorf("%q passes: %v", id, err)
			}
			return
		}
		if len(c.answer) != Length || len(hash) != 64 || !c.expires.Equal(noon.Add(Life)) {
			t.Errorf("%q opens to %+v", id, c)
		}
	})
}

func BenchmarkPicture(b *testing.B) {
	b.ReportAllocs()
	random := rand.New(rand.NewPCG(1, 2))
	for b.Loop() {
		if _, err := draw("25br2n", random); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSound(b *testing.B) {
	b.ReportAllocs()
	random := rand.New(rand.NewPCG(1, 2))
	for b.Loop() {
		if _, err := speak("252252", "en", random); err != nil {
			b.Fatal(err)
		}
	}
}
