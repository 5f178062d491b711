package ssooidc

import (
	"context"
	"encoding/base64"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssooidc"

	"sekisho/internal/access"
	"sekisho/internal/audit"
	"sekisho/internal/store"
	"sekisho/internal/token"
)

// Each way to ask wrongly has its code, status and OAuth error (behaviours.md 7.5).
func TestRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine, other, pkce := w.session(), w.session(), w.pkce()
	many := make([]string, 11)
	for i := range many {
		many[i] = token.ScopeAccountAccess
	}
	register := func(in ssooidc.RegisterClientInput) func() error {
		return func() error { _, err := w.register(&in); return err }
	}
	started := func(c client, url string) func() error {
		return func() error { _, err := w.start(c, url); return err }
	}
	create := func(c client, grant string, change func(*ssooidc.CreateTokenInput)) func() error {
		return func() error {
			in := &ssooidc.CreateTokenInput{ClientId: c.id, ClientSecret: c.secret, GrantType: &grant}
			if change != nil {
				change(in)
			}
			_, err := w.create(in)
			return err
		}
	}
	byCode := func(change func(*ssooidc.CreateTokenInput)) func() error {
		return func() error {
			in := codeInput(pkce, w.code(pkce))
			change(in)
			_, err := w.create(in)
			return err
		}
	}
	flip := func(s string) *string {
		raw, err := base64.RawURLEncoding.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		raw[rand.IntN(len(raw))] ^= 1
		return aws.String(base64.RawURLEncoding.EncodeToString(raw))
	}
	long := strings.Repeat("x", 5000)

	for _, c := range []struct {
		name string
		do   func() error
		want told
	}{
		{"register: confidential", register(ssooidc.RegisterClientInput{ClientType: aws.String("confidential")}), invalidClientMetadata},
		{"register: no name", register(ssooidc.RegisterClientInput{ClientName: aws.String("")}), invalidClientMetadata},
		{"register: long name", register(ssooidc.RegisterClientInput{ClientName: aws.String(strings.Repeat("x", 257))}), invalidClientMetadata},
		{"register: control character", register(ssooidc.RegisterClientInput{ClientName: aws.String("aws\x00cli")}), invalidClientMetadata},
		{"register: line break", register(ssooidc.RegisterClientInput{ClientName: aws.String("aws\ncli")}), invalidClientMetadata},
		{"register: many scopes", register(ssooidc.RegisterClientInput{Scopes: many}), invalidClientMetadata},
		{"register: scope", register(ssooidc.RegisterClientInput{Scopes: []string{"sso:everything"}}), invalidScope},
		{"register: grant type", register(ssooidc.RegisterClientInput{GrantTypes: []string{"password"}}), unsupportedGrantType},
		{"register: redirect to http", register(ssooidc.RegisterClientInput{RedirectUris: []string{"http://example.com/cb"}}), invalidRedirectURI},
		{"register: redirect with fragment", register(ssooidc.RegisterClientInput{RedirectUris: []string{callback + "#x"}}), invalidRedirectURI},
		{"register: foreign issuer", register(ssooidc.RegisterClientInput{IssuerUrl: aws.String("https://evil.awsapps.com/start")}), invalidRequest},
		{"register: application", register(ssooidc.RegisterClientInput{EntitledApplicationArn: aws.String("arn:aws:sso::1:application/x/y")}), invalidRequest},
		{"register: fine", register(ssooidc.RegisterClientInput{ClientName: aws.String("クライアント")}), ok},

		{"start: no client", started(client{aws.String(""), aws.String("")}, startURL), invalidClient},
		{"start: unknown client", started(client{aws.String("x"), mine.secret}, startURL), invalidClient},
		{"start: long client", started(client{aws.String(strings.Repeat("x", 9000)), mine.secret}, startURL), invalidClient},
		{"start: tampered client", started(client{flip(*mine.id), mine.secret}, startURL), invalidClient},
		{"start: tampered secret", started(client{mine.id, flip(*mine.secret)}, startURL), invalidClient},
		{"start: another's secret", started(client{mine.id, other.secret}, startURL), invalidClient},
		{"start: id for secret", started(client{mine.id, mine.id}, startURL), invalidClient},
		{"start: foreign start URL", started(mine, "https://evil.awsapps.com/start"), invalidRequest},
		{"start: no start URL", started(mine, ""), invalidRequest},

		{"create: unknown client", create(client{aws.String("x"), mine.secret}, token.GrantDeviceCode, nil), invalidClient},
		{"create: tampered secret", create(client{mine.id, flip(*mine.secret)}, token.GrantDeviceCode, nil), invalidClient},
		{"create: no grant type", create(mine, "", nil), unsupportedGrantType},
		{"create: grant type", create(mine, "password", nil), unsupportedGrantType},
		{"create: scope", create(mine, token.GrantDeviceCode, func(in *ssooidc.CreateTokenInput) { in.Scope = []string{"x"} }), invalidScope},
		{"device: no code", create(mine, token.GrantDeviceCode, nil), invalidRequest},
		{"device: empty code", create(mine, token.GrantDeviceCode, func(in *ssooidc.CreateTokenInput) { in.DeviceCode = aws.String("") }), invalidRequest},
		{"device: long code", create(mine, token.GrantDeviceCode, func(in *ssooidc.CreateTokenInput) { in.DeviceCode = &long }), invalidRequest},
		{"device: unknown code", create(mine, token.GrantDeviceCode, func(in *ssooidc.CreateTokenInput) { in.DeviceCode = aws.String("x") }), invalidGrant},
		{"device: another client's", func() error {
			d := w.device(mine)
			w.decide(d, true)
			_, err := w.poll(other, d)
			return err
		}, invalidGrant},
		{"device: pending", func() error { _, err := w.poll(mine, w.device(mine)); return err }, authorizationPending},
		{"device: denied", func() error {
			d := w.device(mine)
			w.decide(d, false)
			_, err := w.poll(mine, d)
			return err
		}, accessDenied},
		{"device: used", func() error {
			d := w.device(mine)
			w.decide(d, true)
			if _, err := w.poll(mine, d); err != nil {
				return err
			}
			_, err := w.poll(mine, d)
			return err
		}, invalidGrant},

		{"code: none", create(pkce, token.GrantAuthorizationCode, nil), invalidRequest},
		{"code: no redirect URI", byCode(func(in *ssooidc.CreateTokenInput) { in.RedirectUri = nil }), invalidRequest},
		{"code: no verifier", byCode(func(in *ssooidc.CreateTokenInput) { in.CodeVerifier = nil }), invalidRequest},
		{"code: unknown", byCode(func(in *ssooidc.CreateTokenInput) { in.Code = aws.String("x") }), invalidGrant},
		{"code: other redirect URI", byCode(func(in *ssooidc.CreateTokenInput) { in.RedirectUri = aws.String(callback) }), invalidGrant},
		{"code: wrong verifier", byCode(func(in *ssooidc.CreateTokenInput) { in.CodeVerifier = aws.String(verifier[1:] + "a") }), invalidGrant},
		{"code: short verifier", byCode(func(in *ssooidc.CreateTokenInput) { in.CodeVerifier = aws.String("x") }), invalidGrant},
		{"code: another client's", byCode(func(in *ssooidc.CreateTokenInput) { in.ClientId, in.ClientSecret = mine.id, mine.secret }), invalidGrant},
		{"code: fine", byCode(func(*ssooidc.CreateTokenInput) {}), ok},

		{"refresh: none", create(mine, token.GrantRefreshToken, nil), invalidRequest},
		{"refresh: long", create(mine, token.GrantRefreshToken, func(in *ssooidc.CreateTokenInput) { in.RefreshToken = &long }), invalidRequest},
		{"refresh: unknown", create(mine, token.GrantRefreshToken, func(in *ssooidc.CreateTokenInput) { in.RefreshToken = aws.String("x") }), invalidGrant},
		{"refresh: access token", func() error { _, err := w.refresh(mine, *w.tokens(mine).AccessToken); return err }, invalidGrant},
		{"refresh: another client's", func() error { _, err := w.refresh(other, *w.tokens(mine).RefreshToken); return err }, invalidGrant},
		{"refresh: fine", func() error { _, err := w.refresh(mine, *w.tokens(mine).RefreshToken); return err }, ok},
	} {
		w.expect(c.name, c.do(), c.want)
	}

	// What was approved in a session that has ended meanwhile is not given.
	d, code, refresh := w.device(mine), w.code(pkce), w.tokens(mine).RefreshToken
	w.decide(d, true)
	w.signOut()
	_, err := w.poll(mine, d)
	w.expect("device: signed out", err, accessDenied)
	_, err = w.create(codeInput(pkce, code))
	w.expect("code: signed out", err, invalidGrant)
	_, err = w.refresh(mine, *refresh)
	w.expect("refresh: signed out", err, invalidGrant)
}

// Codes end to the second; the client of an expired device code is told so for
// as long as it may still be polling, or it would never stop (api-surface.md 5.4).
func TestCodesExpire(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine, pkce := w.session(), w.pkce()
	d, late, code := w.device(mine), w.device(mine), w.code(pkce)
	w.decide(d, true)
	w.clock.Set(start.Add(token.CodeLife))
	_, err := w.create(codeInput(pkce, code))
	w.expect("code", err, invalidGrant)
	w.clock.Set(start.Add(token.DeviceCodeLife - time.Second))
	_, err = w.poll(mine, late)
	w.expect("device, a second before", err, authorizationPending)
	w.clock.Set(start.Add(token.DeviceCodeLife))
	for _, later := range []time.Duration{0, time.Minute, 30 * time.Minute} {
		w.clock.Set(start.Add(token.DeviceCodeLife + later))
		w.update(func(tx store.Tx) error { _, err := tx.Expire(w.clock.Now(), 1000); return err })
		_, err = w.poll(mine, d)
		w.expect("approved, too late", err, expiredToken)
		_, err = w.poll(mine, late)
		w.expect("never approved", err, expiredToken)
	}
}

// A registration is good for 90 days, to the second, without anything stored.
func TestRegistration(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	out, err := w.service.RegisterClient(t.Context(), w.call(), &ssooidc.RegisterClientInput{ClientName: aws.String("x"), ClientType: aws.String("public")})
	if err != nil {
		t.Fatal(err)
	}
	end := start.Add(90 * 24 * time.Hour)
	if out.ClientIdIssuedAt != start.Unix() || out.ClientSecretExpiresAt != end.Unix() {
		t.Errorf("issued %d, expires %d", out.ClientIdIssuedAt, out.ClientSecretExpiresAt)
	}
	c := client{out.ClientId, out.ClientSecret}
	w.clock.Set(end.Add(-time.Second))
	_, err = w.start(c, startURL)
	w.expect("a second before", err, ok)
	w.clock.Set(end)
	_, err = w.start(c, startURL)
	w.expect("at the end", err, invalidClient)
	_, err = w.refresh(c, "x")
	w.expect("refresh at the end", err, invalidClient)
}

// What the device gets is what the CLI needs (api-surface.md 5.4).
func TestStartDeviceAuthorization(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.device(w.session())
	if d.ExpiresIn != 600 || d.Interval != 1 || *d.VerificationUri != "http://device.sso.localhost:8420/" ||
		*d.VerificationUriComplete != "http://device.sso.localhost:8420/?user_code="+*d.UserCode || token.NormalizeUserCode(*d.UserCode) != *d.UserCode {
		t.Errorf("%+v", d)
	}
	// Another instance's people are led to their own sign-in.
	w.update(func(tx store.Tx) error {
		return tx.PutInstance(access.Instance{ID: "ssoins-fedcba9876543210", DirectoryID: "d-fedcba9876", Subdomain: "second", Region: "us-east-1", Owner: "444455556666", CreatedAt: start.Add(time.Hour)})
	})
	d, err := w.start(w.session(), w.service.Map.StartURL("second"))
	if err != nil || *d.VerificationUri != "http://device.sso.localhost:8420/?portal=second" || *d.VerificationUriComplete != *d.VerificationUri+"&user_code="+*d.UserCode {
		t.Errorf("another instance: %+v, %v", d, err)
	}
}

// Every spelling of the start URL means this instance (api-surface.md 5.2), and
// no other does.
func TestStartURLs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine := w.session()
	var good []string
	for _, url := range []string{
		"https://example.awsapps.com/start", "https://d-1234567890.awsapps.com/start", "http://example.awsapps.localhost:8420/start",
		"http://d-1234567890.awsapps.localhost:8420/start", "https://EXAMPLE.awsapps.com/start",
		"https://" + w.instance + ".us-east-1.portal.amazonaws.com", "https://" + w.instance + ".portal.us-east-1.app.aws",
		"https://identitycenter.amazonaws.com/" + w.instance, "https://example.awsapps.com",
	} {
		good = append(good, url, url+"/", url+"#", url+"#/", url+"/#", url+"/#/")
	}
	for _, url := range good {
		_, err := w.start(mine, url)
		w.expect(url, err, ok)
		_, err = w.register(&ssooidc.RegisterClientInput{IssuerUrl: aws.String(url)})
		w.expect("issuer "+url, err, ok)
		w.clock.Advance(time.Second) // starts are limited
	}
	for _, url := range []string{
		"", "/", "x", "https://", "https://awsapps.com/start", "https://other.awsapps.com/start", "https://d-0987654321.awsapps.com/start",
		"https://example.awsapps.com.evil.test/start", "https://example.evil.test/start", "https://x.example.awsapps.com/start",
		"https://example.awsapps.com/end", "https://ssoins-0000000000000000.us-east-1.portal.amazonaws.com", "https://identitycenter.amazonaws.com/",
		"https://.awsapps.com/start", "https://example.awsapps.com/start" + strings.Repeat("/", 600), "https://example.awsapps.com:x/start", "\x00",
	} {
		_, err := w.start(mine, url)
		w.expect(url, err, invalidRequest)
	}
}

// The throttle of polls (RFC 8628 3.5): three are free, then one for each
// second. A client that keeps to the interval never meets it, and neither does
// the CLI, which polls twice at once before it begins to wait.
func TestSlowDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine := w.session()
	poll := func(d *ssooidc.StartDeviceAuthorizationOutput, after time.Duration, want told) {
		t.Helper()
		w.clock.Advance(after)
		_, err := w.poll(mine, d)
		w.expect(after.String(), err, want)
	}
	d := w.device(mine)
	for range freePolls {
		poll(d, 0, authorizationPending)
	}
	poll(d, 0, slow)
	poll(d, 999*time.Millisecond, slow)
	poll(d, time.Millisecond, authorizationPending)
	poll(d, 0, slow)
	poll(w.device(mine), 0, authorizationPending) // another device has its own
	poll(d, 3*time.Second, authorizationPending)
	poll(d, 0, authorizationPending)
	poll(d, 0, authorizationPending)
	poll(d, 0, slow)
	poll(d, time.Hour, expiredToken)

	cli := w.device(mine)
	poll(cli, 0, authorizationPending)
	poll(cli, 0, authorizationPending)
	for range 120 {
		// The network makes some polls come early and some late.
		poll(cli, time.Second+time.Duration(rand.Int64N(int64(100*time.Millisecond))-int64(50*time.Millisecond)), authorizationPending)
	}
	w.decide(cli, true)
	poll(cli, time.Second, ok)

	// Starting is throttled for each client apart.
	for range startsPerSecond {
		_, err := w.start(mine, startURL)
		w.expect("start", err, ok)
	}
	_, err := w.start(mine, startURL)
	w.expect("one too many", err, slow)
	_, err = w.start(w.session(), startURL)
	w.expect("another client", err, ok)
	w.clock.Advance(time.Second)
	_, err = w.start(mine, startURL)
	w.expect("a second later", err, ok)
}

// A code works once (promise 6): of 50 that come at the same time to 50 servers
// on one database, one gets tokens.
func TestCodesWorkOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const parallel = 50
	race := func(name string, in *ssooidc.CreateTokenInput) {
		var (
			group     sync.WaitGroup
			successes atomic.Int64
			begin     = make(chan struct{})
			errs      = make([]error, parallel)
		)
		for i := range parallel {
			node, c := w.node(), w.call()
			group.Go(func() {
				<-begin
				out, err := node.CreateToken(context.Background(), c, in)
				errs[i] = err
				if err == nil && out.AccessToken != nil {
					successes.Add(1)
				}
			})
		}
		close(begin)
		group.Wait()
		if n := successes.Load(); n != 1 {
			t.Errorf("%s: %d successes", name, n)
		}
		for _, err := range errs {
			if err != nil {
				w.expect(name, err, invalidGrant)
			}
		}
	}
	mine, pkce := w.session(), w.pkce()
	d := w.device(mine)
	w.decide(d, true)
	race("device code", &ssooidc.CreateTokenInput{ClientId: mine.id, ClientSecret: mine.secret, GrantType: aws.String(token.GrantDeviceCode), DeviceCode: d.DeviceCode})
	race("authorization code", codeInput(pkce, w.code(pkce)))
}

// The reuse of an authorization code burns what it gave (promise 7), with all
// that came of it since; what another client or a wrong guess does burns nothing.
func TestCodeReuseBurnsTheGrant(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	pkce, thief := w.pkce(), w.pkce()
	bystander := w.tokens(w.session())
	code := w.code(pkce)

	wrong := codeInput(pkce, code)
	wrong.CodeVerifier = aws.String(verifier[1:] + "a")
	_, err := w.create(wrong)
	w.expect("wrong verifier first", err, invalidGrant)
	first, err := w.create(codeInput(pkce, code))
	w.expect("after a wrong guess", err, ok)
	_, err = w.create(codeInput(thief, code))
	w.expect("another client", err, invalidGrant)
	if !w.good(first.AccessToken) {
		t.Error("another client could spoil the grant")
	}
	second, err := w.refresh(pkce, *first.RefreshToken)
	w.expect("refresh", err, ok)

	w.clock.Advance(time.Minute)
	_, err = w.create(codeInput(pkce, code))
	w.expect("reuse", err, invalidGrant)
	for what, good := range map[string]bool{"first": w.good(first.AccessToken), "refreshed": w.good(second.AccessToken)} {
		if good {
			t.Errorf("the %s access token still stands", what)
		}
	}
	_, err = w.refresh(pkce, *second.RefreshToken)
	w.expect("refresh after reuse", err, invalidGrant)
	if !w.good(bystander.AccessToken) {
		t.Error("another grant of the same session was burnt")
	}
}

// Tokens never outlive the session (api-surface.md 5.6). A registration with
// scopes gets an hour at a time and a refresh token; one without gets one token
// for the whole session and none.
func TestTokenLives(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct {
		name    string
		client  client
		session time.Duration
		want    time.Duration
		refresh bool
	}{
		{"session", w.session(), 8 * time.Hour, time.Hour, true},
		{"legacy", w.legacy(), 8 * time.Hour, 8 * time.Hour, false},
		{"short session", w.session(), 20 * time.Minute, 20 * time.Minute, true},
		{"legacy, short session", w.legacy(), 20 * time.Minute, 20 * time.Minute, false},
		{"legacy, long session", w.legacy(), 90 * 24 * time.Hour, 90 * 24 * time.Hour, false},
	} {
		w.signIn(c.session)
		began := w.clock.Now()
		out := w.tokens(c.client)
		if out.ExpiresIn != int32(c.want/time.Second) || (out.RefreshToken != nil) != c.refresh || aws.ToString(out.TokenType) != "Bearer" {
			t.Errorf("%s: expires in %d, refresh token %v", c.name, out.ExpiresIn, out.RefreshToken != nil)
		}
		w.clock.Set(began.Add(c.want - time.Second))
		if !w.good(out.AccessToken) {
			t.Errorf("%s: over before its time", c.name)
		}
		if c.refresh {
			again, err := w.refresh(c.client, *out.RefreshToken)
			w.expect(c.name, err, ok)
			left := c.session - c.want + time.Second
			if again.RefreshToken == nil || again.ExpiresIn != int32(min(left, time.Hour)/time.Second) {
				t.Errorf("%s: refreshed for %d", c.name, again.ExpiresIn)
			}
			w.clock.Set(began.Add(c.session))
			if w.good(again.AccessToken) {
				t.Errorf("%s: a token outlives the session", c.name)
			}
			_, err = w.refresh(c.client, *again.RefreshToken)
			w.expect(c.name+" after the session", err, invalidGrant)
		}
		w.clock.Set(began.Add(c.want))
		if w.good(out.AccessToken) {
			t.Errorf("%s: good past its time", c.name)
		}
		w.clock.Set(began.Add(c.session))
	}
}

// A replayed refresh token kills its family, and an honest retry within the
// grace does not (promise 8): random interleavings of several families against
// the rule in three lines.
func TestRefreshModel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine := w.session()
	type link struct {
		token  string
		usedAt time.Time
	}
	type family struct {
		chain  []*link
		access []*string
		dead   bool
	}
	for range 6 {
		w.signIn(8 * time.Hour)
		ends := w.portal.ExpiresAt
		families := make([]*family, 3)
		for i := range families {
			out := w.tokens(mine)
			families[i] = &family{chain: []*link{{token: *out.RefreshToken}}, access: []*string{out.AccessToken}}
		}
		var (
			lastFamily *family
			lastLink   *link
		)
		for range 40 {
			steps := []time.Duration{0, 0, time.Second, 30 * time.Second, token.RefreshGrace, token.RefreshGrace + time.Microsecond, 20 * time.Minute}
			w.clock.Advance(steps[rand.IntN(len(steps))])
			now := w.clock.Now()
			f := families[rand.IntN(len(families))]
			l := f.chain[len(f.chain)-1]
			switch rand.IntN(4) {
			case 0:
				l = f.chain[rand.IntN(len(f.chain))]
			case 1: // what was used just now, so that the edges of the grace are met
				if lastLink != nil {
					f, l = lastFamily, lastLink
				}
			}
			lastFamily, lastLink = f, l
			replayed := !l.usedAt.IsZero() && now.After(l.usedAt.Add(token.RefreshGrace))
			refused := f.dead || replayed || !now.Before(ends)
			f.dead = f.dead || replayed

			out, err := w.refresh(mine, l.token)
			if refused {
				w.expect("refused", err, invalidGrant)
			} else {
				w.expect("good", err, ok)
				if err != nil {
					return
				}
				if l.usedAt.IsZero() {
					l.usedAt = now
				}
				f.chain = append(f.chain, &link{token: *out.RefreshToken})
				f.access = append(f.access, out.AccessToken)
			}
			for i, g := range families {
				// The newest is good as long as nothing has ended; of a dead family none is.
				for j, a := range g.access {
					if w.good(a) && (g.dead || !now.Before(ends)) {
						t.Fatalf("family %d is dead, and its access token %d stands", i, j)
					}
				}
			}
			if !refused && !w.good(out.AccessToken) {
				t.Fatal("a new access token is not good")
			}
		}
	}
}

// Several processes share one refresh token, and refresh at the same time
// (api-surface.md, surprise 8): all get tokens, and all of those are good.
func TestRefreshTogether(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine := w.session()
	shared := *w.tokens(mine).RefreshToken
	w.clock.Advance(50 * time.Minute)
	var group sync.WaitGroup
	outs := make([]*ssooidc.CreateTokenOutput, 20)
	for i := range outs {
		group.Go(func() {
			var err error
			if outs[i], err = w.refresh(mine, shared); err != nil {
				t.Errorf("%v", err)
			}
		})
	}
	group.Wait()
	if t.Failed() {
		return
	}
	seen := map[string]bool{}
	for _, out := range outs {
		seen[*out.RefreshToken] = true
		if _, err := w.refresh(mine, *out.RefreshToken); err != nil || !w.good(out.AccessToken) {
			t.Errorf("%v", err)
		}
	}
	if len(seen) != len(outs) {
		t.Errorf("%d different refresh tokens", len(seen))
	}
}

// The trail tells who got a token, and why somebody did not, under the same
// code as the client was told.
func TestTrail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine := w.session()
	out := w.tokens(mine)
	events := func() (all []audit.Event) {
		if err := w.db.View(t.Context(), func(tx store.Tx) (err error) {
			all, err = tx.Events(store.EventFilter{Name: "test"})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return all
	}
	if e := events()[0]; e.PrincipalID != w.jane || e.ErrorCode != "" || e.Detail["clientName"] != "botocore-client-test" || e.Detail["grantType"] != token.GrantDeviceCode {
		t.Errorf("%+v", e)
	}
	if _, err := w.refresh(mine, *out.RefreshToken); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(token.RefreshGrace + time.Second)
	_, err := w.refresh(mine, *out.RefreshToken)
	w.expect("replay", err, invalidGrant)
	e := events()[0]
	if e.ErrorCode != "InvalidGrantException" || !strings.Contains(e.ErrorReason, "used already") {
		t.Errorf("%+v", e)
	}
	for _, e := range events() {
		for _, s := range []string{*out.AccessToken, *out.RefreshToken, *mine.secret} {
			for _, field := range []string{e.ErrorReason, e.Resource, e.PrincipalID, e.UserName, e.Detail["clientName"], e.Detail["grantType"]} {
				if strings.Contains(field, s) {
					t.Errorf("a secret is in the trail: %+v", e)
				}
			}
		}
	}
}
