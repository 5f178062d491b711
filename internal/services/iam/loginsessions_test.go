package iam_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"

	"sekisho/internal/call"
	"sekisho/internal/credential"
	"sekisho/internal/iam"
	"sekisho/internal/session"
	"sekisho/internal/store"
)

// What replaces or takes a user's password ends the console sessions that it began,
// but for the one in which the user is at work (C-12, C-14, promise 12); and what was
// guessed at the old one counts no more.
func TestPasswordsEndSessions(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		do   func(w *world, own *call.Call) error
		left []string
	}{
		"a new password":  {func(w *world, _ *call.Call) error { return w.updateProfile(aws.String(secondPassword), nil) }, nil},
		"no new password": {func(w *world, _ *call.Call) error { return w.updateProfile(nil, aws.Bool(true)) }, []string{"here", "there"}},
		"none any more": {func(w *world, _ *call.Call) error {
			_, err := w.service.DeleteLoginProfile(w.Context(), w.root(), &awsiam.DeleteLoginProfileInput{UserName: aws.String("jane")})
			return err
		}, nil},
		"her own choice": {func(w *world, own *call.Call) error { return w.changePassword(own, firstPassword, secondPassword) }, []string{"here"}},
		"a deleted user": {func(w *world, _ *call.Call) error {
			_, err := w.service.DeleteLoginProfile(w.Context(), w.root(), &awsiam.DeleteLoginProfileInput{UserName: aws.String("jane")})
			if err == nil {
				_, err = w.service.DeleteUser(w.Context(), w.root(), &awsiam.DeleteUserInput{UserName: aws.String("jane")})
			}
			return err
		}, nil},
	} {
		w := newWorld(t)
		jane, other := w.user("jane"), w.user("other")
		if err := w.createProfile(w.root(), "jane", firstPassword, false); err != nil {
			t.Fatal(err)
		}
		own := w.as("jane")
		own.Principal.Session = "here"
		w.update(func(tx store.Tx) error {
			for id, user := range map[string]iam.User{"here": jane, "there": jane, "another": other} {
				if _, err := session.BeginConsole(tx, session.Session{ID: id, Kind: session.IAMUser, User: user.ID, Account: acct}, own.Now, time.Hour); err != nil {
					return err
				}
			}
			return credential.Reserve(tx, []credential.Key{iam.PasswordKey(iam.Holder{Account: acct, User: jane})}, own.Now)
		})
		if err := c.do(w, own); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		left := map[string]bool{"another": true}
		for _, id := range c.left {
			left[id] = true
		}
		w.view(func(tx store.Tx) error {
			for _, id := range []string{"here", "there", "another"} {
				s, err := tx.Session(id)
				if err != nil || s.Live(own.Now) != left[id] {
					t.Errorf("%s: session %s is live: %v, %v", name, id, s.Live(own.Now), err)
				}
			}
			n, err := credential.Failures(tx, []credential.Key{iam.PasswordKey(iam.Holder{Account: acct, User: jane})}, own.Now)
			if replaced := name == "a new password" || name == "her own choice"; replaced != (n == 0) {
				t.Errorf("%s: %d failures", name, n)
			}
			return err
		})
	}
}
