package sqldb

import "time"

// Micros is how a time is stored: microseconds since 1970 UTC, in a BIGINT. The
// zero time is stored as 0, "never"; finer digits are cut off.
func Micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// Time is the reverse of [Micros]; its result is in UTC.
func Time(micros int64) time.Time {
	if micros == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micros).UTC()
}

// AsTime scans a column written with [Micros] into t:
//
//	row.Scan(&u.Name, sqldb.AsTime(&u.CreatedAt))
func AsTime(t *time.Time) *TimeColumn { return (*TimeColumn)(t) }

// TimeColumn is the scan destination that AsTime makes.
type TimeColumn time.Time

// Scan implements sql.Scanner; NULL becomes the zero time.
func (c *TimeColumn) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*c = TimeColumn{}
	case int64:
		*c = TimeColumn(Time(v))
	default:
		return errNotMicros
	}
	return nil
}
