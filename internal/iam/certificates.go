package iam

// CertificateStore keeps server and signing certificates, SSH keys and
// service-specific credentials.
type CertificateStore interface{}
