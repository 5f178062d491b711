// Package app is the composition root: the whole program in one place, built in
// order, run under one group and stopped in reverse.
package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"sekisho/console"
	"sekisho/internal/access"
	"sekisho/internal/accountsignin"
	"sekisho/internal/audit"
	"sekisho/internal/authn"
	"sekisho/internal/authz"
	"sekisho/internal/call"
	"sekisho/internal/captcha"
	"sekisho/internal/clock"
	"sekisho/internal/config"
	"sekisho/internal/credential"
	"sekisho/internal/dev"
	"sekisho/internal/device"
	"sekisho/internal/fault"
	"sekisho/internal/gateway"
	"sekisho/internal/httpd"
	"sekisho/internal/iam"
	"sekisho/internal/live"
	"sekisho/internal/notify"
	"sekisho/internal/orgfile"
	"sekisho/internal/pagehttp"
	"sekisho/internal/payment"
	"sekisho/internal/portal"
	"sekisho/internal/secret"
	"sekisho/internal/services/accessanalyzer"
	accountservice "sekisho/internal/services/account"
	"sekisho/internal/services/cloudtrail"
	iamservice "sekisho/internal/services/iam"
	"sekisho/internal/services/identitystore"
	"sekisho/internal/services/organizations"
	"sekisho/internal/services/organizationsconsole"
	"sekisho/internal/services/ssoadmin"
	"sekisho/internal/services/ssodirectory"
	"sekisho/internal/services/ssooidc"
	"sekisho/internal/services/ssoportal"
	"sekisho/internal/services/sts"
	supportservice "sekisho/internal/services/support"
	"sekisho/internal/signin"
	"sekisho/internal/signup"
	"sekisho/internal/sigv4"
	"sekisho/internal/store"
	"sekisho/internal/surface"
	"sekisho/internal/telephony"
	"sekisho/internal/token"
	"sekisho/web"
)

// Server is the running program.
type Server struct {
	*Base
	Map     surface.Map
	Changes []orgfile.Change // what the organisation file changed at start

	config     config.Server
	listener   net.Listener
	log        *slog.Logger
	clock      *clock.Adjustable
	live       *live.Cache
	authz      *authz.Authorizer
	uses       *iam.Recorder
	counts     *audit.Counter
	senders    notify.Senders
	courier    *notify.Courier // nil when there is nowhere to send mail to
	signin     *signin.Handler
	signups    *signup.Handler
	payments   payment.Provider
	activation *activator
	organizer  *organizer
	provision  *provisioner
	accounts   *accountsignin.Handler
	http       *httpd.Server
	metrics    *metrics
	org        *orgfile.File
	hasher     *credential.Hasher
	hashes     sync.Map // of the organisation file's passwords, by secret.String; see hashOnce
}

const (
	defaultRegion = "us-east-1"
	keyCacheSize  = 16_384
)

// New builds the program. The address is taken but not served yet; the database
// is open, migrated and has the organisation file applied. Close it if Run is
// not called.
func New(ctx context.Context, c config.Server, log *slog.Logger) (*Server, error) {
	if _, err := c.Public(); err != nil {
		return nil, err
	}
	var err error
	s := &Server{config: c, log: log, clock: &clock.Adjustable{}, hasher: &credential.Hasher{}, metrics: newMetrics(), senders: make(notify.Senders)}
	if c.Org != "" {
		// Read before anything is made: a mistake in it must leave no trace.
		if s.org, err = orgfile.Read(c.Org); err != nil {
			return nil, err
		}
	}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// open takes the address first: a second server on it must not touch the data,
// and port 0 gets its number, which the public address needs.
func (s *Server) open(ctx context.Context) (err error) {
	var l net.ListenConfig
	if s.listener, err = l.Listen(ctx, "tcp", s.config.Listen); err != nil {
		return err
	}
	s.config.Listen = s.listener.Addr().String()
	public, err := s.config.Public()
	if err != nil {
		return err
	}
	if s.Base, err = Open(ctx, s.config.Database, s.clock, true); err != nil {
		return err
	}
	return s.build(ctx, public)
}

// Close releases what New took.
func (s *Server) Close() error {
	var errs []error
	if s.listener != nil {
		if err := s.listener.Close(); !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	if s.Base != nil {
		errs = append(errs, s.Base.Close())
	}
	return errors.Join(errs...)
}

func (s *Server) build(ctx context.Context, public *url.URL) error {
	if err := s.applyOrg(ctx); err != nil {
		return err
	}
	region, err := s.region(ctx)
	if err != nil {
		return err
	}
	s.Map = surface.New(public, region)
	s.live = live.New(s.Store)
	s.counts = audit.NewCounter(s.recordEvents, func(err error, lost int) {
		s.log.Error("audit events could not be stored", "lost", lost, "error", err)
	})
	s.uses = iam.NewRecorder(s.recordUses, func(err error) { s.log.Error("last uses could not be stored", "error", err) })
	if err := s.buildCourier(); err != nil {
		return err
	}
	// The default is Identity Center's own address; account mail has others (N-04).
	if s.config.MailFrom != "" && s.config.MailFrom != notify.FromIdentityCenter {
		for _, k := range notify.Kinds() {
			s.senders[k] = s.config.MailFrom
		}
	}
	if err := s.senders.Validate(); err != nil {
		return err
	}
	pages, err := web.New()
	if err != nil {
		return err
	}
	s.payments = s.testGateway(pages)
	s.activation = &activator{
		db: s.Store, payments: s.payments, mail: signup.Mailer{Pages: pages, Senders: s.senders, Map: s.Map},
		clock: s.clock, log: s.log, region: s.Map.Region(),
	}
	s.provision = newProvisioner(s.Store, s.clock, s.log, s.Map.Region())
	s.organizer = &organizer{db: s.Store, senders: s.senders, clock: s.clock, log: s.log, region: s.Map.Region()}
	s.http = &httpd.Server{Map: s.Map, Log: s.log, BehindProxy: s.config.BehindProxy, Observe: s.metrics.observe}
	site := &pagehttp.Site{
		Pages: pages, Map: s.Map, Clock: s.clock, Log: s.log, ClientIP: s.http.ClientIP,
		RequestID: func(r *http.Request) string { return r.Header.Get(httpd.RequestIDHeader) },
	}
	if s.config.Dev {
		s.http.Clock = s.clock
		site.MailboxURL = s.Map.Base() + dev.Prefix + "mailbox"
	}
	sessions := token.Sessions{Ring: s.Ring}
	clients := token.Clients{Ring: s.Ring}
	s.authz = &authz.Authorizer{Live: s.live}
	who := &authn.Authenticator{Live: s.live, Sessions: sessions, Clock: s.clock, SigningKeys: sigv4.NewKeyCache(keyCacheSize)}
	gate := &gateway.Gateway{
		Authn: who, Authz: s.authz, Uses: s.uses, Clock: s.clock, Map: s.Map, Log: s.log, Counts: s.counts,
		ClientIP: s.http.ClientIP, RequestID: httpd.RequestID,
	}
	mail, err := s.membershipMail()
	if err != nil {
		return err
	}
	err = errors.Join(
		gate.Register("accessanalyzer", accessanalyzer.Table, &accessanalyzer.Service{}, nil),
		gate.Register("account", accountservice.Table, s.accountService(), accountservice.Names{Store: s.Store}),
		gate.Register("cloudtrail", cloudtrail.Table, &cloudtrail.Service{Store: s.Store}, nil),
		gate.Register("iam", iamservice.Table, s.iamService(), iamservice.Names{Store: s.Store}),
		gate.Register("identitystore", identitystore.Table, &identitystore.Service{Store: s.Store, Authz: s.authz}, identitystore.Names{Store: s.Store}),
		gate.Register("sso-directory", ssodirectory.Table, &ssodirectory.Service{
			Store: s.Store, PortalURL: s.Map.StartURL, Hasher: s.hasher, Letters: signin.Letters{Mailer: signin.Mailer{Pages: pages, Senders: s.senders}, Map: s.Map}, Ring: s.Ring,
		}, ssodirectory.Names{}),
		gate.Register("organizations-console", organizationsconsole.Table, &organizationsconsole.Service{Store: s.Store, Mail: mail}, organizations.Names{Store: s.Store}),
		gate.Register("organizations", organizations.Table, &organizations.Service{Store: s.Store, Authz: s.authz, Mail: mail}, organizations.Names{Store: s.Store}),
		gate.Register("support", supportservice.Table, &supportservice.Service{Store: s.Store, Plan: supportPlan}, nil),
		gate.Register("sts", sts.Table, s.stsService(sessions), sts.Names{}),
		gate.Register("sso", ssoportal.Table, &ssoportal.Service{Store: s.Store, Live: s.live, Sessions: sessions}, nil),
		gate.Register("sso-admin", ssoadmin.Table, &ssoadmin.Service{Store: s.Store, Authz: s.authz}, ssoadmin.Names{Store: s.Store}),
		gate.Register("sso-oidc", ssooidc.Table, &ssooidc.Service{Store: s.Store, Live: s.live, Clients: clients, Map: s.Map}, nil),
	)
	if err != nil {
		return err
	}
	captchas := captcha.New(s.Ring, s.clock)
	s.signin = signin.New(signin.Deps{
		Site: site, DB: s.Store, Ring: s.Ring, Clients: clients, Hasher: s.hasher, Captcha: captchas,
		Senders: s.senders, Count: func(e *audit.Event) { s.counts.Add(e) },
	})
	app, err := console.Portal()
	if err != nil {
		s.log.Warn("the access portal's page will not be shown", "reason", err)
	}
	front := (&base{server: s, gate: gate, site: site, signin: s.signin}).mountPages()
	if s.config.Dev {
		front.dev = (&dev.Handler{Site: site, DB: s.Store, Clock: s.clock, Captcha: captchas, Reset: s.reset}).Mount()
	}
	portals, err := portal.New(portal.Deps{
		Site: site, DB: s.Store, Begin: s.signin.Begin, App: app, Endpoints: endpoints(s.Map.Base()),
		Ring: s.Ring, Role: portalRole(gate),
		API: func(w http.ResponseWriter, r *http.Request, p call.Principal) { gate.ServeAs(w, r, "sso", "", p) },
	})
	if err != nil {
		return err
	}
	devices := device.New(device.Deps{Site: site, Begin: s.signin.Begin})
	pagesOfAccounts, err := s.accountPages(site, captchas, gate, who)
	if err != nil {
		return err
	}
	s.http.Surfaces = map[surface.Kind]httpd.Handler{
		surface.Base:          front.serveBase,
		surface.API:           front.serveAPI,
		surface.SignIn:        browser(pagesOfAccounts.signIn),
		surface.AccountSignIn: pagesOfAccounts.accountAddress,
		surface.SignUp:        pagesOfAccounts.signUpAddress,
		surface.Console:       browser(pagesOfAccounts.console),
		surface.Portal:        browser(portals),
		surface.Device:        browser(devices),
	}
	return nil
}

// endpoints are the services that people have to point their clients here for,
// as an AWS config file spells them (api-surface.md section 7). All answer at
// the base address, which needs no name below it to resolve.
func endpoints(base string) map[string]string {
	m := make(map[string]string)
	for _, service := range []string{"iam", "sts", "sso", "sso_oidc", "sso_admin", "identitystore", "organizations", "account", "support", "cloudtrail"} {
		m[service] = base
	}
	return m
}

// browser adapts a browser surface.
func browser(h http.Handler) httpd.Handler {
	return func(w http.ResponseWriter, r *http.Request, _ surface.Place) { showPage(w, r, h.ServeHTTP) }
}

// showPage lets h answer; its pages show the request's id, which they read from
// the request's header (pagehttp.Site.RequestID). API requests do without: a
// signature may cover that header.
func showPage(w http.ResponseWriter, r *http.Request, h http.HandlerFunc) {
	r.Header.Set(httpd.RequestIDHeader, httpd.RequestID(w))
	h(w, r)
}

func (s *Server) applyOrg(ctx context.Context) (err error) {
	if s.org == nil {
		return nil
	}
	hash := s.hasher.Hash
	if s.config.Dev {
		hash = s.hashOnce
	}
	a := &orgfile.Applier{Store: s.Store, Hash: hash}
	if s.Changes, err = a.Apply(ctx, s.org, s.clock.Now()); err != nil {
		return fmt.Errorf("applying %s: %w", s.config.Org, err)
	}
	if len(s.Changes) > 0 {
		// Hashing passwords takes 19 MiB each, which the runtime would keep for minutes.
		debug.FreeOSMemory()
	}
	for _, c := range s.Changes {
		if c.Action == orgfile.Weak {
			s.log.Warn("a password in the organisation file is weak", "password", c.Name)
		}
	}
	for _, section := range s.org.NotApplied() {
		s.log.Warn("a section of the organisation file is not applied: this version does not manage it yet", "section", section)
	}
	return nil
}

// hashOnce hashes each password of the organisation file once, and not again at
// each of the developer's resets: that was three quarters of what a reset took.
func (s *Server) hashOnce(ctx context.Context, p secret.String) (string, error) {
	if hash, ok := s.hashes.Load(p); ok {
		return hash.(string), nil
	}
	hash, err := s.hasher.Hash(ctx, p)
	if err == nil {
		s.hashes.Store(p, hash)
	}
	return hash, err
}

// region is the Identity Center's home region.
func (s *Server) region(ctx context.Context) (region string, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		inst, err := access.Home(tx)
		if fault.Is(err, fault.NotFound) {
			inst, err = access.Instance{Region: defaultRegion}, nil
		}
		region = inst.Region
		return err
	})
	return region, err
}

// buildCourier gives each channel its sender. Without any there is no courier; in
// development what has no sender stays in the mailbox.
func (s *Server) buildCourier() error {
	senders := make(notify.ByChannel)
	if s.config.Dev {
		senders = notify.ByChannel{notify.Email: notify.Mailbox{}, notify.SMS: notify.Mailbox{}, notify.Voice: notify.Mailbox{}}
	}
	if s.config.SMTP != "" {
		password, err := s.config.SMTPPassword()
		if err != nil {
			return err
		}
		if senders[notify.Email], err = notify.NewSMTP(notify.SMTPConfig{URL: s.config.SMTP, Password: password}); err != nil {
			return err
		}
	}
	if s.config.TelephonyURL != "" {
		key, err := s.config.TelephonyKey()
		if err != nil {
			return err
		}
		gateway, err := telephony.New(telephony.Config{URL: s.config.TelephonyURL, Key: key, Clock: s.clock})
		if err != nil {
			return err
		}
		senders[notify.SMS], senders[notify.Voice] = gateway, gateway
	}
	if senders[notify.Email] == nil {
		s.log.Warn("no mail server is configured: password reset mails stay in the outbox (see --smtp)")
	}
	if senders[notify.SMS] == nil {
		s.log.Warn("no telephone gateway is configured: text messages and calls stay in the outbox (see --telephony-url)")
	}
	if len(senders) > 0 {
		s.courier = notify.NewCourier(outbox{s.Store}, senders, s.clock, s.log, s.config.Dev)
	}
	return nil
}

func (s *Server) recordEvents(ctx context.Context, batch []*audit.Event) error {
	return s.Store.Update(ctx, nil, func(tx store.Tx) error {
		for _, e := range batch {
			if err := tx.AppendEvent(e); err != nil {
				return err
			}
		}
		return nil
	})
}

// reset is the developer's way back to the organisation file.
func (s *Server) reset(ctx context.Context) error {
	if err := s.Store.Update(ctx, nil, func(tx store.Tx) error { return tx.Clear() }); err != nil {
		return err
	}
	return s.applyOrg(ctx)
}

// Run listens and serves until ctx ends, then stops in reverse order.
func (s *Server) Run(ctx context.Context, ready func(addr net.Addr)) error {
	var cert *tls.Config
	if s.config.TLSCert != "" {
		pair, err := tls.LoadX509KeyPair(s.config.TLSCert, s.config.TLSKey)
		if err != nil {
			return err
		}
		cert = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	}
	// What requests lean on outlives them: it stops when serving has ended.
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var g errgroup.Group
	s.live.Follow(background)
	s.Store.Watch(background, s.react)
	g.Go(func() error { s.counts.Run(background); return nil })
	g.Go(func() error { s.uses.Run(background); return nil })
	g.Go(func() error { s.expire(background); return nil })
	g.Go(func() error { s.activation.run(background); return nil })
	g.Go(func() error { s.organizer.run(background); return nil })
	g.Go(func() error { s.provision.run(background); return nil })
	if s.courier != nil {
		g.Go(func() error { s.courier.Run(background); return nil })
	}
	ready(s.listener.Addr())
	err := httpd.Serve(ctx, s.listener, s.http, cert, 10*time.Second, s.log)
	s.signin.Close()
	s.accounts.Close()
	s.signups.Close()
	stop()
	return errors.Join(err, g.Wait())
}

// react follows changes that concern the program itself.
func (s *Server) react(changes []store.Change, lost bool) {
	for _, c := range changes {
		switch c.Key {
		case store.KeyOutbox():
			if s.courier != nil {
				s.courier.Kick()
			}
		case store.KeyAccessRequests():
			s.provision.kick()
		case store.KeyDataKeys():
			lost = true
		}
	}
	if !lost {
		return
	}
	// In its own goroutine: this one is the feed's, which must not wait for the store.
	go func() {
		err := s.reloadKeys()
		if err != nil && fault.ReasonOf(err) != "closed" {
			s.log.Error("data keys could not be read again", "error", err)
		}
	}()
}

const (
	expireEvery = time.Minute
	expireBatch = 1000
)

// expire removes, a little at a time, what can never matter again.
func (s *Server) expire(ctx context.Context) {
	tick := time.NewTicker(expireEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := s.expireNow(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("expired rows could not be removed", "error", err)
		}
		if err := s.emptyClosed(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("closed accounts could not be emptied", "error", err)
		}
	}
}

func (s *Server) expireNow(ctx context.Context) error {
	for n := expireBatch; n >= expireBatch; {
		err := s.Store.Update(ctx, nil, func(tx store.Tx) (err error) {
			n, err = tx.Expire(s.clock.Now(), expireBatch)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// outbox adapts the store for the courier.
type outbox struct{ db store.DB }

func (o outbox) Due(ctx context.Context, now time.Time, limit int) (due []notify.Message, err error) {
	err = o.db.View(ctx, func(tx store.Tx) error {
		due, err = tx.DueMessages(now, 1)
		return err
	})
	if err != nil || len(due) == 0 {
		return nil, err // most looks find nothing, and need not write to find that
	}
	err = o.db.Update(ctx, nil, func(tx store.Tx) error {
		due, err = notify.Claim(tx, now, limit)
		return err
	})
	return due, err
}

func (o outbox) Record(ctx context.Context, m notify.Message) error {
	return o.db.Update(ctx, nil, func(tx store.Tx) error { return tx.PutMessage(m) })
}
