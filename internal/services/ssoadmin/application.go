package ssoadmin

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"sekisho/internal/access"
	"sekisho/internal/application"
	"sekisho/internal/arn"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

// applicationTable guards applications; what they act on is as the Service
// Authorization Reference has it.
var applicationTable = call.Table{
	"CreateApplication":   {Action: "sso:CreateApplication", Resource: "instance", TagAction: "sso:TagResource"},
	"DescribeApplication": {Action: "sso:DescribeApplication", Resource: "application", ReadOnly: true},
	"UpdateApplication":   {Action: "sso:UpdateApplication", Resource: "application"},
	"DeleteApplication":   {Action: "sso:DeleteApplication", Resource: "application"},
	"ListApplications":    {Action: "sso:ListApplications", ReadOnly: true},

	"DescribeApplicationProvider": {Action: "sso:DescribeApplicationProvider", Resource: "application-provider", ReadOnly: true},
	"ListApplicationProviders":    {Action: "sso:ListApplicationProviders", Resource: "application-provider", ReadOnly: true},

	"GetApplicationAssignmentConfiguration": {Action: "sso:GetApplicationAssignmentConfiguration", Resource: "application", ReadOnly: true},
	"PutApplicationAssignmentConfiguration": {Action: "sso:PutApplicationAssignmentConfiguration", Resource: "application"},
}

// Pages of applications are at most 50 long, whatever is asked for: AWS's list has
// no room for more.
const mostApplications = 50

// viewApplication reads about an application that the caller may see.
func (s *Service) viewApplication(ctx context.Context, c *call.Call, name *string, fn func(store.Tx, access.Caller, application.Application) error) error {
	return s.view(ctx, func(tx store.Tx) error {
		by, a, err := application.Reach(tx, c.Principal.Account, aws.ToString(name))
		if err != nil {
			return err
		}
		return fn(tx, by, a)
	})
}

// updateApplication changes an application that the caller may change. The other
// account that it concerns learns of it: the application's or the instance's.
func (s *Service) updateApplication(ctx context.Context, c *call.Call, name *string, fn func(store.Tx, access.Caller, application.Application) error) error {
	return s.update(ctx, c, func(tx store.Tx) error {
		by, a, err := application.Reach(tx, c.Principal.Account, aws.ToString(name))
		if err != nil {
			return err
		}
		share(c, a.Account, by.Instance.Owner)
		return fn(tx, by, a)
	})
}

// share lets the history of one of the accounts that is not the caller's tell of the call.
func share(c *call.Call, accounts ...string) {
	for _, a := range accounts {
		if a != c.Principal.Account {
			c.Event.ShareWith(a)
			return
		}
	}
}

// CreateApplication makes an application of the caller's account in an instance of
// its own or of its organization (G-60). The same client token makes one only.
func (s *Service) CreateApplication(ctx context.Context, c *call.Call, in *ssoadmin.CreateApplicationInput) (*ssoadmin.CreateApplicationOutput, error) {
	instance := idOf(in.InstanceArn)
	provider := call.Target{ARN: aws.ToString(in.ApplicationProviderArn)}
	made := call.Target{
		ARN:  application.Application{Account: c.Principal.Account, Instance: instance, ID: "apl-*"}.ARN(),
		Keys: map[string][]string{applicationAccount: {c.Principal.Account}},
	}
	if err := s.allowAlso(ctx, c, tagsOf(in.Tags), provider, made); err != nil {
		return nil, err
	}
	n := application.New{
		Account: c.Principal.Account, Provider: aws.ToString(in.ApplicationProviderArn), Name: aws.ToString(in.Name), Description: aws.ToString(in.Description),
		Status: application.Status(in.Status), Tags: tagsOf(in.Tags),
	}
	if o := in.PortalOptions; o != nil {
		n.Visibility = application.Status(o.Visibility)
		n.SignIn = signInOf(o.SignInOptions)
	}
	out := ssoadmin.CreateApplicationOutput{InstanceArn: in.InstanceArn}
	err := s.update(ctx, c, func(tx store.Tx) error {
		by, err := access.Enter(tx, c.Principal.Account, instance)
		if err != nil {
			return err
		}
		n.Instance = by.Instance
		share(c, by.Instance.Owner)
		out.IdentityStoreArn = identityStoreARN(by.Instance)
		made, err := once(tx, c, in.ClientToken, in, func() (string, error) {
			a, err := application.Create(tx, n, c.Now)
			return a.ARN(), err
		})
		out.ApplicationArn = &made
		c.Event.Set("applicationArn", made)
		return err
	})
	return &out, err
}

// once is application.Once with AWS's error for a token that was used otherwise,
// which its documentation names and its model lacks.
func once(tx store.Tx, c *call.Call, token *string, in any, create func() (string, error)) (string, error) {
	made, err := application.Once(tx, c.Principal.Account, c.Operation, aws.ToString(token), in, c.Now, create)
	if f, ok := fault.As(err); ok && f.Reason == "idempotency" {
		return "", &call.Error{Code: "IdempotentParameterMismatch", Message: f.Public, Status: 400}
	}
	return made, err
}

// DescribeApplication tells all of an application but how it gets tokens.
func (s *Service) DescribeApplication(ctx context.Context, c *call.Call, in *ssoadmin.DescribeApplicationInput) (*ssoadmin.DescribeApplicationOutput, error) {
	var out ssoadmin.DescribeApplicationOutput
	err := s.viewApplication(ctx, c, in.ApplicationArn, func(_ store.Tx, by access.Caller, a application.Application) error {
		w := wireApplication(by.Instance, a)
		out = ssoadmin.DescribeApplicationOutput{
			ApplicationAccount: w.ApplicationAccount, ApplicationArn: w.ApplicationArn, ApplicationProviderArn: w.ApplicationProviderArn,
			CreatedDate: w.CreatedDate, CreatedFrom: w.CreatedFrom, Description: w.Description, IdentityStoreArn: w.IdentityStoreArn,
			InstanceArn: w.InstanceArn, Name: w.Name, PortalOptions: w.PortalOptions, Status: w.Status,
		}
		return nil
	})
	return &out, err
}

// UpdateApplication changes what is given; how signing in works is given whole.
func (s *Service) UpdateApplication(ctx context.Context, c *call.Call, in *ssoadmin.UpdateApplicationInput) (*ssoadmin.UpdateApplicationOutput, error) {
	change := application.Change{Name: in.Name, Description: in.Description}
	if in.Status != "" {
		status := application.Status(in.Status)
		change.Status = &status
	}
	if o := in.PortalOptions; o != nil && o.SignInOptions != nil {
		signIn := signInOf(o.SignInOptions)
		change.SignIn = &signIn
	}
	err := s.updateApplication(ctx, c, in.ApplicationArn, func(tx store.Tx, _ access.Caller, a application.Application) error {
		return application.Update(tx, a, change)
	})
	return &ssoadmin.UpdateApplicationOutput{}, err
}

// DeleteApplication deletes an application with its assignments and configuration.
func (s *Service) DeleteApplication(ctx context.Context, c *call.Call, in *ssoadmin.DeleteApplicationInput) (*ssoadmin.DeleteApplicationOutput, error) {
	err := s.updateApplication(ctx, c, in.ApplicationArn, func(tx store.Tx, _ access.Caller, a application.Application) error {
		return tx.DeleteApplication(a.ID)
	})
	return &ssoadmin.DeleteApplicationOutput{}, err
}

// ListApplications lists an instance's applications by name. Members of the
// organization see their own, and have to ask for them.
func (s *Service) ListApplications(ctx context.Context, c *call.Call, in *ssoadmin.ListApplicationsInput) (*ssoadmin.ListApplicationsOutput, error) {
	out := ssoadmin.ListApplicationsOutput{Applications: []types.Application{}}
	var f application.Filter
	if in.Filter != nil {
		f.Account, f.Provider = aws.ToString(in.Filter.ApplicationAccount), providerOf(in.Filter.ApplicationProvider)
	}
	p, err := page.Parse(aws.ToString(in.NextToken), int(aws.ToInt32(in.MaxResults)), mostApplications)
	if err != nil {
		return nil, wireError(err)
	}
	p.Limit = min(p.Limit, mostApplications)
	err = s.view(ctx, func(tx store.Tx) error {
		by, err := access.Enter(tx, c.Principal.Account, idOf(in.InstanceArn))
		if err != nil {
			return err
		}
		if err := application.MayList(by, f); err != nil {
			return err
		}
		found, err := tx.Applications(by.Instance.ID, f, p)
		out.NextToken = nextToken(found.Next)
		for _, a := range found.Items {
			out.Applications = append(out.Applications, wireApplication(by.Instance, a))
		}
		return err
	})
	return &out, err
}

// GetApplicationAssignmentConfiguration tells whether people must be assigned.
func (s *Service) GetApplicationAssignmentConfiguration(ctx context.Context, c *call.Call, in *ssoadmin.GetApplicationAssignmentConfigurationInput) (*ssoadmin.GetApplicationAssignmentConfigurationOutput, error) {
	var out ssoadmin.GetApplicationAssignmentConfigurationOutput
	err := s.viewApplication(ctx, c, in.ApplicationArn, func(_ store.Tx, _ access.Caller, a application.Application) error {
		out.AssignmentRequired = &a.AssignmentRequired
		return nil
	})
	return &out, err
}

// PutApplicationAssignmentConfiguration says whether people must be assigned.
func (s *Service) PutApplicationAssignmentConfiguration(ctx context.Context, c *call.Call, in *ssoadmin.PutApplicationAssignmentConfigurationInput) (*ssoadmin.PutApplicationAssignmentConfigurationOutput, error) {
	err := s.updateApplication(ctx, c, in.ApplicationArn, func(tx store.Tx, _ access.Caller, a application.Application) error {
		return application.RequireAssignment(tx, a, aws.ToBool(in.AssignmentRequired))
	})
	return &ssoadmin.PutApplicationAssignmentConfigurationOutput{}, err
}

// DescribeApplicationProvider tells of a kind of application.
func (s *Service) DescribeApplicationProvider(_ context.Context, _ *call.Call, in *ssoadmin.DescribeApplicationProviderInput) (*ssoadmin.DescribeApplicationProviderOutput, error) {
	p, err := application.ProviderByARN(aws.ToString(in.ApplicationProviderArn))
	if err != nil {
		return nil, wireError(err)
	}
	w := wireProvider(p)
	return &ssoadmin.DescribeApplicationProviderOutput{ApplicationProviderArn: w.ApplicationProviderArn, DisplayData: w.DisplayData, FederationProtocol: w.FederationProtocol}, nil
}

// ListApplicationProviders lists the kinds of application that this server has.
func (s *Service) ListApplicationProviders(_ context.Context, _ *call.Call, in *ssoadmin.ListApplicationProvidersInput) (*ssoadmin.ListApplicationProvidersOutput, error) {
	p, err := page.Parse(aws.ToString(in.NextToken), int(aws.ToInt32(in.MaxResults)), mostListed)
	if err != nil {
		return nil, wireError(err)
	}
	found := window(application.Providers(), p, func(p application.Provider) string { return p.Name })
	out := ssoadmin.ListApplicationProvidersOutput{ApplicationProviders: []types.ApplicationProvider{}, NextToken: nextToken(found.Next)}
	for _, p := range found.Items {
		out.ApplicationProviders = append(out.ApplicationProviders, wireProvider(p))
	}
	return &out, nil
}

func wireProvider(p application.Provider) types.ApplicationProvider {
	return types.ApplicationProvider{
		ApplicationProviderArn: aws.String(p.ARN()), FederationProtocol: types.FederationProtocol(p.Protocol),
		DisplayData: &types.DisplayData{DisplayName: &p.DisplayName, Description: &p.Description},
	}
}

func wireApplication(i access.Instance, a application.Application) types.Application {
	w := types.Application{
		ApplicationAccount: &a.Account, ApplicationArn: aws.String(a.ARN()), ApplicationProviderArn: aws.String(a.ProviderARN()), CreatedDate: &a.CreatedAt,
		CreatedFrom: &a.CreatedFrom, IdentityStoreArn: identityStoreARN(i), InstanceArn: aws.String(arn.Instance(i.ID)), Name: &a.Name,
		PortalOptions: &types.PortalOptions{Visibility: types.ApplicationVisibility(a.Visibility)}, Status: types.ApplicationStatus(a.Status),
	}
	if a.Description != "" {
		w.Description = &a.Description
	}
	if a.SignIn.Origin != "" {
		w.PortalOptions.SignInOptions = &types.SignInOptions{Origin: types.SignInOrigin(a.SignIn.Origin)}
		if a.SignIn.URL != "" {
			w.PortalOptions.SignInOptions.ApplicationUrl = &a.SignIn.URL
		}
	}
	return w
}

func signInOf(o *types.SignInOptions) application.SignIn {
	if o == nil {
		return application.SignIn{}
	}
	return application.SignIn{Origin: application.Origin(o.Origin), URL: aws.ToString(o.ApplicationUrl)}
}

// identityStoreARN is that of an instance's directory.
func identityStoreARN(i access.Instance) *string {
	return aws.String("arn:" + arn.Partition + ":identitystore::" + i.Owner + ":identitystore/" + i.DirectoryID)
}

func tagsOf(in []types.Tag) []iam.Tag {
	var tags []iam.Tag
	for _, t := range in {
		tags = append(tags, iam.Tag{Key: aws.ToString(t.Key), Value: aws.ToString(t.Value)})
	}
	return tags
}
