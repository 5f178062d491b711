package operations

import (
	"strings"
	"testing"

	"sekisho/internal/store"
)

// A product of another account gets temporary access as the request says, by the
// consent of somebody who has it, and no more than that: from the request
// to the first calls with the delegated credentials, and what they may not.
func TestDelegation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	requestor, owner := w.root(management), w.user(t, production, "approver", document(statement("Allow", "Action", "iam:*", "*")))
	vars := map[string]string{"template": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:List*","Resource":"arn:aws:iam::@{account}:user/"}]}`}
	w.do(t, requestor, "iam", "CreatePolicy", "PolicyName=template PolicyDocument={template}", vars)
	id := w.do(t, requestor, "iam", "CreateDelegationRequest", strings.Join([]string{
		"OwnerAccountId=" + production, "Description=x", "RequestorWorkflowId=workflow", "NotificationChannel=arn:aws:sns:us-east-1:111122223333:t", "SessionDuration=900",
		"Permissions.PolicyTemplateArn=arn:aws:iam::" + management + ":policy/template",
		"Permissions.Parameters.member.1.Name=account", "Permissions.Parameters.member.1.Type=string", "Permissions.Parameters.member.1.Values.member.1=" + production,
	}, " "), vars).texts["DelegationRequestId"]
	named := "DelegationRequestId=" + id
	for _, operation := range []string{"AssociateDelegationRequest", "AcceptDelegationRequest", "SendDelegationToken"} {
		w.do(t, owner.key, "iam", operation, named, nil)
	}
	token := w.mailedToken(t, id)
	w.secret("trade-in token", token)
	traded := w.do(t, requestor, "sts", "GetDelegatedAccessToken", "TradeInToken="+token, nil)
	delegated := traded.credentials()
	w.do(t, delegated, "iam", "ListUsers", "", nil)
	for _, c := range []struct {
		name               string
		by                 key
		service, operation string
		input, code        string
	}{
		{"beyond the request", delegated, "iam", "ListRoles", "", "AccessDenied"},
		{"to delegate further", delegated, "iam", "AcceptDelegationRequest", named, "AccessDenied"},
		{"the token again", requestor, "sts", "GetDelegatedAccessToken", "TradeInToken=" + token, ""},
		{"a token that is none", requestor, "sts", "GetDelegatedAccessToken", "TradeInToken=x", ""},
	} {
		a := w.call(request{service: c.service, operation: c.operation, input: parameters(t, c.input, nil)}, c.by)
		if a.status < 400 || c.code != "" && a.code != c.code {
			t.Errorf("%s: %d %s", c.name, a.status, a.code)
		}
	}
	w.stop()
	w.secretless(t)
}

// mailedToken is the token that the requestor was mailed.
func (w *world) mailedToken(t *testing.T, request string) (token string) {
	t.Helper()
	w.update(t, func(tx store.Tx) error {
		messages, err := tx.Messages(100)
		for _, m := range messages {
			if len(m.Codes) == 1 && strings.Contains(m.Text, request) {
				token = m.Codes[0]
			}
		}
		return err
	})
	if token == "" {
		t.Fatal("no token was mailed")
	}
	return token
}
