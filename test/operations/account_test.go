package operations

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

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

// callAccount makes a call of Account Management; without an id in k it is not signed.
func (w *world) callAccount(k key, operation, body string) answer {
	w.Helper()
	path := strings.ToLower(operation[:1]) + operation[1:]
	h, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "http://"+w.host+"/"+path, strings.NewReader(body))
	if err != nil {
		w.Fatal(err)
	}
	h.Header.Set("Content-Type", "application/json")
	if k.id != "" {
		sum := sha256.Sum256([]byte(body))
		creds := aws.Credentials{AccessKeyID: k.id, SecretAccessKey: k.secret, SessionToken: k.token}
		if err := v4.NewSigner().SignHTTP(context.Background(), creds, h, hex.EncodeToString(sum[:]), "account", "us-east-1", time.Now()); err != nil {
			w.Fatal(err)
		}
	}
	res, err := w.client.Do(h)
	if err != nil {
		w.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	a := answer{status: res.StatusCode, code: res.Header.Get("X-Amzn-Errortype"), decision: res.Header.Get("X-Sekisho-Decision-Id")}
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		w.Fatal(err)
	}
	if a.status != http.StatusOK {
		var said struct{ Message string }
		if err := json.Unmarshal(raw, &said); err != nil {
			w.Errorf("%s: %v: %s", operation, err, raw)
		}
		a.message = said.Message
	}
	return a
}

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
	none := w.user(t, management, "none", "")
	barred := w.user(t, management, "barred", document(statement("Allow", "Action", "*", "*"), statement("Deny", "Action", "account:*", "*")))
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
	calls := make(map[string]int)
	for _, op := range accountOperations {
		action := "account:" + op.name
		try := func(what string, k key, id, code, begins, ends string) {
			t.Helper()
			calls[op.name]++
			a := w.callAccount(k, op.name, op.body(id, otp()))
			if a.code != code || (a.status == http.StatusOK) != (code == "") || !strings.HasPrefix(a.message, begins) || !strings.HasSuffix(a.message, ends) {
				t.Errorf("%s: %s: %v", op.name, what, a)
			}
		}
		denied := func(c caller, on string) string {
			return "User: " + c.arn + " is not authorized to perform: " + action + " on resource: " + on
		}
		unallowed := " because no identity-based policy allows the " + action + " action"
		try("no signature", key{}, production, "MissingAuthenticationTokenException", noToken, "")
		try("wrong secret", key{id: none.key.id, secret: "wrong"}, production, "InvalidSignatureException", wrongSecret, "")
		try("no policy", none.key, production, "AccessDeniedException", denied(none, memberARN), unallowed)
		try("denied", barred.key, production, "AccessDeniedException", denied(barred, memberARN), " with an explicit deny in an identity-based policy")
		member := w.user(t, management, "member-"+op.name, document(statement("Allow", "Action", action, memberARN)))
		try("another member", member.key, controlled, "AccessDeniedException",
			denied(member, "arn:aws:account::"+management+":account/"+o.ID+"/"+controlled), unallowed)
		stranger := w.user(t, controlled, "stranger-"+op.name, document(statement("Allow", "Action", action, "*")))
		try("of another member", stranger.key, production, "AccessDeniedException", "User: "+stranger.arn+" is not authorized to perform: "+action, action)
		if !op.member {
			try("its own by who may the member's", member.key, "", "AccessDeniedException", denied(member, ownARN), unallowed)
			own := w.user(t, management, "own-"+op.name, document(statement("Allow", "Action", action, ownARN)))
			try("the member's by who may its own", own.key, production, "AccessDeniedException", denied(own, memberARN), unallowed)
			try("its own", own.key, "", op.code, "", "")
		}
		try("allowed", member.key, production, op.code, "", "")
	}
	for name := range accountservice.Table {
		if calls[name] == 0 {
			t.Errorf("%s was not called", name)
		}
	}
	w.stop()
	trail := w.trail(t)
	for name, n := range calls {
		got := 0
		for _, e := range trail[name] {
			if e.Source != "account.amazonaws.com" {
				t.Errorf("%s: from %s", name, e.Source)
			}
			if e.Account != production { // what the member learned of it
				got += e.Count
			}
		}
		if got != n {
			t.Errorf("%s: %d events of %d calls", name, got, n)
		}
	}
	w.secretless(t)
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
		if a := w.callAccount(u.key, c.operation, c.denied); a.code != "AccessDeniedException" || a.decision == "" {
			t.Errorf("%s not of %s: %v", c.operation, c.value, a)
		}
		if a := w.callAccount(u.key, c.operation, c.allowed); a.status != http.StatusOK {
			t.Errorf("%s of %s: %v", c.operation, c.value, a)
		}
	}
}
