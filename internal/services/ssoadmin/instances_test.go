package ssoadmin_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/org"
	"sekisho/internal/store"
)

const newManagement, newMember, newOrganization = "222222222222", "333333333333", "o-bcdefghijk"

// found makes an organization without an instance.
func (w *world) found(features org.FeatureSet) {
	w.Helper()
	w.update(func(tx store.Tx) error {
		for _, id := range []string{newManagement, newMember} {
			if err := tx.PutAccount(account.Account{ID: id, Name: id, Email: id + "@example.com", Status: account.Active, Organization: newOrganization, CreatedAt: appStart}); err != nil {
				return err
			}
		}
		return tx.PutOrganization(org.Organization{ID: newOrganization, ManagementAccount: newManagement, Root: "r-bcde", Features: features, CreatedAt: appStart})
	})
}

func (w *world) enable(account, token string) (string, error) {
	out, err := w.service.CreateInstance(w.Context(), w.by(account, "CreateInstance"), &ssoadmin.CreateInstanceInput{
		Name: aws.String("center"), ClientToken: &token, Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("blue")}},
	})
	if err != nil {
		return "", err
	}
	return *out.InstanceArn, nil
}

// F-03, F-04, G-04: the management account enables Identity Center for an
// organization with all features, once; the accounts are linked, and the service is
// trusted. Another account gets one of its own.
func TestCreateInstance(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.found(org.ConsolidatedBilling)
	_, err := w.enable(newManagement, "1")
	w.expect("without all features", err, "ValidationException", "IAM Identity Center requires an organization with all features enabled.")
	w.found(org.AllFeatures)
	arn, err := w.enable(newManagement, "1")
	w.expect("enabling", err, "", "")
	if again, err := w.enable(newManagement, "1"); again != arn || err != nil {
		t.Errorf("the same client token: %s, %v", again, err)
	}
	_, err = w.enable(newManagement, "2")
	w.expect("a second", err, "ConflictException", "There is an instance of IAM Identity Center in this account already.")
	own, err := w.enable(newMember, "1")
	w.expect("a member's own", err, "", "")
	w.work()
	w.update(func(tx store.Tx) error {
		for _, id := range []string{newManagement, newMember} {
			if _, err := tx.RoleByName(id, "AWSServiceRoleForSSO"); err != nil {
				t.Errorf("account %s is not linked: %v", id, err)
			}
		}
		_, err := tx.TrustedService(newOrganization, "sso.amazonaws.com")
		return err
	})
	describe := func(by, arn string) (*ssoadmin.DescribeInstanceOutput, error) {
		return w.service.DescribeInstance(t.Context(), w.by(by, "DescribeInstance"), &ssoadmin.DescribeInstanceInput{InstanceArn: &arn})
	}
	for _, c := range []struct {
		by, arn, owner string
		sets           bool
	}{{newManagement, arn, newManagement, true}, {newMember, arn, newManagement, true}, {newMember, own, newMember, false}} {
		got, err := describe(c.by, c.arn)
		if err != nil || *got.OwnerAccountId != c.owner || got.Status != types.InstanceStatusActive || *got.Name != "center" ||
			*got.PermissionSetsEnabled != c.sets || !strings.HasPrefix(*got.IdentityStoreId, "d-") {
			t.Errorf("%s of %s: %+v, %v", c.arn, c.by, got, err)
		}
	}
	for _, arn := range []string{own, appInstance, "arn:aws:sso:::instance/ssoins-0000000000000000"} {
		_, err := describe(newManagement, arn)
		w.expect("an instance of others, or none", err, "AccessDeniedException", notYours)
	}
	for by, want := range map[string]int{newManagement: 1, newMember: 2, appAlone: 1} {
		var all []string
		for token := (*string)(nil); ; {
			out, err := w.service.ListInstances(t.Context(), w.by(by, "ListInstances"), &ssoadmin.ListInstancesInput{MaxResults: aws.Int32(1), NextToken: token})
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range out.Instances {
				all = append(all, *i.InstanceArn)
			}
			if token = out.NextToken; token == nil {
				break
			}
		}
		if len(all) != want || len(all) == 2 && all[0] >= all[1] {
			t.Errorf("%s sees %v", by, all)
		}
	}
}

// What is not this server's is refused in words, and nothing is changed by it.
func TestUpdateInstance(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	update := func(by string, in ssoadmin.UpdateInstanceInput) error {
		if in.InstanceArn == nil {
			in.InstanceArn = aws.String(appInstance)
		}
		_, err := w.service.UpdateInstance(t.Context(), w.by(by, "UpdateInstance"), &in)
		return err
	}
	key := &types.EncryptionConfiguration{KeyType: types.KmsKeyTypeCustomerManagedKey}
	w.expect("both", update(appManagement, ssoadmin.UpdateInstanceInput{EncryptionConfiguration: key, PermissionSetsEnabled: aws.Bool(true)}),
		"ValidationException", "EncryptionConfiguration and PermissionSetsEnabled cannot be changed in one request.")
	w.expect("a key of the customer's", update(appManagement, ssoadmin.UpdateInstanceInput{EncryptionConfiguration: key}),
		"ValidationException", "Customer managed keys are not available: this server encrypts with its own keys.")
	w.expect("sets in an account's own", update(appAlone, ssoadmin.UpdateInstanceInput{InstanceArn: aws.String(appOwnInstance), PermissionSetsEnabled: aws.Bool(true)}),
		"ValidationException", "Permission sets and account assignments are not available in account instances of IAM Identity Center.")
	w.expect("a member", update(appMember, ssoadmin.UpdateInstanceInput{Name: aws.String("mine")}), "AccessDeniedException", notYours)
	w.update(func(tx store.Tx) error {
		i, err := tx.Instance("ssoins-0123456789abcdef")
		if i.Name != "" {
			t.Errorf("changed to %q", i.Name)
		}
		// The rest needs what every instance that was made has.
		i.Status, i.SessionDuration = access.InstanceActive, access.DefaultPortalSession
		return firstOf(err, tx.PutInstance(i))
	})
	w.expect("a name", update(appManagement, ssoadmin.UpdateInstanceInput{Name: aws.String("center")}), "", "")
	out, err := w.service.DescribeInstance(t.Context(), w.by(appManagement, "DescribeInstance"), &ssoadmin.DescribeInstanceInput{InstanceArn: aws.String(appInstance)})
	if err != nil || *out.Name != "center" {
		t.Errorf("renamed %+v, %v", out, err)
	}
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// An instance that is being deleted says so and takes no orders; then it is as one
// that never was.
func TestDeleteInstance(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	set := w.set("Admin")
	w.assigned(set, appMember, types.PrincipalTypeUser, jane)
	app := w.create(appMember, "App")
	remove := func() error {
		_, err := w.service.DeleteInstance(t.Context(), w.by(appManagement, "DeleteInstance"), &ssoadmin.DeleteInstanceInput{InstanceArn: aws.String(appInstance)})
		return err
	}
	w.expect("deleting", remove(), "", "")
	w.expect("deleting again", remove(), "", "")
	out, err := w.service.DescribeInstance(t.Context(), w.by(appManagement, "DescribeInstance"), &ssoadmin.DescribeInstanceInput{InstanceArn: aws.String(appInstance)})
	if err != nil || out.Status != types.InstanceStatusDeleteInProgress {
		t.Errorf("meanwhile %+v, %v", out, err)
	}
	_, err = w.assign(appManagement, set, appMember, types.PrincipalTypeUser, jane)
	w.expect("assigning meanwhile", err, "ConflictException", "The instance is being deleted.")
	w.work()
	_, err = w.service.DescribeInstance(t.Context(), w.by(appManagement, "DescribeInstance"), &ssoadmin.DescribeInstanceInput{InstanceArn: aws.String(appInstance)})
	w.expect("afterwards", err, "AccessDeniedException", notYours)
	_, err = w.service.DescribeApplication(t.Context(), w.by(appMember, "DescribeApplication"), &ssoadmin.DescribeApplicationInput{ApplicationArn: &app})
	w.expect("its application", err, "AccessDeniedException", notYours)
	if role, _ := w.role(set); role.ID != "" {
		t.Errorf("a role is left: %+v", role)
	}
}

// behaviours.md 6.1: up to six regions; the first cannot be left.
func TestRegions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	inst := aws.String(appInstance)
	add := func(name string) error {
		out, err := w.service.AddRegion(t.Context(), w.by(appManagement, "AddRegion"), &ssoadmin.AddRegionInput{InstanceArn: inst, RegionName: &name})
		if err == nil && out.Status != types.RegionStatusAdding {
			t.Errorf("%s is %s", name, out.Status)
		}
		return err
	}
	remove := func(name string) error {
		_, err := w.service.RemoveRegion(t.Context(), w.by(appManagement, "RemoveRegion"), &ssoadmin.RemoveRegionInput{InstanceArn: inst, RegionName: &name})
		return err
	}
	for _, name := range []string{"eu-west-1", "ap-northeast-1", "us-west-2", "eu-central-1", "us-east-2"} {
		w.expect(name, add(name), "", "")
	}
	w.expect("a seventh", add("ap-southeast-1"), "ServiceQuotaExceededException",
		"You have exceeded AWS SSO limits. Cannot have more than 6 regions of an instance. Please refer to https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html")
	w.expect("twice", add("eu-west-1"), "ConflictException", "The instance is in the region eu-west-1 already.")
	w.expect("its own", add("us-east-1"), "ConflictException", "The instance is in the region us-east-1 already.")
	w.expect("none", add("xx-nowhere-1"), "ValidationException", "The specified Region is not valid.")
	w.expect("opt-in", add("af-south-1"), "ValidationException", "The region af-south-1 is not enabled in the account that owns the instance.")
	w.expect("leaving its own", remove("us-east-1"), "ValidationException", "The primary region of an instance cannot be removed.")
	w.expect("leaving", remove("us-west-2"), "", "")
	w.expect("leaving twice", remove("us-west-2"), "ResourceNotFoundException", "The instance is not in the region us-west-2.")
	var all []string
	for token := (*string)(nil); ; {
		out, err := w.service.ListRegions(t.Context(), w.by(appManagement, "ListRegions"), &ssoadmin.ListRegionsInput{InstanceArn: inst, MaxResults: aws.Int32(2), NextToken: token})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range out.Regions {
			all = append(all, *r.RegionName)
		}
		if token = out.NextToken; token == nil {
			break
		}
	}
	if got := strings.Join(all, " "); got != "us-east-1 ap-northeast-1 eu-central-1 eu-west-1 us-east-2" {
		t.Errorf("regions %s", got)
	}
	one, err := w.service.DescribeRegion(t.Context(), w.by(appManagement, "DescribeRegion"), &ssoadmin.DescribeRegionInput{InstanceArn: inst, RegionName: aws.String("us-east-1")})
	if err != nil || !one.IsPrimaryRegion || one.Status != types.RegionStatusActive {
		t.Errorf("its own region: %+v, %v", one, err)
	}
	_, err = w.service.DescribeRegion(t.Context(), w.by(appManagement, "DescribeRegion"), &ssoadmin.DescribeRegionInput{InstanceArn: inst, RegionName: aws.String("us-west-2")})
	w.expect("one that it has left", err, "ResourceNotFoundException", "The instance is not in the region us-west-2.")
}
