package iam

// CredentialStore keeps what IAM users and root users prove themselves with,
// beside access keys.
type CredentialStore interface{}
