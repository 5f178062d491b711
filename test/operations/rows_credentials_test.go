package operations

const (
	accessKey   = "CreateAccessKey UserName=jane"
	login       = "CreateLoginProfile UserName=jane Password={password}"
	phone       = "CreateVirtualMFADevice VirtualMFADeviceName=phone"
	serial      = "SerialNumber=arn:aws:iam::{account}:mfa/phone"
	enabled     = "EnableMFADevice UserName=jane " + serial + " AuthenticationCode1={old1} AuthenticationCode2={old2}"
	sshKey      = "UploadSSHPublicKey UserName=jane SSHPublicKeyBody={ssh-key}"
	signing     = "UploadSigningCertificate UserName=jane CertificateBody={certificate}"
	codeCommit  = "CreateServiceSpecificCredential UserName=jane ServiceName=codecommit.amazonaws.com"
	certificate = "UploadServerCertificate ServerCertificateName=tls CertificateBody={certificate} PrivateKey={private-key}"
	saml        = "CreateSAMLProvider Name=idp SAMLMetadataDocument={metadata}"
	samlARN     = "SAMLProviderArn=arn:aws:iam::{account}:saml-provider/idp"
	oidc        = "CreateOpenIDConnectProvider Url=https://idp.example.com ClientIDList.member.1=app ThumbprintList.member.1={thumbprint}"
	oidcARN     = "OpenIDConnectProviderArn=arn:aws:iam::{account}:oidc-provider/idp.example.com"
)

// credentialRows are access keys, passwords, MFA devices, keys and certificates.
var credentialRows = []row{
	{operation: "CreateAccessKey", on: "user/jane", input: "UserName=jane", given: given(jane)},
	{operation: "ListAccessKeys", on: "user/jane", input: "UserName=jane", given: given(jane)},
	{operation: "UpdateAccessKey", on: "user/jane", input: "UserName=jane AccessKeyId={AccessKeyId} Status=Inactive", given: given(jane, accessKey)},
	{operation: "DeleteAccessKey", on: "user/jane", input: "UserName=jane AccessKeyId={AccessKeyId}", given: given(jane, accessKey)},
	{operation: "GetAccessKeyLastUsed", on: "user/jane", said: "access key {AccessKeyId}", input: "AccessKeyId={AccessKeyId}", given: given(jane, accessKey)},

	{operation: "CreateLoginProfile", on: "user/jane", input: "UserName=jane Password={password}", given: given(jane)},
	{operation: "GetLoginProfile", on: "user/jane", input: "UserName=jane", given: given(jane, login)},
	{operation: "UpdateLoginProfile", on: "user/jane", input: "UserName=jane Password={password2}", given: given(jane, login)},
	{operation: "DeleteLoginProfile", on: "user/jane", input: "UserName=jane", given: given(jane, login)},
	{operation: "ChangePassword", on: "user/{me}", input: "OldPassword={password} NewPassword={password2}", given: given("CreateLoginProfile UserName={me} Password={password}")},
	{operation: "GetAccountPasswordPolicy", on: "*", given: given("UpdateAccountPasswordPolicy MinimumPasswordLength=12")},
	{operation: "UpdateAccountPasswordPolicy", on: "*", input: "MinimumPasswordLength=12"},
	{operation: "DeleteAccountPasswordPolicy", on: "*", given: given("UpdateAccountPasswordPolicy MinimumPasswordLength=12")},

	{operation: "CreateVirtualMFADevice", on: "mfa/team/phone", input: "VirtualMFADeviceName=phone Path=/team/ " + tagged,
		needs: []string{"iam:TagMFADevice mfa/team/phone"}},
	{operation: "DeleteVirtualMFADevice", on: "mfa/phone", input: serial, given: given(phone)},
	{operation: "ListVirtualMFADevices", on: "mfa/", given: given(phone)},
	{operation: "EnableMFADevice", on: "user/jane", input: "UserName=jane " + serial + " AuthenticationCode1={code1} AuthenticationCode2={code2}", given: given(jane, phone)},
	{operation: "DeactivateMFADevice", on: "user/jane", input: "UserName=jane " + serial, given: given(jane, phone, enabled)},
	{operation: "ResyncMFADevice", on: "user/jane", input: "UserName=jane " + serial + " AuthenticationCode1={code1} AuthenticationCode2={code2}", given: given(jane, phone, enabled)},
	{operation: "ListMFADevices", on: "user/jane", input: "UserName=jane", given: given(jane)},
	{operation: "GetMFADevice", on: "user/jane", input: "UserName=jane " + serial, given: given(jane, phone, enabled)},
	{operation: "TagMFADevice", on: "mfa/phone", input: serial + " " + tagged, given: given(phone)},
	{operation: "UntagMFADevice", on: "mfa/phone", input: serial + " " + untagged, given: given(phone + " " + tagged)},
	{operation: "ListMFADeviceTags", on: "mfa/phone", input: serial, given: given(phone)},

	{operation: "UploadSSHPublicKey", on: "user/jane", input: "UserName=jane SSHPublicKeyBody={ssh-key}", given: given(jane)},
	{operation: "GetSSHPublicKey", on: "user/jane", input: "UserName=jane SSHPublicKeyId={SSHPublicKeyId} Encoding=SSH", given: given(jane, sshKey)},
	{operation: "ListSSHPublicKeys", on: "user/jane", input: "UserName=jane", given: given(jane)},
	{operation: "UpdateSSHPublicKey", on: "user/jane", input: "UserName=jane SSHPublicKeyId={SSHPublicKeyId} Status=Inactive", given: given(jane, sshKey)},
	{operation: "DeleteSSHPublicKey", on: "user/jane", input: "UserName=jane SSHPublicKeyId={SSHPublicKeyId}", given: given(jane, sshKey)},

	{operation: "UploadSigningCertificate", on: "user/jane", input: "UserName=jane CertificateBody={certificate}", given: given(jane)},
	{operation: "ListSigningCertificates", on: "user/jane", input: "UserName=jane", given: given(jane)},
	{operation: "UpdateSigningCertificate", on: "user/jane", input: "UserName=jane CertificateId={CertificateId} Status=Inactive", given: given(jane, signing)},
	{operation: "DeleteSigningCertificate", on: "user/jane", input: "UserName=jane CertificateId={CertificateId}", given: given(jane, signing)},

	{operation: "CreateServiceSpecificCredential", on: "user/jane", input: "UserName=jane ServiceName=codecommit.amazonaws.com", given: given(jane)},
	{operation: "ListServiceSpecificCredentials", on: "user/jane", input: "UserName=jane", given: given(jane)},
	{operation: "ResetServiceSpecificCredential", on: "user/jane", input: "UserName=jane ServiceSpecificCredentialId={ServiceSpecificCredentialId}", given: given(jane, codeCommit)},
	{operation: "UpdateServiceSpecificCredential", on: "user/jane", input: "UserName=jane ServiceSpecificCredentialId={ServiceSpecificCredentialId} Status=Inactive", given: given(jane, codeCommit)},
	{operation: "DeleteServiceSpecificCredential", on: "user/jane", input: "UserName=jane ServiceSpecificCredentialId={ServiceSpecificCredentialId}", given: given(jane, codeCommit)},

	{operation: "UploadServerCertificate", on: "server-certificate/team/tls", input: "Path=/team/ ServerCertificateName=tls CertificateBody={certificate} PrivateKey={private-key} " + tagged,
		needs: []string{"iam:TagServerCertificate server-certificate/team/tls"}},
	{operation: "GetServerCertificate", on: "server-certificate/tls", input: "ServerCertificateName=tls", given: given(certificate)},
	{operation: "ListServerCertificates", on: "server-certificate/"},
	{operation: "UpdateServerCertificate", on: "server-certificate/tls", input: "ServerCertificateName=tls NewServerCertificateName=new", given: given(certificate),
		needs: []string{"iam:UpdateServerCertificate server-certificate/new"}},
	{operation: "DeleteServerCertificate", on: "server-certificate/tls", input: "ServerCertificateName=tls", given: given(certificate)},
	{operation: "TagServerCertificate", on: "server-certificate/tls", input: "ServerCertificateName=tls " + tagged, given: given(certificate)},
	{operation: "UntagServerCertificate", on: "server-certificate/tls", input: "ServerCertificateName=tls " + untagged, given: given(certificate + " " + tagged)},
	{operation: "ListServerCertificateTags", on: "server-certificate/tls", input: "ServerCertificateName=tls", given: given(certificate)},
}

// providerRows are the identity providers.
var providerRows = []row{
	{operation: "CreateSAMLProvider", on: "saml-provider/idp", input: "Name=idp SAMLMetadataDocument={metadata} AssertionEncryptionMode=Allowed AddPrivateKey={private-key} " + tagged,
		needs: []string{"iam:TagSAMLProvider saml-provider/idp"}},
	{operation: "GetSAMLProvider", on: "saml-provider/idp", input: samlARN, given: given(saml)},
	{operation: "ListSAMLProviders", on: "saml-provider/*"},
	{operation: "UpdateSAMLProvider", on: "saml-provider/idp", input: samlARN + " AddPrivateKey={private-key}", given: given(saml)},
	{operation: "DeleteSAMLProvider", on: "saml-provider/idp", input: samlARN, given: given(saml)},
	{operation: "TagSAMLProvider", on: "saml-provider/idp", input: samlARN + " " + tagged, given: given(saml)},
	{operation: "UntagSAMLProvider", on: "saml-provider/idp", input: samlARN + " " + untagged, given: given(saml + " " + tagged)},
	{operation: "ListSAMLProviderTags", on: "saml-provider/idp", input: samlARN, given: given(saml)},

	{operation: "CreateOpenIDConnectProvider", on: "oidc-provider/idp.example.com/tenant",
		input: "Url=https://idp.example.com/tenant ClientIDList.member.1=app ThumbprintList.member.1={thumbprint} " + tagged,
		needs: []string{"iam:TagOpenIDConnectProvider oidc-provider/idp.example.com/tenant"}},
	{operation: "GetOpenIDConnectProvider", on: "oidc-provider/idp.example.com", input: oidcARN, given: given(oidc)},
	{operation: "ListOpenIDConnectProviders", on: "oidc-provider/*"},
	{operation: "DeleteOpenIDConnectProvider", on: "oidc-provider/idp.example.com", input: oidcARN, given: given(oidc)},
	{operation: "AddClientIDToOpenIDConnectProvider", on: "oidc-provider/idp.example.com", input: oidcARN + " ClientID=other", given: given(oidc)},
	{operation: "RemoveClientIDFromOpenIDConnectProvider", on: "oidc-provider/idp.example.com", input: oidcARN + " ClientID=app", given: given(oidc)},
	{operation: "UpdateOpenIDConnectProviderThumbprint", on: "oidc-provider/idp.example.com", input: oidcARN + " ThumbprintList.member.1={thumbprint2}", given: given(oidc)},
	{operation: "TagOpenIDConnectProvider", on: "oidc-provider/idp.example.com", input: oidcARN + " " + tagged, given: given(oidc)},
	{operation: "UntagOpenIDConnectProvider", on: "oidc-provider/idp.example.com", input: oidcARN + " " + untagged, given: given(oidc + " " + tagged)},
	{operation: "ListOpenIDConnectProviderTags", on: "oidc-provider/idp.example.com", input: oidcARN, given: given(oidc)},
}
