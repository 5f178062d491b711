package iam_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/call"
	"sekisho/internal/iam"
	"sekisho/internal/store"
)

const identityReader = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:Get*","sts:GetCallerIdentity","s3:*"],"Resource":"*"}]}`

// accessed is a world in which two users of a group and a role have a policy, and
// use some of what it gives.
func accessed(t *testing.T) (w *world, local iam.ManagedPolicy, bob, carol iam.User, team iam.Group, role iam.Role) {
	t.Helper()
	w = newWorld(t)
	bob, carol = w.user("Bob"), w.user("Carol")
	team, role = w.group("team", "Bob", "Carol"), w.role("Reader")
	w.clock.Advance(500 * 24 * time.Hour)
	now := w.clock.Now()
	w.update(func(tx store.Tx) (err error) {
		if local, err = iam.CreatePolicy(tx, start, acct, iam.NewPolicy{Path: "/", Name: "local", Document: identityReader}); err != nil {
			return err
		}
		for owner, kind := range map[string]iam.Kind{team.ID: iam.GroupKind, bob.ID: iam.UserKind, role.ID: iam.RoleKind} {
			if err := tx.Attach(iam.Attachment{Owner: owner, OwnerKind: kind, Account: acct, PolicyARN: local.ARN(), AttachedAt: start}); err != nil {
				return err
			}
		}
		return tx.PutUses([]iam.Use{
			{Account: acct, Entity: bob.ID, Service: "iam", Action: "GetUser", Region: "us-east-1", At: now.Add(-3 * time.Hour)},
			{Account: acct, Entity: bob.ID, Service: "iam", Action: "GetRole", Region: "us-east-1", At: now.Add(-5 * time.Hour)},
			{Account: acct, Entity: carol.ID, Service: "iam", Action: "GetUser", Region: "us-east-1", At: now.Add(-2 * time.Hour)},
			{Account: acct, Entity: role.ID, Service: "sts", Action: "GetCallerIdentity", Region: "eu-west-1", At: now.Add(-time.Hour)},
			{Account: acct, Entity: carol.ID, Service: "sts", Action: "GetCallerIdentity", Region: "eu-west-1", At: now.Add(-401 * 24 * time.Hour)},
			{Account: acct, Entity: bob.ID, Service: "ec2", Action: "RunInstances", Region: "eu-west-1", At: now},
		})
	})
	return w, local, bob, carol, team, role
}

func job(w *world, c *call.Call, entityARN string, g types.AccessAdvisorUsageGranularityType) *string {
	return must(w.service.GenerateServiceLastAccessedDetails(w.Context(), c, &awsiam.GenerateServiceLastAccessedDetailsInput{Arn: &entityARN, Granularity: g})).JobId
}

// What a user, group, role or policy gives access to, and who used it last.
func TestServiceLastAccessed(t *testing.T) {
	t.Parallel()
	w, local, bob, carol, team, role := accessed(t)
	hour := func(n int) string { return w.clock.Now().UTC().Add(-time.Duration(n) * time.Hour).Format("15:04") }
	used := func(n int, by string, in string, entities int) string {
		return fmt.Sprintf(" %s %s %s %d", hour(n), by, in, entities)
	}
	for _, c := range []struct {
		name, arn string
		want      []string
	}{
		{"user", bob.ARN(), []string{"iam" + used(3, "Bob", "us-east-1", 1), "s3", "sts"}},
		{"user by the group", carol.ARN(), []string{"iam" + used(2, "Carol", "us-east-1", 1), "s3", "sts"}},
		{"group", team.ARN(), []string{"iam" + used(2, "Carol", "us-east-1", 2), "s3", "sts"}},
		{"role", role.ARN(), []string{"iam", "s3", "sts" + used(1, "Reader", "eu-west-1", 1)}},
		{"policy", local.ARN(), []string{"iam" + used(2, "Carol", "us-east-1", 2), "s3", "sts" + used(1, "Reader", "eu-west-1", 1)}},
		{"AWS's policy", "arn:aws:iam::aws:policy/IAMReadOnlyAccess", []string{"iam"}},
	} {
		id := job(w, w.root(), c.arn, "")
		got := listed(w, func(marker *string, most *int32) ([]string, bool, *string, error) {
			out, err := w.service.GetServiceLastAccessedDetails(t.Context(), w.root(), &awsiam.GetServiceLastAccessedDetailsInput{JobId: id, Marker: marker, MaxItems: most})
			if err != nil {
				return nil, false, nil, err
			}
			if out.JobStatus != "COMPLETED" || out.JobType != "SERVICE_LEVEL" || !out.JobCompletionDate.Equal(*out.JobCreationDate) {
				t.Errorf("%s: %+v", c.name, out)
			}
			var lines []string
			for _, s := range out.ServicesLastAccessed {
				line := *s.ServiceNamespace
				if s.LastAuthenticated != nil {
					line += fmt.Sprintf(" %s %s %s %d", s.LastAuthenticated.Format("15:04"), (*s.LastAuthenticatedEntity)[strings.LastIndex(*s.LastAuthenticatedEntity, "/")+1:],
						*s.LastAuthenticatedRegion, *s.TotalAuthenticatedEntities)
				}
				if *s.ServiceName == "" || len(s.TrackedActionsLastAccessed) > 0 {
					t.Errorf("%s: %+v", c.name, s)
				}
				lines = append(lines, line)
			}
			return lines, out.IsTruncated, out.Marker, nil
		})
		same(t, c.name, got, c.want)
	}
}

// With actions, every tracked one is there, used or not.
func TestActionLastAccessed(t *testing.T) {
	t.Parallel()
	w, _, _, carol, team, _ := accessed(t)
	id := job(w, w.root(), team.ARN(), "ACTION_LEVEL")
	out := must(w.service.GetServiceLastAccessedDetails(t.Context(), w.root(), &awsiam.GetServiceLastAccessedDetailsInput{JobId: id}))
	if out.JobType != "ACTION_LEVEL" || len(out.ServicesLastAccessed) != 3 {
		t.Fatalf("%s with %d services", out.JobType, len(out.ServicesLastAccessed))
	}
	actions := make(map[string]types.TrackedActionLastAccessed)
	for _, a := range out.ServicesLastAccessed[0].TrackedActionsLastAccessed {
		actions[*a.ActionName] = a
	}
	now := w.clock.Now().UTC().Truncate(time.Second)
	same(t, "used by both", actions["GetUser"], types.TrackedActionLastAccessed{
		ActionName: aws.String("GetUser"), LastAccessedEntity: aws.String(carol.ARN()), LastAccessedRegion: aws.String("us-east-1"), LastAccessedTime: aws.Time(now.Add(-2 * time.Hour)),
	})
	same(t, "used by nobody", actions["GetGroup"], types.TrackedActionLastAccessed{ActionName: aws.String("GetGroup")})
	if s3 := out.ServicesLastAccessed[1]; len(s3.TrackedActionsLastAccessed) != 0 {
		t.Errorf("actions of a service that is not tracked: %+v", s3)
	}
}

// Who could use a service, those who did last first.
func TestServiceLastAccessedEntities(t *testing.T) {
	t.Parallel()
	w, local, bob, carol, _, role := accessed(t)
	id := job(w, w.root(), local.ARN(), "SERVICE_LEVEL")
	entities := func(namespace string) []types.EntityDetails {
		return listed(w, func(marker *string, most *int32) ([]types.EntityDetails, bool, *string, error) {
			out, err := w.service.GetServiceLastAccessedDetailsWithEntities(t.Context(), w.root(), &awsiam.GetServiceLastAccessedDetailsWithEntitiesInput{
				JobId: id, ServiceNamespace: &namespace, Marker: marker, MaxItems: most,
			})
			if err != nil {
				return nil, false, nil, err
			}
			return out.EntityDetailsList, out.IsTruncated, out.Marker, nil
		})
	}
	now := w.clock.Now().UTC().Truncate(time.Second)
	detail := func(kind types.PolicyOwnerEntityType, id, name, arn string, at *time.Time) types.EntityDetails {
		return types.EntityDetails{LastAuthenticated: at, EntityInfo: &types.EntityInfo{Arn: &arn, Id: &id, Name: &name, Path: aws.String("/"), Type: kind}}
	}
	same(t, "iam", entities("iam"), []types.EntityDetails{
		detail("USER", carol.ID, "Carol", carol.ARN(), aws.Time(now.Add(-2*time.Hour))), detail("USER", bob.ID, "Bob", bob.ARN(), aws.Time(now.Add(-3*time.Hour))),
		detail("ROLE", role.ID, "Reader", role.ARN(), nil),
	})
	if got := entities("ec2"); len(got) != 0 {
		t.Errorf("entities of a service that the policy does not reach: %+v", got)
	}
	_, err := w.service.GetServiceLastAccessedDetailsWithEntities(t.Context(), w.root(), &awsiam.GetServiceLastAccessedDetailsWithEntitiesInput{JobId: id, ServiceNamespace: aws.String("nothing")})
	w.expect("unknown", err, "InvalidInput", "Service namespace nothing is not valid.")
}

// A report is its maker's alone, for a day.
func TestServiceLastAccessedJobs(t *testing.T) {
	t.Parallel()
	w, local, bob, _, _, _ := accessed(t)
	mine := job(w, w.as("Bob"), bob.ARN(), "")
	read := func(c *call.Call, id *string) error {
		_, err := w.service.GetServiceLastAccessedDetails(t.Context(), c, &awsiam.GetServiceLastAccessedDetailsInput{JobId: id})
		return err
	}
	none := "The job with id " + *mine + " cannot be found."
	w.expect("own", read(w.as("Bob"), mine), "", "")
	w.expect("another user", read(w.as("Carol"), mine), "NoSuchEntity", none)
	w.expect("root user", read(w.root(), mine), "NoSuchEntity", none)
	w.expect("another account", read(w.other(), mine), "NoSuchEntity", none)
	w.expect("unknown", read(w.root(), aws.String(strings.Repeat("0", 36))), "NoSuchEntity", "The job with id "+strings.Repeat("0", 36)+" cannot be found.")

	for arn, want := range map[string]string{
		"arn:aws:iam::" + acct + ":user/nobody":       "NoSuchEntity The user with name nobody cannot be found.",
		"arn:aws:iam::" + acct + ":user/else/Bob":     "NoSuchEntity ARN arn:aws:iam::" + acct + ":user/else/Bob does not exist.",
		"arn:aws:iam::" + otherAcct + ":user/Bob":     "NoSuchEntity ARN arn:aws:iam::" + otherAcct + ":user/Bob does not exist.",
		"arn:aws:iam::" + acct + ":policy/nothing":    "NoSuchEntity Policy arn:aws:iam::" + acct + ":policy/nothing was not found.",
		"arn:aws:iam::" + acct + ":root":              "InvalidInput ARN arn:aws:iam::" + acct + ":root is not valid.",
		"arn:aws:iam::" + acct + ":mfa/Bob":           "InvalidInput ARN arn:aws:iam::" + acct + ":mfa/Bob is not valid.",
		"arn:aws:s3:::bucket-of-more-than-20-letters": "InvalidInput ARN arn:aws:s3:::bucket-of-more-than-20-letters is not valid.",
	} {
		_, err := w.service.GenerateServiceLastAccessedDetails(t.Context(), w.root(), &awsiam.GenerateServiceLastAccessedDetailsInput{Arn: aws.String(arn)})
		code, message, _ := strings.Cut(want, " ")
		w.expect(arn, err, code, message)
	}

	// What it says stays as it was, whatever becomes of who it is about.
	id := job(w, w.root(), local.ARN(), "")
	w.update(func(tx store.Tx) error { return tx.Detach(bob.ID, local.ARN()) })
	out := must(w.service.GetServiceLastAccessedDetails(t.Context(), w.root(), &awsiam.GetServiceLastAccessedDetailsInput{JobId: id}))
	if n := *out.ServicesLastAccessed[0].TotalAuthenticatedEntities; n != 2 {
		t.Errorf("%d entities, want the 2 of before", n)
	}
}
