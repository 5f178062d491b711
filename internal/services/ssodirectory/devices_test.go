package ssodirectory_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image/png"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/pquerna/otp/totp"

	"sekisho/internal/directory"
	"sekisho/internal/mfa"
	"sekisho/internal/secret"
	"sekisho/internal/services/ssodirectory"
	"sekisho/internal/session"
	"sekisho/internal/store"
)

func (w *world) startTOTP() *ssodirectory.StartTotpDeviceOutput {
	w.Helper()
	out, err := w.service.StartTotpDevice(w.Context(), w.as(management), &ssodirectory.StartTotpDeviceInput{InstanceArn: w.arn, UserId: aws.String(jane)})
	if err != nil {
		w.Fatal(err)
	}
	return out
}

func (w *world) completeTOTP(user string, started *ssodirectory.StartTotpDeviceOutput, code, name string) (string, error) {
	w.Helper()
	out, err := w.service.CompleteTotpDevice(w.Context(), w.as(management), &ssodirectory.CompleteTotpDeviceInput{
		InstanceArn: w.arn, UserId: aws.String(user), Registration: started.Registration, Code: aws.String(code), Name: aws.String(name),
	})
	if err != nil {
		return "", err
	}
	return *out.DeviceId, nil
}

func codeOf(t *testing.T, started *ssodirectory.StartTotpDeviceOutput, at time.Time) string {
	t.Helper()
	c, err := totp.GenerateCode(*started.Secret, at)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (w *world) devices() []ssodirectory.MfaDevice {
	w.Helper()
	out, err := w.service.ListMfaDevices(w.Context(), w.as(management), &ssodirectory.ListMfaDevicesInput{InstanceArn: w.arn, UserId: aws.String(jane)})
	if err != nil {
		w.Fatal(err)
	}
	return out.Devices
}

// An administrator registers, renames and removes a person's authenticator app
// (behaviours.md 6.7: "Admin can register/rename/delete").
func TestDevices(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	started := w.startTOTP()
	u, err := url.Parse(*started.OtpauthUrl)
	if err != nil || u.Scheme != "otpauth" || u.Host != "totp" || u.Query().Get("secret") != *started.Secret || !strings.HasSuffix(u.Path, ":jane") || strings.Contains(u.RawQuery, "+") {
		t.Errorf("%s: %v", *started.OtpauthUrl, err)
	}
	picture, err := base64.StdEncoding.DecodeString(*started.QrCodePng)
	if err != nil {
		t.Fatal(err)
	}
	if p, err := png.Decode(bytes.NewReader(picture)); err != nil || p.Bounds().Dx() != 256 {
		t.Errorf("QR code: %v", err)
	}
	if len(w.devices()) != 0 {
		t.Error("a device without a code")
	}
	if _, err := w.completeTOTP(jane, started, "000000", "phone"); code(err) != "ValidationException" {
		t.Errorf("a wrong code: %v", err)
	}
	if _, err := w.completeTOTP(jane, started, codeOf(t, started, start.Add(-5*time.Minute)), "phone"); code(err) != "ValidationException" {
		t.Errorf("an old code: %v", err)
	}
	now := codeOf(t, started, start)
	id, err := w.completeTOTP(jane, started, now[:3]+" "+now[3:], " phone ")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(fmt.Sprintf("%+v", *w.lastEvent), now) {
		t.Error("the code is in the trail")
	}
	got := w.devices()
	if len(got) != 1 || *got[0].DeviceId != id || *got[0].Name != "phone" || got[0].Type != "TOTP" || *got[0].CreatedAt != start.Format(time.RFC3339) || got[0].LastUsedAt != nil {
		t.Fatalf("%+v", got)
	}
	security, err := w.service.DescribeUserSecurity(t.Context(), w.as(management), &ssodirectory.DescribeUserSecurityInput{InstanceArn: w.arn, UserId: aws.String(jane)})
	if err != nil || security.MfaDeviceCount != 1 {
		t.Errorf("count: %+v, %v", security, err)
	}
	// Replay: the registration is used up, and so is its code.
	if _, err := w.completeTOTP(jane, started, codeOf(t, started, start.Add(30*time.Second)), "again"); code(err) != "ConflictException" {
		t.Errorf("the registration again: %v", err)
	}
	rename := func(id, name string) error {
		_, err := w.service.RenameMfaDevice(t.Context(), w.as(management), &ssodirectory.RenameMfaDeviceInput{InstanceArn: w.arn, UserId: aws.String(jane), DeviceId: aws.String(id), Name: aws.String(name)})
		return err
	}
	for name, want := range map[string]string{"携帯電話": "", "a\nb": "ValidationException", " ": "ValidationException"} {
		if err := rename(id, name); code(err) != want {
			t.Errorf("%q: %v", name, err)
		}
	}
	if err := rename("none", "x"); code(err) != "ResourceNotFoundException" {
		t.Errorf("no device: %v", err)
	}
	second := w.startTOTP()
	if _, err := w.completeTOTP(jane, second, codeOf(t, second, start), "携帯電話"); code(err) != "ConflictException" {
		t.Errorf("the same name: %v", err)
	}
	if _, err := w.completeTOTP(jane, second, codeOf(t, second, start), "tablet"); err != nil {
		t.Fatal(err)
	}
	// At most two apps.
	if _, err := w.service.StartTotpDevice(t.Context(), w.as(management), &ssodirectory.StartTotpDeviceInput{InstanceArn: w.arn, UserId: aws.String(jane)}); code(err) != "ConflictException" {
		t.Errorf("a third app: %v", err)
	}
	remove := func() error {
		_, err := w.service.DeleteMfaDevice(t.Context(), w.as(management), &ssodirectory.DeleteMfaDeviceInput{InstanceArn: w.arn, UserId: aws.String(jane), DeviceId: aws.String(id)})
		return err
	}
	if err := remove(); err != nil {
		t.Fatal(err)
	}
	if err := remove(); code(err) != "ResourceNotFoundException" || len(w.devices()) != 1 {
		t.Errorf("removed again: %v", err)
	}
	// What the person's own changes mail: of a new name nothing.
	if got := strings.Join(w.letters, ", "); got != "added jane phone, added jane tablet, removed jane 携帯電話" {
		t.Errorf("mailed %s", got)
	}
}

// Nobody else reaches a person's devices, nor with a registration that was begun for
// another person or long ago (insecure direct object reference, replay).
func TestDevicesOfOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	started := w.startTOTP()
	for name, ask := range map[string]func(instance *string, as string) error{
		"list": func(i *string, as string) error {
			_, err := w.service.ListMfaDevices(t.Context(), w.as(as), &ssodirectory.ListMfaDevicesInput{InstanceArn: i, UserId: aws.String(jane)})
			return err
		},
		"rename": func(i *string, as string) error {
			_, err := w.service.RenameMfaDevice(t.Context(), w.as(as), &ssodirectory.RenameMfaDeviceInput{InstanceArn: i, UserId: aws.String(jane), DeviceId: aws.String("x"), Name: aws.String("y")})
			return err
		},
		"delete": func(i *string, as string) error {
			_, err := w.service.DeleteMfaDevice(t.Context(), w.as(as), &ssodirectory.DeleteMfaDeviceInput{InstanceArn: i, UserId: aws.String(jane), DeviceId: aws.String("x")})
			return err
		},
		"start": func(i *string, as string) error {
			_, err := w.service.StartTotpDevice(t.Context(), w.as(as), &ssodirectory.StartTotpDeviceInput{InstanceArn: i, UserId: aws.String(jane)})
			return err
		},
		"complete": func(i *string, as string) error {
			_, err := w.service.CompleteTotpDevice(t.Context(), w.as(as), &ssodirectory.CompleteTotpDeviceInput{InstanceArn: i, UserId: aws.String(jane), Registration: started.Registration,
				Code: aws.String(codeOf(t, started, start)), Name: aws.String("x")})
			return err
		},
	} {
		for _, who := range []string{member, stranger} {
			if got := code(ask(w.arn, who)); got != "AccessDeniedException" {
				t.Errorf("%s by %s: %q", name, who, got)
			}
		}
		if got := code(ask(w.own, stranger)); got != "ResourceNotFoundException" {
			t.Errorf("%s through another instance: %q", name, got)
		}
	}
	another := "00000000-0000-4000-8000-000000000009"
	w.update(func(tx store.Tx) error {
		u, err := tx.User(jane)
		if err != nil {
			return err
		}
		return tx.PutUser(directory.User{ID: another, Directory: u.Directory, UserName: "taro", GivenName: "T", FamilyName: "T", DisplayName: "T", Email: "taro@example.com", CreatedAt: start, UpdatedAt: start})
	})
	if _, err := w.completeTOTP(another, started, codeOf(t, started, start), "x"); code(err) != "ConflictException" {
		t.Errorf("another person's registration: %v", err)
	}
	late := w.as(management)
	late.Now = start.Add(mfa.EnrolmentLife)
	_, err := w.service.CompleteTotpDevice(t.Context(), late, &ssodirectory.CompleteTotpDeviceInput{InstanceArn: w.arn, UserId: aws.String(jane), Registration: started.Registration,
		Code: aws.String(codeOf(t, started, late.Now)), Name: aws.String("x")})
	if code(err) != "ConflictException" {
		t.Errorf("after half an hour: %v", err)
	}
	for _, registration := range []string{"x", strings.Repeat("A", 4096), *started.Registration + "A"} {
		forged := *started
		forged.Registration = aws.String(registration)
		if _, err := w.completeTOTP(jane, &forged, codeOf(t, started, start), "x"); code(err) != "ConflictException" {
			t.Errorf("forged: %v", err)
		}
	}
}

// What the settings do not allow is not registered, and neither is anything for who is
// disabled (behaviours.md 6.5, 6.7).
func TestDevicesNotAllowed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	started := w.startTOTP()
	set := func(kinds []ssodirectory.MfaType) {
		t.Helper()
		_, err := w.service.UpdateMfaSettings(t.Context(), w.as(management), &ssodirectory.UpdateMfaSettingsInput{InstanceArn: w.arn,
			Mfa: &ssodirectory.MfaSettings{Prompt: "ALWAYS_ON", Types: kinds, NoDevice: "BLOCK"}})
		if err != nil {
			t.Fatal(err)
		}
	}
	refused := func(what string) {
		t.Helper()
		if _, err := w.completeTOTP(jane, started, codeOf(t, started, start), "x"); code(err) != "ConflictException" {
			t.Errorf("%s: %v", what, err)
		}
		if _, err := w.service.StartTotpDevice(t.Context(), w.as(management), &ssodirectory.StartTotpDeviceInput{InstanceArn: w.arn, UserId: aws.String(jane)}); code(err) != "ConflictException" {
			t.Errorf("%s, begun: %v", what, err)
		}
	}
	set([]ssodirectory.MfaType{"WEBAUTHN"})
	refused("no apps")
	set([]ssodirectory.MfaType{"TOTP"})
	status := func(s ssodirectory.UserStatus) {
		t.Helper()
		if _, err := w.service.SetUserStatus(t.Context(), w.as(management), &ssodirectory.SetUserStatusInput{InstanceArn: w.arn, UserId: aws.String(jane), Status: s}); err != nil {
			t.Fatal(err)
		}
	}
	status("DISABLED")
	refused("disabled")
	status("ENABLED")
	if _, err := w.completeTOTP(jane, started, codeOf(t, started, start), "x"); err != nil {
		t.Fatal(err)
	}
	// Types restrict what may be registered, not what is.
	set([]ssodirectory.MfaType{"WEBAUTHN"})
	if len(w.devices()) != 1 {
		t.Error("a device went with its type")
	}
}

// What an administrator does to a person ends the trust in every browser: signing out,
// disabling, removing a device, a new password.
func TestTrustEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	started := w.startTOTP()
	id, err := w.completeTOTP(jane, started, codeOf(t, started, start), "phone")
	if err != nil {
		t.Fatal(err)
	}
	user := aws.String(jane)
	var cookie secret.String
	at := mfa.Context{Address: "192.0.2.1", UserAgent: "browser"}
	for _, c := range []struct {
		what string
		do   func() error
	}{
		{"signing out", func() error {
			_, err := w.service.EndUserSessions(t.Context(), w.as(management), &ssodirectory.EndUserSessionsInput{InstanceArn: w.arn, UserId: user, SessionIds: []string{"a" + jane}})
			return err
		}},
		{"a one-time password", func() error {
			_, err := w.service.GenerateOneTimePassword(t.Context(), w.as(management), &ssodirectory.GenerateOneTimePasswordInput{InstanceArn: w.arn, UserId: user})
			return err
		}},
		{"removing a device", func() error {
			_, err := w.service.DeleteMfaDevice(t.Context(), w.as(management), &ssodirectory.DeleteMfaDeviceInput{InstanceArn: w.arn, UserId: user, DeviceId: aws.String(id)})
			return err
		}},
		{"disabling", func() error {
			_, err := w.service.SetUserStatus(t.Context(), w.as(management), &ssodirectory.SetUserStatusInput{InstanceArn: w.arn, UserId: user, Status: "DISABLED"})
			return err
		}},
	} {
		w.update(func(tx store.Tx) (err error) {
			if cookie, err = mfa.Trust(tx, jane, at, start); err != nil {
				return err
			}
			if err := tx.EndSession("b"+jane, start, session.SignedOut); err != nil { // one's own leaves it
				return err
			}
			if ok, err := mfa.Trusted(tx, jane, cookie, at, start); !ok || err != nil {
				t.Errorf("before %s: %v", c.what, err)
			}
			return nil
		})
		if err := c.do(); err != nil {
			t.Fatalf("%s: %v", c.what, err)
		}
		w.update(func(tx store.Tx) error {
			if ok, err := mfa.Trusted(tx, jane, cookie, at, start); ok || err != nil {
				t.Errorf("after %s the browser is trusted: %v", c.what, err)
			}
			return nil
		})
	}
}
