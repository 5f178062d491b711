package operations

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"sekisho/internal/arn"
	"sekisho/internal/audit"
	"sekisho/internal/store"
)

const administrator = "arn:aws:iam::aws:policy/AdministratorAccess"

// find returns the one event of the operation that fits.
func find(t *testing.T, trail map[string][]audit.Event, operation string, fits func(audit.Event) bool) audit.Event {
	t.Helper()
	var found []audit.Event
	for _, e := range trail[operation] {
		if fits(e) {
			found = append(found, e)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d events of %s: %+v", len(found), operation, trail[operation])
	}
	return found[0]
}

// "Who made taro an administrator, and who tried?" The trail says so, and whose
// session it was (promise 23).
func TestTrailAnswersWho(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.do(t, w.root(production), "iam", "CreateUser", "UserName=taro", nil)
	hanako := w.user(t, management, "hanako", document(statement("Allow", "Action", "sts:AssumeRole", "*")))
	jiro := w.user(t, production, "jiro", "")
	role := w.role(t, "Chief", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"`+hanako.arn+`"},"Action":"sts:AssumeRole"}]}`)
	w.do(t, w.root(production), "iam", "AttachRolePolicy", "RoleName=Chief PolicyArn="+administrator, nil)

	assume := request{service: "sts", operation: "AssumeRole", input: url.Values{"RoleArn": {role}, "RoleSessionName": {"change-42"}}}
	session := w.must(assume, hanako.key).credentials()
	other := w.must(assume, hanako.key).credentials() // in the same second: perhaps in one event
	attach := request{service: "iam", operation: "AttachUserPolicy", input: url.Values{"UserName": {"taro"}, "PolicyArn": {administrator}}}
	w.must(attach, session)
	if a := w.call(attach, jiro.key); a.code != "AccessDenied" {
		t.Errorf("jiro: %v", a)
	}
	w.stop()
	trail := w.trail(t)

	taro := arn.User(production, "/", "taro")
	for code, who := range map[string]string{"": arn.AssumedRole(production, "Chief", "change-42"), "AccessDenied": jiro.arn} {
		e := find(t, trail, "AttachUserPolicy", func(e audit.Event) bool { return e.Resource == taro && e.ErrorCode == code })
		if e.PrincipalID != who || e.Detail["policyArn"] != administrator || e.Detail["userName"] != "taro" || e.ReadOnly {
			t.Errorf("%q: %+v", code, e)
		}
	}
	for _, k := range []key{session, other} {
		of := func(account string) audit.Event {
			return find(t, trail, "AssumeRole", func(e audit.Event) bool {
				return slices.Contains(strings.Fields(e.Detail[audit.IssuedKey]), k.id) && e.Account == account
			})
		}
		mine, theirs := of(management), of(production)
		if mine.AccessKeyID != hanako.key.id || theirs.AccessKeyID != "" || mine.RequestID != theirs.RequestID {
			t.Errorf("%+v\n%+v", mine, theirs)
		}
		for _, e := range []audit.Event{mine, theirs} {
			if e.PrincipalID != hanako.arn || e.Resource != role || e.Detail["roleSessionName"] != "change-42" || e.Count != len(strings.Fields(e.Detail[audit.IssuedKey])) || e.ErrorCode != "" {
				t.Errorf("%+v", e)
			}
		}
	}
	w.secretless(t)
}

// The account of a role learns that it was asked for and refused, but nothing of
// why; of a role that there is not, nobody learns (behaviours.md 4.2). The account
// of a root user learns of AssumeRoot.
func TestSharedTrail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	far := w.user(t, management, "far", "")
	role := w.role(t, "Account", trustsAccount())
	none := arn.Role(production, "/", "None")
	for _, r := range []request{
		{service: "sts", operation: "AssumeRole", input: url.Values{"RoleArn": {role}, "RoleSessionName": {"me"}}},
		{service: "sts", operation: "AssumeRole", input: url.Values{"RoleArn": {none}, "RoleSessionName": {"me"}}},
		{service: "sts", operation: "AssumeRoot", input: url.Values{"TargetPrincipal": {production}, "TaskPolicyArn.arn": {"arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"}}},
		{service: "sts", operation: "AssumeRoot", input: url.Values{"TargetPrincipal": {"999999999999"}, "TaskPolicyArn.arn": {"arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"}}},
	} {
		if a := w.call(r, far.key); a.code != "AccessDenied" {
			t.Errorf("%v: %v", r.input, a)
		}
	}
	w.stop()
	learned := make(map[string]int)
	for name, events := range w.trail(t) {
		for _, e := range events {
			if !strings.HasPrefix(name, "Assume") || e.Account == management {
				continue
			}
			learned[e.Account+" "+name+" "+e.Resource]++
			if e.PrincipalID != far.arn || e.ErrorCode != "AccessDenied" || e.ErrorReason != "" || e.Decision != "" || e.DecisionID != "" || e.Detail != nil || e.AccessKeyID != "" {
				t.Errorf("%s: %+v", name, e)
			}
		}
	}
	if len(learned) != 2 || learned[production+" AssumeRole "+role] != 1 || learned[production+" AssumeRoot "+arn.Root(production)] != 1 {
		t.Errorf("other accounts learned %v", learned)
	}
}

// A caller who may do nothing fills neither the database nor the explanations, and
// every refusal's id still names an event.
func TestFloodOfRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	nosy := w.user(t, production, "nosy", "")
	const calls = 500
	last := ""
	for range calls {
		a := w.call(request{service: "iam", operation: "DeleteUser", input: url.Values{"UserName": {arn.NewUniqueID("AIDA", production)}}}, nosy.key)
		if a.code != "AccessDenied" || a.decision == "" {
			t.Fatalf("%v", a)
		}
		last = a.decision
	}
	w.stop()
	n, rows, explained := 0, 0, 0
	for _, e := range w.trail(t)["DeleteUser"] {
		n, rows = n+e.Count, rows+1
		if e.Decision != "" {
			explained++
		}
	}
	// Of two minutes, if one ended meanwhile, and of as many seconds as it took.
	if n != calls || explained > 2*20 || rows > 2*20+60 {
		t.Errorf("%d calls have %d events, %d with explanations", n, rows, explained)
	}
	w.view(t, func(tx store.Tx) error {
		_, err := tx.Decision(last)
		return err
	})
}
