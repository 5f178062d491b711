package sigv4

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// CheckTime refuses a signature made more than window before or after now; the
// bound itself is accepted. AWS uses 15 minutes for IAM and STS and 5 for the
// JSON services of the Identity Center family (reference/behaviours.md 2.4).
//
// X-Amz-Expires plays no part. STS ignores it: programs that prove their
// identity with a presigned GetCallerIdentity (EKS tokens among them) write 60
// seconds there and use the URL for close to 15 minutes. A service that wants
// it kept calls CheckExpires as well.
func (s *Signature) CheckTime(now time.Time, window time.Duration) error {
	now = now.UTC()
	if s.Time.Before(now.Add(-window)) {
		return expired(s.Time, now, window)
	}
	if s.Time.After(now.Add(window)) {
		return mismatch(fmt.Sprintf("Signature not yet current: %s is still later than %s (%s + %s)",
			s.Time.Format(isoBasic), now.Add(window).Format(isoBasic), now.Format(isoBasic), length(window)))
	}
	return nil
}

// CheckExpires refuses a presigned request whose X-Amz-Expires has passed. A
// request without one never expires by this rule; CheckTime bounds it.
func (s *Signature) CheckExpires(now time.Time) error {
	now = now.UTC()
	if s.HasExpires && s.Time.Before(now.Add(-s.Expires)) {
		return expired(s.Time, now, s.Expires)
	}
	return nil
}

func expired(signed, now time.Time, d time.Duration) error {
	return mismatch(fmt.Sprintf("Signature expired: %s is now earlier than %s (%s - %s)",
		signed.Format(isoBasic), now.Add(-d).Format(isoBasic), now.Format(isoBasic), length(d)))
}

func length(d time.Duration) string {
	if d%time.Minute == 0 {
		return fmt.Sprintf("%d min.", d/time.Minute)
	}
	return fmt.Sprintf("%d sec.", d/time.Second)
}

// CheckScope refuses a credential scope that is not for one of the services, or
// whose region, terminator or date is not well formed. All faults are told at
// once, region first, as STS does. Any well-formed region passes: clients with
// an overridden endpoint sign with the region they are configured for, for
// global services too.
func (s *Signature) CheckScope(service string, others ...string) error {
	var faults strings.Builder
	if !isRegion(s.Region) {
		faults.WriteString("Credential should be scoped to a valid region. ")
	}
	if s.Service != service && !slices.Contains(others, s.Service) {
		faults.WriteString("Credential should be scoped to correct service: '" + service + "'. ")
	}
	if s.terminator != terminator {
		faults.WriteString("Credential should be scoped with a valid terminator: '" + terminator + "'. ")
	}
	if day := s.timestamp[:len("20060102")]; s.Date != day {
		faults.WriteString("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '" +
			clip(s.Date) + "' != '" + day + "', from '" + s.timestamp + "'.")
	}
	if faults.Len() > 0 {
		return mismatch(faults.String())
	}
	return nil
}

// isRegion tells whether s has the shape of a region name: lower-case letters,
// digits and inner hyphens, beginning with a letter, at most 63 (a DNS label).
func isRegion(s string) bool {
	if s == "" || len(s) > 63 || !isLower(s[0]) || s[len(s)-1] == '-' {
		return false
	}
	for i := 0; i < len(s); i++ {
		if !isLower(s[i]) && !isDigit(s[i]) && s[i] != '-' {
			return false
		}
	}
	return true
}
