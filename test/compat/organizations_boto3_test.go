package compat

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"sekisho/test/compat/harness"
)

// boto3Directory runs a command of python/directory.py as the root user of the
// management account and reads its answer:
//
//	organizations, ssoadmin, identitystore    page through everything, one by one
//	failures                                  what errors look like to a program
func boto3Directory(t *testing.T, command string, out any) {
	t.Helper()
	s := startOrganization(t)
	env := []string{"COMPAT_ENDPOINT=" + s.Base, "AWS_ACCESS_KEY_ID=" + managementRoot.ID, "AWS_SECRET_ACCESS_KEY=" + managementRoot.Secret}
	if command == "organizations" {
		verified(t, s, management)
		standalone(t, s, "333344445555")
		standalone(t, s, "333344446666")
		env = append(env, "COMPAT_OUTSIDERS=333344445555,333344446666")
	}
	script, _ := filepath.Abs("python/directory.py")
	raw := s.Home(t).With(env...).Must(harness.Python(t, "python"), script, command)
	if err := json.Unmarshal([]byte(raw), out); err != nil {
		t.Fatalf("%v in %q", err, raw)
	}
}

// TestBoto3DirectoryPaginators: every paginator of the three services, with pages of
// one where a page has a size, gives what one large page gives, each element once
// (api-surface.md section 9).
func TestBoto3DirectoryPaginators(t *testing.T) {
	t.Parallel()
	for service, test := range map[string]struct {
		paginators int
		least      map[string]int // elements, where not two
	}{
		"organizations": {18, map[string]int{
			"list_roots": 1, "list_parents": 1, // there is one
			"list_handshakes_for_account":                 0, // invitations are of others
			"list_accounts_with_invalid_effective_policy": 0, // no policy is invalid
			"list_effective_policy_validation_errors":     0,
		}},
		"identitystore": {4, nil},
		"ssoadmin": {21, map[string]int{
			"list_instances": 1, "list_application_providers": 1, // there is one
			"list_application_authentication_methods": 1, // there is one kind
		}},
	} {
		t.Run(service, func(t *testing.T) {
			t.Parallel()
			var got map[string]struct {
				Pages, Elements int
				Limited, Same   bool
			}
			boto3Directory(t, service, &got)
			if len(got) < test.paginators {
				t.Errorf("boto3 has %d paginators", len(got))
			}
			for operation, r := range got {
				least, other := test.least[operation]
				if !other {
					least = 2
				}
				if !r.Same || r.Elements < least || r.Limited && r.Pages < r.Elements {
					t.Errorf("%s: %+v, want %d elements or more, one to a page, the same as at once", operation, r, least)
				}
			}
		})
	}
}

// TestBoto3DirectoryErrors: the server's refusals are the client's own exceptions,
// with the reason that Organizations adds; the client's own checks pass for what is
// right (api-surface.md sections 3 and 9).
func TestBoto3DirectoryErrors(t *testing.T) {
	t.Parallel()
	var got map[string]string
	boto3Directory(t, "failures", &got)
	for what, want := range map[string]string{
		"no name":          "refused by the client",
		"unit taken":       "400 DuplicateOrganizationalUnitException DuplicateOrganizationalUnitException",
		"characters":       "400 InvalidInputException InvalidInputException INVALID_PATTERN",
		"token":            "400 InvalidInputException InvalidInputException INVALID_NEXT_TOKEN",
		"page size":        "400 InvalidInputException InvalidInputException MAX_VALUE_EXCEEDED",
		"account":          "400 AccountNotFoundException AccountNotFoundException",
		"root":             "400 RootNotFoundException RootNotFoundException",
		"last policy":      "400 ConstraintViolationException ConstraintViolationException MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
		"set":              "400 ResourceNotFoundException ResourceNotFoundException",
		"set's characters": "400 ValidationException ValidationException",
		"duration":         "400 ValidationException ValidationException",
		"long duration":    "400 ValidationException ValidationException",
		"request":          "400 ResourceNotFoundException ResourceNotFoundException",
		"two of a union":   "refused by the client",
		"user":             "400 ResourceNotFoundException ResourceNotFoundException",
		"user taken":       "400 ConflictException ConflictException UNIQUENESS_CONSTRAINT_VIOLATION",
	} {
		if got[what] != want {
			t.Errorf("%s: %s, want %s", what, got[what], want)
		}
	}
}
