package sts_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssts "github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/go-jose/go-jose/v4"

	"sekisho/internal/call"
	"sekisho/internal/iam"
	"sekisho/internal/services/sts"
	"sekisho/internal/store"
)

func (w *world) webToken(p call.Principal, change ...func(*awssts.GetWebIdentityTokenInput)) (*awssts.GetWebIdentityTokenOutput, error) {
	w.Helper()
	in := &awssts.GetWebIdentityTokenInput{Audience: []string{"https://api.example.com"}, SigningAlgorithm: aws.String("ES384")}
	for _, f := range change {
		f(in)
	}
	return do(w, p, "GetWebIdentityToken", w.service.GetWebIdentityToken, in)
}

// federate enables outbound federation for the first account.
func (w *world) federate() (issuer string) {
	w.Helper()
	w.update(func(tx store.Tx) (err error) {
		issuer, err = iam.EnableOutboundFederation(tx, management)
		return err
	})
	return "https://issuer.example.com/" + management + "/" + issuer
}

// claims verifies the token with what the account publishes and returns what it
// says.
func (w *world) claims(jwt string) (header jose.Header, claims map[string]any) {
	w.Helper()
	published, err := w.service.Live.Issuer(w.Context(), management)
	if err != nil {
		w.Fatal(err)
	}
	jws, err := jose.ParseSignedCompact(jwt, []jose.SignatureAlgorithm{jose.RS256, jose.ES384})
	if err != nil {
		w.Fatal(err)
	}
	header = jws.Signatures[0].Header
	key := published.Keys[header.Algorithm]
	payload, err := jws.Verify(key.Signer.Public())
	if err != nil || key.ID != header.KeyID {
		w.Fatalf("key %s of %s: %v", header.KeyID, key.ID, err)
	}
	if err := json.Unmarshal(payload, &claims); err != nil {
		w.Fatal(err)
	}
	return header, claims
}

// What a web identity token says of its caller (behaviours.md 4.8).
func TestGetWebIdentityToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane := w.user(management, "jane", allow("sts:*"), iam.Tag{Key: "team", Value: "a"})
	r := w.role(management, "R", trust(jane.ARN()), allow("sts:*"), func(r *iam.Role) {
		r.Path, r.Tags = "/app/", []iam.Tag{{Key: "Team", Value: "role"}, {Key: "unit", Value: "u"}}
	})
	issuer := w.federate()
	out, err := w.webToken(long(jane), func(in *awssts.GetWebIdentityTokenInput) {
		in.Tags, in.DurationSeconds = tags("job", "7"), aws.Int32(60)
	})
	if err != nil {
		t.Fatal(err)
	}
	header, got := w.claims(*out.WebIdentityToken)
	if header.Algorithm != "ES384" || !out.Expiration.Equal(start.Add(time.Minute)) {
		t.Errorf("%+v, %v", header, out.Expiration)
	}
	id, _ := got["jti"].(string)
	delete(got, "jti")
	now := float64(start.Unix())
	want := map[string]any{
		"iss": issuer, "sub": jane.ARN(), "aud": "https://api.example.com", "iat": now, "nbf": now, "exp": now + 60,
		"https://sts.amazonaws.com/": map[string]any{
			"aws_account": management, "source_region": "us-east-1", "principal_id": jane.ARN(), "org_id": "o-exampleorg1",
			"principal_tags": map[string]any{"team": "a"}, "request_tags": map[string]any{"job": "7"},
		},
	}
	if !reflect.DeepEqual(got, want) || len(id) != 36 {
		t.Errorf("%v\nwant %v", got, want)
	}

	p := w.by(must(w.assume(long(jane), r.ARN(), tagged(nil, "team", "session"), func(in *awssts.AssumeRoleInput) { in.SourceIdentity = aws.String("jane.doe") })).Credentials)
	out = must(w.webToken(p, func(in *awssts.GetWebIdentityTokenInput) {
		in.SigningAlgorithm, in.Audience = aws.String("RS256"), []string{"one", "two"}
	}))
	header, got = w.claims(*out.WebIdentityToken)
	own, _ := got["https://sts.amazonaws.com/"].(map[string]any)
	if header.Algorithm != "RS256" || got["sub"] != r.ARN() || !reflect.DeepEqual(got["aud"], []any{"one", "two"}) || got["exp"] != now+300 ||
		own["principal_id"] != r.ARN() || own["source_identity"] != "jane.doe" || own["original_session_exp"] != "2026-11-22T10:00:00Z" ||
		!reflect.DeepEqual(own["principal_tags"], map[string]any{"team": "session", "unit": "u"}) || own["request_tags"] != nil {
		t.Errorf("%+v %v", header, got)
	}
}

// What of web identity tokens is refused.
func TestGetWebIdentityTokenRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane := w.user(management, "jane", allow("sts:*"))
	plain := w.user(management, "plain", allow("sts:GetWebIdentityToken"))
	bound := w.user(management, "bound", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:GetWebIdentityToken","Resource":"*","Condition":{`+
		`"ForAllValues:StringEquals":{"sts:IdentityTokenAudience":["https://api.example.com"]},"NumericLessThanEquals":{"sts:DurationSeconds":"300"},"StringEquals":{"sts:SigningAlgorithm":"ES384"}}}]}`)
	none := w.user(management, "none", "")
	_, err := w.webToken(long(jane))
	w.expect("disabled", err, "OutboundWebIdentityFederationDisabledException", "The outbound web identity federation feature is not enabled for this account.")
	w.federate()
	r := w.role(management, "R", trust(jane.ARN()), allow("sts:*"))
	session := w.by(must(w.assume(long(jane), r.ARN(), func(in *awssts.AssumeRoleInput) { in.DurationSeconds = aws.Int32(900) })).Credentials)
	own := w.by(must(do(w, long(jane), "GetSessionToken", w.service.GetSessionToken, &awssts.GetSessionTokenInput{})).Credentials)
	lasting := func(n int32) func(*awssts.GetWebIdentityTokenInput) {
		return func(in *awssts.GetWebIdentityTokenInput) { in.DurationSeconds = &n }
	}
	by := func(algorithm string) func(*awssts.GetWebIdentityTokenInput) {
		return func(in *awssts.GetWebIdentityTokenInput) { in.SigningAlgorithm = &algorithm }
	}
	tagged := func(list []types.Tag) func(*awssts.GetWebIdentityTokenInput) {
		return func(in *awssts.GetWebIdentityTokenInput) { in.Tags = list }
	}
	var wide []types.Tag
	for i := range 50 {
		wide = append(wide, tags(fmt.Sprint("key", i), strings.Repeat("x", 256))...)
	}
	refusal := func(u iam.User, action string) string {
		return denied(long(u), action, "*") + " because no identity-based policy allows the " + action + " action"
	}
	for _, c := range []struct {
		name          string
		p             call.Principal
		change        func(*awssts.GetWebIdentityTokenInput)
		code, message string
	}{
		{"good", long(jane), lasting(3600), "", ""},
		{"root", rootUser(), lasting(60), "", ""},
		{"within the session", session, lasting(900), "", ""},
		{"beyond the session", session, lasting(901), "SessionDurationEscalationException", "The requested token duration would extend the session beyond its original expiration time."},
		{"a user's session", own, lasting(60), "AccessDenied", "Cannot call GetWebIdentityToken with session credentials"},
		{"HS256", long(jane), by("HS256"), "ValidationError", "SigningAlgorithm must be RS256 or ES384"},
		{"too much", long(jane), tagged(wide), "JWTPayloadSizeExceededException", "The requested token payload size exceeds the maximum allowed size. Reduce the number of request tags."},
		{"duplicate tags", long(jane), tagged(tags("a", "1", "A", "2")), "InvalidParameterValue", "Duplicate tag keys found. Please note that Tag keys are case insensitive."},
		{"no permission", long(none), lasting(60), "AccessDenied", refusal(none, "sts:GetWebIdentityToken")},
		{"no permission for tags", long(plain), tagged(tags("a", "1")), "AccessDenied", refusal(plain, "sts:TagGetWebIdentityToken")},
		{"no tags", long(plain), lasting(60), "", ""},
		{"as bound", long(bound), lasting(300), "", ""},
		{"bound: duration", long(bound), lasting(301), "AccessDenied", refusal(bound, "sts:GetWebIdentityToken")},
		{"bound: algorithm", long(bound), by("RS256"), "AccessDenied", refusal(bound, "sts:GetWebIdentityToken")},
		{"bound: audience", long(bound), func(in *awssts.GetWebIdentityTokenInput) { in.Audience = append(in.Audience, "other") }, "AccessDenied", refusal(bound, "sts:GetWebIdentityToken")},
		{"bound: default duration", long(bound), func(*awssts.GetWebIdentityTokenInput) {}, "", ""},
	} {
		_, err := w.webToken(c.p, c.change)
		w.expect(c.name, err, c.code, c.message)
	}
	w.update(func(tx store.Tx) error { return iam.DisableOutboundFederation(tx, management) })
	_, err = w.webToken(long(jane))
	if code, _ := told(err); code != "OutboundWebIdentityFederationDisabledException" {
		t.Errorf("disabled again: %v", err)
	}
}

// However many ask at once, an account has one key for an algorithm, also when
// two nodes make one at the same time.
func TestOneSigningKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane := w.user(management, "jane", allow("sts:*"))
	w.federate()
	second := &sts.Service{Store: w.db, Live: w.service.Live, Sessions: w.service.Sessions, Authz: w.authz, Issuer: w.service.Issuer}
	var mu sync.Mutex
	var ids []string
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			s := []*sts.Service{w.service, second}[i%2]
			out, err := s.GetWebIdentityToken(t.Context(), w.call(long(jane)), &awssts.GetWebIdentityTokenInput{Audience: []string{"a"}, SigningAlgorithm: aws.String("ES384")})
			if err != nil {
				t.Error(err)
				return
			}
			jws, err := jose.ParseSignedCompact(*out.WebIdentityToken, []jose.SignatureAlgorithm{jose.ES384})
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			ids = append(ids, jws.Signatures[0].Header.KeyID)
		})
	}
	wg.Wait()
	if slices.Sort(ids); len(ids) != 8 || len(slices.Compact(ids)) != 1 {
		t.Errorf("keys %q", ids)
	}
}
