package arn_test

import (
	"regexp"
	"strings"
	"testing"

	"sekisho/internal/arn"
)

// Ids and ARNs have the forms of behaviours.md 1.1 to 1.3 and A-06.
func TestForms(t *testing.T) {
	t.Parallel()
	const account = "000000000042"
	for _, c := range []struct{ name, got, want string }{
		{"role id", arn.NewUniqueID(arn.PrefixRole, account), `^AROA[A-Z2-7]{17}$`},
		{"user id", arn.NewUniqueID(arn.PrefixUser, account), `^AIDA[A-Z2-7]{17}$`},
		{"access key", arn.NewUniqueID(arn.PrefixAccessKey, account), `^AKIA[A-Z2-7]{16}$`},
		{"temporary key", arn.NewUniqueID(arn.PrefixTemporaryKeyID, account), `^ASIA[A-Z2-7]{16}$`},
		{"account", arn.NewAccountID(), `^[1-9]\d{11}$`},
		{"organization", arn.NewID("o-", 10), `^o-[a-z0-9]{10}$`},
		{"directory", arn.NewHexID("d-", 10), `^d-[0-9a-f]{10}$`},
		{"instance", arn.NewHexID("ssoins-", 16), `^(sso)?ins-[a-zA-Z0-9-.]{16}$`},
		{"permission set", arn.NewHexID("ps-", 16), `^ps-[a-zA-Z0-9-./]{16}$`},
		{"root", arn.Root(account), `^arn:aws:iam::000000000042:root$`},
		{"role", arn.Role(account, "/aws-reserved/sso.amazonaws.com/", "R"), `^arn:aws:iam::000000000042:role/aws-reserved/sso\.amazonaws\.com/R$`},
		{"assumed role", arn.AssumedRole(account, "R", "jane"), `^arn:aws:sts::000000000042:assumed-role/R/jane$`},
		{"provider", arn.SAMLProvider(account, "P"), `^arn:aws:iam::000000000042:saml-provider/P$`},
		{"instance ARN", arn.Instance("ssoins-1"), `^arn:aws:sso:::instance/ssoins-1$`},
		{"permission set ARN", arn.PermissionSet("ssoins-1", "ps-1"), `^arn:aws:sso:::permissionSet/ssoins-1/ps-1$`},
	} {
		if !regexp.MustCompile(c.want).MatchString(c.got) {
			t.Errorf("%s: %q is not %s", c.name, c.got, c.want)
		}
	}
}

// Unique ids carry their account: characters 5 to 12 hold half of it, the 13th
// tells odd from even (behaviours.md 1.2).
func TestUniqueIDCarriesAccount(t *testing.T) {
	t.Parallel()
	for _, account := range []string{
		"000000000000", "000000000001", "000000000042", "012345678901", "111122223333", "444455556666",
		"999999999998", "999999999999", "500000000001",
	} {
		for _, prefix := range []string{arn.PrefixRole, arn.PrefixUser, arn.PrefixAccessKey, arn.PrefixTemporaryKeyID} {
			for range 8 { // the 13th character is drawn from sixteen
				id := arn.NewUniqueID(prefix, account)
				if got, ok := arn.AccountOfUniqueID(id); !ok || got != account {
					t.Fatalf("%s of %s: account %q, %v", id, account, got, ok)
				}
				odd := (account[11]-'0')%2 == 1
				if strings.IndexByte("QRSTUVWXYZ234567", id[12]) >= 0 != odd {
					t.Fatalf("%s of %s: the 13th character is wrong", id, account)
				}
			}
		}
	}
	seen := make(map[string]bool)
	for range 1000 {
		id := arn.NewUniqueID(arn.PrefixTemporaryKeyID, "111122223333")
		if seen[id] {
			t.Fatalf("%s twice in a thousand", id)
		}
		seen[id] = true
	}
}

// An id from AWS itself, of an account that AWS's documentation uses.
func TestAccountOfForeignIDs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		id, want string
		ok       bool
	}{
		{"ASIAQNZGKIQY56JQ7WML", "029608264753", true}, // trufflesecurity's published example
		{"", "", false},
		{"AKIA", "", false},
		{"AKIAIOSFODNN", "", false},
		{"AKIA11111111EXAMPLE7", "", false}, // 1 is no digit of base32
		{"AKIAAAAAAAAAEXAMPLE7", "", false}, // of the time before ids carried accounts
		{"AKIA77777777EXAMPLE7", "", false}, // no account is that long
		{"AKIAéééééééééééééééé", "", false},
	} {
		if got, ok := arn.AccountOfUniqueID(c.id); got != c.want || ok != c.ok {
			t.Errorf("%q: %q %v, want %q %v", c.id, got, ok, c.want, c.ok)
		}
	}
}

func TestValidAccount(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		"111122223333": true, "000000000000": true, "": false, "11112222333": false, "1111222233334": false,
		"11112222333a": false, "1111-2222-33": false, "١١١١٢٢": false, " 11122223333": false, "+11122223333": false, //nolint:gocritic // white space is the case
	} {
		if got := arn.ValidAccount(s); got != want {
			t.Errorf("%q: %v", s, got)
		}
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   string
		want arn.ARN
		ok   bool
	}{
		{"arn:aws:iam::111122223333:root", arn.ARN{Partition: "aws", Service: "iam", Account: "111122223333", Resource: "root"}, true},
		{"arn:aws:sso:::instance/ssoins-1", arn.ARN{Partition: "aws", Service: "sso", Resource: "instance/ssoins-1"}, true},
		{"arn:aws-cn:sns:cn-north-1:1:a:b:c", arn.ARN{Partition: "aws-cn", Service: "sns", Region: "cn-north-1", Account: "1", Resource: "a:b:c"}, true},
		{"arn:aws:s3:::" + strings.Repeat("x", 2048-len("arn:aws:s3:::")), arn.ARN{Partition: "aws", Service: "s3", Resource: strings.Repeat("x", 2048-13)}, true},
		{"arn:aws:s3:::" + strings.Repeat("x", 2048), arn.ARN{}, false},
		{"", arn.ARN{}, false},
		{"arn", arn.ARN{}, false},
		{"arn:aws:iam::111122223333", arn.ARN{}, false},
		{"arn:aws:iam::111122223333:", arn.ARN{}, false},
		{"ARN:aws:iam::111122223333:root", arn.ARN{}, false},
		{"arn::iam::111122223333:root", arn.ARN{}, false},
		{"arn:aws:::111122223333:root", arn.ARN{}, false},
		{" arn:aws:iam::111122223333:root", arn.ARN{}, false},
	} {
		got, err := arn.Parse(c.in)
		if got != c.want || (err == nil) != c.ok {
			t.Errorf("%.60q: %+v, %v", c.in, got, err)
		}
	}
}

// What can be parsed is written the same again.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"arn:aws:iam::111122223333:role/x", "arn:aws:sns:eu-west-1:1:a:b", "arn:::::", "arn:aws:s3:::x", "", "::::::"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := arn.Parse(s)
		if err != nil {
			return
		}
		if a.String() != s {
			t.Errorf("%q is written %q", s, a.String())
		}
	})
}
