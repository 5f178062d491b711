package iam_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/credential"
	"sekisho/internal/iam"
	"sekisho/internal/store"
)

// passkey gives the holder a passkey, as the sign-in host does.
func (w *world) passkey(h iam.Holder, name string) (serial string) {
	w.Helper()
	w.update(func(tx store.Tx) error {
		d, err := iam.EnablePasskey(tx, w.clock.Now(), h, name, credential.Passkey{ID: []byte(name), PublicKey: []byte{1}, AAGUID: make([]byte, 16)})
		serial = d.Serial
		return err
	})
	return serial
}

// behaviours.md 5.5, C-16: passkeys and security keys are made on the sign-in host
// only. The API lists them, tells since when there is one and takes it away for good;
// what is for virtual devices does not know them.
func TestPasskeysByAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane := iam.Holder{Account: acct, User: w.user("jane")}
	serial := w.passkey(jane, "laptop")
	rootSerial := w.passkey(iam.Holder{Account: acct}, "safe")
	if !strings.HasPrefix(serial, "arn:aws:iam::"+acct+":u2f/user/jane/laptop-") || !strings.HasPrefix(rootSerial, "arn:aws:iam::"+acct+":u2f/root-account-mfa-device/safe-") {
		t.Errorf("serial numbers %s, %s", serial, rootSerial)
	}
	if got := w.devices(w.root(), aws.String("jane")); len(got) != 1 || got[0] != serial {
		t.Errorf("jane's devices: %q", got)
	}
	if got := w.devices(w.root(), nil); len(got) != 1 || got[0] != rootSerial {
		t.Errorf("root's devices: %q", got)
	}
	got := must(w.service.GetMFADevice(w.Context(), w.as("jane"), &awsiam.GetMFADeviceInput{SerialNumber: &serial}))
	if aws.ToString(got.UserName) != "jane" || got.EnableDate == nil || got.Certifications == nil || len(got.Certifications) != 0 {
		t.Errorf("GetMFADevice: %+v", got)
	}
	if out := must(w.service.ListVirtualMFADevices(w.Context(), w.root(), &awsiam.ListVirtualMFADevicesInput{})); len(out.VirtualMFADevices) != 0 {
		t.Errorf("virtual devices: %+v", out.VirtualMFADevices)
	}
	summary := must(w.service.GetAccountSummary(w.Context(), w.root(), &awsiam.GetAccountSummaryInput{})).SummaryMap
	if summary["MFADevices"] != 2 || summary["MFADevicesInUse"] != 2 || summary["AccountMFAEnabled"] != 1 {
		t.Errorf("summary: %v", summary)
	}

	none := "MFA Device with serial number " + serial + " does not exist."
	_, err := w.service.DeleteVirtualMFADevice(w.Context(), w.root(), &awsiam.DeleteVirtualMFADeviceInput{SerialNumber: &serial})
	w.expect("delete", err, "NoSuchEntity", none)
	_, err = w.service.EnableMFADevice(w.Context(), w.root(), &awsiam.EnableMFADeviceInput{
		UserName: aws.String("jane"), SerialNumber: &serial, AuthenticationCode1: aws.String("000000"), AuthenticationCode2: aws.String("000001"),
	})
	w.expect("enable", err, "NoSuchEntity", none)
	_, err = w.service.TagMFADevice(w.Context(), w.root(), &awsiam.TagMFADeviceInput{SerialNumber: &serial, Tags: []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}}})
	w.expect("tag", err, "NoSuchEntity", none)
	_, err = w.service.ResyncMFADevice(w.Context(), w.root(), &awsiam.ResyncMFADeviceInput{
		UserName: aws.String("jane"), SerialNumber: &serial, AuthenticationCode1: aws.String("000000"), AuthenticationCode2: aws.String("000001"),
	})
	w.expect("resync", err, "InvalidAuthenticationCode", "Authentication code for device is not valid.")
	// A key satisfies the console only: TokenCode needs an authenticator.
	if err := w.verifyAs(acct, jane.User.ID, serial, "000000"); err == nil || !strings.Contains(err.Error(), "unable to validate MFA code") {
		t.Errorf("a key as TokenCode: %v", err)
	}

	_, err = w.service.DeleteUser(w.Context(), w.root(), &awsiam.DeleteUserInput{UserName: aws.String("jane")})
	w.expect("user with a key", err, "DeleteConflict", "Cannot delete entity, must delete MFA device first.")
	deactivate := &awsiam.DeactivateMFADeviceInput{UserName: aws.String("jane"), SerialNumber: &serial}
	must(w.service.DeactivateMFADevice(w.Context(), w.root(), deactivate))
	if got := w.devices(w.root(), aws.String("jane")); len(got) != 0 {
		t.Errorf("after deactivation: %q", got)
	}
	_, err = w.service.DeactivateMFADevice(w.Context(), w.root(), deactivate)
	w.expect("twice", err, "NoSuchEntity", none)
	if again := w.passkey(jane, "laptop"); again == serial {
		t.Error("a serial number came back")
	}
}

// behaviours.md 5.8: mfa_active is of any kind of device.
func TestCredentialReportKnowsPasskeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.passkey(iam.Holder{Account: acct, User: w.user("jane")}, "laptop")
	w.user("taro")
	must(w.service.GenerateCredentialReport(w.Context(), w.root(), &awsiam.GenerateCredentialReportInput{}))
	report := string(must(w.service.GetCredentialReport(w.Context(), w.root(), &awsiam.GetCredentialReportInput{})).Content)
	const mfaActive = 7
	for line := range strings.Lines(report) {
		cells := strings.Split(line, ",")
		if want := map[string]string{"jane": "true", "taro": "false", "<root_account>": "false"}[cells[0]]; want != "" && cells[mfaActive] != want {
			t.Errorf("%s: mfa_active %s", cells[0], cells[mfaActive])
		}
	}
	if !strings.Contains(report, "jane") {
		t.Errorf("no jane in %s", report)
	}
}
