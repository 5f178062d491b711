package support

import "testing"

// A time that is read is the same when it is written and read again.
func FuzzParseTime(f *testing.F) {
	for _, s := range []string{"2026-11-22T09:00:00Z", "2026-11-22T09:00:00.123+09:00", "2026-11-22", "20261122", "20261122T090000Z", "2026-11-22T09:00", "0001-01-01", "9999-12-31", "x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		read, err := parseTime(&s)
		if err != nil || s == "" {
			return
		}
		again, err := parseTime(wireTime(read))
		if err != nil || read.UnixMilli() != again.UnixMilli() {
			t.Errorf("%q: %s, again %s, %v", s, read, again, err)
		}
	})
}
