package iam_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/pquerna/otp/totp"
	"github.com/skip2/go-qrcode"

	"sekisho/internal/awsproto"
	"sekisho/internal/call"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/store"
)

// phone is an authenticator app that a seed was put into.
type phone struct {
	*world
	serial, seed string
	off          time.Duration // of its clock
}

func (w *world) newPhone(c *call.Call, name string) *phone {
	w.Helper()
	d := must(w.service.CreateVirtualMFADevice(w.Context(), c, &awsiam.CreateVirtualMFADeviceInput{VirtualMFADeviceName: &name})).VirtualMFADevice
	return &phone{world: w, serial: *d.SerialNumber, seed: string(d.Base32StringSeed)}
}

// code is what the phone shows, steps of 30 seconds from now.
func (p *phone) code(steps int) string {
	return must(totp.GenerateCode(p.seed, p.clock.Now().Add(p.off+time.Duration(steps)*30*time.Second)))
}

func (p *phone) enable(c *call.Call, user string) error {
	_, err := p.service.EnableMFADevice(p.Context(), c, &awsiam.EnableMFADeviceInput{
		UserName: &user, SerialNumber: &p.serial, AuthenticationCode1: aws.String(p.code(-1)), AuthenticationCode2: aws.String(p.code(0)),
	})
	return err
}

func (p *phone) resync(c *call.Call, user, code1, code2 string) error {
	_, err := p.service.ResyncMFADevice(p.Context(), c, &awsiam.ResyncMFADeviceInput{
		UserName: &user, SerialNumber: &p.serial, AuthenticationCode1: &code1, AuthenticationCode2: &code2,
	})
	return err
}

func (p *phone) verify(user, code string) error { return p.verifyAs(acct, user, p.serial, code) }

// verifyAs commits whatever the answer, as callers have to.
func (w *world) verifyAs(account, user, serial, code string) (refused error) {
	w.update(func(tx store.Tx) error {
		refused = iam.VerifyMFA(tx, w.clock.Now(), account, user, serial, code)
		return nil
	})
	return refused
}

func (w *world) devices(c *call.Call, user *string) (serials []string) {
	w.Helper()
	for _, d := range listed(w, func(marker *string, maxItems *int32) ([]types.MFADevice, bool, *string, error) {
		out, err := w.service.ListMFADevices(w.Context(), c, &awsiam.ListMFADevicesInput{UserName: user, Marker: marker, MaxItems: maxItems})
		if err != nil {
			return nil, false, nil, err
		}
		return out.MFADevices, out.IsTruncated, out.Marker, nil
	}) {
		serials = append(serials, *d.SerialNumber)
	}
	return serials
}

// behaviours.md 5.5: a device is made, told of once, and is nobody's at first.
func TestCreateVirtualMFADevice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user("jane")
	in := &awsiam.CreateVirtualMFADeviceInput{
		VirtualMFADeviceName: aws.String("phone"), Path: aws.String("/a/"), Tags: []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}},
	}
	for name, c := range map[string]struct {
		by      *call.Call
		account string
	}{"111122223333": {w.root(), acct}, "jane": {w.as("jane"), acct}, "444455556666": {w.other(), otherAcct}} {
		d := must(w.service.CreateVirtualMFADevice(w.Context(), c.by, in)).VirtualMFADevice
		serial := "arn:aws:iam::" + c.account + ":mfa/a/phone"
		if *d.SerialNumber != serial || len(d.Base32StringSeed) != 64 || len(d.Tags) != 1 || d.User != nil || d.EnableDate != nil {
			t.Errorf("%s: %+v", name, d)
		}
		want := must(qrcode.Encode("otpauth://totp/phone@"+name+"?secret="+string(d.Base32StringSeed), qrcode.Medium, 256))
		if !bytes.Equal(d.QRCodePNG, want) {
			t.Errorf("%s: the QR code says something else", name)
		}
		_, err := w.service.CreateVirtualMFADevice(w.Context(), c.by, in)
		w.expect(name, err, "EntityAlreadyExists", "MFADevice entity at the same path and name already exists.")
		if c.account == acct {
			must(w.service.DeleteVirtualMFADevice(w.Context(), c.by, &awsiam.DeleteVirtualMFADeviceInput{SerialNumber: &serial}))
			_, err = w.service.DeleteVirtualMFADevice(w.Context(), c.by, &awsiam.DeleteVirtualMFADeviceInput{SerialNumber: &serial})
			w.expect(name, err, "NoSuchEntity", "MFA Device with serial number "+serial+" does not exist.")
		}
	}
	serial := "arn:aws:iam::444455556666:mfa/a/phone"
	_, err := w.service.DeleteVirtualMFADevice(w.Context(), w.root(), &awsiam.DeleteVirtualMFADeviceInput{SerialNumber: &serial})
	w.expect("another account's", err, "NoSuchEntity", "MFA Device with serial number "+serial+" does not exist.")
	in.Tags = append(in.Tags, in.Tags[0])
	_, err = w.service.CreateVirtualMFADevice(w.Context(), w.root(), in)
	w.expect("tags", err, "InvalidInput", "Duplicate tag keys found.")
	_, err = w.service.CreateVirtualMFADevice(w.Context(), w.root(), &awsiam.CreateVirtualMFADeviceInput{VirtualMFADeviceName: aws.String(strings.Repeat("x", 250))})
	w.expect("too long", err, "ValidationError", "The path and name of the MFA device are longer than its serial number can be.")
	w.quota(iam.MFADevices, 1)
	w.newPhone(w.root(), "one")
	_, err = w.service.CreateVirtualMFADevice(w.Context(), w.root(), &awsiam.CreateVirtualMFADeviceInput{VirtualMFADeviceName: aws.String("two")})
	w.expect("quota", err, "LimitExceeded", "Cannot exceed quota for MFADevicesPerAccount: 1")
}

// C-16, C-17: a device becomes a user's by two codes, and stops to be.
func TestMFADeviceLife(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		by   func(w *world) *call.Call
		user string // as the input names it
		id   func(w *world) string
		own  *string
	}{
		"user by root":   {(*world).root, "JANE", func(w *world) string { return w.user("jane").ID }, aws.String("jane")},
		"user itself":    {func(w *world) *call.Call { return w.as("jane") }, "jane", func(w *world) string { return w.user("jane").ID }, nil},
		"root itself":    {(*world).root, "root", func(*world) string { return "" }, nil},
		"root by number": {(*world).root, acct, func(*world) string { return "" }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			user := c.id(w)
			p := w.newPhone(w.root(), "phone")
			ctx := w.Context()
			_, err := w.service.EnableMFADevice(ctx, c.by(w), &awsiam.EnableMFADeviceInput{
				UserName: &c.user, SerialNumber: &p.serial, AuthenticationCode1: aws.String(p.code(0)), AuthenticationCode2: aws.String(p.code(0)),
			})
			w.expect("one code twice", err, "InvalidAuthenticationCode", "Authentication code for device is not valid.")
			w.expect("enabled", p.enable(c.by(w), c.user), "", "")
			w.expect("enabled twice", p.enable(c.by(w), c.user), "EntityAlreadyExists", "MFA Device is already in use.")
			if got := w.devices(c.by(w), c.own); len(got) != 1 || got[0] != p.serial {
				t.Errorf("listed %v", got)
			}
			got := must(w.service.GetMFADevice(ctx, c.by(w), &awsiam.GetMFADeviceInput{SerialNumber: &p.serial, UserName: c.own}))
			if !got.EnableDate.Equal(start.Truncate(time.Second)) || (got.UserName == nil) != (user == "") {
				t.Errorf("got %+v", got)
			}
			all := must(w.service.ListVirtualMFADevices(ctx, w.root(), &awsiam.ListVirtualMFADevicesInput{})).VirtualMFADevices
			if len(all) != 1 || all[0].User == nil || aws.ToString(all[0].User.UserId) != map[bool]string{true: acct, false: user}[user == ""] || all[0].EnableDate == nil ||
				all[0].Base32StringSeed != nil || all[0].QRCodePNG != nil {
				t.Errorf("in the account's list: %+v", all)
			}
			_, err = w.service.DeleteVirtualMFADevice(ctx, w.root(), &awsiam.DeleteVirtualMFADeviceInput{SerialNumber: &p.serial})
			w.expect("in use", err, "DeleteConflict", "MFA VirtualDevice in use. Must deactivate first.")
			if user != "" {
				_, err = w.service.DeleteUser(ctx, w.root(), &awsiam.DeleteUserInput{UserName: aws.String("jane")})
				w.expect("a user with a device", err, "DeleteConflict", "Cannot delete entity, must delete MFA device first.")
			}
			// once. The codes that enabled the device count as used.
			if err := p.verify(user, p.code(0)); fault.ReasonOf(err) != "mfa-code" {
				t.Errorf("a used code: %v", err)
			}
			w.clock.Advance(30 * time.Second)
			if err := p.verify(user, p.code(0)); err != nil {
				t.Errorf("a new code: %v", err)
			}
			if err := p.verify(user, p.code(0)); fault.ReasonOf(err) != "mfa-code" {
				t.Errorf("a code twice: %v", err)
			}
			must(w.service.DeactivateMFADevice(ctx, c.by(w), &awsiam.DeactivateMFADeviceInput{UserName: &c.user, SerialNumber: &p.serial}))
			_, err = w.service.DeactivateMFADevice(ctx, c.by(w), &awsiam.DeactivateMFADeviceInput{UserName: &c.user, SerialNumber: &p.serial})
			w.expect("deactivated twice", err, "NoSuchEntity", "MFA Device invalid for user.")
			w.clock.Advance(30 * time.Second)
			if err := p.verify(user, p.code(0)); fault.ReasonOf(err) != "mfa-serial" {
				t.Errorf("nobody's device: %v", err)
			}
			if got := w.devices(c.by(w), c.own); got != nil {
				t.Errorf("still listed %v", got)
			}
			must(w.service.DeleteVirtualMFADevice(ctx, w.root(), &awsiam.DeleteVirtualMFADeviceInput{SerialNumber: &p.serial}))
			w.view(func(tx store.Tx) error {
				devices, err1 := tx.IAMCount(acct, iam.MFADevices)
				inUse, err2 := tx.IAMCount(acct, iam.MFADevicesInUse)
				if devices != 0 || inUse != 0 || err1 != nil || err2 != nil {
					t.Errorf("counted %d and %d", devices, inUse)
				}
				return nil
			})
		})
	}
}

// A user called root is a user, also to the root user; the account's id is the
// root user, whoever is called so (an administrator who may create users takes the
// root user's second factor before it is there).
func TestUserCalledRoot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user("root")
	w.user(acct)
	own := w.newPhone(w.root(), "own")
	w.expect("enabled", own.enable(w.root(), acct), "", "")
	if got := w.devices(w.root(), nil); len(got) != 1 || len(w.devices(w.as(acct), nil)) != 0 {
		t.Errorf("the root user has %v", got)
	}
	must(w.service.DeactivateMFADevice(t.Context(), w.root(), &awsiam.DeactivateMFADeviceInput{UserName: aws.String(acct), SerialNumber: &own.serial}))
	p := w.newPhone(w.root(), "phone")
	w.expect("enabled", p.enable(w.root(), "root"), "", "")
	if got := w.devices(w.root(), nil); got != nil {
		t.Errorf("the root user has %v", got)
	}
	if got := w.devices(w.as("root"), nil); len(got) != 1 {
		t.Errorf("the user has %v", got)
	}
}

// A clock that is off is learned from two codes, and known from then on.
func TestResyncMFADevice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane := w.user("jane")
	p := w.newPhone(w.root(), "phone")
	w.expect("enabled", p.enable(w.as("jane"), "jane"), "", "")
	p.off = 20 * time.Minute
	w.clock.Advance(time.Minute)
	if err := p.verify(jane.ID, p.code(0)); fault.ReasonOf(err) != "mfa-code" {
		t.Fatalf("a clock that is off: %v", err)
	}
	w.expect("not in a row", p.resync(w.as("jane"), "jane", p.code(-2), p.code(0)), "InvalidAuthenticationCode", "Authentication code for device is not valid.")
	w.expect("resync", p.resync(w.as("jane"), "jane", p.code(-1), p.code(0)), "", "")
	w.expect("the same again", p.resync(w.as("jane"), "jane", p.code(-1), p.code(0)), "InvalidAuthenticationCode", "Authentication code for device is not valid.")
	for range 3 {
		w.clock.Advance(time.Minute)
		if err := p.verify(jane.ID, p.code(0)); err != nil {
			t.Errorf("after it: %v", err)
		}
	}
	w.expect("of another", p.resync(w.root(), "root", p.code(-1), p.code(0)), "NoSuchEntity", "MFA Device invalid for user.")
}

// The messages of behaviours.md 4.2.
func TestVerifyMFA(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane, john := w.user("jane"), w.user("john")
	p := w.newPhone(w.root(), "phone")
	w.expect("enabled", p.enable(w.as("jane"), "jane"), "", "")
	w.clock.Advance(time.Minute)
	for _, c := range []struct {
		name, account, user, serial, code string
		reason, message                   string
	}{
		{"no serial", acct, jane.ID, "", p.code(0), "mfa-serial", "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code."},
		{"no code", acct, jane.ID, p.serial, "", "mfa-serial", "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code."},
		{"wrong code", acct, jane.ID, p.serial, "00000x", "mfa-code", "MultiFactorAuthentication failed with invalid MFA one time pass code."},
		{"no such device", acct, jane.ID, p.serial + "2", p.code(0), "mfa-serial", invalidSerial},
		{"another user", acct, john.ID, p.serial, p.code(0), "mfa-serial", invalidSerial},
		{"the root user", acct, "", p.serial, p.code(0), "mfa-serial", invalidSerial},
		{"another account", otherAcct, jane.ID, p.serial, p.code(0), "mfa-serial", invalidSerial},
	} {
		err := w.verifyAs(c.account, c.user, c.serial, c.code)
		if f, ok := fault.As(err); !ok || f.Kind != fault.Denied || f.Reason != c.reason || f.Public != c.message {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if err := p.verify(jane.ID, p.code(0)); err != nil {
		t.Error(err)
	}
}

const invalidSerial = "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user."

// Codes cannot be guessed: five tries are looked at, and the right code or a
// resync makes up for them.
func TestMFAGuesses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane := w.user("jane")
	p := w.newPhone(w.root(), "phone")
	w.expect("enabled", p.enable(w.as("jane"), "jane"), "", "")
	try := func(code string) error { return p.verify(jane.ID, code) }
	looked := 0
	for i := range 50 {
		if err := try(fmt.Sprintf("x%05d", i)); fault.ReasonOf(err) == "mfa-code" {
			looked++
		}
	}
	if looked != credential.FreeFailures {
		t.Errorf("%d guesses were looked at", looked)
	}
	w.clock.Advance(credential.FirstWait)
	if err := try(p.code(0)); err != nil {
		t.Errorf("the right code after the wait: %v", err)
	}
	for i := range credential.FreeFailures {
		if err := try(fmt.Sprintf("x%05d", i)); fault.ReasonOf(err) != "mfa-code" {
			t.Errorf("after a success: %v", err)
		}
	}
	w.clock.Advance(30 * time.Second)
	if err := try(p.code(0)); !fault.Is(err, fault.Throttled) {
		t.Errorf("too many again: %v", err)
	}
	w.clock.Advance(time.Minute)
	w.expect("resync", p.resync(w.as("jane"), "jane", p.code(-1), p.code(0)), "", "")
	w.clock.Advance(30 * time.Second)
	if err := try(p.code(0)); err != nil {
		t.Errorf("after a resync: %v", err)
	}
}

// behaviours.md 1.5: eight devices for each user and for root.
func TestMFADevicesPerUser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user("jane")
	for _, user := range []string{"jane", "root"} {
		for i := range 9 {
			p := w.newPhone(w.root(), fmt.Sprint(user, i))
			if err := p.enable(w.root(), user); i < 8 {
				w.expect(p.serial, err, "", "")
			} else {
				w.expect(p.serial, err, "LimitExceeded", "Cannot exceed quota for MFADevicesPerUser: 8")
			}
		}
		if got := w.devices(w.root(), &user); user == "jane" && len(got) != 8 {
			t.Errorf("%s has %v", user, got)
		}
	}
	count := func(which types.AssignmentStatusType) int {
		return len(listed(w, func(marker *string, maxItems *int32) ([]types.VirtualMFADevice, bool, *string, error) {
			out := must(w.service.ListVirtualMFADevices(w.Context(), w.root(), &awsiam.ListVirtualMFADevicesInput{AssignmentStatus: which, Marker: marker, MaxItems: maxItems}))
			return out.VirtualMFADevices, out.IsTruncated, out.Marker, nil
		}))
	}
	for which, want := range map[types.AssignmentStatusType]int{"": 18, types.AssignmentStatusTypeAny: 18, types.AssignmentStatusTypeAssigned: 16, types.AssignmentStatusTypeUnassigned: 2} {
		if got := count(which); got != want {
			t.Errorf("%q: %d", which, got)
		}
	}
}

func TestMFAErrors(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user("jane")
	p := w.newPhone(w.root(), "phone")
	ctx, unknown := w.Context(), p.serial+"2"
	w.expect("no such user", p.enable(w.root(), "nobody"), "NoSuchEntity", "The user with name nobody cannot be found.")
	w.expect("root is only root's name", p.enable(w.as("jane"), "root"), "NoSuchEntity", "The user with name root cannot be found.")
	gone := &phone{world: w, serial: unknown, seed: p.seed}
	missing := "MFA Device with serial number " + unknown + " does not exist."
	w.expect("enable", gone.enable(w.root(), "jane"), "NoSuchEntity", missing)
	w.expect("resync", gone.resync(w.root(), "jane", "123456", "654321"), "NoSuchEntity", missing)
	_, err := w.service.DeactivateMFADevice(ctx, w.as("jane"), &awsiam.DeactivateMFADeviceInput{SerialNumber: &unknown})
	w.expect("deactivate", err, "NoSuchEntity", missing)
	_, err = w.service.GetMFADevice(ctx, w.as("jane"), &awsiam.GetMFADeviceInput{SerialNumber: &unknown})
	w.expect("get", err, "NoSuchEntity", missing)
	_, err = w.service.GetMFADevice(ctx, w.as("jane"), &awsiam.GetMFADeviceInput{SerialNumber: &p.serial})
	w.expect("get one that is nobody's", err, "NoSuchEntity", "MFA Device invalid for user.")
	_, err = w.service.ListMFADevices(ctx, w.asRole(), &awsiam.ListMFADevicesInput{})
	w.expect("a role has none", err, "ValidationError", "Must specify userName when calling with non-User credentials")
	_, err = w.service.ListMFADeviceTags(ctx, w.root(), &awsiam.ListMFADeviceTagsInput{SerialNumber: &unknown})
	w.expect("tags", err, "NoSuchEntity", missing)
	_, err = w.service.ListVirtualMFADevices(ctx, w.root(), &awsiam.ListVirtualMFADevicesInput{Marker: aws.String("x")})
	w.expect("marker", err, "ValidationError", "Invalid Marker.")
}

// On devices the case of tag keys makes a difference (behaviours.md 5.7).
func TestMFADeviceTags(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.newPhone(w.root(), "phone")
	tag := func(pairs ...string) error {
		in := &awsiam.TagMFADeviceInput{SerialNumber: &p.serial}
		for i := 0; i < len(pairs); i += 2 {
			in.Tags = append(in.Tags, types.Tag{Key: &pairs[i], Value: &pairs[i+1]})
		}
		_, err := w.service.TagMFADevice(w.Context(), w.root(), in)
		return err
	}
	w.expect("tag", tag("b", "1", "a", "2", "B", "3"), "", "")
	w.expect("tag again", tag("a", ""), "", "")
	w.expect("AWS's own", tag("aws:x", ""), "InvalidInput", "System tags cannot be added/updated by requester")
	must(w.service.UntagMFADevice(w.Context(), w.root(), &awsiam.UntagMFADeviceInput{SerialNumber: &p.serial, TagKeys: []string{"b", "none"}}))
	var got []string
	for _, t := range listed(w, func(marker *string, maxItems *int32) ([]types.Tag, bool, *string, error) {
		out := must(w.service.ListMFADeviceTags(w.Context(), w.root(), &awsiam.ListMFADeviceTagsInput{SerialNumber: &p.serial, Marker: marker, MaxItems: maxItems}))
		return out.Tags, out.IsTruncated, out.Marker, nil
	}) {
		got = append(got, *t.Key+"="+*t.Value)
	}
	if fmt.Sprint(got) != "[B=3 a=]" {
		t.Error(got)
	}
}

// The seed crosses the wire as AWS sends it: base64 of its base32 text, which
// tools decode before they give it to an authenticator.
func TestSeedOnTheWire(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	out := must(w.service.CreateVirtualMFADevice(w.Context(), w.root(), &awsiam.CreateVirtualMFADeviceInput{VirtualMFADeviceName: aws.String("phone")}))
	op, _ := awsproto.Service("iam").Operation("CreateVirtualMFADevice")
	codec := must(op.Bind(reflect.TypeFor[awsiam.CreateVirtualMFADeviceInput](), reflect.TypeFor[awsiam.CreateVirtualMFADeviceOutput]()))
	r := must(codec.Encode(out, "request"))
	defer r.Release()
	for _, blob := range [][]byte{out.VirtualMFADevice.Base32StringSeed, out.VirtualMFADevice.QRCodePNG} {
		if want := ">" + base64.StdEncoding.EncodeToString(blob) + "<"; !bytes.Contains(r.Body, []byte(want)) {
			t.Errorf("%s\nhas no %s", r.Body, want)
		}
	}
	if bytes.Contains(r.Body, out.VirtualMFADevice.Base32StringSeed) {
		t.Error("the seed stands there as it is")
	}
}
