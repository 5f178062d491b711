package sigv4

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// TestCheckTime holds promise 2 and the words of reference/behaviours.md 2.4.
func TestCheckTime(t *testing.T) {
	t.Parallel()
	signed := time.Date(2021, 5, 2, 14, 40, 40, 0, time.UTC)
	tests := []struct {
		name    string
		now     time.Duration // after signing
		window  time.Duration
		message string // empty: accepted
	}{
		{"at once", 0, 15 * time.Minute, ""},
		{"14:59 late", 14*time.Minute + 59*time.Second, 15 * time.Minute, ""},
		{"15:00 late", 15 * time.Minute, 15 * time.Minute, ""},
		{"15:01 late", 15*time.Minute + time.Second, 15 * time.Minute,
			"Signature expired: 20210502T144040Z is now earlier than 20210502T144041Z (20210502T145541Z - 15 min.)"},
		{"a nanosecond late", 15*time.Minute + 1, 15 * time.Minute, "Signature expired: "},
		{"14:59 early", -14*time.Minute - 59*time.Second, 15 * time.Minute, ""},
		{"15:00 early", -15 * time.Minute, 15 * time.Minute, ""},
		{"15:01 early", -15*time.Minute - time.Second, 15 * time.Minute,
			"Signature not yet current: 20210502T144040Z is still later than 20210502T144039Z (20210502T142539Z + 15 min.)"},
		{"JSON services", 5*time.Minute + time.Second, 5 * time.Minute,
			"Signature expired: 20210502T144040Z is now earlier than 20210502T144041Z (20210502T144541Z - 5 min.)"},
		{"not whole minutes", 91 * time.Second, 90 * time.Second,
			"Signature expired: 20210502T144040Z is now earlier than 20210502T144041Z (20210502T144211Z - 90 sec.)"},
		{"years late", 10 * 365 * 24 * time.Hour, 15 * time.Minute, "Signature expired: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, form := range []*Request{
				headerRequest(func(r *Request) { r.Header["X-Amz-Date"] = []string{"20210502T144040Z"} }),
				withQuery("20260102T030405Z", "20210502T144040Z"), // Expires=60 changes nothing
			} {
				s, err := Parse(form)
				if err != nil {
					t.Fatal(err)
				}
				// Another zone must make no difference to the test or to the words.
				now := signed.Add(tt.now).In(time.FixedZone("JST", 9*3600))
				err = s.CheckTime(now, tt.window)
				if tt.message == "" {
					if err != nil {
						t.Error(err)
					}
					continue
				}
				wantError(t, err, SignatureDoesNotMatch, tt.message)
			}
		})
	}
}

func TestCheckExpires(t *testing.T) {
	t.Parallel()
	signed := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	s, err := Parse(queryRequest(nil))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.CheckExpires(signed.Add(time.Minute)); err != nil {
		t.Error(err)
	}
	wantError(t, s.CheckExpires(signed.Add(time.Minute+time.Second)), SignatureDoesNotMatch,
		"Signature expired: 20260102T030405Z is now earlier than 20260102T030406Z (20260102T030506Z - 1 min.)")

	for _, r := range []*Request{headerRequest(nil), withQuery("&X-Amz-Expires=60", "")} {
		s, err := Parse(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.CheckExpires(signed.Add(time.Hour)); err != nil {
			t.Errorf("without X-Amz-Expires: %v", err)
		}
	}
}

// TestCheckScope holds the words of reference/behaviours.md 2.3 and 2.5.
func TestCheckScope(t *testing.T) {
	t.Parallel()
	const (
		region  = "Credential should be scoped to a valid region. "
		service = "Credential should be scoped to correct service: 'sts'. "
		term    = "Credential should be scoped with a valid terminator: 'aws4_request'. "
	)
	tests := []struct {
		scope   string
		message string // whole; empty: accepted
	}{
		{"20260102/us-east-1/sts/aws4_request", ""},
		{"20260102/eu-west-1/sts/aws4_request", ""},
		{"20260102/us-gov-west-1/sts/aws4_request", ""},
		{"20260102/local/iam/aws4_request", ""}, // the second service
		{"20260102//sts/aws4_request", region},
		{"20260102/US-EAST-1/sts/aws4_request", region},
		{"20260102/us_east_1/sts/aws4_request", region},
		{"20260102/us-east-/sts/aws4_request", region},
		{"20260102/1us/sts/aws4_request", region},
		{"20260102/" + strings.Repeat("a", 64) + "/sts/aws4_request", region},
		{"20260102/us-east-1/STS/aws4_request", service},
		{"20260102/us-east-1//aws4_request", service},
		{"20260102/US/s3/aws4_request", region + service},
		{"20260102/us-east-1/sts/aws5_request", term},
		{"20260102/us-east-1/sts/AWS4_request", term},
		{"20260103/us-east-1/sts/aws4_request", "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: " +
			"'20260103' != '20260102', from '20260102T030405Z'."},
		{"x/US/s3/x", region + service + term + "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: " +
			"'x' != '20260102', from '20260102T030405Z'."},
	}
	for _, tt := range tests {
		s, err := Parse(replaceAuthorization("20260102/us-east-1/sts/aws4_request", tt.scope))
		if err != nil {
			t.Errorf("%s: %v", tt.scope, err)
			continue
		}
		err = s.CheckScope("sts", "iam")
		switch e, _ := errors.AsType[*Error](err); {
		case tt.message == "" && err == nil:
		case e == nil || e.Code != SignatureDoesNotMatch || e.Message != tt.message:
			t.Errorf("%s:\ngot  %v\nwant %q", tt.scope, err, tt.message)
		}
	}
}
