package iam_test

import (
	"strings"
	"testing"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

const roleAcct, partnerAcct = "111122223333", "444455556666"

var roleNow = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// rolesDB is a database with two accounts, the user Jane under /team/ and the
// role Deploy under /ci/ in the first, and the role Partner in the second.
func rolesDB(t *testing.T) (db store.DB, jane iam.User, deploy, partner iam.Role) {
	t.Helper()
	db = storetest.Open(t)
	jane = iam.User{ID: arn.NewUniqueID(arn.PrefixUser, roleAcct), Account: roleAcct, Path: "/team/", Name: "Jane", CreatedAt: roleNow}
	role := func(account, path, name string) iam.Role {
		return iam.Role{ID: arn.NewUniqueID(arn.PrefixRole, account), Account: account, Path: path, Name: name, TrustPolicy: "{}", MaxSessionSeconds: 3600, CreatedAt: roleNow}
	}
	deploy, partner = role(roleAcct, "/ci/", "Deploy"), role(partnerAcct, "/", "Partner")
	change(t, db, func(tx store.Tx) error {
		for _, id := range []string{roleAcct, partnerAcct} {
			if err := tx.PutAccount(account.Account{ID: id, Name: id, Email: id + "@example.com", Status: account.Active, CreatedAt: roleNow}); err != nil {
				return err
			}
		}
		if err := tx.PutIAMUser(jane); err != nil {
			return err
		}
		if err := tx.PutRole(deploy); err != nil {
			return err
		}
		return tx.PutRole(partner)
	})
	return db, jane, deploy, partner
}

func change(t *testing.T, db store.DB, fn func(store.Tx) error) {
	t.Helper()
	if err := db.Update(t.Context(), nil, fn); err != nil {
		t.Fatal(err)
	}
}

// trusting is a trust policy that names principals of the type AWS.
func trusting(principals string) string {
	return "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [{\"Effect\": \"Allow\", \"Principal\": {\"AWS\": " + principals +
		", \"Service\": \"ec2.amazonaws.com\"}, \"Action\": \"sts:AssumeRole\",\n    \"Condition\": {\"ArnLike\": {\"aws:PrincipalArn\": \"arn:aws:iam::111122223333:role/ci/Deploy\"}}}]\n}\n"
}

// Users and roles are kept by their unique ids and shown by ARN while they live
// (behaviours.md 3.8); nothing else of the text changes.
func TestTrustPrincipals(t *testing.T) {
	t.Parallel()
	db, jane, deploy, partner := rolesDB(t)
	const janeARN, deployARN, partnerARN = "arn:aws:iam::111122223333:user/team/Jane", "arn:aws:iam::111122223333:role/ci/Deploy", "arn:aws:iam::444455556666:role/Partner"
	for _, c := range []struct{ given, stored, shown string }{
		{`"` + janeARN + `"`, `"` + jane.ID + `"`, `"` + janeARN + `"`},
		{`"` + deployARN + `"`, `"` + deploy.ID + `"`, `"` + deployARN + `"`},
		{`"` + deploy.ID + `"`, `"` + deploy.ID + `"`, `"` + deployARN + `"`},
		{`[ "` + partnerARN + `","` + janeARN + `" ]`, `[ "` + partner.ID + `","` + jane.ID + `" ]`, `[ "` + partnerARN + `","` + janeARN + `" ]`},
		{`"*"`, `"*"`, `"*"`},
		{`"444455556666"`, `"arn:aws:iam::444455556666:root"`, `"arn:aws:iam::444455556666:root"`},
		{`"arn:aws:iam::444455556666:root"`, `"arn:aws:iam::444455556666:root"`, `"arn:aws:iam::444455556666:root"`},
		{`"arn:aws:sts::111122223333:assumed-role/Deploy/ci"`, `"arn:aws:sts::111122223333:assumed-role/Deploy/ci"`, `"arn:aws:sts::111122223333:assumed-role/Deploy/ci"`},
		{`"arn:aws:sts::111122223333:federated-user/Bob"`, `"arn:aws:sts::111122223333:federated-user/Bob"`, `"arn:aws:sts::111122223333:federated-user/Bob"`},
	} {
		change(t, db, func(tx store.Tx) error {
			stored, err := iam.CheckTrustPolicy(tx, trusting(c.given))
			if err != nil || stored != trusting(c.stored) {
				t.Errorf("%s is kept as %s (%v), want %s", c.given, stored, err, c.stored)
			}
			shown, err := iam.ShowPrincipals(tx, stored)
			if err != nil || shown != trusting(c.shown) {
				t.Errorf("%s is shown as %s (%v), want %s", c.given, shown, err, c.shown)
			}
			return nil
		})
	}
}

// Who is not there, cannot be trusted (behaviours.md 3.9).
func TestTrustNobody(t *testing.T) {
	t.Parallel()
	db, _, _, _ := rolesDB(t)
	for _, name := range []string{
		"arn:aws:iam::111122223333:user/Jane",            // another path
		"arn:aws:iam::111122223333:user/team/jane",       // ARNs are case-sensitive
		"arn:aws:iam::444455556666:user/team/Jane",       // another account
		"arn:aws:iam::111122223333:role/ci/Nobody",       // nobody
		"arn:aws:iam::999988887777:root", "999988887777", // an account that is not here
		"arn:aws:iam::999988887777:role/ci/Deploy",
		"arn:aws:sts::111122223333:assumed-role/Nobody/s", "arn:aws:sts::111122223333:assumed-role/deploy/s",
		"arn:aws:sts::999988887777:federated-user/Bob",
		arn.NewUniqueID(arn.PrefixUser, roleAcct), arn.NewUniqueID(arn.PrefixRole, roleAcct), // deleted, or never there
	} {
		change(t, db, func(tx store.Tx) error {
			_, err := iam.ResolvePrincipals(tx, trusting(`["*", "`+name+`"]`))
			f, ok := fault.As(err)
			if !ok || f.Reason != "malformed-policy-document" || f.Public != `Invalid principal in policy: "AWS":"`+name+`"` {
				t.Errorf("%s: %v", name, err)
			}
			return nil
		})
	}
}

// After a deletion the id is shown, and a namesake gets nothing (behaviours.md 3.8).
func TestTrustOfTheDeleted(t *testing.T) {
	t.Parallel()
	db, jane, deploy, _ := rolesDB(t)
	change(t, db, func(tx store.Tx) error {
		stored, err := iam.ResolvePrincipals(tx, trusting(`["`+jane.ARN()+`", "`+deploy.ARN()+`"]`))
		if err != nil {
			return err
		}
		if err := tx.DeleteIAMUser(jane.ID); err != nil {
			return err
		}
		jane.ID = arn.NewUniqueID(arn.PrefixUser, roleAcct)
		if err := tx.PutIAMUser(jane); err != nil {
			return err
		}
		shown, err := iam.ShowPrincipals(tx, stored)
		if strings.Contains(shown, jane.ARN()) || !strings.Contains(shown, `["AIDA`) || !strings.Contains(shown, deploy.ARN()) {
			t.Errorf("shown: %s", shown)
		}
		return err
	})
}

// A trust policy is checked as one and has a length of its own (behaviours.md
// 1.5, 3.9).
func TestCheckTrustPolicy(t *testing.T) {
	t.Parallel()
	db, _, _, _ := rolesDB(t)
	sized := func(n int) string {
		doc := trusting(`"*"`)
		return strings.Replace(doc, `"Effect"`, `"Sid": "`+strings.Repeat("s", n-iam.DocumentSize(doc)-len(`"Sid":"",`))+`", "Effect"`, 1)
	}
	for name, c := range map[string]struct{ doc, message string }{
		"longest":  {sized(2048), ""},
		"too long": {sized(2049), "Cannot exceed quota for ACLSizePerRole: 2048"},
		"no JSON":  {"{", "This policy contains invalid Json"},
		"resource": {strings.Replace(trusting(`"*"`), `"Effect"`, `"Resource": "*", "Effect"`, 1), "Has prohibited field Resource"},
	} {
		change(t, db, func(tx store.Tx) error {
			_, err := iam.CheckTrustPolicy(tx, c.doc)
			f, _ := fault.As(err)
			if (err == nil) != (c.message == "") || f != nil && f.Public != c.message {
				t.Errorf("%s: %v, want %q", name, err, c.message)
			}
			return nil
		})
	}
}
