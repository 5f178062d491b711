package storetest

import (
	"fmt"
	"testing"
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/store"
	"sekisho/internal/token"
)

func testIAMDelegation(t *testing.T, db store.DB) {
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutAccount(testAccount(iamAcct)), tx.PutAccount(testAccount(iamOther)))
	})
	whole := iam.DelegationRequest{
		ID: "dr-1", Requestor: iamAcct, RequestorName: "Example", WorkflowID: "workflow-1", Description: "what for", Message: "please",
		Template: "arn:aws:iam::" + iamAcct + ":policy/template", Parameters: []iam.DelegationParameter{{Name: "bucket", Values: []string{"a"}, List: true}},
		Policy: `{"Version":"2012-10-17"}`, RedirectURL: "https://example.com", Channel: "arn:aws:sns:us-east-1:111122223333:topic", Seconds: 900,
		OnlySendByOwner: true, OwnerAccount: iamOther, Owner: "arn:aws:iam::" + iamOther + ":user/jane", OwnerEntity: "AIDA1",
		Approval: &iam.DelegationApproval{ARN: "arn:a", EntityARN: "arn:b", Session: token.Session{Kind: token.Delegated, Account: iamOther, Entity: "AROA1",
			Tags: []token.Tag{{Key: "k", Value: "v"}}, Keys: map[string]string{"saml:sub": "jane"}}},
		Notes: "notes", RejectionReason: "no", State: iam.DelegationFinalized, CreatedAt: now, UpdatedAt: now.Add(1 * time.Minute),
		ExpiresAt: now.Add(time.Hour), SentAt: now.Add(2 * time.Minute), TradedAt: now.Add(3 * time.Minute),
	}
	least := iam.DelegationRequest{ID: "dr-1", Requestor: iamAcct, WorkflowID: "workflow-1", State: iam.DelegationUnassigned, CreatedAt: now, ExpiresAt: now.Add(time.Hour)}
	find := func(id string) func(store.Tx) (iam.DelegationRequest, error) {
		return func(tx store.Tx) (iam.DelegationRequest, error) { return tx.DelegationRequest(id) }
	}
	for _, r := range []iam.DelegationRequest{whole, least, whole} {
		update(t, db, func(tx store.Tx) error { return tx.PutDelegationRequest(r) })
		equal(t, "delegation request", get(t, db, find("dr-1")), r)
	}
	fails := func(what string, kind fault.Kind, reason string, fn func(store.Tx) error) {
		t.Helper()
		refused(t, what, db.Update(t.Context(), nil, fn), kind, reason)
	}
	fails("missing", fault.NotFound, "no-delegation-request", func(tx store.Tx) error { _, err := tx.DelegationRequest("dr-2"); return err })
	again, elsewhere := least, least
	again.ID, elsewhere.ID, elsewhere.Requestor = "dr-2", "dr-3", iamOther
	fails("the same workflow", fault.AlreadyExists, "workflow-taken", func(tx store.Tx) error { return tx.PutDelegationRequest(again) })
	update(t, db, func(tx store.Tx) error { return tx.PutDelegationRequest(elsewhere) })
	nowhere := again
	nowhere.Requestor, nowhere.WorkflowID = "999999999999", "x"
	fails("no such account", fault.NotFound, "", func(tx store.Tx) error { return tx.PutDelegationRequest(nowhere) })

	open := func(at time.Time) int {
		return get(t, db, func(tx store.Tx) (int, error) { return tx.OpenDelegationRequests(iamAcct, at) })
	}
	equal(t, "open", open(now), 1)
	equal(t, "open at its end", open(whole.ExpiresAt), 0)

	// Lists have what somebody in the account owns, oldest first, those of one time too.
	for i := range 4 {
		r := whole
		r.ID, r.WorkflowID, r.CreatedAt = fmt.Sprintf("dr-9%d", i), fmt.Sprint("w", i), now.Add(time.Duration(i/2)*time.Second)
		if i == 3 {
			r.Owner = "arn:aws:iam::" + iamOther + ":user/john"
		}
		update(t, db, func(tx store.Tx) error { return tx.PutDelegationRequest(r) })
	}
	listed := func(account, owner string, limit int) (ids []string) {
		for p := (page.Request{Limit: limit}); ; {
			some := get(t, db, func(tx store.Tx) (page.Page[iam.DelegationRequest], error) {
				return tx.DelegationRequestsOf(account, owner, p)
			})
			for _, r := range some.Items {
				ids = append(ids, r.ID)
			}
			if p.After = some.Next; p.After == "" {
				return ids
			}
		}
	}
	for _, limit := range []int{1, 2, 100} {
		equal(t, "of the account", listed(iamOther, "", limit), []string{"dr-1", "dr-90", "dr-91", "dr-92", "dr-93"})
		equal(t, "of jane", listed(iamOther, whole.Owner, limit), []string{"dr-1", "dr-90", "dr-91", "dr-92"})
	}
	equal(t, "of the requestor, who owns none", listed(iamAcct, "", 10), []string(nil))
	fails("a bad key", fault.Invalid, "pagination-token", func(tx store.Tx) error {
		_, err := tx.DelegationRequestsOf(iamOther, "", page.Request{After: "x y", Limit: 1})
		return err
	})

	expire(t, db, whole.ExpiresAt.Add(iam.DelegationKept), 10)
	equal(t, "to the last", get(t, db, find("dr-1")), whole)
	expire(t, db, whole.ExpiresAt.Add(iam.DelegationKept+time.Microsecond), 10)
	fails("forgotten", fault.NotFound, "no-delegation-request", func(tx store.Tx) error { _, err := tx.DelegationRequest("dr-1"); return err })
}

func testIAMOrgReports(t *testing.T, db store.DB) {
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutAccount(testAccount(iamAcct)), tx.PutAccount(testAccount(iamOther)))
	})
	report := iam.OrgReport{ID: "r-1", Account: iamAcct, CreatedAt: now, Failure: "none", Services: []iam.OrgAccessedService{
		{Namespace: "iam", At: now, Region: "us-east-1", Path: "o-1/r-1/" + iamOther, Entities: 2}, {Namespace: "s3"}}}
	count := func() int { return get(t, db, func(tx store.Tx) (int, error) { return tx.OrgReportCount(iamAcct) }) }
	equal(t, "none yet", count(), 0)
	update(t, db, func(tx store.Tx) error { return tx.PutOrgReport(report) })
	equal(t, "one", count(), 1)
	equal(t, "report", get(t, db, func(tx store.Tx) (iam.OrgReport, error) { return tx.OrgReport(iamAcct, "r-1") }), report)
	gone := func(what, account, id string) {
		t.Helper()
		view(t, db, func(tx store.Tx) error {
			_, err := tx.OrgReport(account, id)
			refused(t, what, err, fault.NotFound, "no-organization-report")
			return nil
		})
	}
	gone("of another account", iamOther, "r-1")
	gone("unknown", iamAcct, "r-2")
	expire(t, db, now.Add(iam.OrgReportLifetime+time.Microsecond), 10)
	gone("forgotten", iamAcct, "r-1")

	use := func(account, entity, service, action, region string, at time.Time) iam.Use {
		return iam.Use{Account: account, Entity: entity, Service: service, Action: action, Region: region, At: at}
	}
	update(t, db, func(tx store.Tx) error {
		return tx.PutUses([]iam.Use{
			use(iamAcct, "AIDA1", "iam", "ListUsers", "us-east-1", now), use(iamAcct, "AIDA1", "iam", "GetUser", "eu-west-1", now.Add(time.Hour)),
			use(iamAcct, "AROA1", "iam", "GetUser", "ap-northeast-1", now.Add(time.Minute)), use(iamAcct, "AROA1", "sts", "GetCallerIdentity", "us-east-1", now),
			use(iamAcct, "AROA2", "sts", "AssumeRole", "us-east-1", now.Add(-time.Hour)), use(iamOther, "AIDA2", "s3", "GetObject", "us-east-1", now),
		})
	})
	equal(t, "uses", get(t, db, func(tx store.Tx) ([]iam.ServiceUse, error) { return tx.UsesIn(iamAcct, now) }), []iam.ServiceUse{
		{Service: "iam", At: now.Add(time.Hour), Region: "eu-west-1", Entities: 2}, {Service: "sts", At: now, Region: "us-east-1", Entities: 1}})
}
