package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	awssso "github.com/aws/aws-sdk-go-v2/service/sso"
	awssts "github.com/aws/aws-sdk-go-v2/service/sts"

	"sekisho/console"
	"sekisho/internal/accountsettings"
	"sekisho/internal/accountsignin"
	"sekisho/internal/audit"
	"sekisho/internal/authn"
	"sekisho/internal/call"
	"sekisho/internal/captcha"
	"sekisho/internal/consoleweb"
	"sekisho/internal/gateway"
	"sekisho/internal/help"
	"sekisho/internal/orgverify"
	"sekisho/internal/pagehttp"
	"sekisho/internal/secondfactor"
	"sekisho/internal/secret"
	"sekisho/internal/session"
	"sekisho/internal/signup"
	"sekisho/internal/surface"
)

// accountPages are the browser surfaces on which accounts are opened, signed in
// to and worked with.
type accountPages struct {
	site    *pagehttp.Site
	signIn  http.Handler // the whole sign-in host
	console http.Handler
}

func (s *Server) accountPages(site *pagehttp.Site, captchas *captcha.Service, gate *gateway.Gateway, who *authn.Authenticator) (*accountPages, error) {
	count := func(e *audit.Event) { s.counts.Add(e) }
	var accounts *accountsignin.Handler
	signedIn := func(r *http.Request) (session.Session, error) { return accounts.SignedIn(r) }
	signInFor := func(path string) string { return accounts.Begin(accountsignin.Request{Here: path}) }
	factors := secondfactor.New(secondfactor.Deps{
		Site: site, DB: s.Store, Ring: s.Ring, Count: count, Senders: s.senders,
		SignedIn: signedIn, SignInFor: signInFor, May: s.may(who),
		SignInAgainFor: func(held session.Session, path string) string {
			req := accountsignin.Request{Here: path, Again: true}
			if held.Kind == session.IAMUser {
				req.Account = held.Account
			}
			return accounts.Begin(req)
		},
	})
	accounts = accountsignin.New(accountsignin.Deps{
		Site: site, DB: s.Store, Ring: s.Ring, Hasher: s.hasher, Captcha: captchas, Count: count, Senders: s.senders, Factors: factors,
		NoMail: s.config.SMTP == "" && !s.config.Dev, NoSignUp: s.config.SignUpClosed(),
	})
	s.accounts = accounts
	signups := signup.New(signup.Deps{
		Site: site, DB: s.Store, Ring: s.Ring, Hasher: s.hasher, Captcha: captchas, Count: count, Senders: s.senders,
		Closed: s.config.SignUpClosed(), Payments: s.payments, SignIn: accounts.SignIn, SignedIn: signedIn, SignInFor: signInFor,
	})
	s.signups = signups
	settings := accountsettings.New(accountsettings.Deps{
		Site: site, DB: s.Store, Ring: s.Ring, Hasher: s.hasher, Count: count, Senders: s.senders, SignedIn: signedIn, SignInFor: signInFor,
		Again:    func(path string) string { return accounts.Begin(accountsignin.Request{Here: path, Again: true}) },
		Payments: s.payments, Allow: s.allowSettings,
	})
	helps := help.New(help.Deps{Site: site, DB: s.Store, Ring: s.Ring, Captcha: captchas})

	host := http.NewServeMux()
	host.Handle("/", s.signin)
	for _, path := range accountsignin.Paths {
		host.Handle(path, accounts)
	}
	for _, part := range []struct {
		path    string
		handler http.Handler
	}{{"/mfa", factors}, {"/signup", signups}, {"/account", settings}} {
		host.Handle(part.path, part.handler)
		host.Handle(part.path+"/", part.handler)
	}

	host.Handle(orgverify.Path, orgverify.New(orgverify.Deps{Site: site, DB: s.Store}))
	for _, path := range help.Paths {
		host.Handle(path, helps)
	}
	site.Route(host, consoleweb.PathSwitchRole, pagehttp.Methods{http.MethodGet: func(w http.ResponseWriter, r *http.Request) error {
		// AWS's address of the form is on the sign-in host (behaviours.md 8.4).
		return pagehttp.See(w, s.Map.Console()+consoleweb.PathSwitchRole+"?"+r.URL.RawQuery)
	}})

	app, err := console.Management()
	if err != nil {
		s.log.Warn("the console's pages will not be shown", "reason", err)
	}
	web, err := consoleweb.New(consoleweb.Deps{
		Site: site, DB: s.Store, Ring: s.Ring, Count: count, Begin: accounts.Begin, App: app,
		Principal: standing(who.Console), Owner: standing(who.ConsoleOwner),
		API:    gate.ServeAs,
		Assume: assume(gate), Billing: settings.Billing,
	})
	return &accountPages{site: site, signIn: site.At(s.Map.SignIn(), host), console: web}, err
}

// standing tells browser surfaces of a session that does not stand in their terms.
func standing(ask func(context.Context, string) (call.Principal, error)) func(context.Context, string) (call.Principal, error) {
	return func(ctx context.Context, id string) (call.Principal, error) {
		p, err := ask(ctx, id)
		if refused, ok := errors.AsType[*authn.Refusal](err); ok {
			return call.Principal{}, session.ErrEnded.Wrap(refused)
		}
		return p, err
	}
}

// portalRole gives a person a role as the portal's API gives it.
func portalRole(gate *gateway.Gateway) func(http.ResponseWriter, *http.Request, call.Principal, string, string) (secret.String, time.Time, error) {
	return func(w http.ResponseWriter, r *http.Request, p call.Principal, account, permissionSet string) (secret.String, time.Time, error) {
		// The API knows a person by this token; here their cookie has been asked for already.
		token := "session-cookie"
		out, err := gate.Invoke(w, r, "sso", "GetRoleCredentials", p, &awssso.GetRoleCredentialsInput{AccessToken: &token, AccountId: &account, RoleName: &permissionSet})
		if err != nil {
			return secret.String{}, time.Time{}, err
		}
		given, ok := out.(*awssso.GetRoleCredentialsOutput)
		if !ok {
			return secret.String{}, time.Time{}, fmt.Errorf("app: GetRoleCredentials answered %T", out)
		}
		c := given.RoleCredentials
		return secret.NewString(*c.SessionToken), time.UnixMilli(c.Expiration), nil
	}
}

// may asks for the pages of the sign-in host what whoever signed in may do. A role
// that they switched to in the console, of another account perhaps, counts for
// nothing on a host that knows only them.
func (s *Server) may(who *authn.Authenticator) func(*http.Request, session.Session, string, string) error {
	return func(r *http.Request, held session.Session, action, resource string) error {
		p, err := who.ConsoleOwner(r.Context(), held.ID)
		if err != nil {
			return err
		}
		c := &call.Call{
			Principal: p, Region: s.Map.Region(), Now: s.clock.Now(), SourceIP: s.http.ClientIP(r),
			UserAgent: pagehttp.UserAgent(r), Secure: s.Map.Secure(), Event: &audit.Event{},
		}
		return s.authz.Allow(r.Context(), c, action, call.Target{ARN: resource})
	}
}

// minSessionName is the length from which STS takes a session's name; the name of
// an IAM user may be shorter.
const minSessionName = 2

// assume switches to a role as everybody assumes one: by a call of STS.
func assume(gate *gateway.Gateway) func(http.ResponseWriter, *http.Request, call.Principal, session.Switched, int32) (session.Switched, error) {
	return func(w http.ResponseWriter, r *http.Request, p call.Principal, role session.Switched, life int32) (session.Switched, error) {
		name, roleARN := p.UserName, "arn:aws:iam::"+role.Account+":role/"+role.Role
		if len(name) < minSessionName {
			name += "-"
		}
		out, err := gate.Invoke(w, r, "sts", "AssumeRole", p, &awssts.AssumeRoleInput{RoleArn: &roleARN, RoleSessionName: &name, DurationSeconds: &life})
		if err != nil {
			return role, err
		}
		given, ok := out.(*awssts.AssumeRoleOutput)
		if !ok {
			return role, fmt.Errorf("app: AssumeRole answered %T", out)
		}
		role.Token = secret.NewString(*given.Credentials.SessionToken)
		return role, nil
	}
}

// accountAddress is <alias or id>.signin.D: it leads to the sign-in page of the
// account's IAM users, which only the sign-in host has (C-06, C-25, D-02).
func (p *accountPages) accountAddress(w http.ResponseWriter, r *http.Request, place surface.Place) {
	showPage(w, r, p.site.Handler(func(w http.ResponseWriter, r *http.Request) error {
		q := url.Values{"account": {place.Name}}
		return pagehttp.See(w, p.site.Map.SignIn()+accountsignin.PathIAM+"?"+q.Encode())
	}).ServeHTTP)
}

// signUpAddress is AWS's address of sign-up, where it is pointed here (D-12).
func (p *accountPages) signUpAddress(w http.ResponseWriter, r *http.Request, _ surface.Place) {
	showPage(w, r, p.site.Handler(func(w http.ResponseWriter, r *http.Request) error {
		return pagehttp.See(w, p.site.Map.SignUp())
	}).ServeHTTP)
}
