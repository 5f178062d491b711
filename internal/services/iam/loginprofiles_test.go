package iam_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"

	"sekisho/internal/call"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/secret"
	service "sekisho/internal/services/iam"
	"sekisho/internal/store"
)

const (
	firstPassword  = "First-Password-1"
	secondPassword = "Second-Password-2"
)

func (w *world) createProfile(c *call.Call, user, password string, reset bool) error {
	_, err := w.service.CreateLoginProfile(w.Context(), c, &awsiam.CreateLoginProfileInput{UserName: &user, Password: &password, PasswordResetRequired: reset})
	return err
}

func (w *world) updateProfile(password *string, reset *bool) error {
	_, err := w.service.UpdateLoginProfile(w.Context(), w.root(), &awsiam.UpdateLoginProfileInput{UserName: aws.String("jane"), Password: password, PasswordResetRequired: reset})
	return err
}

func (w *world) changePassword(c *call.Call, from, to string) error {
	_, err := w.service.ChangePassword(w.Context(), c, &awsiam.ChangePasswordInput{OldPassword: &from, NewPassword: &to})
	return err
}

func (w *world) passwordPolicy(in *awsiam.UpdateAccountPasswordPolicyInput) {
	w.Helper()
	must(w.service.UpdateAccountPasswordPolicy(w.Context(), w.root(), in))
}

// hasPassword reports whether the password is the user's.
func (w *world) hasPassword(u iam.User, password string) bool {
	w.Helper()
	var p credential.Password
	w.view(func(tx store.Tx) (err error) {
		p, err = tx.Password(iam.PasswordOf(u.ID))
		return err
	})
	return must(w.service.Hasher.Verify(w.Context(), p.Hash, secret.NewString(password)))
}

// C-12 to C-14: an administrator gives, replaces and takes a user's password.
func TestLoginProfile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u := w.user("Jane")
	ctx := w.Context()
	made := must(w.service.CreateLoginProfile(ctx, w.root(), &awsiam.CreateLoginProfileInput{
		UserName: aws.String("jane"), Password: aws.String(firstPassword), PasswordResetRequired: true,
	})).LoginProfile
	got := must(w.service.GetLoginProfile(ctx, w.as("jane"), &awsiam.GetLoginProfileInput{})).LoginProfile
	if a, b := must(json.Marshal(made)), must(json.Marshal(got)); string(a) != string(b) {
		t.Errorf("%s is read back as %s", a, b)
	}
	if *got.UserName != "Jane" || !got.PasswordResetRequired || !got.CreateDate.Equal(start.Truncate(time.Second)) || *made.UserName != "Jane" || !made.PasswordResetRequired {
		t.Errorf("%+v", got)
	}
	w.expect("twice", w.createProfile(w.root(), "JANE", secondPassword, false), "EntityAlreadyExists", "Login Profile for user Jane already exists.")
	_, err := w.service.DeleteUser(ctx, w.root(), &awsiam.DeleteUserInput{UserName: aws.String("jane")})
	w.expect("a user with a password", err, "DeleteConflict", "Cannot delete entity, must delete login profile first.")

	w.clock.Advance(time.Hour)
	w.expect("flag", w.updateProfile(nil, aws.Bool(false)), "", "")
	if got := must(w.service.GetLoginProfile(ctx, w.root(), &awsiam.GetLoginProfileInput{UserName: aws.String("jane")})).LoginProfile; got.PasswordResetRequired ||
		!got.CreateDate.Equal(*made.CreateDate) || !w.hasPassword(u, firstPassword) {
		t.Errorf("only the flag was to change: %+v", got)
	}
	w.expect("password", w.updateProfile(aws.String(secondPassword), nil), "", "")
	if w.hasPassword(u, firstPassword) || !w.hasPassword(u, secondPassword) {
		t.Error("the password was not replaced")
	}
	must(w.service.DeleteLoginProfile(ctx, w.root(), &awsiam.DeleteLoginProfileInput{UserName: aws.String("jane")}))

	missing := "Login Profile for User Jane cannot be found."
	_, err = w.service.GetLoginProfile(ctx, w.root(), &awsiam.GetLoginProfileInput{UserName: aws.String("jane")})
	w.expect("get", err, "NoSuchEntity", missing)
	_, err = w.service.DeleteLoginProfile(ctx, w.root(), &awsiam.DeleteLoginProfileInput{UserName: aws.String("jane")})
	w.expect("delete", err, "NoSuchEntity", missing)
	w.expect("update", w.updateProfile(aws.String(firstPassword), nil), "NoSuchEntity", missing)
	w.expect("change", w.changePassword(w.as("jane"), secondPassword, firstPassword), "NoSuchEntity", missing)
	w.expect("nobody", w.createProfile(w.root(), "nobody", firstPassword, false), "NoSuchEntity", "The user with name nobody cannot be found.")
	_, err = w.service.CreateLoginProfile(ctx, w.as("jane"), &awsiam.CreateLoginProfileInput{})
	w.expect("no password", err, "ValidationError", "1 validation error detected: Value null at 'password' failed to satisfy constraint: Member must not be null")
	_, err = w.service.CreateLoginProfile(ctx, w.as("jane"), &awsiam.CreateLoginProfileInput{Password: aws.String(firstPassword)})
	w.expect("the caller's own", err, "", "")
	_, err = w.service.DeleteUser(ctx, w.root(), &awsiam.DeleteUserInput{UserName: aws.String("jane")})
	w.expect("a user with a password", err, "DeleteConflict", "Cannot delete entity, must delete login profile first.")
}

// A user who changed between reading and writing is not overwritten.
func TestPasswordRaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u := w.user("jane")
	w.expect("create", w.createProfile(w.root(), "jane", firstPassword, false), "", "")
	var n iam.NewPassword
	w.view(func(tx store.Tx) (err error) {
		n, err = iam.ReadNewPassword(tx, acct, "jane")
		return err
	})
	if err := n.Choose(w.Context(), w.service.Hasher, secret.NewString("Third-Password-3")); err != nil {
		t.Fatal(err)
	}
	w.expect("meanwhile", w.updateProfile(aws.String(secondPassword), nil), "", "")
	err := w.db.Update(w.Context(), nil, func(tx store.Tx) error { return n.Update(tx, start, nil) })
	if fault.ReasonOf(err) != "entity-temporarily-unmodifiable" || !w.hasPassword(u, secondPassword) {
		t.Error(err)
	}
	err = w.db.Update(w.Context(), nil, func(tx store.Tx) error { _, err := n.Create(tx, start, false); return err })
	if !fault.Is(err, fault.AlreadyExists) {
		t.Error(err)
	}
}

// C-12: a user changes the own password knowing the old one, and nobody else's.
func TestChangePassword(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u := w.user("jane")
	w.expect("create", w.createProfile(w.root(), "jane", firstPassword, true), "", "")
	const wrongUser = "The request was rejected because the type of user making the transaction was incorrect."
	w.expect("root", w.changePassword(w.root(), firstPassword, secondPassword), "InvalidUserType", wrongUser)
	w.expect("role", w.changePassword(w.asRole(), firstPassword, secondPassword), "InvalidUserType", wrongUser)
	w.expect("wrong", w.changePassword(w.as("jane"), secondPassword, secondPassword), "AccessDenied", "The old password was incorrect.")
	for range 2 * credential.FreeFailures { // breaking a rule is no guess
		w.expect("weak", w.changePassword(w.as("jane"), firstPassword, "weak"), "PasswordPolicyViolation",
			"Password should have a minimum length of 8")
	}
	w.expect("right", w.changePassword(w.as("jane"), firstPassword, secondPassword), "", "")
	if !w.hasPassword(u, secondPassword) {
		t.Error("not changed")
	}
	if must(w.service.GetLoginProfile(w.Context(), w.as("jane"), &awsiam.GetLoginProfileInput{})).LoginProfile.PasswordResetRequired {
		t.Error("it still has to be changed")
	}
}

// Promise 3 for IAM users: guesses at the old password are looked at five times,
// whatever key they are made with.
func TestChangePasswordGuesses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user("jane")
	w.expect("create", w.createProfile(w.root(), "jane", firstPassword, false), "", "")
	looked := 0
	for i := range 30 {
		_, err := w.service.ChangePassword(w.Context(), w.as("jane"), &awsiam.ChangePasswordInput{
			OldPassword: aws.String(fmt.Sprint("Wrong-Password-", i)), NewPassword: aws.String(secondPassword),
		})
		if e, ok := errors.AsType[*call.Error](err); ok && e.Code == "AccessDenied" {
			looked++
		} else if !fault.Is(err, fault.Throttled) {
			t.Fatal(err)
		}
	}
	if looked != credential.FreeFailures {
		t.Errorf("%d guesses were looked at", looked)
	}
	w.clock.Advance(credential.FirstWait)
	w.expect("the right one after the wait", w.changePassword(w.as("jane"), firstPassword, secondPassword), "", "")
}

// behaviours.md 5.3: the account's policy, all of it replaced by each update.
func TestPasswordPolicy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := w.Context()
	get := func(c *call.Call) string {
		out, err := w.service.GetAccountPasswordPolicy(ctx, c, &awsiam.GetAccountPasswordPolicyInput{})
		if err != nil {
			w.expect("none", err, "NoSuchEntity", "The Password Policy with domain name "+c.Principal.Account+" cannot be found.")
			return ""
		}
		b, _ := json.Marshal(out.PasswordPolicy)
		return string(b)
	}
	if got := get(w.root()); got != "" {
		t.Error(got)
	}
	_, err := w.service.DeleteAccountPasswordPolicy(ctx, w.root(), &awsiam.DeleteAccountPasswordPolicyInput{})
	w.expect("delete none", err, "NoSuchEntity", "The account policy with name PasswordPolicy cannot be found.")
	w.passwordPolicy(&awsiam.UpdateAccountPasswordPolicyInput{
		MinimumPasswordLength: aws.Int32(12), RequireSymbols: true, RequireNumbers: true, RequireUppercaseCharacters: true, RequireLowercaseCharacters: true,
		AllowUsersToChangePassword: true, MaxPasswordAge: aws.Int32(90), PasswordReusePrevention: aws.Int32(24), HardExpiry: aws.Bool(true),
	})
	want := `{"AllowUsersToChangePassword":true,"ExpirePasswords":true,"HardExpiry":true,"MaxPasswordAge":90,"MinimumPasswordLength":12,"PasswordReusePrevention":24,` +
		`"RequireLowercaseCharacters":true,"RequireNumbers":true,"RequireSymbols":true,"RequireUppercaseCharacters":true}`
	if got := get(w.root()); got != want {
		t.Errorf("got %s", got)
	}
	if got := get(w.other()); got != "" {
		t.Errorf("another account has %s", got)
	}
	w.passwordPolicy(&awsiam.UpdateAccountPasswordPolicyInput{})
	want = `{"AllowUsersToChangePassword":false,"ExpirePasswords":false,"HardExpiry":null,"MaxPasswordAge":null,"MinimumPasswordLength":6,"PasswordReusePrevention":null,` +
		`"RequireLowercaseCharacters":false,"RequireNumbers":false,"RequireSymbols":false,"RequireUppercaseCharacters":false}`
	if got := get(w.root()); got != want {
		t.Errorf("got %s", got)
	}
	w.user("jane")
	w.expect("six of one class", w.createProfile(w.root(), "jane", "aaaaaa", false), "", "")
	must(w.service.DeleteAccountPasswordPolicy(ctx, w.root(), &awsiam.DeleteAccountPasswordPolicyInput{}))
	if got := get(w.root()); got != "" {
		t.Error(got)
	}
	w.expect("built in again", w.updateProfile(aws.String("aaaaaa"), nil), "PasswordPolicyViolation",
		"Password should have a minimum length of 8")
}

func TestPasswordPolicyViolations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user("jane")
	const other = "Password does not conform to the account password policy."
	for password, want := range map[string]string{
		"aaaAAA1": "Password should have a minimum length of 8", "aaaaAAAA": other, "Example Corp": other, "root+111122223333@example.com": other, "aA1!\naaaa": other,
	} {
		w.expect(password, w.createProfile(w.root(), "jane", password, false), "PasswordPolicyViolation", want)
	}
	w.passwordPolicy(&awsiam.UpdateAccountPasswordPolicyInput{
		MinimumPasswordLength: aws.Int32(10), RequireSymbols: true, RequireNumbers: true, RequireUppercaseCharacters: true, RequireLowercaseCharacters: true,
	})
	for password, want := range map[string]string{
		"-": "Password should have a minimum length of 10, Password should have at least one uppercase letter, " +
			"Password should have at least one lowercase letter, Password should have at least one number",
		"aA1aA1aA1aA1": "Password should have at least one symbol",
	} {
		w.expect(password, w.createProfile(w.root(), "jane", password, false), "PasswordPolicyViolation", want)
	}
	w.expect("good", w.createProfile(w.root(), "jane", "aA1!aA1!aA1!", false), "", "")
}

// Of the last passwords as many are refused as the policy says, the present one
// included.
func TestPasswordReuse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user("jane")
	password := func(i int) string { return fmt.Sprintf("Password-%02d", i) }
	w.expect("create", w.createProfile(w.root(), "jane", password(0), false), "", "")
	for i := 1; i < 30; i++ {
		w.expect("change", w.changePassword(w.as("jane"), password(i-1), password(i)), "", "")
	}
	const reused = "Policy constraint violation with password reuse prevention during password change"
	w.expect("without a rule", w.changePassword(w.as("jane"), password(29), password(29)), "", "")
	for _, n := range []int{1, 3, 24} {
		w.passwordPolicy(&awsiam.UpdateAccountPasswordPolicyInput{PasswordReusePrevention: aws.Int32(int32(n))})
		if n == 1 {
			w.expect("the present one", w.changePassword(w.as("jane"), password(29), password(29)), "PasswordPolicyViolation", reused)
			continue
		}
		// 29 stands twice in the history.
		oldest := 29 - (n - 2)
		w.expect(fmt.Sprint("oldest of ", n), w.changePassword(w.as("jane"), password(29), password(oldest)), "PasswordPolicyViolation", reused)
		w.expect(fmt.Sprint("by an administrator of ", n), w.updateProfile(aws.String(password(oldest)), nil), "PasswordPolicyViolation", reused)
	}
	w.expect("one before", w.changePassword(w.as("jane"), password(29), password(29-23)), "", "")
}

// behaviours.md 4.7: a session of AssumeRoot lets the member's root user, who
// has none, set a password.
func TestLoginProfileOfMemberRoot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := w.Context()
	owner := credential.Owner{Kind: credential.RootUser, ID: otherAcct}
	_, err := w.service.CreateLoginProfile(ctx, w.memberRoot(), &awsiam.CreateLoginProfileInput{Password: aws.String(firstPassword)})
	w.expect("with a password", err, "ValidationError", "A password cannot be specified for the root user of a member account.")
	_, err = w.service.GetLoginProfile(ctx, w.memberRoot(), &awsiam.GetLoginProfileInput{})
	w.expect("none yet", err, "NoSuchEntity", "Login Profile for User root cannot be found.")
	made := must(w.service.CreateLoginProfile(ctx, w.memberRoot(), &awsiam.CreateLoginProfileInput{})).LoginProfile
	if made.UserName != nil || !made.CreateDate.Equal(start.Truncate(time.Second)) {
		t.Errorf("%+v", made)
	}
	w.view(func(tx store.Tx) error {
		p, err := tx.Password(owner)
		if p.Hash != "" {
			t.Error("it has a password already")
		}
		return err
	})
	_, err = w.service.CreateLoginProfile(ctx, w.memberRoot(), &awsiam.CreateLoginProfileInput{})
	w.expect("twice", err, "EntityAlreadyExists", "Login Profile for user root already exists.")
	must(w.service.GetLoginProfile(ctx, w.memberRoot(), &awsiam.GetLoginProfileInput{}))
	must(w.service.DeleteLoginProfile(ctx, w.memberRoot(), &awsiam.DeleteLoginProfileInput{}))
	_, err = w.service.DeleteLoginProfile(ctx, w.memberRoot(), &awsiam.DeleteLoginProfileInput{})
	w.expect("deleted twice", err, "NoSuchEntity", "Login Profile for User root cannot be found.")

	const noName = "Must specify userName when calling with non-User credentials"
	_, err = w.service.CreateLoginProfile(ctx, w.other(), &awsiam.CreateLoginProfileInput{Password: aws.String(firstPassword)})
	w.expect("create as root itself", err, "ValidationError", noName)
	_, err = w.service.GetLoginProfile(ctx, w.other(), &awsiam.GetLoginProfileInput{})
	w.expect("get as root itself", err, "ValidationError", noName)
	_, err = w.service.DeleteLoginProfile(ctx, w.other(), &awsiam.DeleteLoginProfileInput{})
	w.expect("delete as root itself", err, "ValidationError", noName)
}

// AllowUsersToChangePassword grants each user two actions, and others nothing.
func TestGrantedByPasswordPolicy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user("jane")
	names := service.Names{Store: w.db}
	granted := func(c *call.Call, operation string, in any) bool {
		return must(names.Target(w.Context(), c, service.Table[operation], in)).Granted
	}
	all := func(c *call.Call) [3]bool {
		return [3]bool{
			granted(c, "ChangePassword", &awsiam.ChangePasswordInput{}), granted(c, "GetAccountPasswordPolicy", &awsiam.GetAccountPasswordPolicyInput{}),
			granted(c, "GetLoginProfile", &awsiam.GetLoginProfileInput{}),
		}
	}
	if got := all(w.as("jane")); got != [3]bool{} {
		t.Errorf("without a policy: %v", got)
	}
	w.passwordPolicy(&awsiam.UpdateAccountPasswordPolicyInput{})
	if got := all(w.as("jane")); got != [3]bool{} {
		t.Errorf("without the flag: %v", got)
	}
	w.passwordPolicy(&awsiam.UpdateAccountPasswordPolicyInput{AllowUsersToChangePassword: true})
	if got := all(w.as("jane")); got != [3]bool{true, true, false} {
		t.Errorf("with it: %v", got)
	}
	if got := all(w.asRole()); got != [3]bool{} {
		t.Errorf("a role: %v", got)
	}
}

// What a denial names, and what policies are compared with.
func TestCredentialTargets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user("jane")
	key := must(w.service.CreateAccessKey(w.Context(), w.as("jane"), &awsiam.CreateAccessKeyInput{})).AccessKey.AccessKeyId
	p := w.newPhone(w.root(), "phone")
	names := service.Names{Store: w.db}
	for _, c := range []struct {
		operation string
		by        *call.Call
		in        any
		want      string
	}{
		{"CreateAccessKey", w.as("jane"), &awsiam.CreateAccessKeyInput{}, "arn:aws:iam::111122223333:user/jane"},
		{"CreateAccessKey", w.root(), &awsiam.CreateAccessKeyInput{}, "arn:aws:iam::111122223333:root"},
		{"ChangePassword", w.as("jane"), &awsiam.ChangePasswordInput{}, "arn:aws:iam::111122223333:user/jane"},
		{"GetAccessKeyLastUsed", w.asRole(), &awsiam.GetAccessKeyLastUsedInput{AccessKeyId: key}, "arn:aws:iam::111122223333:user/jane"},
		{"GetAccessKeyLastUsed", w.other(), &awsiam.GetAccessKeyLastUsedInput{AccessKeyId: key}, "arn:aws:iam::444455556666:user/*"},
		{"CreateVirtualMFADevice", w.root(), &awsiam.CreateVirtualMFADeviceInput{VirtualMFADeviceName: aws.String("x"), Path: aws.String("/a/")}, "arn:aws:iam::111122223333:mfa/a/x"},
		{"ListVirtualMFADevices", w.root(), &awsiam.ListVirtualMFADevicesInput{}, "arn:aws:iam::111122223333:mfa/"},
		{"DeleteVirtualMFADevice", w.root(), &awsiam.DeleteVirtualMFADeviceInput{SerialNumber: &p.serial}, p.serial},
		{"EnableMFADevice", w.root(), &awsiam.EnableMFADeviceInput{UserName: aws.String("JANE"), SerialNumber: &p.serial}, "arn:aws:iam::111122223333:user/jane"},
		{"UpdateAccountPasswordPolicy", w.root(), &awsiam.UpdateAccountPasswordPolicyInput{}, ""},
	} {
		if got := must(names.Target(w.Context(), c.by, service.Table[c.operation], c.in)); got.ARN != c.want {
			t.Errorf("%s: %s", c.operation, got.ARN)
		}
	}
}

// Neither the trail nor what is kept in the clear knows any secret (canary).
func TestEventsCarryNoSecrets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user("jane")
	const canary = "Canary-7f3a91"
	key := must(w.service.CreateAccessKey(w.Context(), w.as("jane"), &awsiam.CreateAccessKeyInput{})).AccessKey
	w.expect("create", w.createProfile(w.root(), "jane", canary+"-one", true), "", "")
	w.expect("update", w.updateProfile(aws.String(canary+"-two"), nil), "", "")
	w.expect("change", w.changePassword(w.as("jane"), canary+"-two", canary+"-three"), "", "")
	p := w.newPhone(w.root(), "phone")
	codes := []string{p.code(-1), p.code(0)}
	w.expect("enable", p.enable(w.root(), "jane"), "", "")
	must(w.service.ListVirtualMFADevices(w.Context(), w.root(), &awsiam.ListVirtualMFADevicesInput{}))
	var trail string
	w.view(func(tx store.Tx) error {
		events, err := tx.Events(store.EventFilter{Limit: 1000})
		for _, e := range events {
			trail += fmt.Sprintf("%+v\n", e)
		}
		return err
	})
	if !strings.Contains(trail, *key.AccessKeyId) || !strings.Contains(trail, p.serial) {
		t.Errorf("the trail does not tell what was done:\n%s", trail)
	}
	for _, s := range append(codes, canary, *key.SecretAccessKey, p.seed) {
		if strings.Contains(trail, s) {
			t.Errorf("the trail has %q", s)
		}
	}
	// What prints a device by accident prints no seed.
	w.view(func(tx store.Tx) error {
		d, err := tx.MFADevice(p.serial)
		if s := fmt.Sprintf("%+v %#v", d, d); strings.Contains(s, p.seed) {
			t.Error("a device prints its seed")
		}
		return err
	})
}
