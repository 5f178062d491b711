package organizationsconsole_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/call"
	"sekisho/internal/org"
	service "sekisho/internal/services/organizationsconsole"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

// An account is told what it is to its organization and nothing else of it; one in
// none is told so (F-09, behaviours.md 9.6).
func TestDescribeMembership(t *testing.T) {
	t.Parallel()
	const chief, plain, audits, center, lent, alone = "111122223333", "222233334444", "333344445555", "444455556666", "555566667777", "666677778888"
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	db := storetest.Open(t)
	if err := db.Update(t.Context(), nil, func(tx store.Tx) error {
		for _, id := range []string{chief, plain, audits, center, lent, alone} {
			if err := tx.PutAccount(account.Account{ID: id, Name: "A", Email: id + "@example.com", Status: account.Active, CreatedAt: now}); err != nil {
				return err
			}
		}
		o, err := storetest.NewOrganization(tx, now, chief)
		for _, id := range []string{plain, audits, center, lent} {
			err = errors.Join(err, storetest.Join(tx, o, id, ""))
		}
		return errors.Join(err,
			tx.PutDelegate(org.Delegate{Organization: o.ID, Account: audits, Service: "config.amazonaws.com", Since: now}),
			tx.PutDelegate(org.Delegate{Organization: o.ID, Account: center, Service: org.IdentityCenter, Since: now}),
			tx.PutOrgResourcePolicy(org.ResourcePolicy{ID: "rp-0123456789", Organization: o.ID, Document: `{"Version":"2012-10-17","Statement":[
				{"Effect":"Allow","Principal":{"AWS":"` + lent + `"},"Action":"organizations:List*","Resource":"*"}]}`}))
	}); err != nil {
		t.Fatal(err)
	}
	s := &service.Service{Store: db}
	for id, want := range map[string]string{chief: "true true", plain: "false false", audits: "true false", center: "true true", lent: "true false"} {
		out, err := s.DescribeMembership(t.Context(), &call.Call{Now: now, Principal: call.Principal{Account: id}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(*out.ReadsOrganization, " ", *out.AdministersIdentityCenter); got != want {
			t.Errorf("%s: %s, want %s", id, got, want)
		}
	}
	_, err := s.DescribeMembership(t.Context(), &call.Call{Now: now, Principal: call.Principal{Account: alone}}, nil)
	if e, ok := errors.AsType[*call.Error](err); !ok || e.Code != "AWSOrganizationsNotInUseException" {
		t.Errorf("on its own: %v", err)
	}
}
