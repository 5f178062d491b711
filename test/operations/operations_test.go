package operations

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/awsproto"
	"sekisho/internal/call"
	"sekisho/internal/iam"
	iamservice "sekisho/internal/services/iam"
	"sekisho/internal/services/sts"
	"sekisho/internal/store"
	"sekisho/internal/token"
)

// rows are all that policies guard.
func rows() []row {
	return slices.Concat(identityRows, policyRows, credentialRows, providerRows, accountRows)
}

// tables are what the program registers.
var tables = map[string]call.Table{"iam": iamservice.Table, "sts": sts.Table}

// notByPolicy are the operations that the caller's policies do not decide, and
// what does; sts_test.go holds them to it. The list must not grow.
var notByPolicy = map[string]call.Access{
	"sts:AssumeRole":                call.SignedOnly, // the role's trust policy, and the caller's too
	"sts:AssumeRoleWithSAML":        call.Open,       // the assertion and the trust policy
	"sts:AssumeRoleWithWebIdentity": call.Open,       // the token and the trust policy
	"sts:GetCallerIdentity":         call.SignedOnly, // nothing: everybody may
	"sts:GetSessionToken":           call.SignedOnly, // the caller's own second factor
}

// missing are the operations of the models that this program does not have. The
// list must not grow.
var missing = map[string][]string{}

// withoutRow are operations with an input that their front door takes, on a thing
// that is not there: what they do between two accounts is held by the tests of
// their services, here only who is kept from them. The list must not grow.
var withoutRow = map[string]string{
	"iam:AcceptDelegationRequest":           delegationID,
	"iam:AssociateDelegationRequest":        delegationID,
	"iam:CreateDelegationRequest":           "Description=backups NotificationChannel=arn:aws:sns:us-east-1:444455556666:t RequestorWorkflowId=workflow SessionDuration=3600 Permissions.PolicyTemplateArn=arn:aws:iam::444455556666:policy/template",
	"iam:GenerateOrganizationsAccessReport": "EntityPath=o-a1b2c3d4e5/r-f6g7",
	"iam:GetDelegationRequest":              delegationID,
	"iam:GetHumanReadableSummary":           "EntityArn=arn:aws:iam::444455556666:delegation-request/00000000-0000-4000-8000-000000000000",
	"iam:GetOrganizationsAccessReport":      "JobId=98a765b4-3cde-2101-2345-000000000000",
	"iam:ListDelegationRequests":            "",
	"iam:RejectDelegationRequest":           delegationID,
	"iam:SendDelegationToken":               delegationID,
	"iam:UpdateDelegationRequest":           delegationID,
	"sts:GetDelegatedAccessToken":           "TradeInToken=example",
}

const delegationID = "DelegationRequestId=00000000-0000-4000-8000-000000000000"

// What has no row refuses calls that are unsigned, badly signed or not allowed by
// policy all the same, and each refusal is in the trail.
func TestOperationsWithoutRow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	none := w.user(t, production, "none", "")
	barred := w.user(t, production, "barred", document(statement("Allow", "Action", "*", "*"),
		statement("Deny", "Action", "iam:*", "*"), statement("Deny", "Action", "sts:*", "*")))
	for name, input := range withoutRow {
		service, operation, _ := strings.Cut(name, ":")
		r := request{service: service, operation: operation, input: parameters(t, input, nil)}
		for _, c := range []struct {
			what    string
			request *http.Request
			code    string
			message string // its beginning and its end
			end     string
		}{
			{"no signature", w.unsigned(r), "MissingAuthenticationToken", noToken, ""},
			{"wrong secret", w.signed(r, key{id: none.key.id, secret: "wrong"}), "SignatureDoesNotMatch", wrongSecret, ""},
			{"no policy", w.signed(r, none.key), "AccessDenied", "User: " + none.arn + " is not authorized to perform: " + name + " on resource: ",
				" because no identity-based policy allows the " + name + " action"},
			{"denied", w.signed(r, barred.key), "AccessDenied", "User: " + barred.arn + " is not authorized to perform: " + name + " on resource: ",
				" with an explicit deny in an identity-based policy"},
		} {
			a := w.send(c.request)
			if a.code != c.code || !strings.HasPrefix(a.message, c.message) || !strings.HasSuffix(a.message, c.end) || (a.decision != "") != (c.code == "AccessDenied") {
				t.Errorf("%s: %s: %v", name, c.what, a)
			}
		}
	}
	w.stop()
	trail := w.trail(t)
	for name := range withoutRow {
		_, operation, _ := strings.Cut(name, ":")
		if n := total(trail[operation]); n != 4 {
			t.Errorf("%s: %d events of 4 calls", name, n)
		}
	}
	w.secretless(t)
}

// Every registered operation has a row or is one that policies do not decide,
// and there is no row for anything else.
func TestEveryOperationHasARow(t *testing.T) {
	t.Parallel()
	have := make(map[string]bool)
	for _, r := range rows() {
		rule, ok := tables[r.serviceID()][r.operation]
		switch {
		case !ok:
			t.Errorf("%s has a row but is not registered", r.action())
		case have[r.action()]:
			t.Errorf("%s has two rows", r.action())
		case rule.Access != call.Signed:
			t.Errorf("%s has a row, but its access is %d", r.action(), rule.Access)
		case rule.Action != r.action():
			t.Errorf("%s is guarded as %s", r.action(), rule.Action)
		}
		have[r.action()] = true
	}
	for service, table := range tables {
		for operation, rule := range table {
			name := service + ":" + operation
			access, listed := notByPolicy[name]
			if _, ok := withoutRow[name]; ok && !have[name] && !listed {
				continue
			}
			if have[name] == listed || listed && access != rule.Access {
				t.Errorf("%s, of access %d: it has a row: %v, it is listed as decided otherwise: %v", name, rule.Access, have[name], listed)
			}
		}
	}
	for name := range withoutRow {
		if service, operation, _ := strings.Cut(name, ":"); have[name] || tables[service][operation].Access != call.Signed || tables[service][operation].Action != name {
			t.Errorf("%s is listed to have no row", name)
		}
	}
	for name := range notByPolicy {
		if service, operation, _ := strings.Cut(name, ":"); tables[service][operation].Action == "" {
			t.Errorf("%s is listed but not registered", name)
		}
	}
}

// Whatever is made with tags is made by who may tag it, so that policies on tags
// cannot be stepped around: the rows of all operations that make something with
// tags do so.
func TestTagsAtCreationNeedPermission(t *testing.T) {
	t.Parallel()
	for _, r := range rows() {
		method, _ := services[r.serviceID()].impl.MethodByName(r.operation)
		_, takesTags := method.Type.In(3).Elem().FieldByName("Tags")
		if !takesTags || strings.HasPrefix(r.operation, "Tag") {
			continue
		}
		asks := slices.ContainsFunc(r.needs, func(n string) bool { return strings.HasPrefix(n, r.serviceID()+":Tag") })
		if !asks || !strings.Contains(r.input, tagged) {
			t.Errorf("%s takes tags; its row is called without, or does not say what it needs", r.action())
		}
	}
}

// What is not built is answered as an operation that there is not, and is
// listed here. Whoever builds one takes it off the list.
func TestMissingOperations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for service, table := range tables {
		var gap []string
		for _, operation := range awsproto.Service(service).Operations() {
			if _, built := table[operation]; !built {
				gap = append(gap, operation)
			}
		}
		slices.Sort(gap)
		if want := slices.Sorted(slices.Values(missing[service])); !slices.Equal(gap, want) {
			t.Errorf("%s is without %v, the list says %v", service, gap, want)
		}
		for _, operation := range gap {
			a := w.call(request{service: service, operation: operation}, w.root(production))
			if a.status != http.StatusBadRequest || a.code != "InvalidAction" ||
				a.message != "Could not find operation "+operation+" for version "+versions[service] {
				t.Errorf("%s:%s: %v", service, operation, a)
			}
		}
	}
}

// The callers of each row. All are IAM users with one inline policy or none.
const (
	nobody    = "nobody"    // has no policy
	elsewhere = "elsewhere" // may do it to another resource, and to the same of another account
	allBut    = "allbut"    // may do everything else
	denied    = "denied"    // may do everything, but is denied this
	exact     = "exact"     // may do this, to this, and what else the call needs
	bare      = "bare"      // may do this, to this, without what else the call needs
)

// subject is a row in its account, with its callers.
type subject struct {
	row
	rule    call.Rule
	account string
	vars    map[string]string
	callers map[string]caller
	request request
	// decisions are the ids of the refusals, by caller.
	decisions map[string]string
}

type caller struct {
	name, arn string
	key       key
}

// newSubjects gives each row an account of its own, so that none is in the way of
// another, but for those of the management account.
func newSubjects() (subjects []*subject, accounts []string) {
	for i, r := range rows() {
		s := &subject{row: r, rule: tables[r.serviceID()][r.operation], account: management,
			callers: make(map[string]caller), decisions: make(map[string]string)}
		if !r.manager {
			s.account = fmt.Sprintf("2%011d", i+1)
			accounts = append(accounts, s.account)
		}
		s.vars = map[string]string{"account": s.account, "me": s.operation + "-" + exact}
		subjects = append(subjects, s)
	}
	return subjects, accounts
}

// apart lets the subject's tests run beside others, unless it shares its account.
func (s *subject) apart(t *testing.T) {
	if !s.manager {
		t.Parallel()
	}
}

func (s *subject) varsOf(who string) map[string]string {
	v := maps.Clone(s.vars)
	v["me"] = s.callers[who].name
	return v
}

// resource is what the call of that caller acts on.
func (s *subject) resource(tb testing.TB, who string) string {
	tb.Helper()
	return resource(tb, s.on, s.varsOf(who))
}

func (s *subject) callerNames() []string {
	names := []string{nobody, allBut, denied, exact}
	if s.on != "*" {
		names = append(names, elsewhere)
	}
	if len(s.needs) > 0 {
		names = append(names, bare)
	}
	return names
}

func statement(effect, element, action string, resources ...string) string {
	return fmt.Sprintf(`{"Effect":%q,%q:%q,"Resource":["%s"]}`, effect, element, action, strings.Join(resources, `","`))
}

func document(statements ...string) string {
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`
}

// policy is the inline policy of one of the callers; "" for none.
func (s *subject) policy(tb testing.TB, who string) string {
	tb.Helper()
	on, action := s.resource(tb, who), s.action()
	var further []string
	for _, n := range s.prior {
		action, on, _ := strings.Cut(n, " ")
		further = append(further, statement("Allow", "Action", action, resource(tb, on, s.varsOf(who))))
	}
	switch who {
	case elsewhere:
		others := []string{on + "x"}
		if s.other != "" {
			others[0] = s.other
		}
		if another := strings.Replace(on, s.account, controlled, 1); another != on { // AWS's policies are in no account
			others = append(others, another)
		}
		return document(statement("Allow", "Action", action, others...))
	case allBut:
		return document(statement("Allow", "NotAction", action, "*"))
	case denied:
		return document(statement("Allow", "Action", "*", "*"), statement("Deny", "Action", action, on))
	case exact:
		for _, n := range s.needs {
			action, on, _ := strings.Cut(n, " ")
			further = append(further, statement("Allow", "Action", action, resource(tb, on, s.varsOf(who))))
		}
		return document(append(further, statement("Allow", "Action", action, on))...)
	case bare:
		return document(statement("Allow", "Action", action, on))
	}
	return ""
}

// makeCallers puts the callers into the store.
func (w *world) makeCallers(tb testing.TB, s *subject) {
	tb.Helper()
	now := time.Now()
	names := s.callerNames()
	for _, who := range names {
		name := s.operation + "-" + who
		s.callers[who] = caller{name: name, arn: arn.User(s.account, "/", name), key: key{id: arn.NewUniqueID("AKIA", s.account), secret: token.NewSecretKey().Reveal()}}
		w.secret("secret key of "+name, s.callers[who].key.secret)
	}
	w.update(tb, func(tx store.Tx) error {
		for _, who := range names {
			c := s.callers[who]
			if err := w.putUser(tx, now, s.account, c, s.policy(tb, who)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *world) putUser(tx store.Tx, now time.Time, account string, c caller, inline string) error {
	u, err := iam.CreateUser(tx, now, iam.User{Account: account, Path: "/", Name: c.name})
	if err != nil {
		return err
	}
	k := iam.AccessKey{ID: c.key.id, Account: account, User: u.ID, Secret: secretOf(c.key), Active: true, CreatedAt: now}
	if err := tx.PutAccessKey(k); err != nil || inline == "" {
		return err
	}
	return tx.PutInlinePolicy(iam.InlinePolicy{Owner: u.ID, Name: "test", Document: inline})
}

// Every operation refuses calls that are unsigned, badly signed, not allowed by
// policy or about another account, without changing anything; it answers who has exactly its action
// on exactly its resource; and each of the calls is in the trail once, without a
// secret (A-02, C-22, R-15, R-16, R-18, behaviours.md 2.6).
func TestOperations(t *testing.T) {
	t.Parallel()
	subjects, accounts := newSubjects()
	w := newWorld(t, accounts...)
	each := func(name string, do func(*testing.T, *subject)) {
		t.Run(name, func(t *testing.T) {
			for _, s := range subjects {
				t.Run(s.operation, func(t *testing.T) { s.apart(t); do(t, s) })
			}
		})
	}
	each("given", func(t *testing.T, s *subject) {
		w.makeCallers(t, s)
		w.prepare(t, s.given, s.vars, w.root(s.account), s.callers[exact].key, s.callers[nobody].key)
		s.request = request{service: s.serviceID(), operation: s.operation, input: parameters(t, s.input, s.vars)}
	})
	stranger := w.user(t, production, "stranger", document(statement("Allow", "Action", "*", "*")))
	w.do(t, w.root(production), "iam", "CreateUser", "UserName=jane", nil) // as there is one in the rows' accounts
	before := w.dump(t)
	each("unsigned", w.refuseUnproved)
	each("refused", w.refuseUnprivileged)
	each("another account's", func(t *testing.T, s *subject) { w.refuseStranger(t, s, stranger.key) })
	compareDumps(t, before, w.dump(t))
	each("needs more", func(t *testing.T, s *subject) {
		if len(s.needs) > 0 {
			w.refuseBare(t, s)
		}
	})
	compareDumps(t, before, w.dump(t))
	each("allowed", func(t *testing.T, s *subject) {
		if a := w.call(s.request, s.callers[exact].key); a.status != http.StatusOK || a.decision != "" {
			t.Errorf("%s may %s: %v", s.policy(t, exact), s.action(), a)
		}
	})
	w.stop()
	trail := w.trail(t)
	each("trail", func(t *testing.T, s *subject) { checkTrail(t, s, trail) })
	w.secretless(t)
}

const (
	wrongSecret = "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
	noToken     = "Request is missing Authentication Token"
)

// refuseUnproved makes the call by those who do not prove who they are.
func (w *world) refuseUnproved(t *testing.T, s *subject) {
	k := s.callers[exact].key
	altered := w.signed(s.request, k)
	other := s.request.body() + "&x=1"
	altered.Body, altered.ContentLength = readCloser(other), int64(len(other))
	for _, c := range []struct {
		name    string
		request *http.Request
		code    string
		message string
	}{
		{"no signature", w.unsigned(s.request), "MissingAuthenticationToken", noToken},
		{"wrong secret", w.signed(s.request, key{id: k.id, secret: k.secret + "x"}), "SignatureDoesNotMatch", wrongSecret},
		{"altered body", altered, "SignatureDoesNotMatch", wrongSecret},
	} {
		a := w.send(c.request)
		if a.status != http.StatusForbidden || a.code != c.code || a.message != c.message || a.decision != "" {
			t.Errorf("%s: %v", c.name, a)
		}
	}
}

// refuseUnprivileged makes the call by those whose policies do not allow it.
func (w *world) refuseUnprivileged(t *testing.T, s *subject) {
	for _, who := range s.callerNames() {
		because := "because no identity-based policy allows the " + s.action() + " action"
		switch who {
		case exact, bare:
			continue
		case denied:
			because = "with an explicit deny in an identity-based policy"
		}
		said := fill(t, s.said, s.varsOf(who))
		if said == "" {
			said = s.resource(t, who)
		}
		w.refused(t, s, who, "perform: "+s.action()+" on resource: "+said+" "+because)
	}
}

// refuseStranger makes the call by an administrator of another account, if it
// names what is the account's in a way that other accounts could.
func (w *world) refuseStranger(t *testing.T, s *subject, k key) {
	if s.operation == "GetAccessKeyInfo" || s.manager { // which are about other accounts
		return
	}
	named := strings.Contains(s.input, "arn:aws:iam::{account}")
	for _, id := range []string{"AccessKeyId", "SSHPublicKeyId", "CertificateId", "ServiceSpecificCredentialId", "JobId", "DeletionTaskId", "decision"} {
		named = named || strings.Contains(s.input, "{"+id+"}")
	}
	if !named {
		return
	}
	a := w.call(s.request, k)
	if !slices.Contains([]string{"NoSuchEntity", "InvalidInput", "AccessDenied", "InvalidAuthorizationMessageException"}, a.code) {
		t.Errorf("an administrator of another account: %v", a)
	}
}

// refuseBare makes the call by one who may do no more than its own action.
func (w *world) refuseBare(t *testing.T, s *subject) {
	action, on, _ := strings.Cut(s.needs[0], " ")
	w.refused(t, s, bare, "perform: "+action+" on resource: "+resource(t, on, s.vars)+" because no identity-based policy allows the "+action+" action")
}

func (w *world) refused(t *testing.T, s *subject, who, what string) {
	t.Helper()
	a := w.call(s.request, s.callers[who].key)
	want := "User: " + s.callers[who].arn + " is not authorized to " + what
	if a.status != http.StatusForbidden || a.code != "AccessDenied" || a.message != want {
		t.Errorf("%s: %v\nwant %q", who, a, want)
	}
	if len(a.decision) != 32 {
		t.Errorf("%s: decision id %q", who, a.decision)
	}
	s.decisions[who] = a.decision
}
