package operations

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/org"
	"sekisho/internal/services/organizations"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

// structureOperation is an operation on an organization, its accounts, units and
// handshakes, in the order in which they succeed.
type structureOperation struct {
	name, input string
	on          string // below the service's ARNs of the management account; "" is nothing in particular
	by          string // the account; "" is the management account
	links       bool   // it makes the service-linked role in the caller's account
	fails       string // the exception with which it ends for who may
}

const linkedOrganizations = ":role/aws-service-role/organizations.amazonaws.com/AWSServiceRoleForOrganizations"

var structureOperations = []structureOperation{
	{name: "CreateOrganization", input: `"FeatureSet":"CONSOLIDATED_BILLING"`, by: alone, links: true},
	{name: "EnableAllFeatures", by: alone},
	{name: "DeleteOrganization", by: alone},
	{name: "DescribeOrganization"},
	{name: "ListRoots"},
	{name: "ListAccounts"},
	{name: "DescribeAccount", input: ofProduction, on: "account/{o}/" + production},
	{name: "CreateOrganizationalUnit", input: `"ParentId":"{root}","Name":"Workloads"`, on: "root/{o}/{root}"},
	{name: "DescribeOrganizationalUnit", input: ofUnit, on: "ou/{o}/{unit}"},
	{name: "UpdateOrganizationalUnit", input: ofUnit + `,"Name":"Others"`, on: "ou/{o}/{unit}"},
	{name: "ListOrganizationalUnitsForParent", input: ofRoot, on: "root/{o}/{root}"},
	{name: "ListAccountsForParent", input: ofRoot, on: "root/{o}/{root}"},
	{name: "ListChildren", input: ofRoot + `,"ChildType":"ACCOUNT"`, on: "root/{o}/{root}"},
	{name: "ListParents", input: `"ChildId":"` + production + `"`, on: "account/{o}/" + production},
	{name: "MoveAccount", input: ofProduction + `,"SourceParentId":"{root}","DestinationParentId":"{empty}"`, on: "account/{o}/" + production + " root/{o}/{root} ou/{o}/{empty}"},
	{name: "DeleteOrganizationalUnit", input: ofUnit, on: "ou/{o}/{unit}"},
	{name: "CreateAccount", input: `"AccountName":"` + canary + `","Email":"canary@example.org"`},
	{name: "DescribeCreateAccountStatus", input: `"CreateAccountRequestId":"{car}"`},
	{name: "ListCreateAccountStatus"},
	{name: "CreateGovCloudAccount", input: `"AccountName":"a","Email":"a@example.org"`, fails: "ConstraintViolationException"},
	{name: "RemoveAccountFromOrganization", input: ofProduction, on: "account/{o}/" + production, fails: "ConstraintViolationException"},
	{name: "LeaveOrganization", by: production, fails: "ConstraintViolationException"},
	{name: "InviteAccountToOrganization", input: ofAlone, on: "account/{o}/" + alone},
	{name: "DescribeHandshake", input: ofHandshake, on: "handshake/{o}/invite/{h}"},
	{name: "ListHandshakesForOrganization"},
	{name: "ListHandshakesForAccount", by: alone},
	{name: "CancelHandshake", input: ofHandshake, on: "handshake/{o}/invite/{h}"},
	{name: "DeclineHandshake", input: ofHandshake, on: "handshake/{o}/invite/{h}", by: alone},
	{name: "AcceptHandshake", input: ofHandshake, on: "handshake/{o}/invite/{h}", by: alone, links: true},
	{name: "InviteOrganizationToTransferResponsibility", input: `"Type":"BILLING","SourceName":"` + canary + `","StartTimestamp":{start},` + ofAlone, on: "account/{o}/" + alone},
	{name: "ListInboundResponsibilityTransfers", input: `"Type":"BILLING"`},
	{name: "ListOutboundResponsibilityTransfers", input: `"Type":"BILLING"`},
	{name: "DescribeResponsibilityTransfer", input: ofTransfer, on: "transfer/{o}/billing/inbound/{rt}"},
	{name: "UpdateResponsibilityTransfer", input: ofTransfer + `,"Name":"` + canary + `"`, on: "transfer/{o}/billing/inbound/{rt}"},
	{name: "TerminateResponsibilityTransfer", input: ofTransfer, on: "transfer/{o}/billing/inbound/{rt}"},
	{name: "CloseAccount", input: `"AccountId":"` + controlled + `"`, on: "account/{o}/" + controlled},
}

const (
	ofProduction = `"AccountId":"` + production + `"`
	ofUnit       = `"OrganizationalUnitId":"{unit}"`
	ofRoot       = `"ParentId":"{root}"`
	ofHandshake  = `"HandshakeId":"{h}"`
	ofTransfer   = `"Id":"{rt}"`
	ofAlone      = `"Target":{"Type":"ACCOUNT","Id":"` + alone + `"}`
)

// Every operation on the structure of an organization refuses calls that are
// unsigned, badly signed, from a member that may not, or not allowed by policy on
// each thing that it names; answers who has exactly its action on exactly those; and
// each call is in the trail, without names and addresses (behaviours.md 2.6, 9.6).
func TestOrganizationStructureOperations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.standalone(t)
	vars := w.structure(t)
	w.secret("name of an account", canary)
	w.secret("address of an account", "canary@example.org")
	stranger := w.user(t, production, "stranger", document(statement("Allow", "Action", "*", "*")))
	// One for each account that calls, since a trail is an account's.
	walks, none, barred := make(map[string]*walk), make(map[string]caller), make(map[string]caller)
	for _, by := range []string{management, alone, production} {
		walks[by] = w.walk(organizationsService)
		none[by], barred[by] = w.user(t, by, "none", ""), walks[by].barred(t, by)
	}
	for _, op := range structureOperations {
		if op.by == "" {
			op.by = management
		}
		if op.name == "DeclineHandshake" || op.name == "AcceptHandshake" { // the one before has ended
			vars["h"] = w.handshakeOf(t)
		}
		if op.name == "DescribeResponsibilityTransfer" {
			vars["rt"] = w.transferOf(t)
		}
		body, needed := "{"+fillBraces(op.input, vars)+"}", ofOrganizations(fillBraces(op.on, vars))
		s := walks[op.by].step(t, op.name, body)
		s.refused(none[op.by], barred[op.by], needed[0])
		if op.by == management && !everybodys[op.name] {
			w.walk(organizationsService).step(t, op.name, body).try("of a member", stranger.key, "AccessDeniedException", ofManagement, "")
		}
		statements := s.exactly(op.by, needed)
		if op.links {
			c := w.user(t, op.by, "unlinked-"+op.name, document(statements...))
			s.try("without the role", c.key, "AccessDeniedForDependencyException", "", "")
			statements = append(statements, statement("Allow", "Action", "iam:CreateServiceLinkedRole", "arn:aws:iam::"+op.by+linkedOrganizations))
		}
		var said map[string]any
		w.said(s.try("allowed", w.user(t, op.by, "only-"+op.name, document(statements...)).key, op.fails, "", ""), &said)
		for name, member := range map[string]string{"unit": "OrganizationalUnit", "car": "CreateAccountStatus", "h": "Handshake"} {
			if made, ok := said[member].(map[string]any); ok && vars[name] == "" && op.by == management {
				vars[name], _ = made["Id"].(string)
			}
		}
	}
	w.stop()
	got := make(map[string]int)
	for name, events := range w.trail(t) {
		for _, e := range events {
			if e.Source == "organizations.amazonaws.com" && !strings.Contains(e.PrincipalID, "/stranger") {
				got[name+" "+e.Account] += e.Count
			}
		}
	}
	for by, walk := range walks {
		for name, n := range walk.calls {
			if n--; got[name+" "+by] != n { // the one without a signature is of no account
				t.Errorf("%s of %s: %d events of %d calls", name, by, got[name+" "+by], n)
			}
		}
	}
	for name := range organizations.Table {
		if !walked(name) {
			t.Errorf("%s was not called", name)
		}
	}
	w.secretless(t)
}

// everybodys operations are not the management account's alone.
var everybodys = map[string]bool{"DescribeOrganization": true, "DescribeHandshake": true, "CancelHandshake": true}

// walked reports whether an operation is in this walk or in that of the control.
func walked(name string) bool {
	for _, op := range structureOperations {
		if op.name == name {
			return true
		}
	}
	for _, op := range controlOperations {
		if op.name == name {
			return true
		}
	}
	return false
}

// fillBraces puts values in the place of their names.
func fillBraces(s string, vars map[string]string) string {
	for name, value := range vars {
		s = strings.ReplaceAll(s, "{"+name+"}", value)
	}
	return s
}

// structure is the organization's ids, with a unit that stays; its management
// account's address is verified.
func (w *world) structure(t *testing.T) map[string]string {
	t.Helper()
	vars := map[string]string{}
	w.update(t, func(tx store.Tx) error {
		o, err := storetest.Organization(tx)
		if err != nil {
			return err
		}
		u, err := org.NewUnit(tx, o, o.Root, "Empty", time.Now())
		if err != nil {
			return err
		}
		a, err := tx.Account(o.ManagementAccount)
		if err != nil {
			return err
		}
		vars["o"], vars["root"], vars["empty"] = o.ID, o.Root, u.ID
		vars["start"] = strconv.FormatInt(monthFrom(time.Now()).Unix(), 10)
		return tx.PutVerification(org.Verification{Account: a.ID, Email: a.Email, Hash: "hash", SentAt: time.Now(), ExpiresAt: time.Now(), VerifiedAt: time.Now()})
	})
	return vars
}

// monthFrom begins the second month after now: that is never too soon for a transfer.
func monthFrom(now time.Time) time.Time {
	now = now.UTC()
	return time.Date(now.Year(), now.Month()+2, 1, 0, 0, 0, 0, time.UTC)
}

// transferOf has another organization transfer its bills to the management account's.
func (w *world) transferOf(t *testing.T) (id string) {
	t.Helper()
	const customer = "565656565656"
	now := time.Now()
	w.update(t, func(tx store.Tx) error {
		o, err := storetest.Organization(tx)
		if err != nil {
			return err
		}
		if err := tx.PutAccount(account.Account{ID: customer, Name: "Customer", Email: "customer@example.org", Status: account.Active, CreatedAt: now}); err != nil {
			return err
		}
		if _, err := org.New(tx, customer, org.AllFeatures, now); err != nil {
			return err
		}
		asked, h, err := org.InviteTransfer(tx, o, org.Party{Type: org.AccountParty, ID: customer}, org.Proposal{Type: org.Billing, Name: "n", StartsAt: monthFrom(now)}, now)
		if err != nil {
			return err
		}
		id = asked.ID
		_, _, err = org.Answer(tx, customer, h.ID, org.Accepted, now)
		return err
	})
	return id
}

// handshakeOf invites the standalone account anew.
func (w *world) handshakeOf(t *testing.T) (id string) {
	t.Helper()
	w.update(t, func(tx store.Tx) error {
		o, err := storetest.Organization(tx)
		if err != nil {
			return err
		}
		h, err := org.Invite(tx, o, org.Party{Type: org.AccountParty, ID: alone}, "", nil, time.Now())
		id = h.ID
		return err
	})
	return id
}
