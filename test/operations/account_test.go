package operations

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"sekisho/internal/audit"
	"sekisho/internal/org"
	accountservice "sekisho/internal/services/account"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

// accountOperation is an operation of Account Management with an input, in the
// order in which they succeed.
type accountOperation struct {
	name  string
	input string // members beside AccountId; {otp} is the code of the last mail
	code  string // what is answered to who may; "" is success
	// member says that it is of member accounts only.
	member bool
}

const canary = "Canary-5e0f6c"

var accountOperations = []accountOperation{
	{name: "GetAccountInformation"},
	{name: "PutAccountName", input: `"AccountName":"Renamed"`},
	{name: "GetGovCloudAccountInformation", code: "ResourceNotFoundException"},
	{name: "PutContactInformation", input: `"ContactInformation":{"FullName":"` + canary + `","AddressLine1":"1 Main Street","City":"Paris","PostalCode":"75001","CountryCode":"FR","PhoneNumber":"+33 1 23 45 67 89"}`},
	{name: "GetContactInformation"},
	{name: "PutAlternateContact", input: `"AlternateContactType":"BILLING","Name":"` + canary + `","Title":"CFO","EmailAddress":"cfo@example.com","PhoneNumber":"+33 1 23 45 67 89"`},
	{name: "GetAlternateContact", input: `"AlternateContactType":"BILLING"`},
	{name: "DeleteAlternateContact", input: `"AlternateContactType":"BILLING"`},
	{name: "GetPrimaryEmail", member: true},
	{name: "StartPrimaryEmailUpdate", input: `"PrimaryEmail":"new@example.org"`, member: true},
	{name: "GetPrimaryEmailUpdateStatus", member: true},
	{name: "AcceptPrimaryEmailUpdate", input: `"PrimaryEmail":"new@example.org","Otp":"{otp}"`, member: true},
	{name: "ListRegions"},
	{name: "GetRegionOptStatus", input: `"RegionName":"ap-east-1"`},
	{name: "EnableRegion", input: `"RegionName":"ap-east-1"`},
	{name: "DisableRegion", input: `"RegionName":"us-east-1"`, code: "ValidationException"},
}

// body is the input about an account; "" is the caller's own.
func (o accountOperation) body(id, otp string) string {
	var members []string
	if id != "" {
		name := "AccountId"
		if o.name == "GetGovCloudAccountInformation" {
			name = "StandardAccountId"
		}
		members = append(members, fmt.Sprintf("%q:%q", name, id))
	}
	if o.input != "" {
		members = append(members, strings.ReplaceAll(o.input, "{otp}", otp))
	}
	return "{" + strings.Join(members, ",") + "}"
}

var accountService = jsonService{name: "account"}

// Every operation of Account Management refuses calls that are unsigned, badly
// signed or not allowed by policy; answers who has exactly its action on exactly the
// account; and each call is in the trail, without who can be reached where (A-02,
// behaviours.md 2.6, 9.5).
func TestAccountOperations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var o org.Organization
	w.view(t, func(tx store.Tx) (err error) {
		o, err = storetest.Organization(tx)
		return err
	})
	ownARN := "arn:aws:account::" + management + ":account"
	memberARN := "arn:aws:account::" + management + ":account/" + o.ID + "/" + production
	manage := w.walk(accountService)
	none, barred := w.user(t, management, "none", ""), manage.barred(t, management)
	w.secret("name of a contact", canary)
	w.secret("phone number", "+33 1 23 45 67 89")
	w.secret("new address", "new@example.org")
	otp := func() (code string) {
		w.view(t, func(tx store.Tx) error {
			m, err := tx.Messages(1)
			code = "none00"
			if len(m) == 1 && len(m[0].Codes) == 1 {
				code = m[0].Codes[0]
			}
			return err
		})
		return code
	}
	for _, op := range accountOperations {
		// about is the operation on an account; "" is the caller's own.
		about := func(id string) step { return manage.step(t, op.name, op.body(id, otp())) }
		s := about(production)
		s.refused(none, barred, memberARN)
		member := w.user(t, management, "member-"+op.name, document(statement("Allow", "Action", s.action(), memberARN)))
		about(controlled).try("another member", member.key, "AccessDeniedException",
			s.denied(member, "arn:aws:account::"+management+":account/"+o.ID+"/"+controlled), s.unallowed())
		stranger := w.user(t, controlled, "stranger-"+op.name, document(statement("Allow", "Action", s.action(), "*")))
		s.try("of another member", stranger.key, "AccessDeniedException", "User: "+stranger.arn+" is not authorized to perform: "+s.action(), s.action())
		if !op.member {
			about("").try("its own by who may the member's", member.key, "AccessDeniedException", s.denied(member, ownARN), s.unallowed())
			own := w.user(t, management, "own-"+op.name, document(statement("Allow", "Action", s.action(), ownARN)))
			s.try("the member's by who may its own", own.key, "AccessDeniedException", s.denied(own, memberARN), s.unallowed())
			about("").try("its own", own.key, op.code, "", "")
		}
		s.try("allowed", member.key, op.code, "", "")
	}
	manage.complete(t, accountservice.Table, nil)
	manage.recorded(t, func(e audit.Event) bool { return e.Account == production }) // what the member learned of it
}

// The service's own condition keys decide.
func TestAccountConditions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i, c := range []struct {
		operation, key, value string
		allowed, denied       string // inputs
	}{
		{"GetRegionOptStatus", "account:TargetRegion", "ap-east-1", `{"RegionName":"ap-east-1"}`, `{"RegionName":"ap-east-2"}`},
		{"EnableRegion", "account:TargetRegion", "ap-east-1", `{"RegionName":"ap-east-1"}`, `{"RegionName":"ap-east-2"}`},
		{"PutAlternateContact", "account:AlternateContactTypes", "BILLING", accountOperations[5].body("", ""),
			strings.ReplaceAll(accountOperations[5].body("", ""), "BILLING", "SECURITY")},
		{"GetAlternateContact", "account:AlternateContactTypes", "BILLING", `{"AlternateContactType":"BILLING"}`, `{"AlternateContactType":"SECURITY"}`},
		{"StartPrimaryEmailUpdate", "account:EmailTargetDomain", "example.org",
			`{"AccountId":"` + production + `","PrimaryEmail":"a@example.org"}`, `{"AccountId":"` + production + `","PrimaryEmail":"a@example.org.evil.example"}`},
	} {
		only := fmt.Sprintf(`{"Effect":"Allow","Action":"account:%s","Resource":"*","Condition":{"ForAllValues:StringEquals":{%q:[%q]},"Null":{%q:"false"}}}`,
			c.operation, c.key, c.value, c.key)
		u := w.user(t, management, fmt.Sprint("conditioned-", i), document(only))
		if a := w.callJSON(accountService, u.key, c.operation, c.denied); a.code != "AccessDeniedException" || a.decision == "" {
			t.Errorf("%s not of %s: %v", c.operation, c.value, a)
		}
		if a := w.callJSON(accountService, u.key, c.operation, c.allowed); a.status != http.StatusOK {
			t.Errorf("%s of %s: %v", c.operation, c.value, a)
		}
	}
}
