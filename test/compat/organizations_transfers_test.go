package compat

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"sekisho/test/compat/harness"
)

// TestBoto3Transfers: boto3 asks for a transfer of responsibility, with the months
// and the errors that AWS has, and ends it (behaviours.md 9.6).
func TestBoto3Transfers(t *testing.T) {
	t.Parallel()
	const alone = "333344445555"
	s := startOrganization(t)
	verified(t, s, management)
	k := standalone(t, s, alone)
	script, _ := filepath.Abs("python/transfers.py")
	raw := s.Home(t).With("COMPAT_ENDPOINT="+s.Base, "COMPAT_SOURCE="+alone, "COMPAT_TARGET_ID="+managementRoot.ID, "COMPAT_TARGET_SECRET="+managementRoot.Secret,
		"COMPAT_SOURCE_ID="+k.ID, "COMPAT_SOURCE_SECRET="+k.Secret).Must(harness.Python(t, "python"), script)
	var got map[string]any
	if err := json.Unmarshal([]byte(raw), &got); err != nil {
		t.Fatalf("%v in %q", err, raw)
	}
	for what, want := range map[string]string{
		"a second late": "InvalidInputException START_DATE_NOT_BEGINNING_OF_DAY",
		"this month":    "InvalidInputException START_DATE_TOO_EARLY",
		"listed":        "[ACCEPTED REQUESTED REQUESTED]",
		"starts":        "true",
		"ended":         "WITHDRAWN",
		"ends":          "true",
		"again":         "ResponsibilityTransferAlreadyInStatusException",
		"none":          "ResponsibilityTransferNotFoundException",
	} {
		if has := fmt.Sprint(got[what]); has != want {
			t.Errorf("%s: %s, want %s", what, has, want)
		}
	}
}

// TestRaceTransfers: of clients that accept, cancel or end the same at once, or try
// again what has been done, one is first and the others are told so.
func TestRaceTransfers(t *testing.T) {
	t.Parallel()
	const alone = "333344445555"
	s := startOrganization(t)
	verified(t, s, management)
	k := standalone(t, s, alone)
	target, source, ctx := organizationsClient(s, managementRoot.provider()), organizationsClient(s, k.provider()), t.Context()
	must[*organizations.CreateOrganizationOutput](t)(source.CreateOrganization(ctx, &organizations.CreateOrganizationInput{}))
	now := time.Now().UTC()
	ask := &organizations.InviteOrganizationToTransferResponsibilityInput{
		Type: types.ResponsibilityTransferTypeBilling, Target: &types.HandshakeParty{Type: types.HandshakePartyTypeAccount, Id: aws.String(alone)},
		SourceName: aws.String("Customer"), StartTimestamp: aws.Time(time.Date(now.Year(), now.Month()+2, 1, 0, 0, 0, 0, time.UTC)),
	}
	once := func(what string, codes map[string]int, others ...string) {
		t.Helper()
		n := codes[""]
		for code, times := range codes {
			if code != "" && code != "ConcurrentModificationException" && !slices.Contains(others, code) {
				t.Errorf("%s: %d times %s", what, times, code)
			}
		}
		if n != 1 {
			t.Errorf("%s: %v", what, codes)
		}
	}
	once("inviting", together(8, func(int) error {
		_, err := target.InviteOrganizationToTransferResponsibility(ctx, ask)
		return err
	}), "DuplicateHandshakeException")
	asked := must[*organizations.ListOutboundResponsibilityTransfersOutput](t)(source.ListOutboundResponsibilityTransfers(ctx,
		&organizations.ListOutboundResponsibilityTransfersInput{Type: types.ResponsibilityTransferTypeBilling})).ResponsibilityTransfers
	if len(asked) != 1 {
		t.Fatalf("%d transfers", len(asked))
	}
	// Both sides answer: the state of the transfer is that of the handshake.
	once("answering", together(8, func(i int) error {
		if i%2 == 0 {
			_, err := source.AcceptHandshake(ctx, &organizations.AcceptHandshakeInput{HandshakeId: asked[0].ActiveHandshakeId})
			return err
		}
		_, err := target.CancelHandshake(ctx, &organizations.CancelHandshakeInput{HandshakeId: asked[0].ActiveHandshakeId})
		return err
	}), "HandshakeAlreadyInStateException", "InvalidHandshakeTransitionException")
	h := must[*organizations.DescribeHandshakeOutput](t)(target.DescribeHandshake(ctx, &organizations.DescribeHandshakeInput{HandshakeId: asked[0].ActiveHandshakeId})).Handshake
	id := asked[0].Id
	got := must[*organizations.DescribeResponsibilityTransferOutput](t)(source.DescribeResponsibilityTransfer(ctx, &organizations.DescribeResponsibilityTransferInput{Id: id})).ResponsibilityTransfer
	if string(got.Status) != string(h.State) {
		t.Errorf("the transfer is %s, its handshake %s", got.Status, h.State)
	}
	if h.State == types.HandshakeStateCanceled {
		again := must[*organizations.InviteOrganizationToTransferResponsibilityOutput](t)(target.InviteOrganizationToTransferResponsibility(ctx, ask)).Handshake
		must[*organizations.AcceptHandshakeOutput](t)(source.AcceptHandshake(ctx, &organizations.AcceptHandshakeInput{HandshakeId: again.Id}))
		for _, r := range again.Resources {
			if r.Type == types.HandshakeResourceTypeResponsibilityTransfer {
				id = r.Value
			}
		}
	}
	once("ending", together(8, func(i int) error {
		_, err := []*organizations.Client{target, source}[i%2].TerminateResponsibilityTransfer(ctx, &organizations.TerminateResponsibilityTransferInput{Id: id})
		return err
	}), "ResponsibilityTransferAlreadyInStatusException")
}
