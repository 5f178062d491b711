package iam_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/account"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/notify"
	service "sekisho/internal/services/iam"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
	"sekisho/internal/token"
)

const (
	thirdAcct  = "777788889999"
	topic      = "arn:aws:sns:us-east-1:" + otherAcct + ":delegations"
	template   = "arn:aws:iam::" + otherAcct + ":policy/template"
	bucketRead = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::@{bucket}/*"}]}`
)

// delegating is a world in which the second account asks the first for access.
func delegating(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	_, w.service.Ring = storetest.OpenWithRing(t)
	w.update(func(tx store.Tx) error {
		return tx.PutAccount(account.Account{ID: thirdAcct, Name: "Third", Email: "root+3@example.com", Status: account.Active, CreatedAt: start})
	})
	must(w.service.CreatePolicy(w.Context(), w.other(), &awsiam.CreatePolicyInput{PolicyName: aws.String("template"), PolicyDocument: aws.String(bucketRead)}))
	return w
}

// asking is the input of a request; change it as needed.
func asking(workflow string, change ...func(*awsiam.CreateDelegationRequestInput)) *awsiam.CreateDelegationRequestInput {
	in := &awsiam.CreateDelegationRequestInput{
		OwnerAccountId: aws.String(acct), Description: aws.String("Sets up backups"), RequestMessage: aws.String("please"), RequestorWorkflowId: &workflow,
		NotificationChannel: aws.String(topic), RedirectUrl: aws.String("https://example.com/done"), SessionDuration: aws.Int32(3600),
		Permissions: &types.DelegationPermission{PolicyTemplateArn: aws.String(template), Parameters: []types.PolicyParameter{
			{Name: aws.String("bucket"), Values: []string{"data"}, Type: types.PolicyParameterTypeEnumString}}},
	}
	for _, f := range change {
		f(in)
	}
	return in
}

func (w *world) ask(workflow string, change ...func(*awsiam.CreateDelegationRequestInput)) *string {
	w.Helper()
	return must(w.service.CreateDelegationRequest(w.Context(), w.other(), asking(workflow, change...))).DelegationRequestId
}

// step calls an operation that changes a request's state.
func (w *world) step(name string, c *call.Call, id *string) (err error) {
	w.Helper()
	switch name {
	case "associate":
		_, err = w.service.AssociateDelegationRequest(w.Context(), c, &awsiam.AssociateDelegationRequestInput{DelegationRequestId: id})
	case "update":
		_, err = w.service.UpdateDelegationRequest(w.Context(), c, &awsiam.UpdateDelegationRequestInput{DelegationRequestId: id, Notes: aws.String("see")})
	case "accept":
		_, err = w.service.AcceptDelegationRequest(w.Context(), c, &awsiam.AcceptDelegationRequestInput{DelegationRequestId: id})
	case "reject":
		_, err = w.service.RejectDelegationRequest(w.Context(), c, &awsiam.RejectDelegationRequestInput{DelegationRequestId: id, Notes: aws.String("not now")})
	case "send":
		_, err = w.service.SendDelegationToken(w.Context(), c, &awsiam.SendDelegationTokenInput{DelegationRequestId: id})
	default:
		w.Fatalf("no step %s", name)
	}
	return err
}

func (w *world) state(id *string) types.StateType {
	w.Helper()
	return must(w.service.GetDelegationRequest(w.Context(), w.root(), &awsiam.GetDelegationRequestInput{DelegationRequestId: id})).DelegationRequest.State
}

// mails are the requestor's, oldest first.
func (w *world) mails() (all []notify.Message) {
	w.Helper()
	w.view(func(tx store.Tx) error {
		newest, err := tx.Messages(1000)
		for i := range newest {
			all = append(all, newest[len(newest)-1-i])
		}
		return err
	})
	return all
}

func TestDelegationRequest(t *testing.T) {
	t.Parallel()
	w := delegating(t)
	w.user("jane")
	id := w.ask("workflow-1", func(in *awsiam.CreateDelegationRequestInput) { in.OnlySendByOwner = true })
	get := func() *types.DelegationRequest {
		return must(w.service.GetDelegationRequest(t.Context(), w.root(), &awsiam.GetDelegationRequestInput{DelegationRequestId: id})).DelegationRequest
	}
	r := get()
	if *r.OwnerAccountId != acct || r.OwnerId != nil || *r.RequestorId != otherAcct || *r.RequestorName != "Production" || *r.Description != "Sets up backups" ||
		*r.RequestMessage != "please" || *r.PermissionPolicy != strings.Replace(bucketRead, "@{bucket}", "data", 1) || *r.SessionDuration != 3600 ||
		*r.RedirectUrl != "https://example.com/done" || !r.OnlySendByOwner || r.State != types.StateTypeUnassigned || r.ApproverId != nil ||
		*r.Permissions.PolicyTemplateArn != template || *r.Permissions.Parameters[0].Name != "bucket" || !r.ExpirationTime.Equal(r.CreateDate.Add(24*time.Hour)) {
		t.Errorf("got %+v", r)
	}
	w.clock.Advance(time.Hour)
	w.expect("associate", w.step("associate", w.as("jane"), id), "", "")
	if r := get(); *r.OwnerId != "arn:aws:iam::"+acct+":user/jane" || r.State != types.StateTypeAssigned ||
		!r.ExpirationTime.Equal(start.Truncate(time.Second).Add(time.Hour+7*24*time.Hour)) || !r.UpdatedTime.After(*r.CreateDate) {
		t.Errorf("associated: %+v", r)
	}
	w.clock.Advance(time.Second)
	w.expect("update", w.step("update", w.as("jane"), id), "", "")
	w.clock.Advance(time.Second)
	w.expect("update again", w.step("update", w.as("jane"), id), "", "")
	if r := get(); *r.Notes != "see" || r.State != types.StateTypePendingApproval {
		t.Errorf("updated: %+v", r)
	}
	w.expect("accept", w.step("accept", w.root(), id), "", "")
	if r := get(); *r.ApproverId != "arn:aws:iam::"+acct+":root" || r.State != types.StateTypeAccepted {
		t.Errorf("accepted: %+v", r)
	}
	w.clock.Advance(time.Second)
	w.expectDenied("send by another", w.step("send", w.root(), id), "only-send-by-owner")
	w.expect("send", w.step("send", w.as("jane"), id), "", "")
	if got := w.state(id); got != types.StateTypeFinalized {
		t.Errorf("sent: %s", got)
	}
	// The requestor is told of each state once, and gets the token with the last.
	mails := w.mails()
	if len(mails) != 4 {
		t.Fatalf("%d mails", len(mails))
	}
	for i, m := range mails {
		if m.To != "root+"+otherAcct+"@example.com" || !strings.Contains(m.Text, "workflow-1") || (len(m.Codes) == 1) != (i == 3) {
			t.Errorf("mail %d: %+v", i, m)
		}
	}
	// Only who was told knows it: neither is it with the request nor in the trail.
	if b := *get().PermissionPolicy; strings.Contains(b, mails[3].Codes[0]) {
		t.Error("the token is shown")
	}
}

// expectDenied holds a refusal that the gateway answers as AccessDenied.
func (w *world) expectDenied(what string, err error, reason string) {
	w.Helper()
	if f, ok := fault.As(err); !ok || f.Kind != fault.Denied || f.Reason != reason {
		w.Errorf("%s: got %v, want %s", what, err, reason)
	}
}

// From each state, only the steps that lead out of it (state machine of the
// operations' documentation).
func TestDelegationStates(t *testing.T) {
	t.Parallel()
	w := delegating(t)
	reach := map[types.StateType][]string{
		types.StateTypeUnassigned: nil, types.StateTypeAssigned: {"associate"}, types.StateTypePendingApproval: {"associate", "update"},
		types.StateTypeAccepted: {"associate", "accept"}, types.StateTypeFinalized: {"associate", "accept", "send"}, types.StateTypeRejected: {"associate", "reject"},
	}
	leads := map[string]map[types.StateType]types.StateType{
		"associate": {types.StateTypeUnassigned: types.StateTypeAssigned},
		"update":    {types.StateTypeAssigned: types.StateTypePendingApproval, types.StateTypePendingApproval: types.StateTypePendingApproval},
		"accept":    {types.StateTypeAssigned: types.StateTypeAccepted, types.StateTypePendingApproval: types.StateTypeAccepted},
		"reject": {types.StateTypeAssigned: types.StateTypeRejected, types.StateTypePendingApproval: types.StateTypeRejected,
			types.StateTypeAccepted: types.StateTypeRejected},
		"send": {types.StateTypeAccepted: types.StateTypeFinalized},
	}
	said := map[string]string{"associate": "associated", "update": "updated", "accept": "accepted", "reject": "rejected", "send": "sent"}
	lasts := map[types.StateType]time.Duration{types.StateTypeUnassigned: 24 * time.Hour}
	for from, before := range reach {
		for name := range leads {
			id := w.ask(string(from) + "-" + name)
			for _, s := range before {
				w.expect(s, w.step(s, w.root(), id), "", "")
			}
			err := w.step(name, w.root(), id)
			to, ok := leads[name][from]
			if ok {
				w.expect(name, err, "", "")
			} else {
				to = from
				code := "InvalidInput"
				if name == "accept" {
					code = "ConcurrentModification"
				}
				w.expect(name+" when "+string(from), err, code, "The delegation request "+*id+" is in state "+string(from)+" and cannot be "+said[name]+".")
			}
			if got := w.state(id); got != to {
				t.Errorf("%s when %s leads to %s", name, from, got)
			}
		}
		// Time ends every state.
		id := w.ask(string(from) + "-expires")
		for _, s := range before {
			w.expect(s, w.step(s, w.root(), id), "", "")
		}
		life := lasts[from]
		if life == 0 {
			life = 7 * 24 * time.Hour
		}
		now := w.clock.Now()
		w.clock.Advance(life - time.Second)
		if got := w.state(id); got != from {
			t.Errorf("%s is %s before its end", from, got)
		}
		w.clock.Advance(time.Second)
		if got := w.state(id); got != types.StateTypeExpired {
			t.Errorf("%s is %s after its end", from, got)
		}
		for name := range leads {
			if err := w.step(name, w.root(), id); err == nil {
				t.Errorf("%s after the end of %s", name, from)
			}
		}
		w.clock.Set(now)
	}
}

// Others' requests are not there, the requestor's own neither once they are for
// somebody; what is for nobody is for everybody (GetDelegationRequest).
func TestDelegationAcrossAccounts(t *testing.T) {
	t.Parallel()
	w := delegating(t)
	third := func() *call.Call { return w.call(rootOf(thirdAcct)) }
	id := w.ask("for-acct")
	for who, c := range map[string]*call.Call{"a third account": third(), "the requestor": w.other()} {
		missing := "The delegation request with id " + *id + " cannot be found."
		_, err := w.service.GetDelegationRequest(t.Context(), c, &awsiam.GetDelegationRequestInput{DelegationRequestId: id})
		w.expect("get by "+who, err, "NoSuchEntity", missing)
		_, err = w.service.GetHumanReadableSummary(t.Context(), c, &awsiam.GetHumanReadableSummaryInput{EntityArn: aws.String(iam.DelegationRequestARN(acct, *id))})
		w.expect("summary by "+who, err, "NoSuchEntity", missing)
		for _, s := range []string{"associate", "update", "accept", "reject", "send"} {
			w.expect(s+" by "+who, w.step(s, c, id), "NoSuchEntity", missing)
		}
	}
	w.expect("associate", w.step("associate", w.root(), id), "", "")
	open := w.ask("for-anybody", func(in *awsiam.CreateDelegationRequestInput) { in.OwnerAccountId = nil })
	out := must(w.service.GetDelegationRequest(t.Context(), third(), &awsiam.GetDelegationRequestInput{DelegationRequestId: open}))
	if out.DelegationRequest.OwnerAccountId != nil {
		t.Errorf("owned by %s", *out.DelegationRequest.OwnerAccountId)
	}
	w.expect("claim", w.step("associate", third(), open), "", "")
	w.expect("claim what is claimed", w.step("associate", w.root(), open), "NoSuchEntity", "The delegation request with id "+*open+" cannot be found.")
	w.ask("for-acct-unclaimed")
	for account, want := range map[string]string{acct: *id, thirdAcct: *open, otherAcct: ""} {
		got := listed(w, func(marker *string, most *int32) ([]types.DelegationRequest, bool, *string, error) {
			out, err := w.service.ListDelegationRequests(t.Context(), w.call(rootOf(account)), &awsiam.ListDelegationRequestsInput{Marker: marker, MaxItems: most})
			return out.DelegationRequests, out.IsTruncated, out.Marker, err
		})
		if want == "" && len(got) != 0 || want != "" && (len(got) != 1 || *got[0].DelegationRequestId != want) {
			t.Errorf("%s has %+v", account, got)
		}
	}
	nobody := must(w.service.ListDelegationRequests(t.Context(), w.root(), &awsiam.ListDelegationRequestsInput{OwnerId: aws.String("arn:aws:iam::" + acct + ":user/nobody")}))
	if len(nobody.DelegationRequests) != 0 {
		t.Error("a filter lets others through")
	}
}

func TestDelegationRefusals(t *testing.T) {
	t.Parallel()
	w := delegating(t)
	w.ask("taken")
	for what, c := range map[string]struct {
		change        func(*awsiam.CreateDelegationRequestInput)
		code, message string
	}{
		"workflow":    {func(in *awsiam.CreateDelegationRequestInput) { in.RequestorWorkflowId = aws.String("taken") }, "EntityAlreadyExists", "A delegation request with workflow id taken already exists."},
		"no template": {func(in *awsiam.CreateDelegationRequestInput) { in.Permissions.PolicyTemplateArn = nil }, "InvalidInput", "Permissions must have a PolicyTemplateArn."},
		"missing template": {func(in *awsiam.CreateDelegationRequestInput) {
			in.Permissions.PolicyTemplateArn = aws.String("arn:aws:iam::" + otherAcct + ":policy/missing")
		}, "InvalidInput", "The policy template arn:aws:iam::" + otherAcct + ":policy/missing does not exist."},
		"AWS's template": {func(in *awsiam.CreateDelegationRequestInput) {
			in.Permissions.PolicyTemplateArn = aws.String("arn:aws:iam::aws:policy/AdministratorAccess")
		}, "InvalidInput", "The policy template arn:aws:iam::aws:policy/AdministratorAccess does not exist."},
		"wildcard": {func(in *awsiam.CreateDelegationRequestInput) { in.Permissions.Parameters[0].Values = []string{"*"} }, "InvalidInput", "The values of parameter bucket must not have wildcards, variables or placeholders."},
		"queue": {func(in *awsiam.CreateDelegationRequestInput) {
			in.NotificationChannel = aws.String("arn:aws:sqs:us-east-1:111122223333:queue")
		}, "InvalidInput", "The notification channel must be the ARN of an Amazon SNS topic."},
		"no ARN": {func(in *awsiam.CreateDelegationRequestInput) { in.NotificationChannel = aws.String("topic") }, "InvalidInput", "The notification channel must be the ARN of an Amazon SNS topic."},
	} {
		_, err := w.service.CreateDelegationRequest(t.Context(), w.other(), asking("new-workflow", c.change))
		w.expect(what, err, c.code, c.message)
	}
	// Another account's template is none, whether it exists or not.
	_, err := w.service.CreateDelegationRequest(t.Context(), w.root(), asking("new-workflow"))
	w.expect("another's template", err, "InvalidInput", "The policy template "+template+" does not exist.")

	long := w.ask("long", func(in *awsiam.CreateDelegationRequestInput) { in.SessionDuration = aws.Int32(4*3600 + 1) })
	w.expect("associate", w.step("associate", w.root(), long), "", "")
	w.expectDenied("the root user for more than 4 hours", w.step("accept", w.root(), long), "root-delegation")
	restricted := w.asRole()
	restricted.Principal.Temporary = &token.Session{Kind: token.Assumed, Policies: []string{bucketRead}}
	w.expectDenied("an approver with session policies", w.step("accept", restricted, long), "restricted-approver")
	task := w.root()
	task.Principal.Temporary = &token.Session{Kind: token.AssumedRoot, PolicyARNs: []string{"arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy"}}
	short := w.ask("short")
	w.expect("associate", w.step("associate", w.root(), short), "", "")
	w.expectDenied("AssumeRoot's session", w.step("accept", task, short), "restricted-approver")
	// Who acts by delegation gives no more of it, even past the policies.
	for _, s := range []string{"associate", "update", "accept", "reject", "send"} {
		by := w.root()
		by.Principal.Temporary = &token.Session{Kind: token.Delegated}
		w.expectDenied(s+" by delegation", w.step(s, by, short), "delegated")
	}
	w.expect("a role's session", w.step("accept", w.asRole(), long), "", "")
}

// What the owner may do without a policy, and the condition keys of requests.
func TestDelegationTargets(t *testing.T) {
	t.Parallel()
	w := delegating(t)
	w.user("jane")
	w.user("john")
	id := w.ask("workflow-1")
	names := service.Names{Store: w.db}
	target := func(c *call.Call, operation string, in any) call.Target {
		c.Operation = operation
		return must(names.Target(t.Context(), c, service.Table[operation], in))
	}
	get := &awsiam.GetDelegationRequestInput{DelegationRequestId: id}
	if got := target(w.as("jane"), "GetDelegationRequest", get); got.Granted || got.ARN != iam.DelegationRequestARN(acct, *id) {
		t.Errorf("before there is an owner: %+v", got)
	}
	if got := target(w.call(rootOf(thirdAcct)), "GetDelegationRequest", get); got.ARN != iam.DelegationRequestARN(thirdAcct, *id) {
		t.Errorf("a stranger learns of %s", got.ARN)
	}
	w.expect("associate", w.step("associate", w.as("jane"), id), "", "")
	accept := &awsiam.AcceptDelegationRequestInput{DelegationRequestId: id}
	for _, c := range []struct {
		who, operation string
		in             any
		granted        bool
	}{
		{"jane", "GetDelegationRequest", get, true},
		{"jane", "UpdateDelegationRequest", &awsiam.UpdateDelegationRequestInput{DelegationRequestId: id}, true},
		{"jane", "GetHumanReadableSummary", &awsiam.GetHumanReadableSummaryInput{EntityArn: aws.String(iam.DelegationRequestARN(acct, *id))}, true},
		{"jane", "AcceptDelegationRequest", accept, false},
		{"jane", "SendDelegationToken", &awsiam.SendDelegationTokenInput{DelegationRequestId: id}, false},
		{"john", "GetDelegationRequest", get, false},
	} {
		got := target(w.as(c.who), c.operation, c.in)
		if got.Granted != c.granted || got.Keys["iam:delegationrequestowner"][0] != "arn:aws:iam::"+acct+":user/jane" {
			t.Errorf("%s by %s: %+v", c.operation, c.who, got)
		}
	}
	made := target(w.other(), "CreateDelegationRequest", asking("workflow-2"))
	if made.ARN != iam.DelegationRequestARN(otherAcct, "*") || made.Keys["iam:templatearn"][0] != template || made.Keys["iam:notificationchannel"][0] != topic ||
		made.Keys["iam:delegationduration"][0] != "3600" {
		t.Errorf("got %+v", made)
	}
	list := target(w.root(), "ListDelegationRequests", &awsiam.ListDelegationRequestsInput{OwnerId: aws.String("arn:x")})
	if list.ARN != "" || list.Keys["iam:delegationrequestowner"][0] != "arn:x" {
		t.Errorf("got %+v", list)
	}
}

func TestDelegationPermissionCheck(t *testing.T) {
	t.Parallel()
	w := delegating(t)
	id := w.ask("workflow-1")
	for name, c := range map[string]struct {
		document string
		want     types.PermissionCheckResultType
	}{
		"all":       {`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}}`, types.PermissionCheckResultTypeAllowed},
		"less":      {`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::data/a"}}`, types.PermissionCheckResultTypeDenied},
		"other":     {`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:*","Resource":"*"}}`, types.PermissionCheckResultTypeDenied},
		"condition": {`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}}`, types.PermissionCheckResultTypeUnsure},
	} {
		w.user(name)
		must(w.service.PutUserPolicy(t.Context(), w.root(), &awsiam.PutUserPolicyInput{UserName: &name, PolicyName: aws.String("p"), PolicyDocument: &c.document}))
		out := must(w.service.GetDelegationRequest(t.Context(), w.as(name), &awsiam.GetDelegationRequestInput{DelegationRequestId: id, DelegationPermissionCheck: true}))
		if out.PermissionCheckResult != c.want || out.PermissionCheckStatus != types.PermissionCheckStatusTypeComplete {
			t.Errorf("%s: %s, %s", name, out.PermissionCheckStatus, out.PermissionCheckResult)
		}
	}
	root := must(w.service.GetDelegationRequest(t.Context(), w.root(), &awsiam.GetDelegationRequestInput{DelegationRequestId: id, DelegationPermissionCheck: true}))
	if root.PermissionCheckResult != types.PermissionCheckResultTypeAllowed {
		t.Errorf("root: %s", root.PermissionCheckResult)
	}
}

func TestGetHumanReadableSummary(t *testing.T) {
	t.Parallel()
	w := delegating(t)
	id := w.ask("workflow-1")
	summary := func(locale *string) *awsiam.GetHumanReadableSummaryOutput {
		return must(w.service.GetHumanReadableSummary(t.Context(), w.root(), &awsiam.GetHumanReadableSummaryInput{
			EntityArn: aws.String(iam.DelegationRequestARN(acct, *id)), Locale: locale}))
	}
	for locale, want := range map[string]string{"": "1. Allows s3:GetObject on arn:aws:s3:::data/*.", "en-US": "1 hour(s)", "ja": "s3:GetObject を許可します", "ja_JP": "1 時間"} {
		out := summary(textOf(locale))
		if out.SummaryState != types.SummaryStateTypeAvailable || !strings.Contains(*out.SummaryContent, want) || locale != "" && *out.Locale != locale {
			t.Errorf("%q: %+v %s", locale, out, *out.SummaryContent)
		}
	}
	if out := summary(aws.String("fr")); out.SummaryState != types.SummaryStateTypeNotSupported || out.SummaryContent != nil || *out.Locale != "fr" {
		t.Errorf("got %+v", out)
	}
	for entity, want := range map[string][2]string{
		"arn:aws:iam::" + acct + ":user/jane":       {"InvalidInput", "Summaries are supported for delegation requests only."},
		iam.DelegationRequestARN(otherAcct, *id):    {"NoSuchEntity", "The entity " + iam.DelegationRequestARN(otherAcct, *id) + " cannot be found."},
		iam.DelegationRequestARN(acct, "not-there"): {"NoSuchEntity", "The delegation request with id not-there cannot be found."},
	} {
		_, err := w.service.GetHumanReadableSummary(t.Context(), w.root(), &awsiam.GetHumanReadableSummaryInput{EntityArn: &entity})
		w.expect(entity, err, want[0], want[1])
	}
}

func textOf(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// A failure leaves nothing: the mail goes with the state.
func TestDelegationIsOneTransaction(t *testing.T) {
	t.Parallel()
	w := delegating(t)
	id := w.ask("workflow-1")
	gone := errors.New("the transaction fails")
	err := w.db.Update(t.Context(), nil, func(tx store.Tx) error {
		if _, err := iam.AssociateDelegationRequest(tx, w.clock.Now(), iam.DelegationCaller{Account: acct, ARN: "arn:aws:iam::" + acct + ":root"}, *id); err != nil {
			return err
		}
		return gone
	})
	if !errors.Is(err, gone) || len(w.mails()) != 0 || w.state(id) != types.StateTypeUnassigned {
		t.Errorf("%v left %d mails and %s", err, len(w.mails()), w.state(id))
	}
}
