package policy

import (
	"cmp"
	"strconv"
	"strings"
)

// instant is a point in time: seconds since 1970 and nanoseconds. time.Time would do,
// but policies may speak of years that it cannot.
type instant struct {
	seconds int64
	nanos   int32
}

func (a instant) compare(b instant) int {
	return cmp.Or(cmp.Compare(a.seconds, b.seconds), cmp.Compare(a.nanos, b.nanos))
}

// parseDate reads what IAM takes for a date: seconds since 1970, with or without a
// fraction, or, if there is a hyphen or a T, ISO 8601 with any number of its parts
// (year, month, day, T, hour, minute, second, fraction, zone). What is missing
// is the start of the year, month or day; the zone, UTC.
func parseDate(s string) (instant, bool) {
	if len(s) > 64 {
		return instant{}, false
	}
	if !strings.ContainsAny(s, "-Tt") {
		whole, fraction, has := strings.Cut(s, ".")
		n, ok := decimal(whole, 1, 19, 0, 1<<63-1)
		nanos, fine := parseFraction(fraction, has)
		return instant{n, nanos}, ok && fine
	}
	day, clock, timed := cutEither(s, "Tt")
	year, ok := parseDay(day)
	if !ok || !timed || clock == "" {
		return instant{year, 0}, ok && (!timed || clock == "")
	}
	seconds, nanos, ok := parseClock(clock)
	return instant{year + seconds, nanos}, ok
}

func cutEither(s, either string) (before, after string, found bool) {
	if i := strings.IndexAny(s, either); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}

// parseDay is the start of a day, month or year in seconds.
func parseDay(s string) (int64, bool) {
	sign := int64(1)
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		s, sign = rest, -1
	}
	ys, rest, hasMonth := strings.Cut(s, "-")
	ms, ds, hasDay := strings.Cut(rest, "-")
	y, ok := decimal(ys, 1, 9, 0, 292278993)
	m, d := int64(1), int64(1)
	if ok && hasMonth {
		m, ok = decimal(ms, 1, 2, 1, 12)
	}
	if ok && hasDay {
		d, ok = decimal(ds, 1, 2, 1, daysIn(sign*y, m))
	}
	return days(sign*y, m, d) * 86400, ok
}

func daysIn(y, m int64) int64 {
	switch m {
	case 2:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// days counts the days from 1970-01-01 in the proleptic Gregorian calendar. The
// year begins with March, so that the leap day is its last.
func days(y, m, d int64) int64 {
	if m <= 2 {
		y--
		m += 12
	}
	era := y / 400
	if y < 0 {
		era = (y - 399) / 400
	}
	of := y - era*400
	return era*146097 + of*365 + of/4 - of/100 + (153*(m-3)+2)/5 + d - 1 - 719468
}

// parseClock reads a time of day with its zone: the seconds that are left after the
// zone is taken off.
func parseClock(s string) (seconds int64, nanos int32, ok bool) {
	clock, offset, ok := cutZone(s)
	if !ok {
		return 0, 0, false
	}
	clock, fraction, has := strings.Cut(clock, ".")
	hs, rest, hasMinute := strings.Cut(clock, ":")
	ms, ss, hasSecond := strings.Cut(rest, ":")
	h, ok := decimal(hs, 1, 2, 0, 23)
	var m, sec int64
	if ok && hasMinute {
		m, ok = decimal(ms, 1, 2, 0, 59)
	}
	if ok && hasSecond {
		sec, ok = decimal(ss, 1, 2, 0, 59)
	}
	nanos, fine := parseFraction(fraction, has)
	return h*3600 + m*60 + sec - offset, nanos, ok && fine && (hasSecond || !has)
}

// cutZone takes Z or ±hh[[:]mm] off the end.
func cutZone(s string) (clock string, offset int64, ok bool) {
	if n := len(s); s[n-1] == 'Z' || s[n-1] == 'z' {
		return s[:n-1], 0, true
	}
	i := strings.IndexAny(s, "+-")
	if i < 0 {
		return s, 0, true
	}
	zone := s[i+1:]
	if len(zone) == 4 {
		zone = zone[:2] + ":" + zone[2:]
	}
	hs, ms, has := strings.Cut(zone, ":")
	h, ok := decimal(hs, 2, 2, 0, 23)
	var m int64
	if ok && has {
		m, ok = decimal(ms, 2, 2, 0, 59)
	}
	offset = h*3600 + m*60
	if s[i] == '-' {
		offset = -offset
	}
	return s[:i], offset, ok
}

// decimal reads between least and most digits.
func decimal(s string, least, most int, low, high int64) (int64, bool) {
	if len(s) < least || len(s) > most || digits(s) != len(s) {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && n >= low && n <= high
}

// parseFraction reads the digits behind a point as nanoseconds.
func parseFraction(s string, has bool) (int32, bool) {
	if !has {
		return 0, true
	}
	n, ok := decimal(s, 1, 9, 0, 999999999)
	for i := len(s); i < 9; i++ {
		n *= 10
	}
	return int32(n), ok
}
