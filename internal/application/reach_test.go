package application_test

import (
	"regexp"
	"strings"
	"testing"

	"sekisho/internal/access"
	"sekisho/internal/application"
	"sekisho/internal/fault"
	"sekisho/internal/org"
	"sekisho/internal/store"
)

// Who may reach what: owners and delegated administrators all of their instance,
// members their own applications, and others not even whether something exists
// (enumeration across organizations).
func TestReach(t *testing.T) {
	t.Parallel()
	db := world(t)
	managements, members := create(t, db, application.New{}), create(t, db, application.New{Account: member})
	lonely := create(t, db, application.New{Account: alone, Instance: own})
	update(t, db, func(tx store.Tx) error {
		return tx.PutDelegate(org.Delegate{Organization: organization, Account: delegate, Service: "sso.amazonaws.com", Since: now})
	})
	gone := members
	gone.ID = "apl-0000000000000000"
	nowhere := gone
	nowhere.Instance = "ssoins-0000000000000000"
	for _, c := range []struct {
		caller string
		a      application.Application
		kind   fault.Kind // Internal is that it is reached
		reason string
	}{
		{management, managements, fault.Internal, ""}, {management, members, fault.Internal, ""}, {management, lonely, fault.Denied, "not-administrator"},
		{member, members, fault.Internal, ""}, {member, managements, fault.Denied, "not-administrator"}, {member, lonely, fault.Denied, "not-administrator"},
		{delegate, members, fault.Internal, ""}, {delegate, managements, fault.Internal, ""},
		{alone, lonely, fault.Internal, ""}, {alone, members, fault.Denied, "not-administrator"}, {alone, gone, fault.Denied, "not-administrator"},
		{alone, nowhere, fault.Denied, "not-administrator"},
		{member, gone, fault.NotFound, "no-application"}, {management, gone, fault.NotFound, "no-application"}, {management, nowhere, fault.Denied, "not-administrator"},
	} {
		err := db.View(t.Context(), func(tx store.Tx) error {
			_, got, err := application.Reach(tx, c.caller, c.a.ARN())
			if err == nil && got.ID != c.a.ID {
				t.Errorf("%s reaches %s instead of %s", c.caller, got.ID, c.a.ID)
			}
			return err
		})
		if fault.KindOf(err) != c.kind || fault.ReasonOf(err) != c.reason || (err == nil) != (c.reason == "") {
			t.Errorf("%s reaching %s: %v, want %q", c.caller, c.a.ARN(), err, c.reason)
		}
	}

	for _, c := range []struct {
		caller string
		filter application.Filter
		reason string
	}{
		{management, application.Filter{}, ""}, {delegate, application.Filter{}, ""}, {management, application.Filter{Account: member}, ""},
		{member, application.Filter{}, "filter-required"}, {member, application.Filter{Account: member}, ""}, {member, application.Filter{Account: management}, "not-administrator"},
	} {
		refused(t, db, c.caller+" listing", c.reason, func(tx store.Tx) error {
			by, err := access.Enter(tx, c.caller, instance.ID)
			if err != nil {
				return err
			}
			return application.MayList(by, c.filter)
		})
	}
}

// Members look at trusted token issuers, which their grants name; others change them.
func TestReachTokenIssuer(t *testing.T) {
	t.Parallel()
	db := world(t)
	var i application.TokenIssuer
	update(t, db, func(tx store.Tx) (err error) {
		i, err = application.CreateTokenIssuer(tx, issuer("x"), now)
		return err
	})
	for _, c := range []struct {
		caller       string
		look, change string
	}{{management, "", ""}, {member, "", "not-administrator"}, {alone, "not-administrator", "not-administrator"}} {
		refused(t, db, c.caller+" looking", c.look, func(tx store.Tx) error { return reachTags(tx, c.caller, i.ARN(), false) })
		refused(t, db, c.caller+" changing", c.change, func(tx store.Tx) error { return reachTags(tx, c.caller, i.ARN(), true) })
	}
}

// Whatever is parsed is written again as it was, and nothing else is parsed.
func FuzzParseARN(f *testing.F) {
	const instance = "ssoins-0123456789abcdef"
	for _, s := range []string{
		"arn:aws:sso::111122223333:application/" + instance + "/apl-0123456789abcdef",
		"arn:aws:sso::111122223333:trustedTokenIssuer/" + instance + "/tti-01234567-89ab-cdef-0123-456789abcdef",
		"arn:aws:sso::111122223333:application/" + instance + "/apl-0123456789abcdef\n", "arn:aws:sso:::instance/" + instance, "",
		"arn:aws:sso::111122223333:application/" + instance + "/../apl-0123456789abcdef", strings.Repeat("a", 4096),
	} {
		f.Add(s)
	}
	legal := regexp.MustCompile(`^[a-zA-Z0-9.-]*$`)
	f.Fuzz(func(t *testing.T, s string) {
		n := application.ParseARN(s)
		switch n.Kind {
		case application.AnApplication:
			if got := (application.Application{Account: n.Account, Instance: n.Instance, ID: n.ID}).ARN(); got != s {
				t.Errorf("%q is written as %q", s, got)
			}
		case application.ATokenIssuer:
			if got := (application.TokenIssuer{Account: n.Account, Instance: n.Instance, ID: n.ID}).ARN(); got != s {
				t.Errorf("%q is written as %q", s, got)
			}
		case application.Another:
			if n != (application.Name{}) {
				t.Errorf("%q: %+v", s, n)
			}
		}
		if !legal.MatchString(n.Account + n.Instance + n.ID) {
			t.Errorf("%q has parts that cannot be: %+v", s, n)
		}
	})
}

func reachTags(tx store.Tx, caller, arn string, change bool) error {
	_, err := application.ReachTags(tx, caller, arn, change)
	return err
}
