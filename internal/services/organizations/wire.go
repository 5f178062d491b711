package organizations

import (
	"reflect"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"sekisho/internal/account"
	"sekisho/internal/org"
	"sekisho/internal/store"
)

// text is a member of an input; what is not there is "".
func text(in reflect.Value, name string) string {
	m := in.FieldByName(name)
	if m.IsValid() && m.Kind() == reflect.Pointer && !m.IsNil() {
		m = m.Elem()
	}
	if !m.IsValid() || m.Kind() != reflect.String {
		return ""
	}
	return m.String()
}

func organizationARN(o org.Organization) string {
	return "arn:aws:organizations::" + o.ManagementAccount + ":organization/" + o.ID
}

func handshakeARN(o org.Organization, h org.Handshake) string {
	return "arn:aws:organizations::" + o.ManagementAccount + ":handshake/" + o.ID + "/" + strings.ToLower(string(h.Action)) + "/" + h.ID
}

func accountARN(o org.Organization, id string) string {
	return org.Target{ID: id, Kind: org.AccountTarget}.ARN(o)
}

func wireOrganization(o org.Organization, management account.Account) *types.Organization {
	out := &types.Organization{
		Id: &o.ID, Arn: aws.String(organizationARN(o)), FeatureSet: types.OrganizationFeatureSet(o.Features),
		MasterAccountId: &o.ManagementAccount, MasterAccountArn: aws.String(accountARN(o, o.ManagementAccount)), MasterAccountEmail: &management.Email,
		AvailablePolicyTypes: []types.PolicyTypeSummary{},
	}
	if o.Features == org.AllFeatures {
		// What the member says that it always says, whatever is enabled on the root.
		out.AvailablePolicyTypes = []types.PolicyTypeSummary{{Type: types.PolicyTypeServiceControlPolicy, Status: types.PolicyTypeStatusEnabled}}
	}
	return out
}

// states are what Organizations calls the states of accounts: the status as it was
// before September 2026 and the state that took its place (behaviours.md 9.6).
var states = map[account.Status]struct {
	status types.AccountStatus
	state  types.AccountState
}{
	account.PendingActivation: {types.AccountStatusActive, types.AccountStatePendingActivation},
	account.Active:            {types.AccountStatusActive, types.AccountStateActive},
	account.Suspended:         {types.AccountStatusSuspended, types.AccountStateSuspended},
	account.Closed:            {types.AccountStatusSuspended, types.AccountStateClosed},
}

// wireAccount is a member of the organization; whether it is being closed, it does
// not tell (see [wireMembers]).
func wireAccount(o org.Organization, a account.Account) *types.Account {
	s := states[a.Status]
	return &types.Account{
		Id: &a.ID, Arn: aws.String(accountARN(o, a.ID)), Name: &a.Name, Email: &a.Email, Status: s.status, State: s.state,
		JoinedMethod: types.AccountJoinedMethod(a.JoinedMethod), JoinedTimestamp: aws.Time(a.JoinedAt), Paths: []string{a.OrgPath + a.ID + "/"},
	}
}

// wireMembers are members of the organization with those that are being closed.
func wireMembers(tx store.Tx, o org.Organization, accounts ...account.Account) ([]types.Account, error) {
	closing, err := tx.PendingClosures(o.ID, len(accounts)+org.MaxClosures)
	pending := make(map[string]bool, len(closing))
	for _, c := range closing {
		pending[c.Account] = true
	}
	all := make([]types.Account, len(accounts))
	for i, a := range accounts {
		all[i] = *wireAccount(o, a)
		if pending[a.ID] && a.Status != account.Closed {
			all[i].Status, all[i].State = types.AccountStatusPendingClosure, types.AccountStatePendingClosure
		}
	}
	return all, err
}

func wireUnit(o org.Organization, u org.Unit) *types.OrganizationalUnit {
	return &types.OrganizationalUnit{
		Id: &u.ID, Arn: aws.String(org.Target{ID: u.ID, Kind: org.UnitTarget}.ARN(o)), Name: &u.Name, Path: aws.String(u.Path),
	}
}

func wireCreation(c org.Creation) *types.CreateAccountStatus {
	out := &types.CreateAccountStatus{
		Id: &c.ID, AccountName: &c.Name, State: types.CreateAccountState(c.State), FailureReason: types.CreateAccountFailureReason(c.Failure),
		RequestedTimestamp: aws.Time(c.RequestedAt),
	}
	if !c.CompletedAt.IsZero() {
		out.CompletedTimestamp = aws.Time(c.CompletedAt)
	}
	if c.Account != "" {
		out.AccountId = &c.Account
	}
	return out
}
