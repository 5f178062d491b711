package compat

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
)

const (
	denyLeaving = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"organizations:LeaveOrganization","Resource":"*"}]}`
	denyClosing = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"account:CloseAccount","Resource":"*"}]}`
	tagPolicy   = `{"tags":{"Team":{"tag_key":{"@@assign":"Team"}}}}`
	analyzer    = "access-analyzer.amazonaws.com"
)

// TestGoOrganizations calls every operation of Organizations by the Go SDK, so that
// it succeeds and so that it fails with an exception of its model, which arrives as
// the SDK's own type (F-01, F-08, F-09; behaviours.md 9.6).
func TestGoOrganizations(t *testing.T) {
	t.Parallel()
	s := startOrganization(t)
	alone := "333344445555"
	aloneKeys := standalone(t, s, alone)
	verified(t, s, management)
	verified(t, s, alone)
	w := newWalk(t, organizationsClient(s, managementRoot.provider()))
	member, outsider := w.as(organizationsClient(s, productionRoot.provider())), w.as(organizationsClient(s, aloneKeys.provider()))
	text := aws.String

	// An organization of its own, from consolidated billing on.
	created := does[*organizations.CreateOrganizationOutput](outsider, &organizations.CreateOrganizationInput{FeatureSet: types.OrganizationFeatureSetConsolidatedBilling}).Organization
	outsider.fails("AlreadyInOrganizationException", &organizations.CreateOrganizationInput{})
	own := does[*organizations.ListRootsOutput](outsider, &organizations.ListRootsInput{}).Roots[0]
	outsider.fails("PolicyTypeNotAvailableForOrganizationException", &organizations.EnablePolicyTypeInput{RootId: own.Id, PolicyType: types.PolicyTypeServiceControlPolicy})
	h := does[*organizations.EnableAllFeaturesOutput](outsider, &organizations.EnableAllFeaturesInput{}).Handshake
	if h.State != types.HandshakeStateOpen { // no member has to agree
		t.Errorf("the handshake is %s", h.State)
	}
	outsider.do(&organizations.AcceptHandshakeInput{HandshakeId: h.Id})
	outsider.fails("HandshakeConstraintViolationException", &organizations.EnableAllFeaturesInput{})
	if got := does[*organizations.DescribeOrganizationOutput](outsider, &organizations.DescribeOrganizationInput{}).Organization; *got.Id != *created.Id || got.FeatureSet != types.OrganizationFeatureSetAll {
		t.Errorf("the organization is %+v", got)
	}
	w.fails("OrganizationNotEmptyException", &organizations.DeleteOrganizationInput{})
	outsider.do(&organizations.DeleteOrganizationInput{})
	outsider.fails("AWSOrganizationsNotInUseException", &organizations.DescribeOrganizationInput{})
	outsider.fails("AWSOrganizationsNotInUseException", &organizations.ListRootsInput{})

	// Units and accounts.
	root := does[*organizations.ListRootsOutput](w, &organizations.ListRootsInput{}).Roots[0].Id
	unit := does[*organizations.CreateOrganizationalUnitOutput](w, &organizations.CreateOrganizationalUnitInput{ParentId: root, Name: text("Workloads")}).OrganizationalUnit.Id
	missingUnit := text(strings.TrimRight(*unit, "0123456789abcdefghijklmnopqrstuvwxyz") + "zzzzzzzz")
	w.fails("DuplicateOrganizationalUnitException", &organizations.CreateOrganizationalUnitInput{ParentId: root, Name: text("Workloads")})
	w.do(&organizations.DescribeOrganizationalUnitInput{OrganizationalUnitId: unit})
	w.fails("OrganizationalUnitNotFoundException", &organizations.DescribeOrganizationalUnitInput{OrganizationalUnitId: missingUnit})
	w.do(&organizations.UpdateOrganizationalUnitInput{OrganizationalUnitId: unit, Name: text("Work")})
	w.fails("OrganizationalUnitNotFoundException", &organizations.UpdateOrganizationalUnitInput{OrganizationalUnitId: missingUnit, Name: text("x")})
	w.do(&organizations.ListOrganizationalUnitsForParentInput{ParentId: root})
	w.fails("ParentNotFoundException", &organizations.ListOrganizationalUnitsForParentInput{ParentId: missingUnit})
	w.do(&organizations.ListAccountsForParentInput{ParentId: root})
	w.fails("ParentNotFoundException", &organizations.ListAccountsForParentInput{ParentId: missingUnit})
	w.do(&organizations.ListChildrenInput{ParentId: root, ChildType: types.ChildTypeOrganizationalUnit})
	w.fails("ParentNotFoundException", &organizations.ListChildrenInput{ParentId: missingUnit, ChildType: types.ChildTypeAccount})
	w.do(&organizations.ListParentsInput{ChildId: text(production)})
	w.fails("ChildNotFoundException", &organizations.ListParentsInput{ChildId: text("999999999999")})
	w.do(&organizations.ListAccountsInput{})
	member.fails("AccessDeniedException", &organizations.ListAccountsInput{})
	w.do(&organizations.DescribeAccountInput{AccountId: text(production)})
	w.fails("AccountNotFoundException", &organizations.DescribeAccountInput{AccountId: text("999999999999")})
	w.do(&organizations.MoveAccountInput{AccountId: text(production), SourceParentId: root, DestinationParentId: unit})
	w.fails("AccountNotFoundException", &organizations.MoveAccountInput{AccountId: text("999999999999"), SourceParentId: root, DestinationParentId: unit})
	w.fails("SourceParentNotFoundException", &organizations.MoveAccountInput{AccountId: text(production), SourceParentId: missingUnit, DestinationParentId: root})
	w.fails("DestinationParentNotFoundException", &organizations.MoveAccountInput{AccountId: text(production), SourceParentId: unit, DestinationParentId: missingUnit})
	w.fails("OrganizationalUnitNotEmptyException", &organizations.DeleteOrganizationalUnitInput{OrganizationalUnitId: unit})
	w.do(&organizations.MoveAccountInput{AccountId: text(production), SourceParentId: unit, DestinationParentId: root})

	request := does[*organizations.CreateAccountOutput](w, &organizations.CreateAccountInput{AccountName: text("New"), Email: text("new@example.com")}).CreateAccountStatus
	w.fails("InvalidInputException", &organizations.CreateAccountInput{AccountName: text("New"), Email: text("no address")})
	if request.State != types.CreateAccountStateInProgress {
		t.Errorf("the request begins as %s", request.State)
	}
	var account *string
	eventually(t, "the account is created", func() bool {
		status := does[*organizations.DescribeCreateAccountStatusOutput](w, &organizations.DescribeCreateAccountStatusInput{CreateAccountRequestId: request.Id}).CreateAccountStatus
		account = status.AccountId
		return status.State == types.CreateAccountStateSucceeded
	})
	w.fails("CreateAccountStatusNotFoundException", &organizations.DescribeCreateAccountStatusInput{CreateAccountRequestId: text("car-" + strings.Repeat("0", 32))})
	again := does[*organizations.CreateAccountOutput](w, &organizations.CreateAccountInput{AccountName: text("New"), Email: text("new@example.com")}).CreateAccountStatus.Id
	eventually(t, "a second account of the address fails", func() bool {
		status := does[*organizations.DescribeCreateAccountStatusOutput](w, &organizations.DescribeCreateAccountStatusInput{CreateAccountRequestId: again}).CreateAccountStatus
		return status.State == types.CreateAccountStateFailed && status.FailureReason == types.CreateAccountFailureReasonEmailAlreadyExists
	})
	w.do(&organizations.ListCreateAccountStatusInput{States: []types.CreateAccountState{types.CreateAccountStateSucceeded}})
	w.fails("InvalidInputException", &organizations.ListCreateAccountStatusInput{NextToken: text("never given")})
	w.fails("ConstraintViolationException", &organizations.CreateGovCloudAccountInput{AccountName: text("Gov"), Email: text("gov@example.com")})
	w.fails("ConstraintViolationException", &organizations.RemoveAccountFromOrganizationInput{AccountId: account})
	w.do(&organizations.CloseAccountInput{AccountId: account})
	eventually(t, "the account is closed", func() bool {
		got := does[*organizations.DescribeAccountOutput](w, &organizations.DescribeAccountInput{AccountId: account}).Account
		return got.Status == types.AccountStatusSuspended
	})
	w.fails("AccountAlreadyClosedException", &organizations.CloseAccountInput{AccountId: account})

	// Invitations.
	invitation := &organizations.InviteAccountToOrganizationInput{Target: &types.HandshakeParty{Id: &alone, Type: types.HandshakePartyTypeAccount}, Notes: text("please")}
	invite := func() *string {
		return does[*organizations.InviteAccountToOrganizationOutput](w, invitation).Handshake.Id
	}
	cancelled := invite()
	w.fails("DuplicateHandshakeException", invitation)
	w.do(&organizations.DescribeHandshakeInput{HandshakeId: cancelled})
	noHandshake := text("h-" + strings.Repeat("0", 32))
	w.fails("HandshakeNotFoundException", &organizations.DescribeHandshakeInput{HandshakeId: noHandshake})
	w.do(&organizations.ListHandshakesForOrganizationInput{})
	w.fails("InvalidInputException", &organizations.ListHandshakesForOrganizationInput{NextToken: text("never given")})
	outsider.do(&organizations.ListHandshakesForAccountInput{})
	outsider.fails("InvalidInputException", &organizations.ListHandshakesForAccountInput{NextToken: text("never given")})
	w.do(&organizations.CancelHandshakeInput{HandshakeId: cancelled})
	w.fails("HandshakeAlreadyInStateException", &organizations.CancelHandshakeInput{HandshakeId: cancelled})
	declined := invite()
	outsider.do(&organizations.DeclineHandshakeInput{HandshakeId: declined})
	outsider.fails("HandshakeAlreadyInStateException", &organizations.DeclineHandshakeInput{HandshakeId: declined})
	outsider.fails("InvalidHandshakeTransitionException", &organizations.AcceptHandshakeInput{HandshakeId: declined})
	accepted := invite()
	outsider.do(&organizations.AcceptHandshakeInput{HandshakeId: accepted})
	w.fails("MasterCannotLeaveOrganizationException", &organizations.LeaveOrganizationInput{})
	outsider.do(&organizations.LeaveOrganizationInput{})
	outsider.do(&organizations.AcceptHandshakeInput{HandshakeId: invite()})
	w.do(&organizations.RemoveAccountFromOrganizationInput{AccountId: &alone})

	// Policies.
	control := types.PolicyTypeServiceControlPolicy
	newPolicy := func(name, content string, of types.PolicyType) *organizations.CreatePolicyInput {
		return &organizations.CreatePolicyInput{Name: &name, Description: text(""), Content: &content, Type: of}
	}
	policy := does[*organizations.CreatePolicyOutput](w, newPolicy("Stay", denyLeaving, control)).Policy.PolicySummary.Id
	w.fails("DuplicatePolicyException", newPolicy("Stay", denyLeaving, control))
	w.fails("MalformedPolicyDocumentException", newPolicy("Bad", "{", control))
	noPolicy := text("p-zzzzzzzz")
	w.do(&organizations.DescribePolicyInput{PolicyId: policy})
	w.fails("PolicyNotFoundException", &organizations.DescribePolicyInput{PolicyId: noPolicy})
	w.do(&organizations.UpdatePolicyInput{PolicyId: policy, Content: text(denyClosing)})
	w.fails("PolicyNotFoundException", &organizations.UpdatePolicyInput{PolicyId: noPolicy, Name: text("x")})
	w.do(&organizations.ListPoliciesInput{Filter: control})
	w.fails("InvalidInputException", &organizations.ListPoliciesInput{Filter: control, NextToken: text("never given")})
	w.fails("PolicyTypeNotEnabledException", &organizations.AttachPolicyInput{
		PolicyId: does[*organizations.CreatePolicyOutput](w, newPolicy("Tags", tagPolicy, types.PolicyTypeTagPolicy)).Policy.PolicySummary.Id, TargetId: root,
	})
	does[*organizations.EnablePolicyTypeOutput](w, &organizations.EnablePolicyTypeInput{RootId: root, PolicyType: types.PolicyTypeTagPolicy})
	w.fails("PolicyTypeAlreadyEnabledException", &organizations.EnablePolicyTypeInput{RootId: root, PolicyType: types.PolicyTypeTagPolicy})
	w.do(&organizations.AttachPolicyInput{PolicyId: policy, TargetId: text(production)})
	w.fails("DuplicatePolicyAttachmentException", &organizations.AttachPolicyInput{PolicyId: policy, TargetId: text(production)})
	w.fails("TargetNotFoundException", &organizations.AttachPolicyInput{PolicyId: policy, TargetId: missingUnit})
	w.do(&organizations.ListPoliciesForTargetInput{TargetId: text(production), Filter: control})
	w.fails("TargetNotFoundException", &organizations.ListPoliciesForTargetInput{TargetId: text("999999999999"), Filter: control})
	w.do(&organizations.ListTargetsForPolicyInput{PolicyId: policy})
	w.fails("PolicyNotFoundException", &organizations.ListTargetsForPolicyInput{PolicyId: noPolicy})
	w.fails("PolicyInUseException", &organizations.DeletePolicyInput{PolicyId: policy})
	w.do(&organizations.DetachPolicyInput{PolicyId: policy, TargetId: text(production)})
	w.fails("PolicyNotAttachedException", &organizations.DetachPolicyInput{PolicyId: policy, TargetId: text(production)})
	w.do(&organizations.DeletePolicyInput{PolicyId: policy})
	tags := does[*organizations.ListPoliciesOutput](w, &organizations.ListPoliciesInput{Filter: types.PolicyTypeTagPolicy}).Policies[0].Id
	w.fails("EffectivePolicyNotFoundException", &organizations.DescribeEffectivePolicyInput{PolicyType: types.EffectivePolicyTypeTagPolicy, TargetId: text(production)})
	w.do(&organizations.AttachPolicyInput{PolicyId: tags, TargetId: root})
	w.do(&organizations.DescribeEffectivePolicyInput{PolicyType: types.EffectivePolicyTypeTagPolicy, TargetId: text(production)})
	w.do(&organizations.ListAccountsWithInvalidEffectivePolicyInput{PolicyType: types.EffectivePolicyTypeTagPolicy})
	w.fails("InvalidInputException", &organizations.ListAccountsWithInvalidEffectivePolicyInput{PolicyType: types.EffectivePolicyTypeTagPolicy, NextToken: text("never given")})
	w.do(&organizations.ListEffectivePolicyValidationErrorsInput{AccountId: text(production), PolicyType: types.EffectivePolicyTypeTagPolicy})
	w.fails("AccountNotFoundException", &organizations.ListEffectivePolicyValidationErrorsInput{AccountId: text("999999999999"), PolicyType: types.EffectivePolicyTypeTagPolicy})
	w.do(&organizations.DisablePolicyTypeInput{RootId: root, PolicyType: types.PolicyTypeTagPolicy})
	w.fails("PolicyTypeNotEnabledException", &organizations.DisablePolicyTypeInput{RootId: root, PolicyType: types.PolicyTypeTagPolicy})

	// Services and delegates.
	w.do(&organizations.EnableAWSServiceAccessInput{ServicePrincipal: text(analyzer)})
	w.fails("InvalidInputException", &organizations.EnableAWSServiceAccessInput{ServicePrincipal: text("nothing.example.com")})
	w.do(&organizations.ListAWSServiceAccessForOrganizationInput{})
	member.fails("AccessDeniedException", &organizations.ListAWSServiceAccessForOrganizationInput{})
	delegate := &organizations.RegisterDelegatedAdministratorInput{AccountId: text(staging), ServicePrincipal: text(analyzer)}
	w.do(delegate)
	w.fails("AccountAlreadyRegisteredException", delegate)
	w.do(&organizations.ListDelegatedAdministratorsInput{})
	member.fails("AccessDeniedException", &organizations.ListDelegatedAdministratorsInput{})
	w.do(&organizations.ListDelegatedServicesForAccountInput{AccountId: text(staging)})
	w.fails("AccountNotRegisteredException", &organizations.ListDelegatedServicesForAccountInput{AccountId: text(production)})
	w.do(&organizations.DeregisterDelegatedAdministratorInput{AccountId: text(staging), ServicePrincipal: text(analyzer)})
	w.fails("AccountNotRegisteredException", &organizations.DeregisterDelegatedAdministratorInput{AccountId: text(staging), ServicePrincipal: text(analyzer)})
	w.do(&organizations.DisableAWSServiceAccessInput{ServicePrincipal: text(analyzer)})
	w.fails("InvalidInputException", &organizations.DisableAWSServiceAccessInput{ServicePrincipal: text("nothing.example.com")})

	// The resource policy and tags.
	w.fails("ResourcePolicyNotFoundException", &organizations.DescribeResourcePolicyInput{})
	w.fails("ResourcePolicyNotFoundException", &organizations.DeleteResourcePolicyInput{})
	w.fails("InvalidInputException", &organizations.PutResourcePolicyInput{Content: text("{")})
	w.do(&organizations.PutResourcePolicyInput{Content: text(document(map[string]any{
		"Effect": "Allow", "Action": "organizations:ListAccounts", "Resource": "*", "Principal": map[string]any{"AWS": production},
	}))})
	member.do(&organizations.ListAccountsInput{})
	w.do(&organizations.DescribeResourcePolicyInput{})
	w.do(&organizations.DeleteResourcePolicyInput{})
	member.fails("AccessDeniedException", &organizations.ListAccountsInput{})
	w.do(&organizations.TagResourceInput{ResourceId: unit, Tags: []types.Tag{{Key: text("team"), Value: text("blue")}}})
	w.fails("TargetNotFoundException", &organizations.TagResourceInput{ResourceId: missingUnit, Tags: []types.Tag{{Key: text("team"), Value: text("blue")}}})
	w.do(&organizations.ListTagsForResourceInput{ResourceId: unit})
	w.fails("TargetNotFoundException", &organizations.ListTagsForResourceInput{ResourceId: missingUnit})
	w.do(&organizations.UntagResourceInput{ResourceId: unit, TagKeys: []string{"team"}})
	w.fails("TargetNotFoundException", &organizations.UntagResourceInput{ResourceId: missingUnit, TagKeys: []string{"team"}})
	w.do(&organizations.DeleteOrganizationalUnitInput{OrganizationalUnitId: unit})
	w.fails("OrganizationalUnitNotFoundException", &organizations.DeleteOrganizationalUnitInput{OrganizationalUnitId: unit})

	transfers(w, outsider, alone)

	// There is no GovCloud (docs/divergences.md).
	w.ok["CreateGovCloudAccount"] = true
	w.whole(nil)
}

// transfers has the organization of an account of its own transfer its bills, from
// the invitation to the end.
func transfers(w, source *walk, alone string) {
	now := time.Now().UTC()
	start := time.Date(now.Year(), now.Month()+2, 1, 0, 0, 0, 0, time.UTC) // that is never too soon
	billing, text := types.ResponsibilityTransferTypeBilling, aws.String
	none := text("rt-0123456789")
	list := &organizations.ListOutboundResponsibilityTransfersInput{Type: billing}
	source.fails("AWSOrganizationsNotInUseException", list)
	source.do(&organizations.CreateOrganizationInput{})
	ask := &organizations.InviteOrganizationToTransferResponsibilityInput{
		Type: billing, Target: &types.HandshakeParty{Id: &alone, Type: types.HandshakePartyTypeAccount}, SourceName: text("Customer"), StartTimestamp: &start,
		Tags: []types.Tag{{Key: text("tier"), Value: text("gold")}},
	}
	early := *ask
	early.StartTimestamp = aws.Time(now)
	w.fails("InvalidInputException", &early)
	h := does[*organizations.InviteOrganizationToTransferResponsibilityOutput](w, ask).Handshake
	w.fails("DuplicateHandshakeException", ask)
	received := does[*organizations.ListHandshakesForAccountOutput](source, &organizations.ListHandshakesForAccountInput{
		Filter: &types.HandshakeFilter{ActionType: types.ActionTypeTransferResponsibility},
	}).Handshakes
	if len(received) != 1 || *received[0].Id != *h.Id {
		w.t.Fatalf("received: %+v", received)
	}
	asked := does[*organizations.ListOutboundResponsibilityTransfersOutput](source, list).ResponsibilityTransfers
	if len(asked) != 1 || asked[0].Status != types.ResponsibilityTransferStatusRequested || !asked[0].StartTimestamp.Equal(start) || *asked[0].ActiveHandshakeId != *h.Id {
		w.t.Fatalf("asked: %+v", asked)
	}
	source.do(&organizations.AcceptHandshakeInput{HandshakeId: h.Id})
	id := asked[0].Id
	taken := does[*organizations.ListInboundResponsibilityTransfersOutput](w, &organizations.ListInboundResponsibilityTransfersInput{Type: billing}).ResponsibilityTransfers
	if len(taken) != 1 || taken[0].Status != types.ResponsibilityTransferStatusAccepted || *taken[0].Source.ManagementAccountId != alone || *taken[0].Target.ManagementAccountId != management {
		w.t.Errorf("taken: %+v", taken)
	}
	w.fails("ResponsibilityTransferNotFoundException", &organizations.ListInboundResponsibilityTransfersInput{Type: billing, Id: none})
	w.do(&organizations.DescribeResponsibilityTransferInput{Id: id})
	w.fails("ResponsibilityTransferNotFoundException", &organizations.DescribeResponsibilityTransferInput{Id: none})
	w.do(&organizations.UpdateResponsibilityTransferInput{Id: id, Name: text("Renamed")})
	source.fails("AccessDeniedException", &organizations.UpdateResponsibilityTransferInput{Id: id, Name: text("Ours")})
	tags := does[*organizations.ListTagsForResourceOutput](w, &organizations.ListTagsForResourceInput{ResourceId: id}).Tags
	if len(tags) != 1 || *tags[0].Value != "gold" {
		w.t.Errorf("tags: %+v", tags)
	}
	source.fails("ConstraintViolationException", &organizations.DeleteOrganizationInput{})
	end := start.Add(-time.Millisecond) // before it begins
	ended := does[*organizations.TerminateResponsibilityTransferOutput](source, &organizations.TerminateResponsibilityTransferInput{Id: id, EndTimestamp: &end}).ResponsibilityTransfer
	if ended.Status != types.ResponsibilityTransferStatusWithdrawn || !ended.EndTimestamp.Equal(end) {
		w.t.Errorf("ended: %+v", ended)
	}
	w.fails("ResponsibilityTransferAlreadyInStatusException", &organizations.TerminateResponsibilityTransferInput{Id: id})
}
