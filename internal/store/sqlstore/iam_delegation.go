package sqlstore

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/sqldb"
)

var (
	errNoDelegationRequest = fault.New(fault.NotFound, "no-delegation-request", "The delegation request does not exist.")
	errNoOrgReport         = fault.New(fault.NotFound, "no-organization-report", "The report does not exist.")

	putDelegationRequest = upsert("delegation_requests", "id", delegationColumns+", owned_in, forget_at")
	putOrgReport         = upsert("organization_reports", "id", "id, account, content, forget_at")
)

const (
	delegationColumns = "id, requestor, requestor_name, workflow_id, description, message, template, parameters, policy, redirect_url, channel," +
		" seconds, only_send_by_owner, owner_account, owner, owner_entity, approval, notes, rejection_reason, state, created_at, updated_at," +
		" expires_at, sent_at, traded_at"

	delegationRequestByID = "SELECT " + delegationColumns + " FROM delegation_requests WHERE id = ?"

	afterDelegation      = " AND (created_at > ? OR created_at = ? AND id > ?) ORDER BY created_at, id LIMIT ?"
	delegationRequestsIn = "SELECT " + delegationColumns + " FROM delegation_requests WHERE owned_in = ?" + afterDelegation
	delegationRequestsOf = "SELECT " + delegationColumns + " FROM delegation_requests WHERE owned_in = ? AND owner = ?" + afterDelegation

	openDelegationRequests = "SELECT count(*) FROM delegation_requests WHERE requestor = ? AND expires_at > ?"

	orgReportCount = "SELECT count(*) FROM organization_reports WHERE account = ?"

	usesIn = "SELECT service, count(DISTINCT entity), max(at) FROM iam_uses WHERE account = ? AND at >= ? GROUP BY service ORDER BY service"

	useRegion = "SELECT region FROM iam_uses WHERE account = ? AND service = ? AND at = ? ORDER BY entity, region LIMIT 1"
)

func (t *tx) DelegationRequest(id string) (iam.DelegationRequest, error) {
	r, err := one(t, scanDelegation, delegationRequestByID, id)
	return orNone(r, err, errNoDelegationRequest)
}

func scanDelegation(row sqldb.Row) (r iam.DelegationRequest, err error) {
	var parameters, approval string
	if err := row.Scan(&r.ID, &r.Requestor, &r.RequestorName, &r.WorkflowID, &r.Description, &r.Message, &r.Template, &parameters, &r.Policy,
		&r.RedirectURL, &r.Channel, &r.Seconds, &r.OnlySendByOwner, &r.OwnerAccount, &r.Owner, &r.OwnerEntity, &approval, &r.Notes,
		&r.RejectionReason, &r.State, sqldb.AsTime(&r.CreatedAt), sqldb.AsTime(&r.UpdatedAt), sqldb.AsTime(&r.ExpiresAt),
		sqldb.AsTime(&r.SentAt), sqldb.AsTime(&r.TradedAt)); err != nil {
		return r, err
	}
	if approval != "" {
		r.Approval = new(iam.DelegationApproval)
		if err := json.Unmarshal([]byte(approval), r.Approval); err != nil {
			return r, err
		}
	}
	return r, json.Unmarshal([]byte(parameters), &r.Parameters)
}

func (t *tx) PutDelegationRequest(r iam.DelegationRequest) error {
	parameters, err := json.Marshal(r.Parameters)
	if err != nil {
		return err
	}
	var approval []byte
	if r.Approval != nil {
		if approval, err = json.Marshal(r.Approval); err != nil {
			return err
		}
	}
	var ownedIn any
	if r.Owner != "" {
		ownedIn = r.OwnerAccount
	}
	_, err = t.exec(putDelegationRequest, r.ID, r.Requestor, r.RequestorName, r.WorkflowID, r.Description, r.Message, r.Template, string(parameters),
		r.Policy, r.RedirectURL, r.Channel, r.Seconds, oneIf(r.OnlySendByOwner), r.OwnerAccount, r.Owner, r.OwnerEntity, string(approval), r.Notes,
		r.RejectionReason, string(r.State), sqldb.Micros(r.CreatedAt), sqldb.Micros(r.UpdatedAt), sqldb.Micros(r.ExpiresAt),
		sqldb.Micros(r.SentAt), sqldb.Micros(r.TradedAt), ownedIn, sqldb.Micros(r.ExpiresAt.Add(iam.DelegationKept)))
	if violated(err) == "delegation_requests(requestor,workflow_id)" {
		return fault.New(fault.AlreadyExists, "workflow-taken", "A delegation request with workflow id %s already exists.", r.WorkflowID).Wrap(err)
	}
	return noAccount(err)
}

// DelegationRequestsOf's keys are times in microseconds and ids.
func (t *tx) DelegationRequestsOf(account, owner string, p page.Request) (page.Page[iam.DelegationRequest], error) {
	var after int64
	at, id, _ := strings.Cut(p.After, " ")
	if p.After != "" {
		var err error
		if after, err = strconv.ParseInt(at, 10, 64); err != nil {
			return page.Page[iam.DelegationRequest]{}, fault.New(fault.Invalid, "pagination-token", "The pagination token is not valid.")
		}
	}
	limit := limitOf(p)
	query, args := delegationRequestsIn, []any{account}
	if owner != "" {
		query, args = delegationRequestsOf, append(args, owner)
	}
	items, err := all(t, scanDelegation, query, append(args, after, after, id, limit+1)...)
	return page.Cut(items, limit, func(r iam.DelegationRequest) string {
		return fmt.Sprintf("%d %s", sqldb.Micros(r.CreatedAt), r.ID)
	}), err
}

func (t *tx) OpenDelegationRequests(requestor string, now time.Time) (int, error) {
	return one(t, sqldb.Value[int], openDelegationRequests, requestor, sqldb.Micros(now))
}

func (t *tx) OrgReport(account, id string) (r iam.OrgReport, err error) {
	content, err := one(t, sqldb.Value[string], "SELECT content FROM organization_reports WHERE id = ? AND account = ?", id, account)
	if err != nil {
		return orNone(r, err, errNoOrgReport)
	}
	return r, json.Unmarshal([]byte(content), &r)
}

func (t *tx) OrgReportCount(account string) (int, error) {
	return one(t, sqldb.Value[int], orgReportCount, account)
}

func (t *tx) PutOrgReport(r iam.OrgReport) error {
	content, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = t.exec(putOrgReport, r.ID, r.Account, string(content), sqldb.Micros(r.CreatedAt.Add(iam.OrgReportLifetime)))
	return noAccount(err)
}

func (t *tx) UsesIn(account string, since time.Time) ([]iam.ServiceUse, error) {
	uses, err := all(t, func(r sqldb.Row) (u iam.ServiceUse, err error) {
		return u, r.Scan(&u.Service, &u.Entities, sqldb.AsTime(&u.At))
	}, usesIn, account, sqldb.Micros(since))
	if err != nil {
		return nil, err
	}
	for i, u := range uses {
		if uses[i].Region, err = one(t, sqldb.Value[string], useRegion, account, u.Service, sqldb.Micros(u.At)); err != nil {
			return nil, err
		}
	}
	return uses, nil
}
