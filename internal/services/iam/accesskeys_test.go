package iam_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/arn"
	"sekisho/internal/call"
	"sekisho/internal/iam"
	"sekisho/internal/store"
	"sekisho/internal/token"
)

// memberRoot is a call in a session of AssumeRoot for the second account.
func (w *world) memberRoot() *call.Call {
	c := w.other()
	c.Principal.Temporary = &token.Session{Kind: token.AssumedRoot, Account: otherAcct}
	return c
}

func (w *world) keys(c *call.Call, user *string) []types.AccessKeyMetadata {
	w.Helper()
	return listed(w, func(marker *string, maxItems *int32) ([]types.AccessKeyMetadata, bool, *string, error) {
		out, err := w.service.ListAccessKeys(w.Context(), c, &awsiam.ListAccessKeysInput{UserName: user, Marker: marker, MaxItems: maxItems})
		if err != nil {
			return nil, false, nil, err
		}
		return out.AccessKeyMetadata, out.IsTruncated, out.Marker, nil
	})
}

// C-18 to C-20, B-35: two keys for each user and for root, whose secrets are
// told once, and of which one takes the place of the other.
func TestAccessKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane := w.user("Jane")
	for _, c := range []struct {
		name     string
		by       func() *call.Call
		user     *string
		wantName *string
		wantUser string
	}{
		{"of a user, by an administrator", w.asRole, aws.String("jANE"), aws.String("Jane"), jane.ID},
		{"the root user's own", w.root, nil, nil, ""},
		{"in an AssumeRoot session", w.memberRoot, nil, nil, ""},
	} {
		var made []string
		for range 2 {
			in := c.by()
			k := must(w.service.CreateAccessKey(w.Context(), in, &awsiam.CreateAccessKeyInput{UserName: c.user})).AccessKey
			made = append(made, *k.AccessKeyId)
			if aws.ToString(k.UserName) != aws.ToString(c.wantName) || k.Status != types.StatusTypeActive || !k.CreateDate.Equal(start.Truncate(time.Second)) ||
				len(*k.AccessKeyId) != 20 || !strings.HasPrefix(*k.AccessKeyId, "AKIA") || len(*k.SecretAccessKey) != 40 {
				t.Errorf("%s: %+v", c.name, k)
			}
			if got, _ := arn.AccountOfUniqueID(*k.AccessKeyId); got != in.Principal.Account {
				t.Errorf("%s: the id names account %s", c.name, got)
			}
			w.view(func(tx store.Tx) error {
				kept, err := tx.AccessKey(*k.AccessKeyId)
				if kept.Secret.Reveal() != *k.SecretAccessKey || kept.User != c.wantUser || !kept.Active {
					t.Errorf("%s: kept %+v", c.name, kept)
				}
				return err
			})
			w.clock.Advance(0)
		}
		_, err := w.service.CreateAccessKey(w.Context(), c.by(), &awsiam.CreateAccessKeyInput{UserName: c.user})
		w.expect(c.name, err, "LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2")

		must(w.service.UpdateAccessKey(w.Context(), c.by(), &awsiam.UpdateAccessKeyInput{UserName: c.user, AccessKeyId: &made[0], Status: types.StatusTypeInactive}))
		status := map[string]types.StatusType{}
		for _, k := range w.keys(c.by(), c.user) {
			status[*k.AccessKeyId] = k.Status
			if aws.ToString(k.UserName) != aws.ToString(c.wantName) {
				t.Errorf("%s: listed %+v", c.name, k)
			}
		}
		if len(status) != 2 || status[made[0]] != types.StatusTypeInactive || status[made[1]] != types.StatusTypeActive {
			t.Errorf("%s: %v", c.name, status)
		}
		must(w.service.UpdateAccessKey(w.Context(), c.by(), &awsiam.UpdateAccessKeyInput{UserName: c.user, AccessKeyId: &made[0], Status: types.StatusTypeActive}))
		must(w.service.DeleteAccessKey(w.Context(), c.by(), &awsiam.DeleteAccessKeyInput{UserName: c.user, AccessKeyId: &made[0]}))
		if got := w.keys(c.by(), c.user); len(got) != 1 || *got[0].AccessKeyId != made[1] || got[0].Status != types.StatusTypeActive {
			t.Errorf("%s: left is %+v", c.name, got)
		}
		must(w.service.CreateAccessKey(w.Context(), c.by(), &awsiam.CreateAccessKeyInput{UserName: c.user}))
	}
	// A user's own, without a name.
	must(w.service.DeleteAccessKey(w.Context(), w.as("jane"), &awsiam.DeleteAccessKeyInput{AccessKeyId: w.keys(w.as("jane"), nil)[0].AccessKeyId}))
}

func TestAccessKeyErrors(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user("jane")
	w.user("john")
	id := *must(w.service.CreateAccessKey(w.Context(), w.as("john"), &awsiam.CreateAccessKeyInput{})).AccessKey.AccessKeyId
	rootID := *must(w.service.CreateAccessKey(w.Context(), w.root(), &awsiam.CreateAccessKeyInput{})).AccessKey.AccessKeyId
	otherID := *must(w.service.CreateAccessKey(w.Context(), w.other(), &awsiam.CreateAccessKeyInput{})).AccessKey.AccessKeyId
	ctx := w.Context()

	_, err := w.service.CreateAccessKey(ctx, w.root(), &awsiam.CreateAccessKeyInput{UserName: aws.String("nobody")})
	w.expect("nobody's key", err, "NoSuchEntity", "The user with name nobody cannot be found.")
	_, err = w.service.CreateAccessKey(ctx, w.other(), &awsiam.CreateAccessKeyInput{UserName: aws.String("jane")})
	w.expect("another account's user", err, "NoSuchEntity", "The user with name jane cannot be found.")
	_, err = w.service.ListAccessKeys(ctx, w.asRole(), &awsiam.ListAccessKeysInput{})
	w.expect("a role has no keys", err, "ValidationError", "Must specify userName when calling with non-User credentials")
	_, err = w.service.ListAccessKeys(ctx, w.root(), &awsiam.ListAccessKeysInput{Marker: aws.String("no marker")})
	w.expect("a marker that is none", err, "ValidationError", "Invalid Marker.")
	for name, key := range map[string]string{"unknown": "AKIAUNKNOWNUNKNOWN00", "another user's": id, "root's": rootID, "another account's": otherID} {
		message := "The Access Key with id " + key + " cannot be found"
		_, err = w.service.UpdateAccessKey(ctx, w.root(), &awsiam.UpdateAccessKeyInput{UserName: aws.String("jane"), AccessKeyId: &key, Status: types.StatusTypeInactive})
		w.expect(name, err, "NoSuchEntity", message)
		_, err = w.service.DeleteAccessKey(ctx, w.as("jane"), &awsiam.DeleteAccessKeyInput{AccessKeyId: &key})
		w.expect(name, err, "NoSuchEntity", message)
	}
	_, err = w.service.UpdateAccessKey(ctx, w.as("john"), &awsiam.UpdateAccessKeyInput{AccessKeyId: &id, Status: types.StatusTypeExpired})
	w.expect("expired is no status to set", err, "InvalidInput", "The status of an access key can be Active or Inactive.")
	_, err = w.service.DeleteUser(ctx, w.root(), &awsiam.DeleteUserInput{UserName: aws.String("john")})
	w.expect("a user with a key", err, "DeleteConflict", "Cannot delete entity, must delete access keys first.")
}

// behaviours.md 5.4: the last use of a key.
func TestGetAccessKeyLastUsed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane := w.user("jane")
	id := must(w.service.CreateAccessKey(w.Context(), w.as("jane"), &awsiam.CreateAccessKeyInput{})).AccessKey.AccessKeyId
	rootID := must(w.service.CreateAccessKey(w.Context(), w.root(), &awsiam.CreateAccessKeyInput{})).AccessKey.AccessKeyId
	ask := func(id *string) *awsiam.GetAccessKeyLastUsedOutput {
		return must(w.service.GetAccessKeyLastUsed(w.Context(), w.asRole(), &awsiam.GetAccessKeyLastUsedInput{AccessKeyId: id}))
	}
	if got := ask(id); *got.UserName != "jane" || got.AccessKeyLastUsed.LastUsedDate != nil || *got.AccessKeyLastUsed.ServiceName != "N/A" || *got.AccessKeyLastUsed.Region != "N/A" {
		t.Errorf("never used: %+v", got.AccessKeyLastUsed)
	}
	w.update(func(tx store.Tx) error {
		return tx.PutUses([]iam.Use{{Account: acct, Entity: jane.ID, AccessKey: *id, Service: "sts", Action: "GetCallerIdentity", Region: "us-east-1", At: start}})
	})
	if got := ask(id).AccessKeyLastUsed; !got.LastUsedDate.Equal(start.Truncate(time.Second)) || *got.ServiceName != "sts" || *got.Region != "us-east-1" {
		t.Errorf("used: %+v", got)
	}
	if got := ask(rootID); got.UserName != nil || *got.AccessKeyLastUsed.ServiceName != "N/A" {
		t.Errorf("root's: %+v", got)
	}
	// Keys of others are as those that nobody has.
	otherID := must(w.service.CreateAccessKey(w.Context(), w.other(), &awsiam.CreateAccessKeyInput{})).AccessKey.AccessKeyId
	for _, key := range []string{*otherID, "AKIAUNKNOWNUNKNOWN00"} {
		_, err := w.service.GetAccessKeyLastUsed(w.Context(), w.asRole(), &awsiam.GetAccessKeyLastUsedInput{AccessKeyId: &key})
		w.expect(key, err, "AccessDenied", "User: arn:aws:sts::111122223333:assumed-role/Admin/jane is not authorized to perform: "+
			"iam:GetAccessKeyLastUsed on resource: access key "+key)
	}
}
