package organizations

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"sekisho/internal/account"
	"sekisho/internal/org"
)

// wireAccount is an account of the organization. AWS has its state twice: Status is
// the older form, with fewer words (behaviours.md 9.6).
func wireAccount(o org.Organization, a account.Account) *types.Account {
	status := types.AccountStatusActive
	if a.Status != account.Active {
		status = types.AccountStatusSuspended
	}
	return &types.Account{
		Id: aws.String(a.ID), Arn: aws.String(org.Target{ID: a.ID, Kind: org.AccountTarget}.ARN(o)), Name: aws.String(a.Name), Email: aws.String(a.Email),
		Status: status, State: types.AccountState(a.Status), JoinedMethod: types.AccountJoinedMethod(a.JoinedMethod), JoinedTimestamp: aws.Time(a.JoinedAt),
		Paths: []string{a.OrgPath + a.ID + "/"},
	}
}
