package compat

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/saml/samltest"
)

func (l *lifeCycle) providers() []resource {
	c, ctx := l.c, l.ctx
	oidc := aws.String("arn:aws:iam::" + production + ":oidc-provider/ci.example.com/id")
	saml := aws.String("arn:aws:iam::" + production + ":saml-provider/corp")
	metadata, rotated := samltest.New("https://idp.example.com/saml").Metadata(), samltest.New("https://idp.example.com/saml").Metadata()
	cert, key := certificate(l.t, "web.example.com")
	l.s.Secret("a server certificate's private key", strings.Split(key, "\n")[1])
	web, web2 := aws.String("web"), aws.String("web2")
	now := web
	thumbprint := strings.Repeat("0123456789", 4)
	return []resource{
		{
			name: "aws_iam_openid_connect_provider",
			create: func() error {
				return did(c.CreateOpenIDConnectProvider(ctx, &iam.CreateOpenIDConnectProviderInput{
					Url: aws.String("https://ci.example.com/id"), ClientIDList: []string{"first", "sts.amazonaws.com"}, ThumbprintList: []string{thumbprint}, Tags: firstTags(),
				}))
			},
			update: each(
				func() error {
					return did(c.UpdateOpenIDConnectProviderThumbprint(ctx, &iam.UpdateOpenIDConnectProviderThumbprintInput{
						OpenIDConnectProviderArn: oidc, ThumbprintList: []string{strings.Repeat("a", 40), thumbprint},
					}))
				},
				func() error {
					return did(c.AddClientIDToOpenIDConnectProvider(ctx, &iam.AddClientIDToOpenIDConnectProviderInput{OpenIDConnectProviderArn: oidc, ClientID: aws.String("second")}))
				},
				func() error {
					return did(c.RemoveClientIDFromOpenIDConnectProvider(ctx, &iam.RemoveClientIDFromOpenIDConnectProviderInput{OpenIDConnectProviderArn: oidc, ClientID: aws.String("first")}))
				},
				func() error {
					return did(c.UntagOpenIDConnectProvider(ctx, &iam.UntagOpenIDConnectProviderInput{OpenIDConnectProviderArn: oidc, TagKeys: oldTagKeys}))
				},
				func() error {
					return did(c.TagOpenIDConnectProvider(ctx, &iam.TagOpenIDConnectProviderInput{OpenIDConnectProviderArn: oidc, Tags: newTags}))
				},
			),
			destroy: func() error {
				return did(c.DeleteOpenIDConnectProvider(ctx, &iam.DeleteOpenIDConnectProviderInput{OpenIDConnectProviderArn: oidc}))
			},
			read: func() (state, error) {
				out, err := c.GetOpenIDConnectProvider(ctx, &iam.GetOpenIDConnectProviderInput{OpenIDConnectProviderArn: oidc})
				if err != nil {
					return nil, err
				}
				slices.Sort(out.ClientIDList)
				return state{"url": *out.Url, "clients": out.ClientIDList, "thumbprints": out.ThumbprintList, "tags": tagsOf(out.Tags)}, nil
			},
			want: state{"url": "ci.example.com/id", "clients": []string{"first", "sts.amazonaws.com"}, "thumbprints": []string{thumbprint}, "tags": wantTags},
			changed: state{
				"url": "ci.example.com/id", "clients": []string{"second", "sts.amazonaws.com"}, "thumbprints": []string{strings.Repeat("a", 40), thumbprint}, "tags": wantNewTags,
			},
		},
		{
			name: "aws_iam_saml_provider",
			create: func() error {
				return did(c.CreateSAMLProvider(ctx, &iam.CreateSAMLProviderInput{Name: aws.String("corp"), SAMLMetadataDocument: &metadata, Tags: firstTags()}))
			},
			update: each(
				func() error {
					return did(c.UpdateSAMLProvider(ctx, &iam.UpdateSAMLProviderInput{SAMLProviderArn: saml, SAMLMetadataDocument: &rotated}))
				},
				func() error {
					return did(c.UntagSAMLProvider(ctx, &iam.UntagSAMLProviderInput{SAMLProviderArn: saml, TagKeys: oldTagKeys}))
				},
				func() error {
					return did(c.TagSAMLProvider(ctx, &iam.TagSAMLProviderInput{SAMLProviderArn: saml, Tags: newTags}))
				},
			),
			destroy: func() error {
				return did(c.DeleteSAMLProvider(ctx, &iam.DeleteSAMLProviderInput{SAMLProviderArn: saml}))
			},
			read: func() (state, error) {
				out, err := c.GetSAMLProvider(ctx, &iam.GetSAMLProviderInput{SAMLProviderArn: saml})
				if err != nil {
					return nil, err
				}
				return state{"metadata": *out.SAMLMetadataDocument, "tags": tagsOf(out.Tags)}, nil
			},
			want: state{"metadata": metadata, "tags": wantTags}, changed: state{"metadata": rotated, "tags": wantNewTags},
		},
		{
			name: "aws_iam_server_certificate",
			create: func() error {
				return did(c.UploadServerCertificate(ctx, &iam.UploadServerCertificateInput{
					ServerCertificateName: web, Path: aws.String("/cloudfront/"), CertificateBody: &cert, PrivateKey: &key, Tags: firstTags(),
				}))
			},
			update: each(
				func() error {
					return did(c.UpdateServerCertificate(ctx, &iam.UpdateServerCertificateInput{ServerCertificateName: web, NewServerCertificateName: web2, NewPath: aws.String("/two/")}))
				},
				func() error {
					now = web2
					return did(c.UntagServerCertificate(ctx, &iam.UntagServerCertificateInput{ServerCertificateName: now, TagKeys: oldTagKeys}))
				},
				func() error {
					return did(c.TagServerCertificate(ctx, &iam.TagServerCertificateInput{ServerCertificateName: now, Tags: newTags}))
				},
			),
			destroy: func() error {
				return did(c.DeleteServerCertificate(ctx, &iam.DeleteServerCertificateInput{ServerCertificateName: now}))
			},
			read: func() (state, error) {
				out, err := c.GetServerCertificate(ctx, &iam.GetServerCertificateInput{ServerCertificateName: now})
				if err != nil {
					return nil, err
				}
				s := out.ServerCertificate
				return state{"arn": *s.ServerCertificateMetadata.Arn, "body": *s.CertificateBody, "chain": aws.ToString(s.CertificateChain), "tags": tagsOf(s.Tags)}, nil
			},
			want:    state{"arn": "arn:aws:iam::" + production + ":server-certificate/cloudfront/web", "body": strings.TrimSpace(cert), "chain": "", "tags": wantTags},
			changed: state{"arn": "arn:aws:iam::" + production + ":server-certificate/two/web2", "body": strings.TrimSpace(cert), "chain": "", "tags": wantNewTags},
		},
	}
}

// credentials are what a user has to prove who they are.
func (l *lifeCycle) credentials() []resource {
	c, ctx := l.c, l.ctx
	cert, _ := certificate(l.t, "signing.example.com")
	public := sshKey(l.t)
	var id, device *string
	active, inactive := state{"status": types.StatusTypeActive}, state{"status": types.StatusTypeInactive}
	user := func(name string) *string { return &name }
	return []resource{
		l.needsUser("login", resource{
			name: "aws_iam_user_login_profile",
			create: func() error {
				return did(c.CreateLoginProfile(ctx, &iam.CreateLoginProfileInput{
					UserName: user("login"), Password: aws.String(l.s.Secret("a login password", "Toll-Gate-1601!")), PasswordResetRequired: true,
				}))
			},
			update: func() error {
				return did(c.UpdateLoginProfile(ctx, &iam.UpdateLoginProfileInput{UserName: user("login"), PasswordResetRequired: aws.Bool(false)}))
			},
			destroy: func() error {
				return did(c.DeleteLoginProfile(ctx, &iam.DeleteLoginProfileInput{UserName: user("login")}))
			},
			read: func() (state, error) {
				out, err := c.GetLoginProfile(ctx, &iam.GetLoginProfileInput{UserName: user("login")})
				if err != nil {
					return nil, err
				}
				return state{"reset": out.LoginProfile.PasswordResetRequired}, nil
			},
			want: state{"reset": true}, changed: state{"reset": false},
		}),
		l.needsUser("keyed", resource{
			name: "aws_iam_access_key",
			create: func() error {
				out, err := c.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: user("keyed")})
				if err == nil {
					id = out.AccessKey.AccessKeyId
					l.s.Secret("a secret access key", *out.AccessKey.SecretAccessKey)
				}
				return err
			},
			update: func() error {
				return did(c.UpdateAccessKey(ctx, &iam.UpdateAccessKeyInput{UserName: user("keyed"), AccessKeyId: id, Status: types.StatusTypeInactive}))
			},
			destroy: func() error {
				return did(c.DeleteAccessKey(ctx, &iam.DeleteAccessKeyInput{UserName: user("keyed"), AccessKeyId: id}))
			},
			read: func() (state, error) {
				out, err := c.ListAccessKeys(ctx, &iam.ListAccessKeysInput{UserName: user("keyed")})
				if err != nil {
					return nil, err
				}
				return statusOf(out.AccessKeyMetadata, func(k types.AccessKeyMetadata) (string, types.StatusType) { return *k.AccessKeyId, k.Status }, id)
			},
			want: active, changed: inactive,
		}),
		l.needsUser("ssh", resource{
			name: "aws_iam_user_ssh_key",
			create: func() error {
				out, err := c.UploadSSHPublicKey(ctx, &iam.UploadSSHPublicKeyInput{UserName: user("ssh"), SSHPublicKeyBody: &public})
				if err == nil {
					id = out.SSHPublicKey.SSHPublicKeyId
				}
				return err
			},
			update: func() error {
				return did(c.UpdateSSHPublicKey(ctx, &iam.UpdateSSHPublicKeyInput{UserName: user("ssh"), SSHPublicKeyId: id, Status: types.StatusTypeInactive}))
			},
			destroy: func() error {
				return did(c.DeleteSSHPublicKey(ctx, &iam.DeleteSSHPublicKeyInput{UserName: user("ssh"), SSHPublicKeyId: id}))
			},
			read: func() (state, error) {
				out, err := c.GetSSHPublicKey(ctx, &iam.GetSSHPublicKeyInput{UserName: user("ssh"), SSHPublicKeyId: id, Encoding: types.EncodingTypeSsh})
				if err != nil {
					return nil, err
				}
				return state{"status": out.SSHPublicKey.Status, "key": strings.TrimSpace(*out.SSHPublicKey.SSHPublicKeyBody)}, nil
			},
			want:    state{"status": types.StatusTypeActive, "key": strings.TrimSpace(public)},
			changed: state{"status": types.StatusTypeInactive, "key": strings.TrimSpace(public)},
		}),
		l.needsUser("signing", resource{
			name: "aws_iam_signing_certificate",
			create: func() error {
				out, err := c.UploadSigningCertificate(ctx, &iam.UploadSigningCertificateInput{UserName: user("signing"), CertificateBody: &cert})
				if err == nil {
					id = out.Certificate.CertificateId
				}
				return err
			},
			update: func() error {
				return did(c.UpdateSigningCertificate(ctx, &iam.UpdateSigningCertificateInput{UserName: user("signing"), CertificateId: id, Status: types.StatusTypeInactive}))
			},
			destroy: func() error {
				return did(c.DeleteSigningCertificate(ctx, &iam.DeleteSigningCertificateInput{UserName: user("signing"), CertificateId: id}))
			},
			read: func() (state, error) {
				out, err := c.ListSigningCertificates(ctx, &iam.ListSigningCertificatesInput{UserName: user("signing")})
				if err != nil {
					return nil, err
				}
				return statusOf(out.Certificates, func(k types.SigningCertificate) (string, types.StatusType) { return *k.CertificateId, k.Status }, id)
			},
			want: active, changed: inactive,
		}),
		l.needsUser("git", resource{
			name: "aws_iam_service_specific_credential",
			create: func() error {
				out, err := c.CreateServiceSpecificCredential(ctx, &iam.CreateServiceSpecificCredentialInput{UserName: user("git"), ServiceName: aws.String("codecommit.amazonaws.com")})
				if err == nil {
					id = out.ServiceSpecificCredential.ServiceSpecificCredentialId
					l.s.Secret("a service password", *out.ServiceSpecificCredential.ServicePassword)
				}
				return err
			},
			update: func() error {
				return did(c.UpdateServiceSpecificCredential(ctx, &iam.UpdateServiceSpecificCredentialInput{UserName: user("git"), ServiceSpecificCredentialId: id, Status: types.StatusTypeInactive}))
			},
			destroy: func() error {
				return did(c.DeleteServiceSpecificCredential(ctx, &iam.DeleteServiceSpecificCredentialInput{UserName: user("git"), ServiceSpecificCredentialId: id}))
			},
			read: func() (state, error) {
				out, err := c.ListServiceSpecificCredentials(ctx, &iam.ListServiceSpecificCredentialsInput{UserName: user("git"), ServiceName: aws.String("codecommit.amazonaws.com")})
				if err != nil {
					return nil, err
				}
				return statusOf(out.ServiceSpecificCredentials, func(k types.ServiceSpecificCredentialMetadata) (string, types.StatusType) {
					return *k.ServiceSpecificCredentialId, k.Status
				}, id)
			},
			want: active, changed: inactive,
		}),
		{
			name: "aws_iam_virtual_mfa_device",
			create: func() error {
				out, err := c.CreateVirtualMFADevice(ctx, &iam.CreateVirtualMFADeviceInput{VirtualMFADeviceName: user("device"), Path: aws.String("/d/"), Tags: firstTags()})
				if err == nil {
					device = out.VirtualMFADevice.SerialNumber
					l.s.Secret("a device's seed", string(out.VirtualMFADevice.Base32StringSeed))
				}
				return err
			},
			update: each(
				func() error {
					return did(c.UntagMFADevice(ctx, &iam.UntagMFADeviceInput{SerialNumber: device, TagKeys: oldTagKeys}))
				},
				func() error {
					return did(c.TagMFADevice(ctx, &iam.TagMFADeviceInput{SerialNumber: device, Tags: newTags}))
				},
			),
			destroy: func() error {
				return did(c.DeleteVirtualMFADevice(ctx, &iam.DeleteVirtualMFADeviceInput{SerialNumber: device}))
			},
			read: func() (state, error) {
				out, err := c.ListVirtualMFADevices(ctx, &iam.ListVirtualMFADevicesInput{AssignmentStatus: types.AssignmentStatusTypeAny})
				if err != nil {
					return nil, err
				}
				i := slices.IndexFunc(out.VirtualMFADevices, func(d types.VirtualMFADevice) bool { return *d.SerialNumber == *device })
				if i < 0 {
					return nil, gone(false)
				}
				tags, err := c.ListMFADeviceTags(ctx, &iam.ListMFADeviceTagsInput{SerialNumber: device})
				if err != nil {
					return nil, err
				}
				return state{"arn": *out.VirtualMFADevices[i].SerialNumber, "tags": tagsOf(tags.Tags)}, nil
			},
			want:    state{"arn": "arn:aws:iam::" + production + ":mfa/d/device", "tags": wantTags},
			changed: state{"arn": "arn:aws:iam::" + production + ":mfa/d/device", "tags": wantNewTags},
		},
	}
}

// statusOf finds a credential in its user's list.
func statusOf[Item any](list []Item, of func(Item) (string, types.StatusType), id *string) (state, error) {
	for _, item := range list {
		if got, status := of(item); got == *id {
			return state{"status": status}, nil
		}
	}
	return nil, gone(false)
}

// account are settings of which an account, or an organization, has one.
func (l *lifeCycle) account() []resource {
	c, ctx := l.c, l.ctx
	management := iamClient(l.s, rootKeys.provider())
	alias := func(name string) func() error {
		return func() error { return did(c.CreateAccountAlias(ctx, &iam.CreateAccountAliasInput{AccountAlias: &name})) }
	}
	noAlias := func(name string) func() error {
		return func() error { return did(c.DeleteAccountAlias(ctx, &iam.DeleteAccountAliasInput{AccountAlias: &name})) }
	}
	version := func(v types.GlobalEndpointTokenVersion) error {
		return did(c.SetSecurityTokenServicePreferences(ctx, &iam.SetSecurityTokenServicePreferencesInput{GlobalEndpointTokenVersion: v}))
	}
	return []resource{
		{
			name: "aws_iam_account_alias",
			// A change makes it anew, and the alias that was is free at once.
			create: alias("example-one"), update: each(noAlias("example-one"), alias("example-two"), noAlias("example-two"), alias("example-one")), destroy: noAlias("example-one"),
			read: func() (state, error) {
				out, err := c.ListAccountAliases(ctx, &iam.ListAccountAliasesInput{})
				if err != nil {
					return nil, err
				}
				return state{"alias": out.AccountAliases}, gone(len(out.AccountAliases) > 0)
			},
			want: state{"alias": []string{"example-one"}}, changed: state{"alias": []string{"example-one"}},
		},
		{
			name: "aws_iam_account_password_policy",
			create: func() error {
				return did(c.UpdateAccountPasswordPolicy(ctx, &iam.UpdateAccountPasswordPolicyInput{
					MinimumPasswordLength: aws.Int32(12), RequireNumbers: true, AllowUsersToChangePassword: true, PasswordReusePrevention: aws.Int32(5),
				}))
			},
			// What is not given goes back to its default.
			update: func() error {
				return did(c.UpdateAccountPasswordPolicy(ctx, &iam.UpdateAccountPasswordPolicyInput{RequireSymbols: true, MaxPasswordAge: aws.Int32(90), HardExpiry: aws.Bool(true)}))
			},
			destroy: func() error { return did(c.DeleteAccountPasswordPolicy(ctx, &iam.DeleteAccountPasswordPolicyInput{})) },
			read: func() (state, error) {
				out, err := c.GetAccountPasswordPolicy(ctx, &iam.GetAccountPasswordPolicyInput{})
				if err != nil {
					return nil, err
				}
				p := out.PasswordPolicy
				return state{
					"length": *p.MinimumPasswordLength, "numbers": p.RequireNumbers, "symbols": p.RequireSymbols, "change": p.AllowUsersToChangePassword,
					"age": aws.ToInt32(p.MaxPasswordAge), "expire": p.ExpirePasswords, "reuse": aws.ToInt32(p.PasswordReusePrevention), "hard": aws.ToBool(p.HardExpiry),
				}, nil
			},
			want: state{"length": int32(12), "numbers": true, "symbols": false, "change": true, "age": int32(0), "expire": false, "reuse": int32(5), "hard": false},
			changed: state{
				"length": int32(6), "numbers": false, "symbols": true, "change": false, "age": int32(90), "expire": true, "reuse": int32(0), "hard": true,
			},
		},
		{
			name:   "aws_iam_security_token_service_preferences",
			create: func() error { return version(types.GlobalEndpointTokenVersionV2Token) },
			update: func() error { return version(types.GlobalEndpointTokenVersionV1Token) },
			read: func() (state, error) {
				out, err := c.GetAccountSummary(ctx, &iam.GetAccountSummaryInput{})
				if err != nil {
					return nil, err
				}
				return state{"version": out.SummaryMap[string(types.SummaryKeyTypeGlobalEndpointTokenVersion)]}, nil
			},
			want: state{"version": int32(2)}, changed: state{"version": int32(1)},
		},
		{
			name: "aws_iam_organizations_features",
			create: func() error {
				return did(management.EnableOrganizationsRootCredentialsManagement(ctx, &iam.EnableOrganizationsRootCredentialsManagementInput{}))
			},
			update: each(
				func() error {
					return did(management.EnableOrganizationsRootSessions(ctx, &iam.EnableOrganizationsRootSessionsInput{}))
				},
				func() error {
					return did(management.DisableOrganizationsRootCredentialsManagement(ctx, &iam.DisableOrganizationsRootCredentialsManagementInput{}))
				},
			),
			destroy: func() error {
				return did(management.DisableOrganizationsRootSessions(ctx, &iam.DisableOrganizationsRootSessionsInput{}))
			},
			read: func() (state, error) {
				out, err := management.ListOrganizationsFeatures(ctx, &iam.ListOrganizationsFeaturesInput{})
				if err != nil {
					return nil, err
				}
				return state{"features": out.EnabledFeatures}, gone(len(out.EnabledFeatures) > 0)
			},
			want:    state{"features": []types.FeatureType{types.FeatureTypeRootCredentialsManagement}},
			changed: state{"features": []types.FeatureType{types.FeatureTypeRootSessions}},
		},
	}
}
