package account_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsaccount "github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/account/types"

	"sekisho/internal/account"
	"sekisho/internal/page"
)

func (w *world) choose(caller, id, region string, enable bool) (err error) {
	if enable {
		_, err = w.service.EnableRegion(w.Context(), w.by(caller, "EnableRegion"), &awsaccount.EnableRegionInput{AccountId: of(id), RegionName: &region})
	} else {
		_, err = w.service.DisableRegion(w.Context(), w.by(caller, "DisableRegion"), &awsaccount.DisableRegionInput{AccountId: of(id), RegionName: &region})
	}
	return err
}

func (w *world) status(id, region string) types.RegionOptStatus {
	w.Helper()
	out, err := w.service.GetRegionOptStatus(w.Context(), w.by(id, "GetRegionOptStatus"), &awsaccount.GetRegionOptStatusInput{RegionName: &region})
	w.expect("GetRegionOptStatus", err, "", "")
	if aws.ToString(out.RegionName) != region {
		w.Errorf("status of %s, asked for %s", aws.ToString(out.RegionName), region)
	}
	return out.RegionOptStatus
}

// A region goes from DISABLED over ENABLING to ENABLED and back, by the clock, in
// the account that chose it and in no other (behaviours.md 9.5, A-07).
func TestRegionOptIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const region = "eu-south-2"
	const unable = "Unable to switch region status because of its current opt-in status."
	expect := func(what string, want types.RegionOptStatus) {
		t.Helper()
		if got := w.status(member, region); got != want {
			t.Errorf("%s: %s, want %s", what, got, want)
		}
	}
	expect("at first", types.RegionOptStatusDisabled)
	w.expect("disabling what is disabled", w.choose(member, "", region, false), "ValidationException", unable)
	w.expect("enabling", w.choose(management, member, region, true), "", "")
	expect("enabling", types.RegionOptStatusEnabling)
	for _, enable := range []bool{true, false} {
		w.expect("while it is under way", w.choose(member, "", region, enable), "ConflictException",
			"The Region's opt-in status is ENABLING. Try again when it has settled.")
	}
	w.clock.Advance(account.RegionSettles - time.Microsecond)
	expect("just before", types.RegionOptStatusEnabling)
	w.clock.Advance(time.Microsecond)
	expect("enabled", types.RegionOptStatusEnabled)
	if got := w.status(sibling, region); got != types.RegionOptStatusDisabled {
		t.Errorf("in another account: %s", got)
	}
	w.expect("enabling again", w.choose(member, "", region, true), "ValidationException", unable)
	w.expect("disabling", w.choose(member, "", region, false), "", "")
	expect("disabling", types.RegionOptStatusDisabling)
	w.clock.Advance(account.RegionSettles)
	expect("disabled", types.RegionOptStatusDisabled)

	for _, c := range []struct {
		region  string
		enable  bool
		message string
	}{{"us-east-1", true, unable}, {"us-east-1", false, unable}, {"moon-1", true, "The specified Region is not valid."}} {
		err := w.choose(member, "", c.region, c.enable)
		w.expect(c.region, err, "ValidationException", c.message)
		if v, ok := errors.AsType[*types.ValidationException](err); !ok || v.Reason != types.ValidationExceptionReasonInvalidRegionOptTarget {
			t.Errorf("%s: %+v", c.region, v)
		}
	}
	_, err := w.service.GetRegionOptStatus(w.Context(), w.by(member, "GetRegionOptStatus"), &awsaccount.GetRegionOptStatusInput{RegionName: aws.String("moon-1")})
	w.expect("status of none", err, "ValidationException", "The specified Region is not valid.")
	w.expect("a sibling's", w.choose(member, sibling, region, true), "AccessDeniedException",
		"User: arn:aws:iam::"+member+":root is not authorized to perform: account:EnableRegion")
}

func TestRegionChangesAtATime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	regions := []string{"af-south-1", "ap-east-1", "ap-south-2", "ca-west-1", "eu-central-2", "il-central-1"}
	for _, r := range regions {
		w.expect(r, w.choose(member, "", r, true), "", "")
	}
	w.expect("the seventh", w.choose(member, "", "me-south-1", true), "TooManyRequestsException",
		"At most 6 Regions of an account can be enabled or disabled at a time.")
	w.expect("of another account", w.choose(sibling, "", "me-south-1", true), "", "")
	w.clock.Advance(account.RegionSettles)
	w.expect("later", w.choose(member, "", "me-south-1", true), "", "")
}

func TestListRegions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.expect("enabling", w.choose(member, "", "ap-east-1", true), "", "")
	list := func(limit int32, statuses ...types.RegionOptStatus) (names []string) {
		t.Helper()
		in := &awsaccount.ListRegionsInput{RegionOptStatusContains: statuses}
		if limit > 0 {
			in.MaxResults = &limit
		}
		for {
			out, err := w.service.ListRegions(w.Context(), w.by(member, "ListRegions"), in)
			w.expect("ListRegions", err, "", "")
			if limit > 0 && len(out.Regions) > int(limit) {
				t.Fatalf("a page of %d", len(out.Regions))
			}
			for _, r := range out.Regions {
				names = append(names, *r.RegionName)
			}
			if in.NextToken = out.NextToken; in.NextToken == nil {
				return names
			}
		}
	}
	all := list(0)
	if !slices.IsSorted(all) || len(slices.Compact(slices.Clone(all))) != len(all) || !slices.Contains(all, "us-east-1") {
		t.Errorf("all: %v", all)
	}
	if paged := list(1); !slices.Equal(paged, all) {
		t.Errorf("one by one: %v", paged)
	}
	if got := list(1, types.RegionOptStatusEnabling); !slices.Equal(got, []string{"ap-east-1"}) {
		t.Errorf("enabling: %v", got)
	}
	always, off := list(2, types.RegionOptStatusEnabledByDefault), list(2, types.RegionOptStatusDisabled)
	if len(always)+len(off)+1 != len(all) || slices.Contains(off, "ap-east-1") || !slices.Contains(always, "us-east-1") || slices.Contains(always, "ap-east-2") {
		t.Errorf("by default %v, disabled %v", always, off)
	}
	for _, token := range []string{"zzz", page.Token("accounts/us-east-1")} {
		_, err := w.service.ListRegions(w.Context(), w.by(member, "ListRegions"), &awsaccount.ListRegionsInput{NextToken: &token})
		w.expect("a foreign token", err, "ValidationException", "The pagination token is not valid.")
	}
}
