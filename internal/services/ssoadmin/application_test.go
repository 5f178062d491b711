package ssoadmin_test

import (
	"fmt"
	"reflect"
	"regexp"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"sekisho/internal/audit"
	"sekisho/internal/call"
	"sekisho/internal/store"
)

// An application is made, told, changed and deleted (G-60).
func TestApplication(t *testing.T) {
	t.Parallel()
	w := newAppWorld(t)
	c := w.by(appMember, "CreateApplication")
	made, err := w.service.CreateApplication(t.Context(), c, &ssoadmin.CreateApplicationInput{
		InstanceArn: aws.String(appInstance), ApplicationProviderArn: aws.String(appProvider), Name: aws.String("勤怠"), Description: aws.String("d"),
		PortalOptions: &types.PortalOptions{Visibility: types.ApplicationVisibilityDisabled, SignInOptions: &types.SignInOptions{
			Origin: types.SignInOriginApplication, ApplicationUrl: aws.String("https://app.example.com/"),
		}},
		Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("blue")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^arn:aws:sso::444455556666:application/ssoins-0123456789abcdef/apl-[a-z0-9]{16}$`).MatchString(*made.ApplicationArn) ||
		*made.InstanceArn != appInstance || *made.IdentityStoreArn != "arn:aws:identitystore::111122223333:identitystore/d-1234567890" {
		t.Errorf("made %s", *made.ApplicationArn)
	}
	// The instance's owner learns of what a member does there.
	if c.Event.Detail["applicationArn"] != *made.ApplicationArn || c.Event.Shared != appManagement {
		t.Errorf("event %+v", c.Event)
	}
	describe := func() *ssoadmin.DescribeApplicationOutput {
		t.Helper()
		out, err := w.service.DescribeApplication(t.Context(), w.by(appManagement, "DescribeApplication"), &ssoadmin.DescribeApplicationInput{ApplicationArn: made.ApplicationArn})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	want := &ssoadmin.DescribeApplicationOutput{
		ApplicationAccount: aws.String(appMember), ApplicationArn: made.ApplicationArn, ApplicationProviderArn: aws.String(appProvider), CreatedDate: aws.Time(appStart),
		CreatedFrom: aws.String("us-east-1"), Description: aws.String("d"), IdentityStoreArn: made.IdentityStoreArn, InstanceArn: aws.String(appInstance),
		Name: aws.String("勤怠"), Status: types.ApplicationStatusEnabled,
		PortalOptions: &types.PortalOptions{Visibility: types.ApplicationVisibilityDisabled, SignInOptions: &types.SignInOptions{
			Origin: types.SignInOriginApplication, ApplicationUrl: aws.String("https://app.example.com/"),
		}},
	}
	if got := describe(); !reflect.DeepEqual(got, want) {
		t.Errorf("described\n%+v, want\n%+v", got, want)
	}
	c = w.by(appManagement, "UpdateApplication")
	_, err = w.service.UpdateApplication(t.Context(), c, &ssoadmin.UpdateApplicationInput{
		ApplicationArn: made.ApplicationArn, Name: aws.String("New"), Status: types.ApplicationStatusDisabled,
		PortalOptions: &types.UpdateApplicationPortalOptions{SignInOptions: &types.SignInOptions{Origin: types.SignInOriginIdentityCenter}},
	})
	w.expect("updating", err, "", "")
	if c.Event.Shared != appMember {
		t.Errorf("what the management account does is shared with %q", c.Event.Shared)
	}
	want.Name, want.Status = aws.String("New"), types.ApplicationStatusDisabled
	want.PortalOptions.SignInOptions = &types.SignInOptions{Origin: types.SignInOriginIdentityCenter}
	if got := describe(); !reflect.DeepEqual(got, want) {
		t.Errorf("after\n%+v, want\n%+v", got, want)
	}
	in := &ssoadmin.DeleteApplicationInput{ApplicationArn: made.ApplicationArn}
	_, err = w.service.DeleteApplication(t.Context(), w.by(appMember, "DeleteApplication"), in)
	w.expect("deleting", err, "", "")
	_, err = w.service.DeleteApplication(t.Context(), w.by(appMember, "DeleteApplication"), in)
	w.expect("deleting again", err, "ResourceNotFoundException", "The application does not exist.")
}

// What is not said of an application has AWS's defaults, which Terraform leans on:
// visible, and nothing of signing in.
func TestApplicationDefaults(t *testing.T) {
	t.Parallel()
	w := newAppWorld(t)
	name := w.create(appManagement, "App")
	out, err := w.service.DescribeApplication(t.Context(), w.by(appManagement, "DescribeApplication"), &ssoadmin.DescribeApplicationInput{ApplicationArn: &name})
	w.expect("describing", err, "", "")
	if !reflect.DeepEqual(out.PortalOptions, &types.PortalOptions{Visibility: types.ApplicationVisibilityEnabled}) || out.Description != nil || out.Status != "ENABLED" {
		t.Errorf("defaults %+v", out)
	}
	required, err := w.service.GetApplicationAssignmentConfiguration(t.Context(), w.by(appManagement, "Get"), &ssoadmin.GetApplicationAssignmentConfigurationInput{ApplicationArn: &name})
	if err != nil || !*required.AssignmentRequired {
		t.Errorf("assignment required by default: %v", err)
	}
	_, err = w.service.PutApplicationAssignmentConfiguration(t.Context(), w.by(appManagement, "Put"),
		&ssoadmin.PutApplicationAssignmentConfigurationInput{ApplicationArn: &name, AssignmentRequired: aws.Bool(false)})
	w.expect("opening", err, "", "")
	required, err = w.service.GetApplicationAssignmentConfiguration(t.Context(), w.by(appManagement, "Get"), &ssoadmin.GetApplicationAssignmentConfigurationInput{ApplicationArn: &name})
	if err != nil || *required.AssignmentRequired {
		t.Errorf("after it was opened to all: %v", err)
	}
}

// Accounts that an instance is no business of learn nothing, and members nothing
// of others' applications (attack: enumeration across organizations).
func TestApplicationOfOthers(t *testing.T) {
	t.Parallel()
	w := newAppWorld(t)
	managements := w.create(appManagement, "App")
	missing := managements[:len(managements)-16] + "0000000000000000"
	for _, name := range []string{managements, missing} {
		for _, caller := range []string{appMember, appAlone} {
			_, err := w.service.DescribeApplication(t.Context(), w.by(caller, "DescribeApplication"), &ssoadmin.DescribeApplicationInput{ApplicationArn: &name})
			w.expect(caller+" describing "+name, err, "AccessDeniedException", notYours)
			_, err = w.service.DeleteApplication(t.Context(), w.by(caller, "DeleteApplication"), &ssoadmin.DeleteApplicationInput{ApplicationArn: &name})
			w.expect(caller+" deleting "+name, err, "AccessDeniedException", notYours)
		}
	}
	for _, instance := range []string{appInstance, "arn:aws:sso:::instance/ssoins-0000000000000000"} {
		_, err := w.service.CreateApplication(t.Context(), w.by(appAlone, "CreateApplication"),
			&ssoadmin.CreateApplicationInput{InstanceArn: &instance, ApplicationProviderArn: aws.String(appProvider), Name: aws.String("x")})
		w.expect("creating in "+instance, err, "AccessDeniedException", notYours)
	}
}

// A client token makes one application, however often it is sent.
func TestApplicationClientToken(t *testing.T) {
	t.Parallel()
	w := newAppWorld(t)
	create := func(name string) (string, error) {
		out, err := w.service.CreateApplication(t.Context(), w.by(appManagement, "CreateApplication"), &ssoadmin.CreateApplicationInput{
			InstanceArn: aws.String(appInstance), ApplicationProviderArn: aws.String(appProvider), Name: &name, ClientToken: aws.String("token"),
		})
		if err != nil {
			return "", err
		}
		return *out.ApplicationArn, nil
	}
	first, err := create("App")
	w.expect("first", err, "", "")
	again, err := create("App")
	w.expect("again", err, "", "")
	if first != again {
		t.Errorf("%s, then %s", first, again)
	}
	_, err = create("Other")
	w.expect("otherwise", err, "IdempotentParameterMismatch", "The client token was used before, with different parameters.")
}

// CreateApplication acts on the instance, the provider and what it makes; who may
// not use all of them makes nothing.
func TestCreateApplicationAsksForAll(t *testing.T) {
	t.Parallel()
	w := newAppWorld(t)
	in := &ssoadmin.CreateApplicationInput{
		InstanceArn: aws.String(appInstance), ApplicationProviderArn: aws.String(appProvider), Name: aws.String("App"),
		Tags: []types.Tag{{Key: aws.String("Team"), Value: aws.String("blue")}},
	}
	const made = "arn:aws:sso::444455556666:application/ssoins-0123456789abcdef/apl-*"
	for _, w.deny = range []string{appProvider, made} {
		_, err := w.service.CreateApplication(t.Context(), w.by(appMember, "CreateApplication"), in)
		w.expect("without "+w.deny, err, "AccessDeniedException", "denied "+w.deny)
	}
	want := call.Target{ARN: made, Keys: map[string][]string{
		"sso:applicationaccount": {appMember}, "aws:requesttag/team": {"blue"}, "aws:tagkeys": {"Team"},
	}}
	if got := w.asked[len(w.asked)-1]; !reflect.DeepEqual(got, want) {
		t.Errorf("asked about %+v, want %+v", got, want)
	}
	w.update(func(tx store.Tx) error {
		n, err := tx.ApplicationCount("ssoins-0123456789abcdef")
		if n != 0 {
			t.Errorf("%d applications were made", n)
		}
		return err
	})
}

// Lists are by name, in pages of at most 50, and members list their own only.
func TestListApplications(t *testing.T) {
	t.Parallel()
	w := newAppWorld(t)
	for n := range 55 {
		w.create(appManagement, fmt.Sprintf("App %02d", n))
	}
	mine := w.create(appMember, "Mine")
	list := func(caller string, in ssoadmin.ListApplicationsInput) (*ssoadmin.ListApplicationsOutput, error) {
		in.InstanceArn = aws.String(appInstance)
		return w.service.ListApplications(t.Context(), w.by(caller, "ListApplications"), &in)
	}
	begin, err := list(appManagement, ssoadmin.ListApplicationsInput{MaxResults: aws.Int32(100)})
	w.expect("listing", err, "", "")
	if len(begin.Applications) != 50 || *begin.Applications[49].Name != "App 49" || begin.NextToken == nil {
		t.Fatalf("first page %d", len(begin.Applications))
	}
	end, err := list(appManagement, ssoadmin.ListApplicationsInput{NextToken: begin.NextToken})
	w.expect("listing on", err, "", "")
	if len(end.Applications) != 6 || *end.Applications[5].Name != "Mine" || end.NextToken != nil {
		t.Errorf("second page %d", len(end.Applications))
	}
	for _, c := range []struct {
		caller        string
		filter        *types.ListApplicationsFilter
		want          int
		code, message string
	}{
		{appManagement, &types.ListApplicationsFilter{ApplicationAccount: aws.String(appMember)}, 1, "", ""},
		{appManagement, &types.ListApplicationsFilter{ApplicationProvider: aws.String("arn:aws:sso::aws:applicationProvider/other")}, 0, "", ""},
		{appMember, &types.ListApplicationsFilter{ApplicationAccount: aws.String(appMember), ApplicationProvider: aws.String(appProvider)}, 1, "", ""},
		{appMember, nil, 0, "ValidationException", "A member account must filter by its own ApplicationAccount."},
		{appMember, &types.ListApplicationsFilter{ApplicationAccount: aws.String(appManagement)}, 0, "AccessDeniedException", notYours},
		{appAlone, nil, 0, "AccessDeniedException", notYours},
	} {
		out, err := list(c.caller, ssoadmin.ListApplicationsInput{Filter: c.filter})
		w.expect(fmt.Sprintf("%s with %+v", c.caller, c.filter), err, c.code, c.message)
		if err == nil && (len(out.Applications) != c.want || c.want == 1 && *out.Applications[0].ApplicationArn != mine) {
			t.Errorf("%s with %+v: %d", c.caller, c.filter, len(out.Applications))
		}
	}
	_, err = list(appManagement, ssoadmin.ListApplicationsInput{NextToken: aws.String("no")})
	w.expect("a token that nobody gave", err, "ValidationException", "The pagination token is not valid.")
}

// The providers are what this server has itself; applications of others cannot be
// made, in AWS's words.
func TestApplicationProviders(t *testing.T) {
	t.Parallel()
	w := newAppWorld(t)
	list, err := w.service.ListApplicationProviders(t.Context(), w.by(appMember, "List"), &ssoadmin.ListApplicationProvidersInput{})
	w.expect("listing", err, "", "")
	if len(list.ApplicationProviders) != 1 || *list.ApplicationProviders[0].ApplicationProviderArn != appProvider || list.NextToken != nil {
		t.Errorf("providers %+v", list.ApplicationProviders)
	}
	one, err := w.service.DescribeApplicationProvider(t.Context(), w.by(appMember, "Describe"), &ssoadmin.DescribeApplicationProviderInput{ApplicationProviderArn: aws.String(appProvider)})
	if err != nil || one.FederationProtocol != types.FederationProtocolOauth || *one.DisplayData.DisplayName == "" {
		t.Errorf("%+v, %v", one, err)
	}
	const other = "arn:aws:sso::aws:applicationProvider/catalog/Salesforce"
	_, err = w.service.DescribeApplicationProvider(t.Context(), w.by(appMember, "Describe"), &ssoadmin.DescribeApplicationProviderInput{ApplicationProviderArn: aws.String(other)})
	w.expect("another", err, "ResourceNotFoundException", "Could not find ApplicationProvider with arn "+other)
	_, err = w.service.CreateApplication(t.Context(), w.by(appMember, "CreateApplication"),
		&ssoadmin.CreateApplicationInput{InstanceArn: aws.String(appInstance), ApplicationProviderArn: aws.String(other), Name: aws.String("x")})
	w.expect("creating", err, "ValidationException", "The application provider with arn '"+other+"' is not supported for this action.")
}

// A change and its event are one, and the event tells what was made.
func TestApplicationEventCommits(t *testing.T) {
	t.Parallel()
	w := newAppWorld(t)
	name := w.create(appManagement, "App")
	var events []audit.Event
	w.update(func(tx store.Tx) (err error) {
		events, err = tx.Events(store.EventFilter{Name: "CreateApplication"})
		return err
	})
	if len(events) != 1 || events[0].Account != appManagement || events[0].Detail["applicationArn"] != name || events[0].ErrorCode != "" {
		t.Errorf("events %+v", events)
	}
}
