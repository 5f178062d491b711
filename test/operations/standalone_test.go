package operations

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/org"
	"sekisho/internal/orgfile"
	"sekisho/internal/secret"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
	"sekisho/internal/token"
)

// alone is an account that somebody signed up for beside the organization.
const alone = "555566667777"

// standalone makes it, with a root user's key.
func (w *world) standalone(t *testing.T) {
	t.Helper()
	k := key{id: arn.NewUniqueID("AKIA", alone), secret: token.NewSecretKey().Reveal()}
	w.roots[alone] = k
	w.secret("root user's secret key", k.secret)
	w.update(t, func(tx store.Tx) error {
		a := account.Account{ID: alone, Name: "Alone", Email: "alone@example.com", Status: account.Active, CreatedAt: time.Now()}
		if err := tx.PutAccount(a); err != nil {
			return err
		}
		return tx.PutAccessKey(iam.AccessKey{ID: k.id, Account: alone, Secret: secret.NewString(k.secret), Active: true, CreatedAt: time.Now()})
	})
}

// The attack: the organization's management account reaches for an account that
// is none of its members. Nothing of what it has over members has any hold on it
//
func TestManagementAccountCannotReachStandaloneAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.standalone(t)
	admin := w.user(t, management, "admin", document(statement("Allow", "Action", "*", "*")))

	for _, op := range accountOperations {
		if a := w.callJSON(accountService, admin.key, op.name, op.body(alone, "none00")); a.code != "AccessDeniedException" {
			t.Errorf("%s: %v", op.name, a)
		}
	}
	w.do(t, admin.key, "iam", "EnableOrganizationsRootSessions", "", nil)
	root := request{service: "sts", operation: "AssumeRoot", input: parameters(t,
		"TargetPrincipal="+alone+" TaskPolicyArn.arn=arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials DurationSeconds=900", nil)}
	if a := w.call(root, admin.key); a.code != "AccessDenied" || !strings.Contains(a.message, "is not a member account") {
		t.Errorf("AssumeRoot: %v", a)
	}

	// Control policies at the root of the organization do not come down on it.
	w.update(t, func(tx store.Tx) error {
		o, err := storetest.Organization(tx)
		if err != nil {
			return err
		}
		return storetest.Attach(tx, o, org.Policy{ID: "p-12345678", Type: org.ServiceControl, Name: "NoSummary", Document: document(statement("Deny", "Action", "iam:GetAccountSummary", "*"))}, "/", alone)
	})
	summary := request{service: "iam", operation: "GetAccountSummary"}
	if a := w.call(summary, w.root(production)); a.code != "AccessDenied" {
		t.Errorf("a member escapes: %v", a)
	}
	w.must(summary, w.root(alone))

	// It is not of the organization for policies that ask, nor in its own eyes.
	theirs := w.user(t, alone, "mallory", document(statement("Allow", "Action", "sts:AssumeRole", "*")))
	ours := w.user(t, controlled, "jane", document(statement("Allow", "Action", "sts:AssumeRole", "*")))
	var o org.Organization
	w.view(t, func(tx store.Tx) (err error) { o, err = storetest.Organization(tx); return err })
	shared := w.role(t, "Shared", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole",
		"Condition":{"StringEquals":{"aws:PrincipalOrgID":"`+o.ID+`"}}}]}`)
	assume := request{service: "sts", operation: "AssumeRole", input: parameters(t, "RoleSessionName=session RoleArn="+shared, nil)}
	w.must(assume, ours.key)
	if a := w.call(assume, theirs.key); a.code != "AccessDenied" {
		t.Errorf("a role of the organization: %v", a)
	}
	for _, operation := range []string{"ListOrganizationsFeatures", "EnableOrganizationsRootCredentialsManagement"} {
		if a := w.call(request{service: "iam", operation: operation}, w.root(alone)); a.code != "OrganizationNotFoundException" {
			t.Errorf("%s by itself: %v", operation, a)
		}
	}

	// It cannot be assigned, reported on, declared by the organization's file or
	// exported with it.
	err := w.server.Store.Update(t.Context(), nil, func(tx store.Tx) error {
		set, err := storetest.PermissionSet(tx, "ReadOnly")
		if err != nil {
			return err
		}
		jane, err := storetest.User(tx, "jane")
		if err != nil {
			return err
		}
		return access.Assign(tx, time.Now(), access.Assignment{Account: alone, PermissionSet: set.ID, PrincipalType: access.ToUser, PrincipalID: jane.ID})
	})
	if fault.ReasonOf(err) != "not-a-member" {
		t.Errorf("assigned: %v", err)
	}
	report := request{service: "iam", operation: "GenerateOrganizationsAccessReport", input: parameters(t, fmt.Sprintf("EntityPath=%s/%s/%s", o.ID, o.Root, alone), nil)}
	job := w.must(report, admin.key).texts["JobId"]
	if a := w.must(request{service: "iam", operation: "GetOrganizationsAccessReport", input: parameters(t, "JobId="+job, nil)}, admin.key); a.texts["JobStatus"] != "FAILED" {
		t.Errorf("reported on: %v", a.texts)
	}
	for _, declared := range []string{`{name: Mine, email: alone@example.com}`, `{id: "` + alone + `", name: Mine, email: mine@example.com}`, `{name: Mine, email: Alone@Example.com}`} {
		f, err := orgfile.Parse([]byte(`organization: {management_account: {id: "` + management + `", name: A, email: ` + management + `@example.com}, accounts: [` + declared + `]}`))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := (&orgfile.Applier{Store: w.server.Store}).Apply(t.Context(), f, time.Now()); err == nil {
			t.Errorf("the file declared %s", declared)
		}
	}
	f, err := orgfile.Export(t.Context(), w.server.Store, "")
	if err != nil {
		t.Fatal(err)
	}
	if raw, err := f.Marshal(); err != nil || strings.Contains(string(raw), "alone@example.com") {
		t.Errorf("exported: %v\n%s", err, raw)
	}
}

// states are those in which an account cannot use services, and whether its IAM
// users can still ask why.
var states = map[account.Status]bool{account.PendingActivation: true, account.Suspended: false, account.Closed: false}

// needless are the operations that such an account still has, of the services
// that are walked here.
var needless = map[string]bool{"sts:GetCallerIdentity": true, "sts:GetSessionToken": true}

// Every operation of every service refuses an account that is not activated,
// suspended or closed, from the next call on, but for those by which it learns
// why.
func TestAccountsThatAreNotInUse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.standalone(t)
	u := w.user(t, alone, "ann", document(statement("Allow", "Action", "*", "*")))
	refused := func(a answer) bool {
		return a.status == http.StatusForbidden && a.message == "The AWS Access Key Id needs a subscription for the service"
	}
	state := func(s account.Status) {
		w.update(t, func(tx store.Tx) error {
			a, err := tx.Account(alone)
			a.Status = s
			if err == nil {
				err = tx.PutAccount(a)
			}
			return err
		})
	}
	for s, usersToo := range states {
		state(s)
		for service, table := range tables {
			for operation, rule := range table {
				if rule.Access != 0 && rule.Access != 1 { // not signed: nobody's account
					continue
				}
				name := service + ":" + operation
				for who, k := range map[string]key{"root": w.root(alone), "user": u.key} {
					a := w.call(request{service: service, operation: operation}, k)
					want := !needless[name] || who == "user" && !usersToo
					if refused(a) != want || want && a.code != "OptInRequired" {
						t.Errorf("%s: %s by %s: %v", s, name, who, a)
					}
				}
			}
		}
		for _, op := range accountOperations {
			for who, k := range map[string]key{"root": w.root(alone), "user": u.key} {
				if a := w.callJSON(accountService, k, op.name, op.body("", "none00")); refused(a) != (who == "user" && !usersToo) {
					t.Errorf("%s: account:%s by %s: %v", s, op.name, who, a)
				}
			}
		}
	}
	for s, usersToo := range states {
		state(s)
		for operation, service := range map[string]jsonService{
			"DescribeCases": supportService, "DescribeSeverityLevels": supportService, // its way out
			"LookupEvents": cloudTrailService,
		} {
			for who, k := range map[string]key{"root": w.root(alone), "user": u.key} {
				a := w.callJSON(service, k, operation, "{}")
				if a.status >= 500 || refused(a) != (service != supportService || who == "user" && !usersToo) {
					t.Errorf("%s: %s by %s: %v", s, operation, who, a)
				}
			}
		}
	}
	// The attack: access keys of a closed account are tried on the next call, and
	// again when it is back they work.
	summary := request{service: "iam", operation: "GetAccountSummary"}
	state(account.Active)
	w.must(summary, u.key)
	state(account.Closed)
	if a := w.call(summary, u.key); !refused(a) {
		t.Errorf("the key of a closed account: %v", a)
	}
	state(account.Active)
	w.must(summary, u.key)
}

// Nobody gets into an account that is suspended or closed from elsewhere either:
// not by a role that trusts them, not by a session that they had, not by
// sts:AssumeRoot and not from the access portal.
func TestClosedAccountCannotBeEntered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	visitor := w.user(t, management, "visitor", document(statement("Allow", "Action", "*", "*")))
	role := w.role(t, "Open", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"`+visitor.arn+`"},"Action":"sts:AssumeRole"}]}`, "ReadOnlyAccess")
	w.do(t, visitor.key, "iam", "EnableOrganizationsRootSessions", "", nil)
	enter := request{service: "sts", operation: "AssumeRole", input: parameters(t, "RoleSessionName=session RoleArn="+role, nil)}
	root := request{service: "sts", operation: "AssumeRoot", input: parameters(t,
		"TargetPrincipal="+production+" TaskPolicyArn.arn=arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials", nil)}
	summary := request{service: "iam", operation: "GetAccountSummary"}
	inside, asRoot, fromPortal := w.must(enter, visitor.key).credentials(), w.must(root, visitor.key).credentials(), w.portalSession(t)
	w.must(summary, inside)
	for _, s := range []account.Status{account.Suspended, account.Closed} {
		w.update(t, func(tx store.Tx) error {
			a, err := tx.Account(production)
			a.Status = s
			if err == nil {
				err = tx.PutAccount(a)
			}
			return err
		})
		for what, a := range map[string]answer{"role": w.call(enter, visitor.key), "root": w.call(root, visitor.key)} {
			if a.code != "AccessDenied" {
				t.Errorf("%s: %s: %v", s, what, a)
			}
		}
		for what, k := range map[string]key{"role session": inside, "root session": asRoot, "portal session": fromPortal} {
			if a := w.call(summary, k); a.code != "OptInRequired" {
				t.Errorf("%s: %s: %v", s, what, a)
			}
		}
	}
}
