package iam

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"strings"
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/page"
	"sekisho/internal/secret"
)

// ServerCertificate is a certificate with its private key, kept for services
// that terminate TLS.
type ServerCertificate struct {
	ID      string // ASCA…
	Account string
	Path    string
	Name    string // unique in the account ignoring case
	// Body and Chain are PEM as they were given, less the white space around them;
	// Chain is "" for none.
	Body, Chain string
	PrivateKey  secret.String // PEM; no operation returns it
	Tags        []Tag
	UploadedAt  time.Time
	ExpiresAt   time.Time
}

// ARN is the certificate's name everywhere.
func (c ServerCertificate) ARN() string { return arn.ServerCertificate(c.Account, c.Path, c.Name) }

// SigningCertificate is an X.509 certificate that a user signed SOAP requests
// with.
type SigningCertificate struct {
	ID         string
	Account    string
	User       string // id; "" is the root user
	Body       string // PEM as it was given
	Hash       string // SHA-256 of the DER in hex; unique in the account
	Active     bool
	UploadedAt time.Time
}

// CertificateStore keeps server and signing certificates, SSH keys and
// service-specific credentials.
type CertificateStore interface {
	// ServerCertificateByName finds ignoring case, or NotFound.
	ServerCertificateByName(account, name string) (ServerCertificate, error)
	// ServerCertificates pages through those whose path begins with pathPrefix,
	// without Body, Chain and PrivateKey.
	ServerCertificates(account, pathPrefix string, p page.Request) (page.Page[ServerCertificate], error)
	// PutServerCertificate creates or replaces by id. A taken name is
	// AlreadyExists. The private key is stored encrypted.
	PutServerCertificate(c ServerCertificate) error
	DeleteServerCertificate(id string) error

	SigningCertificate(id string) (SigningCertificate, error)
	SigningCertificateByHash(account, hash string) (SigningCertificate, error)
	// SigningCertificates returns the user's, or the root user's for "", oldest first.
	SigningCertificates(account, user string) ([]SigningCertificate, error)
	PutSigningCertificate(c SigningCertificate) error
	DeleteSigningCertificate(id string) error

	SSHKeyStore
	ServiceCredentialStore
}

const (
	maxSigningCertificates = 2
	maxChain               = 32 // certificates: bounds the signatures that are checked

	serverCertificateTaken = "The Server Certificate with name %s already exists."
)

var (
	errNotRSA     = errors.New("not an RSA key")
	errPrivateKey = errors.New("not one unencrypted private key in PEM")

	errCertificate = fault.New(fault.Invalid, "malformed-certificate", "Unable to parse certificate. Please ensure the certificate is in PEM format.")
)

// UploadServerCertificate keeps a certificate with its key. Both are read: the
// key has to be the certificate's, and each certificate of the chain has to have
// signed the one before it.
func UploadServerCertificate(tx Store, now time.Time, c ServerCertificate) (ServerCertificate, error) {
	if err := nameFree(tx.ServerCertificateByName, c.Account, c.Name, serverCertificateTaken); err != nil {
		return c, err
	}
	if err := WithinQuota(tx, c.Account, ServerCertificates); err != nil {
		return c, err
	}
	leaf, err := checkServerCertificate(now, c.Body, c.Chain, c.PrivateKey)
	if err != nil {
		return c, err
	}
	if c.Tags, err = SetTags(nil, c.Tags, false); err != nil {
		return c, err
	}
	// IAM gives them back trimmed, and Terraform compares.
	c.Body, c.Chain = strings.TrimSpace(c.Body), strings.TrimSpace(c.Chain)
	c.ID, c.UploadedAt, c.ExpiresAt = arn.NewUniqueID(arn.PrefixCertificate, c.Account), now, leaf.NotAfter
	return c, tx.PutServerCertificate(c)
}

// ServerCertificateNamed finds one of the account's ignoring case.
func ServerCertificateNamed(tx Store, account, name string) (ServerCertificate, error) {
	c, err := tx.ServerCertificateByName(account, name)
	return c, missing(err, "The Server Certificate with name %s cannot be found.", name)
}

// UpdateServerCertificate renames or moves; "" leaves as it is.
func UpdateServerCertificate(tx Store, account, name, newPath, newName string) error {
	c, err := ServerCertificateNamed(tx, account, name)
	if err != nil {
		return err
	}
	if newPath != "" {
		c.Path = newPath
	}
	if newName != "" {
		if !strings.EqualFold(newName, c.Name) { // else another writing of its own name
			if err := nameFree(tx.ServerCertificateByName, account, newName, serverCertificateTaken); err != nil {
				return err
			}
		}
		c.Name = newName
	}
	return tx.PutServerCertificate(c)
}

// DeleteServerCertificate deletes one of the account's.
func DeleteServerCertificate(tx Store, account, name string) error {
	c, err := ServerCertificateNamed(tx, account, name)
	if err != nil {
		return err
	}
	return tx.DeleteServerCertificate(c.ID)
}

// TagServerCertificate puts tags on it. Keys are not the same if their case
// differs.
func TagServerCertificate(tx Store, account, name string, tags []Tag) error {
	c, err := ServerCertificateNamed(tx, account, name)
	if err != nil {
		return err
	}
	if c.Tags, err = SetTags(c.Tags, tags, false); err != nil {
		return err
	}
	return tx.PutServerCertificate(c)
}

// UntagServerCertificate takes tags from it.
func UntagServerCertificate(tx Store, account, name string, keys []string) error {
	c, err := ServerCertificateNamed(tx, account, name)
	if err != nil {
		return err
	}
	c.Tags = UnsetTags(c.Tags, keys, false)
	return tx.PutServerCertificate(c)
}

// checkServerCertificate reads everything that UploadServerCertificate is given
// and returns the certificate.
func checkServerCertificate(now time.Time, body, chain string, key secret.String) (*x509.Certificate, error) {
	leaf, err := parseCertificate(body)
	if err != nil {
		return nil, err
	}
	if now.Before(leaf.NotBefore) || now.After(leaf.NotAfter) {
		return nil, fault.New(fault.Invalid, "malformed-certificate", "The certificate is not valid now: its validity is from %s to %s.",
			leaf.NotBefore.UTC().Format(time.RFC3339), leaf.NotAfter.UTC().Format(time.RFC3339))
	}
	private, err := parsePrivateKey(key.Reveal())
	if err != nil {
		return nil, fault.New(fault.Invalid, "malformed-certificate",
			"Unable to parse private key. Please ensure the key is in PEM format and not encrypted.").Wrap(err)
	}
	public, ok := private.Public().(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !public.Equal(leaf.PublicKey) {
		return nil, fault.New(fault.Invalid, "key-pair-mismatch", "The private key does not match the public key of the certificate.")
	}
	if strings.TrimSpace(chain) != "" {
		return leaf, checkChain(leaf, chain)
	}
	return leaf, nil
}

// checkChain holds the chain to its order. What it ends with need not be known
// to anybody.
func checkChain(leaf *x509.Certificate, chain string) error {
	bad := func(index int) error {
		return fault.New(fault.Invalid, "malformed-certificate", "Unable to validate certificate chain. The certificate chain must start with "+
			"the immediate signing certificate, followed by any intermediaries in order. The index within the chain of the invalid certificate is: %d", index)
	}
	blocks, err := pemBlocks(chain)
	if err != nil || len(blocks) > maxChain {
		return bad(-1)
	}
	child := leaf
	for i, b := range blocks {
		parent, err := x509.ParseCertificate(b.Bytes)
		if err != nil || b.Type != "CERTIFICATE" {
			return bad(i)
		}
		if parent.CheckSignature(child.SignatureAlgorithm, child.RawTBSCertificate, child.Signature) != nil {
			return bad(i - 1)
		}
		child = parent
	}
	return nil
}

// parseCertificate reads the one certificate of a PEM text.
func parseCertificate(text string) (*x509.Certificate, error) {
	blocks, err := pemBlocks(text)
	if err != nil || len(blocks) != 1 || blocks[0].Type != "CERTIFICATE" {
		return nil, errCertificate
	}
	c, err := x509.ParseCertificate(blocks[0].Bytes)
	if err != nil {
		return nil, errCertificate.Wrap(err)
	}
	return c, nil
}

// parsePrivateKey reads the one RSA or ECDSA key of a PEM text. Its errors show
// nothing of the text.
func parsePrivateKey(text string) (crypto.Signer, error) {
	blocks, err := pemBlocks(text)
	if err != nil {
		return nil, err
	}
	if len(blocks) == 2 && blocks[0].Type == "EC PARAMETERS" { // as openssl writes them
		blocks = blocks[1:]
	}
	if len(blocks) != 1 {
		return nil, errPrivateKey
	}
	var key any
	switch b := blocks[0]; b.Type {
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(b.Bytes)
	case "EC PRIVATE KEY":
		key, err = x509.ParseECPrivateKey(b.Bytes)
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(b.Bytes)
	}
	if err != nil {
		return nil, errPrivateKey
	}
	switch key := key.(type) {
	case *rsa.PrivateKey:
		return key, nil
	case *ecdsa.PrivateKey:
		return key, nil
	}
	return nil, errPrivateKey
}

// pemBlocks reads a text that is PEM blocks and white space and nothing else, as
// AWS wants it; package pem would pass over what it does not understand.
func pemBlocks(text string) ([]*pem.Block, error) {
	const begin = "-----BEGIN "
	var blocks []*pem.Block
	for rest := []byte(strings.TrimSpace(text)); len(rest) > 0; {
		block, after := pem.Decode(rest)
		read := string(rest[:len(rest)-len(after)])
		if block == nil || !strings.HasPrefix(read, begin) || strings.Count(read, begin) != 1 {
			return nil, errors.New("not PEM")
		}
		blocks = append(blocks, block)
		rest = []byte(strings.TrimSpace(string(after)))
	}
	return blocks, nil
}

// UploadSigningCertificate gives a certificate to the holder. Each certificate
// can be in an account once.
func UploadSigningCertificate(tx Store, now time.Time, h Holder, body string) (SigningCertificate, error) {
	cert, err := parseCertificate(body)
	if err != nil {
		return SigningCertificate{}, err
	}
	if now.Before(cert.NotBefore) || now.After(cert.NotAfter) {
		return SigningCertificate{}, fault.New(fault.Invalid, "invalid-certificate", "The certificate is not valid now: its validity is from %s to %s.",
			cert.NotBefore.UTC().Format(time.RFC3339), cert.NotAfter.UTC().Format(time.RFC3339))
	}
	hash := sha256.Sum256(cert.Raw)
	c := SigningCertificate{
		ID: secret.Pick("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 28), Account: h.Account, User: h.User.ID, Body: body,
		Hash: hex.EncodeToString(hash[:]), Active: true, UploadedAt: now,
	}
	_, err = tx.SigningCertificateByHash(h.Account, c.Hash)
	if err == nil {
		return SigningCertificate{}, fault.New(fault.AlreadyExists, "duplicate-certificate", "The certificate is already associated with an IAM user in the account.")
	}
	if !fault.Is(err, fault.NotFound) {
		return SigningCertificate{}, err
	}
	have, err := tx.SigningCertificates(h.Account, h.User.ID)
	if err != nil {
		return SigningCertificate{}, err
	}
	if len(have) >= maxSigningCertificates {
		return SigningCertificate{}, exceeds("CertificatesPerUser", maxSigningCertificates)
	}
	return c, tx.PutSigningCertificate(c)
}

// SetSigningCertificateActive sets the status of one of the holder's certificates.
func SetSigningCertificateActive(tx Store, h Holder, id string, active bool) error {
	c, err := signingCertificateOf(tx, h, id)
	if err != nil {
		return err
	}
	c.Active = active
	return tx.PutSigningCertificate(c)
}

// DeleteSigningCertificate deletes one of the holder's certificates.
func DeleteSigningCertificate(tx Store, h Holder, id string) error {
	if _, err := signingCertificateOf(tx, h, id); err != nil {
		return err
	}
	return tx.DeleteSigningCertificate(id)
}

func signingCertificateOf(tx Store, h Holder, id string) (SigningCertificate, error) {
	c, err := tx.SigningCertificate(id)
	if err == nil && (c.Account != h.Account || c.User != h.User.ID) {
		err = fault.New(fault.NotFound, "no-signing-certificate", "")
	}
	return c, missing(err, "The Certificate with id %s cannot be found.", id)
}

// signingCertificatesHold is a Conflict while the user has signing certificates.
func signingCertificatesHold(tx Store, u User) error {
	held, err := tx.SigningCertificates(u.Account, u.ID)
	return holds(len(held), err, "must delete signing certificates first")
}
