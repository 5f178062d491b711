package sts

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/org"
	"sekisho/internal/policy"
	"sekisho/internal/store"
	"sekisho/internal/token"
)

// rootTasks are the policies that say what a session of AssumeRoot is for
// (behaviours.md 4.7).
var rootTasks = []string{
	"arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials",
	"arn:aws:iam::aws:policy/root-task/IAMCreateRootUserPassword",
	"arn:aws:iam::aws:policy/root-task/IAMDeleteRootUserCredentials",
	"arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy",
	"arn:aws:iam::aws:policy/root-task/SQSUnlockQueuePolicy",
}

// consent is the member's side of AssumeRoot, as if its root user had a policy of
// its own: being in the organization is the consent. It is for other accounts:
// among its own users, a policy of theirs has to allow it.
var consent = policy.MustParse(policy.ResourcePolicy, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRoot","Resource":"*"}]}`)

func rootTarget(c *call.Call, in *sts.AssumeRootInput) call.Target {
	t := call.Target{ARN: aws.ToString(in.TargetPrincipal), Keys: make(map[string][]string)}
	if member, ok := memberOf(t.ARN); ok {
		t.ARN, t.Account = arn.Root(member), member
		if member != c.Principal.Account {
			t.Policy = consent
		}
	}
	set(t.Keys, "sts:taskpolicyarn", taskOf(in))
	return t
}

func taskOf(in *sts.AssumeRootInput) string {
	if in.TaskPolicyArn == nil {
		return ""
	}
	return aws.ToString(in.TaskPolicyArn.Arn)
}

// memberOf is the account whose id or root user's ARN s is.
func memberOf(s string) (string, bool) {
	if id, ok := strings.CutPrefix(s, "arn:aws:iam::"); ok {
		s, ok = strings.CutSuffix(id, ":root")
		if !ok {
			return "", false
		}
	}
	return s, arn.ValidAccount(s)
}

// AssumeRoot lets the management account of an organization do one task as the
// root user of a member account (behaviours.md 4.7). AWS does not serve it at the
// global endpoint; here every endpoint is one of a region.
func (s *Service) AssumeRoot(ctx context.Context, c *call.Call, in *sts.AssumeRootInput) (*sts.AssumeRootOutput, error) {
	if err := notOfUser(c, "AssumeRoot"); err != nil {
		return nil, err
	}
	if c.Principal.Kind == call.Root {
		return nil, accessDenied("AssumeRoot may not be called by root accounts.")
	}
	member, ok := memberOf(aws.ToString(in.TargetPrincipal))
	if !ok {
		return nil, invalid(aws.ToString(in.TargetPrincipal) + " is invalid")
	}
	task := taskOf(in)
	if !slices.Contains(rootTasks, task) {
		return nil, invalid(task + " is not a policy for root tasks")
	}
	if err := s.managesRoot(ctx, c.Principal.Account, member); err != nil {
		return nil, err
	}
	note(c, "taskPolicyArn", task)
	life := token.MaxAssumedRoot
	if in.DurationSeconds != nil {
		life = min(life, time.Duration(*in.DurationSeconds)*time.Second)
	}
	session := token.Session{Kind: token.AssumedRoot, Account: member, PolicyARNs: []string{task}}
	if t := c.Principal.Temporary; t != nil {
		session.SourceIdentity = t.SourceIdentity
	}
	creds, err := s.issue(c, session, life)
	if err != nil {
		return nil, err
	}
	return &sts.AssumeRootOutput{Credentials: creds, SourceIdentity: orNil(session.SourceIdentity)}, nil
}

// managesRoot refuses unless the account runs IAM for the organization of which the
// other is a member, and root sessions are enabled. Nobody assumes the management
// account's root user.
func (s *Service) managesRoot(ctx context.Context, caller, member string) error {
	return s.Store.View(ctx, func(tx store.Tx) error {
		o, err := org.RunBy(tx, caller, org.IAM)
		if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Denied) {
			return accessDenied("AssumeRoot may be called by the management account of an organization or a delegated administrator for IAM only.")
		}
		if err != nil {
			return err
		}
		enabled, err := iam.RootSessionsEnabled(tx, o)
		if err != nil {
			return err
		}
		if !enabled {
			return accessDenied("Root sessions are not enabled for the organization.")
		}
		if a, err := tx.Account(member); fault.Is(err, fault.NotFound) || err == nil && (member == o.ManagementAccount || a.Organization != o.ID) {
			return accessDenied("The account " + member + " is not a member account of the organization.")
		} else if err != nil {
			return err
		} else if a.Status != account.Active {
			return accessDenied("The account " + member + " is not active.")
		}
		return nil
	})
}
