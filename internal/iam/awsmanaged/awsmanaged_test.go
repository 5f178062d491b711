package awsmanaged

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

type document struct {
	Version   string
	Statement statements
}

type statement struct {
	Effect                                 string
	Action, NotAction, Resource, Condition any
}

// statements is an array, or an object that stands for an array of one.
type statements []statement

func (s *statements) UnmarshalJSON(data []byte) error {
	if data[0] == '[' {
		return json.Unmarshal(data, (*[]statement)(s))
	}
	*s = make(statements, 1)
	return json.Unmarshal(data, &(*s)[0])
}

func lookup(t *testing.T, arn string) (Policy, document) {
	t.Helper()
	p, ok := Lookup(arn)
	if !ok {
		t.Fatalf("%s is missing", arn)
	}
	var d document
	if err := json.Unmarshal([]byte(p.Document), &d); err != nil {
		t.Fatalf("%s: %v", arn, err)
	}
	return p, d
}

// TestEveryPolicy holds for each table entry what callers lean on: that it can
// be read, is a policy, and is told apart from the others.
func TestEveryPolicy(t *testing.T) {
	t.Parallel()
	all := All()
	if len(all) < 1500 {
		t.Fatalf("%d policies", len(all))
	}
	if !slices.IsSortedFunc(all, func(a, b Meta) int { return strings.Compare(a.ARN, b.ARN) }) {
		t.Error("not in the order of ARNs")
	}
	latest, err := time.Parse(time.DateOnly, AsOf)
	if err != nil {
		t.Fatal(err)
	}
	latest = latest.AddDate(0, 0, 1)
	id := regexp.MustCompile(`^ANPA[A-Z2-7]{17}$`)
	arns, names, ids := map[string]bool{}, map[string]bool{}, map[string]bool{}
	described := 0
	for _, m := range all {
		p, d := lookup(t, m.ARN)
		if p.Meta != m {
			t.Errorf("%s: All has %+v, Lookup %+v", m.ARN, m, p.Meta)
		}
		switch {
		case arns[m.ARN] || names[m.Name] || ids[m.ID]:
			t.Errorf("%s: ARN, name or id %s twice", m.ARN, m.ID)
		case m.ARN != "arn:aws:iam::aws:policy"+m.Path+m.Name, !namePattern.MatchString(m.Name), !pathPattern.MatchString(m.Path):
			t.Errorf("%s: path %q, name %q", m.ARN, m.Path, m.Name)
		case !id.MatchString(m.ID), !versionPattern.MatchString(m.DefaultVersion), len(m.Description) > mostDescription:
			t.Errorf("%s: id %q, version %q, description %q", m.ARN, m.ID, m.DefaultVersion, m.Description)
		case m.UpdatedAt.Before(m.CreatedAt), m.CreatedAt.Year() < 2015, !m.UpdatedAt.Before(latest):
			t.Errorf("%s: created %v, updated %v", m.ARN, m.CreatedAt, m.UpdatedAt)
		case m.Attachable == strings.HasPrefix(m.Path, "/aws-service-role/"):
			t.Errorf("%s: attachable %v", m.ARN, m.Attachable)
		}
		arns[m.ARN], names[m.Name], ids[m.ID] = true, true, true
		if compact, err := outline(json.RawMessage(p.Document)); err != nil || compact != p.Document {
			t.Errorf("%s: document: %v", m.ARN, err)
		}
		if d.Version != "2012-10-17" && d.Version != "2008-10-17" || len(d.Statement) == 0 {
			t.Errorf("%s: version %q, %d statements", m.ARN, d.Version, len(d.Statement))
		}
		for _, s := range d.Statement {
			if s.Effect != "Allow" && s.Effect != "Deny" || (s.Action == nil) == (s.NotAction == nil) {
				t.Errorf("%s: statement %+v", m.ARN, s)
			}
		}
		if m.Description != "" {
			described++
		}
	}
	if described < len(all)-10 {
		t.Errorf("%d of %d have a description", described, len(all))
	}
}

// TestPoliciesOfInterest holds the policies that the server itself leans on, at
// least in the versions of behaviours.md 5.11.
func TestPoliciesOfInterest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		path, name string
		version    int
	}{
		{"/", "AdministratorAccess", 1}, {"/", "PowerUserAccess", 12}, {"/", "ReadOnlyAccess", 188},
		{"/", "SecurityAudit", 92}, {"/", "IAMFullAccess", 2}, {"/", "IAMReadOnlyAccess", 4},
		{"/", "IAMUserChangePassword", 5}, {"/", "IAMUserSSHKeys", 1},
		{"/", "IAMSelfManageServiceSpecificCredentials", 1}, {"/", "AWSDenyAll", 2},
		{"/", "AWSCompromisedKeyQuarantineV3", 1},
		{"/job-function/", "Billing", 30}, {"/job-function/", "DatabaseAdministrator", 5},
		{"/job-function/", "DataScientist", 5}, {"/job-function/", "NetworkAdministrator", 16},
		{"/job-function/", "SupportUser", 11}, {"/job-function/", "SystemAdministrator", 12},
		{"/job-function/", "ViewOnlyAccess", 45},
		{"/", "AWSSSOMasterAccountAdministrator", 13}, {"/", "AWSSSOMemberAccountAdministrator", 11},
		{"/", "AWSSSOReadOnly", 12}, {"/", "AWSSSODirectoryAdministrator", 7}, {"/", "AWSSSODirectoryReadOnly", 7},
		{"/aws-service-role/", "AWSSSOServiceRolePolicy", 18},
		{"/service-role/", "AWSIdentityCenterExternalManagementPolicy", 6},
		{"/", "AWSIAMIdentityCenterAllowListForIdentityContext", 12},
		{"/", "AWSOrganizationsFullAccess", 9}, {"/", "AWSOrganizationsReadOnlyAccess", 6},
		{"/aws-service-role/", "AWSOrganizationsServiceTrustPolicy", 3},
		{"/", "AWSAccountManagementFullAccess", 1}, {"/", "AWSAccountManagementReadOnlyAccess", 1},
		{"/", "SignInLocalDevelopmentAccess", 3},
		{"/root-task/", "IAMAuditRootUserCredentials", 1}, {"/root-task/", "IAMCreateRootUserPassword", 1},
		{"/root-task/", "IAMDeleteRootUserCredentials", 1}, {"/root-task/", "S3UnlockBucketPolicy", 1},
		{"/root-task/", "SQSUnlockQueuePolicy", 1},
	} {
		p, _ := lookup(t, "arn:aws:iam::aws:policy"+c.path+c.name)
		if p.Path != c.path || p.Name != c.name || number(p.DefaultVersion[1:]) < c.version {
			t.Errorf("%s%s: has path %s and version %s, want at least v%d", c.path, c.name, p.Path, p.DefaultVersion, c.version)
		}
	}
}

func TestDocuments(t *testing.T) {
	t.Parallel()
	admin, _ := lookup(t, "arn:aws:iam::aws:policy/AdministratorAccess")
	if want := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`; admin.Document != want {
		t.Errorf("AdministratorAccess is %s", admin.Document)
	}
	if admin.ID != "ANPAIWMBCKSKIEE64ZLYK" || admin.Description != "Provides full access to AWS services and resources." {
		t.Errorf("AdministratorAccess is %+v", admin.Meta)
	}
	if want := time.Date(2015, 2, 6, 18, 39, 46, 0, time.UTC); !admin.CreatedAt.Equal(want) || !admin.UpdatedAt.Equal(want) {
		t.Errorf("AdministratorAccess is of %v, %v", admin.CreatedAt, admin.UpdatedAt)
	}

	for arn, wants := range map[string][]string{
		"IAMUserChangePassword":        {`"iam:ChangePassword"`, `user/${aws:username}"`, `user/*/${aws:username}"`, `"iam:GetAccountPasswordPolicy"`},
		"SignInLocalDevelopmentAccess": {`"signin:AuthorizeOAuth2Access"`, `"signin:CreateOAuth2Token"`, `"arn:aws:signin:*:*:oauth2/public-client/*"`},
		"PowerUserAccess":              {`"NotAction":["iam:*","organizations:*","account:*"`},
		"job-function/ViewOnlyAccess":  {`"iam:List*"`},
		"AWSDenyAll":                   {`"Effect":"Deny"`, `"*"`},
		"root-task/IAMCreateRootUserPassword": {
			`"Effect":"Deny"`, `"iam:CreateLoginProfile"`, `"iam:GetLoginProfile"`,
		},
		"aws-service-role/AWSSSOServiceRolePolicy": {`"arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*"`},
	} {
		p, _ := lookup(t, "arn:aws:iam::aws:policy/"+arn)
		for _, want := range wants {
			if !strings.Contains(p.Document, want) {
				t.Errorf("%s lacks %s: %.600s", arn, want, p.Document)
			}
		}
	}
	for _, arn := range []string{
		"", "AdministratorAccess", "arn:aws:iam::aws:policy/", "arn:aws:iam::aws:policy/administratoraccess",
		"arn:aws:iam::111122223333:policy/AdministratorAccess", "arn:aws:iam::aws:policy/Billing",
	} {
		if p, ok := Lookup(arn); ok {
			t.Errorf("%q is %s", arn, p.ARN)
		}
	}
}

// TestAllIsTheCallers shows that a caller's change stays with the caller.
func TestAllIsTheCallers(t *testing.T) {
	t.Parallel()
	all := All()
	arn := all[0].ARN
	all[0] = Meta{}
	if All()[0].ARN != arn {
		t.Error("changed for others")
	}
}

func BenchmarkLookup(b *testing.B) {
	b.Run("first", func(b *testing.B) {
		sizes := strings.Split(strings.SplitN(inflate(indexData, nil), "\n", 2)[0], "\t")
		for b.Loop() {
			blocks(sizes)[40]()
		}
	})
	b.Run("later", func(b *testing.B) {
		for b.Loop() {
			if _, ok := Lookup("arn:aws:iam::aws:policy/ReadOnlyAccess"); !ok {
				b.Fatal("missing")
			}
		}
	})
	b.Run("index", func(b *testing.B) {
		for b.Loop() {
			inflate(indexData, nil)
		}
	})
}
