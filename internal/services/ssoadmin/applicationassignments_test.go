package ssoadmin_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"sekisho/internal/store"
)

// assign assigns a user or group to an application.
func (w *appWorld) assign(caller, name string, kind types.PrincipalType, principal string) error {
	_, err := w.service.CreateApplicationAssignment(w.Context(), w.by(caller, "CreateApplicationAssignment"),
		&ssoadmin.CreateApplicationAssignmentInput{ApplicationArn: &name, PrincipalId: &principal, PrincipalType: kind})
	return err
}

// People and groups are assigned to applications, told and taken away (G-60).
func TestApplicationAssignment(t *testing.T) {
	t.Parallel()
	w := newAppWorld(t)
	name := w.create(appMember, "App")
	w.expect("assigning jane", w.assign(appMember, name, types.PrincipalTypeUser, jane), "", "")
	w.expect("again", w.assign(appManagement, name, types.PrincipalTypeUser, jane), "", "")
	w.expect("assigning admins", w.assign(appMember, name, types.PrincipalTypeGroup, admins), "", "")
	// Another instance's people are nowhere, and not to be let in.
	w.expect("assigning eve", w.assign(appMember, name, types.PrincipalTypeUser, eve), "ResourceNotFoundException", "Could not find User with id "+eve)
	w.expect("assigning jane as a group", w.assign(appMember, name, types.PrincipalTypeGroup, jane), "ResourceNotFoundException", "Could not find Group with id "+jane)
	w.expect("assigning by a stranger", w.assign(appAlone, name, types.PrincipalTypeUser, jane), "AccessDeniedException", notYours)

	in := &ssoadmin.DescribeApplicationAssignmentInput{ApplicationArn: &name, PrincipalId: aws.String(jane), PrincipalType: types.PrincipalTypeUser}
	out, err := w.service.DescribeApplicationAssignment(t.Context(), w.by(appMember, "Describe"), in)
	if err != nil || *out.ApplicationArn != name || *out.PrincipalId != jane || out.PrincipalType != types.PrincipalTypeUser {
		t.Errorf("%+v, %v", out, err)
	}
	list := func(token *string) *ssoadmin.ListApplicationAssignmentsOutput {
		t.Helper()
		out, err := w.service.ListApplicationAssignments(t.Context(), w.by(appMember, "List"),
			&ssoadmin.ListApplicationAssignmentsInput{ApplicationArn: &name, MaxResults: aws.Int32(1), NextToken: token})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	begin := list(nil)
	end := list(begin.NextToken)
	if len(begin.ApplicationAssignments) != 1 || *begin.ApplicationAssignments[0].PrincipalId != admins ||
		len(end.ApplicationAssignments) != 1 || *end.ApplicationAssignments[0].PrincipalId != jane || end.NextToken != nil {
		t.Errorf("%+v, then %+v", begin, end)
	}
	_, err = w.service.DeleteApplicationAssignment(t.Context(), w.by(appMember, "Delete"),
		&ssoadmin.DeleteApplicationAssignmentInput{ApplicationArn: &name, PrincipalId: aws.String(jane), PrincipalType: types.PrincipalTypeUser})
	w.expect("deleting", err, "", "")
	_, err = w.service.DescribeApplicationAssignment(t.Context(), w.by(appMember, "Describe"), in)
	w.expect("describing what was deleted", err, "ResourceNotFoundException", "The principal is not assigned to the application.")
	w.update(func(tx store.Tx) error { return tx.DeleteGroup(admins) })
	if left := list(nil); len(left.ApplicationAssignments) != 0 {
		t.Errorf("left after the group went: %+v", left)
	}
}

// A user's assignments are those of the user's groups, too; members of the
// organization ask about one application of theirs.
func TestListApplicationAssignmentsForPrincipal(t *testing.T) {
	t.Parallel()
	w := newAppWorld(t)
	first, second := w.create(appManagement, "First"), w.create(appMember, "Second")
	w.expect("assigning", w.assign(appManagement, first, types.PrincipalTypeUser, jane), "", "")
	w.expect("assigning", w.assign(appManagement, second, types.PrincipalTypeGroup, admins), "", "")
	list := func(caller string, kind types.PrincipalType, principal string, filter *string) (string, error) {
		var all []string
		for token := (*string)(nil); ; {
			in := &ssoadmin.ListApplicationAssignmentsForPrincipalInput{InstanceArn: aws.String(appInstance), PrincipalId: &principal, PrincipalType: kind,
				MaxResults: aws.Int32(1), NextToken: token}
			if filter != nil {
				in.Filter = &types.ListApplicationAssignmentsFilter{ApplicationArn: filter}
			}
			out, err := w.service.ListApplicationAssignmentsForPrincipal(t.Context(), w.by(caller, "List"), in)
			if err != nil {
				return "", err
			}
			for _, a := range out.ApplicationAssignments {
				which := map[string]string{first: "first", second: "second"}[*a.ApplicationArn]
				all = append(all, which+" by "+string(a.PrincipalType)+" "+map[string]string{jane: "jane", admins: "admins"}[*a.PrincipalId])
			}
			if token = out.NextToken; token == nil {
				return strings.Join(sorted(all), ", "), nil
			}
		}
	}
	elsewhere := "arn:aws:sso::777788889999:application/ssoins-fedcba9876543210/apl-0000000000000000"
	for _, c := range []struct {
		caller        string
		kind          types.PrincipalType
		principal     string
		filter        *string
		want          string
		code, message string
	}{
		{appManagement, types.PrincipalTypeUser, jane, nil, "first by USER jane, second by GROUP admins", "", ""},
		{appManagement, types.PrincipalTypeUser, jane, &second, "second by GROUP admins", "", ""},
		{appManagement, types.PrincipalTypeGroup, admins, nil, "second by GROUP admins", "", ""},
		{appManagement, types.PrincipalTypeUser, eve, nil, "", "ResourceNotFoundException", "Could not find User with id " + eve},
		{appManagement, types.PrincipalTypeUser, jane, &elsewhere, "", "AccessDeniedException", notYours},
		{appMember, types.PrincipalTypeUser, jane, &second, "second by GROUP admins", "", ""},
		{appMember, types.PrincipalTypeUser, jane, &first, "", "AccessDeniedException", notYours},
		{appMember, types.PrincipalTypeUser, jane, nil, "", "ValidationException", "A member account must filter by the ApplicationArn of one of its applications."},
		{appAlone, types.PrincipalTypeUser, jane, nil, "", "AccessDeniedException", notYours},
	} {
		got, err := list(c.caller, c.kind, c.principal, c.filter)
		w.expect(c.caller+" about "+c.principal, err, c.code, c.message)
		if got != c.want {
			t.Errorf("%s about %s: %q, want %q", c.caller, c.principal, got, c.want)
		}
	}
}
