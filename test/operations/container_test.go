package operations

import (
	"strings"
	"testing"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/payment"
	"sekisho/internal/store"
)

// What an account's identities create is the account's, as each ARN says, and only
// credentials of the same account reach it; beside it the account has its owner's
// address, whom to contact and how it pays (A-01, A-02, A-04, A-05,
// F-12).
func TestAccountIsTheContainer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.standalone(t)
	const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + alone + `"},"Action":"sts:AssumeRole"}]}`
	vars := map[string]string{"trust": trust, "document": document(statement("Allow", "Action", "*", "*"))}
	made := map[string]string{ // names of what is made, and what everybody else would ask for
		"CreateUser UserName=ann":                                  "GetUser UserName=ann",
		"CreateGroup GroupName=devs":                               "GetGroup GroupName=devs",
		"CreateRole RoleName=app AssumeRolePolicyDocument={trust}": "GetRole RoleName=app",
		"CreatePolicy PolicyName=all PolicyDocument={document}":    "GetPolicy PolicyArn=" + arn.Policy(alone, "/", "all"),
		"CreateInstanceProfile InstanceProfileName=machines":       "GetInstanceProfile InstanceProfileName=machines",
		"CreateVirtualMFADevice VirtualMFADeviceName=phone":        "ListMFADeviceTags SerialNumber=arn:aws:iam::" + alone + ":mfa/phone",
		"CreateOpenIDConnectProvider Url=https://idp.example.com ThumbprintList.member.1=" + strings.Repeat("a", 40): "GetOpenIDConnectProvider OpenIDConnectProviderArn=" + arn.OIDCProvider(alone, "idp.example.com"),
	}
	for create, read := range made {
		operation, input, _ := strings.Cut(create, " ")
		a := w.do(t, w.root(alone), "iam", operation, input, vars)
		own := false
		for _, text := range a.texts {
			own = own || strings.HasPrefix(text, "arn:aws:iam::"+alone+":")
		}
		if !own {
			t.Errorf("%s: no ARN of the account in %v", operation, a.texts)
		}
		operation, input, _ = strings.Cut(read, " ")
		r := request{service: "iam", operation: operation, input: parameters(t, input, nil)}
		w.must(r, w.root(alone))
		if a := w.call(r, w.root(management)); a.status == 200 {
			t.Errorf("%s by another account: %v", operation, a.texts)
		}
	}
	if a := w.callJSON(accountService, w.root(alone), "PutContactInformation", accountOperations[3].body("", "")); a.status != 200 {
		t.Errorf("contact: %v", a)
	}
	w.update(t, func(tx store.Tx) error {
		return payment.Add(tx, payment.Method{ID: "pm-1", Account: alone, Brand: payment.Visa, LastFour: "4242", ExpiryMonth: 12, ExpiryYear: 2099, Status: payment.Valid, CreatedAt: time.Now(), CheckedAt: time.Now()})
	})
	w.view(t, func(tx store.Tx) error {
		a, err := tx.AccountByEmail("Alone@Example.com")
		if err != nil || a.ID != alone || a.Status != account.Active {
			t.Errorf("by its owner's address: %+v, %v", a, err)
		}
		for id, want := range map[string]int{alone: 1, management: 0} {
			methods, err := payment.Methods(tx, id)
			if err != nil || len(methods) != want {
				t.Errorf("%s pays by %v, %v", id, methods, err)
			}
			if _, err := tx.Contact(id); fault.Is(err, fault.NotFound) != (want == 0) {
				t.Errorf("contact of %s: %v", id, err)
			}
		}
		return nil
	})
}
