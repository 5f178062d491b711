package support_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssupport "github.com/aws/aws-sdk-go-v2/service/support"

	"sekisho/internal/arn"
	"sekisho/internal/credential"
	"sekisho/internal/iam"
	"sekisho/internal/secret"
	"sekisho/internal/store"
)

// The checks.
const (
	rootMFA        = "7DAFEmoDos"
	keyRotation    = "DqdJqYeRm5"
	iamUse         = "zXCkfM1nI3"
	passwordPolicy = "Yw2K9puPzl"
)

var allChecks = []string{rootMFA, keyRotation, iamUse, passwordPolicy}

// found is how a check came out: its status, how many were looked at and flagged,
// and the metadata of what was flagged.
type found struct {
	status             string
	processed, flagged int64
	metadata           [][]string
}

func (w *world) check(id string) (f found) {
	w.Helper()
	out, err := w.service.DescribeTrustedAdvisorCheckResult(w.Context(), w.by(mine, "DescribeTrustedAdvisorCheckResult"), &awssupport.DescribeTrustedAdvisorCheckResultInput{CheckId: &id})
	if err != nil {
		w.Fatal(err)
	}
	f.status, f.processed, f.flagged = *out.Result.Status, out.Result.ResourcesSummary.ResourcesProcessed, out.Result.ResourcesSummary.ResourcesFlagged
	for _, r := range out.Result.FlaggedResources {
		var cells []string
		for _, c := range r.Metadata {
			cells = append(cells, *c)
		}
		f.metadata = append(f.metadata, cells)
	}
	return f
}

func (w *world) want(what, id string, want found) {
	w.Helper()
	if got := w.check(id); !reflect.DeepEqual(got, want) {
		w.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

// The checks tell of the account as it is: whoever follows the advice sees that it
// is done.
func TestChecks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bad := []string{"Disabled", "Disabled", "Disabled", "Disabled", "Disabled"}
	w.want("no root password", rootMFA, found{"ok", 1, 0, nil})
	w.want("no IAM users", iamUse, found{"warning", 1, 1, [][]string{nil}})
	w.want("no keys", keyRotation, found{"ok", 0, 0, nil})
	w.want("no policy", passwordPolicy, found{"error", 1, 1, [][]string{bad}})

	root := credential.Owner{Kind: credential.RootUser, ID: mine}
	w.update(func(tx store.Tx) error {
		if err := tx.PutPassword(credential.Password{Owner: root, Hash: "h", SetAt: start}); err != nil {
			return err
		}
		if err := tx.PutPasswordPolicy(iam.PasswordPolicy{Account: mine, Policy: credential.Policy{MinLength: 8, Upper: true}}); err != nil {
			return err
		}
		for _, account := range []string{mine, theirs} {
			u, err := iam.CreateUser(tx, start, iam.User{Account: account, Path: "/", Name: "jane"})
			if err != nil {
				return err
			}
			for age, active := range map[time.Duration]bool{10: true, 91: false, 100: true, 800: true} {
				k := iam.AccessKey{ID: arn.NewUniqueID("AKIA", account), Account: account, User: u.ID, Secret: secret.NewString("s"), Active: active, CreatedAt: start.Add(-age * 24 * time.Hour)}
				if err := tx.PutAccessKey(k); err != nil {
					return err
				}
			}
		}
		return nil
	})
	w.want("a root password", rootMFA, found{"error", 1, 1, [][]string{nil}})
	w.want("an IAM user", iamUse, found{"ok", 1, 0, nil})
	w.want("a policy of one kind of letters", passwordPolicy, found{"warning", 1, 1, [][]string{{"Enabled", "Enabled", "Disabled", "Disabled", "Disabled"}}})
	keys := w.check(keyRotation)
	if keys.status != "error" || keys.processed != 3 || keys.flagged != 2 || len(keys.metadata) != 2 || len(keys.metadata[0]) != 5 {
		t.Errorf("keys of 10, 100 and 800 days: %+v", keys)
	}
	for _, cells := range keys.metadata {
		if cells[1] != "jane" || (cells[0] == "Red") != (cells[4] == "Not rotated in the last 2 years") {
			t.Errorf("a key: %q", cells)
		}
	}

	w.update(func(tx store.Tx) error {
		if err := tx.PutPasswordPolicy(iam.PasswordPolicy{Account: mine, Policy: credential.Policy{MinLength: 8, Upper: true, Lower: true, Digit: true, Symbol: true}}); err != nil {
			return err
		}
		return tx.PutMFADevice(iam.MFADevice{Serial: arn.MFA(mine, "/", "phone"), Account: mine, Kind: iam.VirtualMFA, TOTP: credential.TOTP{Seed: credential.NewSeed()}, CreatedAt: start, EnabledAt: start})
	})
	w.want("with MFA", rootMFA, found{"ok", 1, 0, nil})
	w.want("a policy of all kinds", passwordPolicy, found{"ok", 1, 0, nil})
}

// A check that was asked for stays as it was found for a day, and cannot be asked
// for again within five minutes.
func TestRefresh(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refresh := func(want string, again int64) {
		t.Helper()
		out, err := w.service.RefreshTrustedAdvisorCheck(t.Context(), w.by(mine, "RefreshTrustedAdvisorCheck"), &awssupport.RefreshTrustedAdvisorCheckInput{CheckId: aws.String(iamUse)})
		if err != nil || *out.Status.Status != want || out.Status.MillisUntilNextRefreshable != again || *out.Status.CheckId != iamUse {
			t.Errorf("refreshed: %+v, %v", out.Status, err)
		}
	}
	statuses := func(want ...any) {
		t.Helper()
		out, err := w.service.DescribeTrustedAdvisorCheckRefreshStatuses(t.Context(), w.by(mine, "x"), &awssupport.DescribeTrustedAdvisorCheckRefreshStatusesInput{CheckIds: aws.StringSlice([]string{iamUse, rootMFA})})
		if err != nil {
			t.Fatal(err)
		}
		var got []any
		for _, s := range out.Statuses {
			got = append(got, *s.CheckId, *s.Status, s.MillisUntilNextRefreshable)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("statuses: %v, want %v", got, want)
		}
	}
	statuses(iamUse, "none", int64(0), rootMFA, "none", int64(0))
	refresh("success", 300_000)
	statuses(iamUse, "success", int64(300_000), rootMFA, "none", int64(0))
	w.update(func(tx store.Tx) error {
		_, err := iam.CreateUser(tx, start, iam.User{Account: mine, Path: "/", Name: "jane"})
		return err
	})
	w.clock.Advance(time.Minute)
	refresh("success", 240_000)
	w.want("too soon", iamUse, found{"warning", 1, 1, [][]string{nil}})
	w.clock.Advance(4 * time.Minute)
	statuses(iamUse, "success", int64(0), rootMFA, "none", int64(0))
	refresh("success", 300_000)
	w.want("after five minutes", iamUse, found{"ok", 1, 0, nil})
	w.update(func(tx store.Tx) error {
		u, err := tx.IAMUserByName(mine, "jane")
		if err != nil {
			return err
		}
		return tx.DeleteIAMUser(u.ID)
	})
	w.clock.Advance(24*time.Hour - time.Second)
	w.want("within a day", iamUse, found{"ok", 1, 0, nil})
	w.clock.Advance(time.Second)
	w.want("after a day", iamUse, found{"warning", 1, 1, [][]string{nil}})
}

// All checks have names and columns, in Japanese too, and none is made up.
func TestCheckDescriptions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	names := map[string][]string{}
	for _, lang := range []string{"en", "ja", "fr"} {
		out, err := w.service.DescribeTrustedAdvisorChecks(t.Context(), w.by(mine, "x"), &awssupport.DescribeTrustedAdvisorChecksInput{Language: &lang})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range out.Checks {
			names[lang] = append(names[lang], *c.Name)
			if *c.Category != "security" || *c.Description == "" || len(c.Metadata) != map[string]int{keyRotation: 5, passwordPolicy: 5}[*c.Id] {
				t.Errorf("%s: %+v", lang, c)
			}
		}
	}
	english := []string{"MFA on Root Account", "IAM Access Key Rotation", "IAM Use", "IAM Password Policy"}
	if !reflect.DeepEqual(names["en"], english) || !reflect.DeepEqual(names["fr"], english) || names["ja"][0] != "ルートアカウントの MFA" {
		t.Errorf("names: %q", names)
	}
	summaries, err := w.service.DescribeTrustedAdvisorCheckSummaries(t.Context(), w.by(mine, "x"), &awssupport.DescribeTrustedAdvisorCheckSummariesInput{CheckIds: aws.StringSlice(allChecks)})
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range summaries.Summaries {
		if *s.CheckId != allChecks[i] || s.HasFlaggedResources != (*s.Status != "ok") || *s.Timestamp != "2026-11-22T09:00:00Z" {
			t.Errorf("summary: %+v", s)
		}
	}
	const unknown = `The check ID "eW7HH0l7J9" is not valid.`
	_, err = w.service.DescribeTrustedAdvisorCheckResult(t.Context(), w.by(mine, "x"), &awssupport.DescribeTrustedAdvisorCheckResultInput{CheckId: aws.String("eW7HH0l7J9")})
	w.expect("a check that there is not", err, "InvalidParameterValueException", unknown)
	_, err = w.service.RefreshTrustedAdvisorCheck(t.Context(), w.by(mine, "x"), &awssupport.RefreshTrustedAdvisorCheckInput{CheckId: aws.String("eW7HH0l7J9")})
	w.expect("refreshing it", err, "InvalidParameterValueException", unknown)
	_, err = w.service.DescribeTrustedAdvisorChecks(t.Context(), w.by(mine, "x"), &awssupport.DescribeTrustedAdvisorChecksInput{Language: aws.String("xx")})
	w.expect("a language that there is not", err, "InvalidParameterValueException", "The language is not supported.")
}
