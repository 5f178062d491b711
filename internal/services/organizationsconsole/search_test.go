package organizationsconsole_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"sekisho/internal/account"
	"sekisho/internal/call"
	service "sekisho/internal/services/organizationsconsole"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

// Accounts are found by what is anywhere in their name, id or address, page by page,
// and only by who may list the organization's, of whose accounts no others are (F-13).
func TestSearchAccounts(t *testing.T) {
	t.Parallel()
	const chief, stranger, n = "111122223333", "999988887777", 230
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	db := storetest.Open(t)
	if err := db.Update(t.Context(), nil, func(tx store.Tx) error {
		put := func(id, name string, status account.Status) error {
			return tx.PutAccount(account.Account{ID: id, Name: name, Email: strings.ToLower(name) + "@example.com", Status: status, CreatedAt: now})
		}
		err := errors.Join(put(chief, "Chief", account.Active), put(stranger, "Team-Stranger", account.Active))
		o, founded := storetest.NewOrganization(tx, now, chief)
		err = errors.Join(err, founded)
		for i := range n {
			id, status := fmt.Sprintf("2222%08d", i), account.Active
			if i == 7 {
				status = account.Suspended
			}
			err = errors.Join(err, put(id, fmt.Sprint("Team-", i), status), storetest.Join(tx, o, id, ""))
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	s := &service.Service{Store: db}
	search := func(caller, words string, token *string) (*service.SearchAccountsOutput, error) {
		return s.SearchAccounts(t.Context(), &call.Call{Now: now, Principal: call.Principal{Account: caller}}, &service.SearchAccountsInput{Words: &words, NextToken: token})
	}
	for words, want := range map[string][]string{
		"team-7":        {"Team-7", "Team-70", "Team-71", "Team-72", "Team-73", "Team-74", "Team-75", "Team-76", "Team-77", "Team-78", "Team-79"},
		"TEAM-229@EXAM": {"Team-229"},
		"222200000228":  {"Team-228"},
		"stranger":      nil,
		"chief":         {"Chief"},
	} {
		out, err := search(chief, words, nil)
		if err != nil || out.NextToken != nil {
			t.Fatalf("%q: %+v, %v", words, out, err)
		}
		var got []string
		for _, a := range out.Accounts {
			got = append(got, *a.Name)
			if want := map[bool]service.AccountState{true: "SUSPENDED", false: "ACTIVE"}[*a.Name == "Team-7"]; a.State != want {
				t.Errorf("%s is %s", *a.Name, a.State)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", words, got, want)
		}
	}
	var sizes []int
	seen := make(map[string]bool)
	for token := (*string)(nil); ; {
		out, err := search(chief, "team", token)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range out.Accounts {
			seen[*a.Id] = true
		}
		if sizes, token = append(sizes, len(out.Accounts)), out.NextToken; token == nil {
			break
		}
	}
	if !slices.Equal(sizes, []int{100, 100, 30}) || len(seen) != n {
		t.Errorf("pages of %v, %d accounts", sizes, len(seen))
	}
	for what, c := range map[string]struct {
		caller string
		token  *string
		code   string
	}{
		"member":            {"222200000001", nil, "AccessDeniedException"},
		"in none":           {stranger, nil, "AWSOrganizationsNotInUseException"},
		"a token of nobody": {chief, aws.String("x"), "InvalidInputException"},
	} {
		_, err := search(c.caller, "team", c.token)
		if e, ok := errors.AsType[*call.Error](err); !ok || e.Code != c.code {
			t.Errorf("%s: %v, want %s", what, err, c.code)
		}
	}
}
