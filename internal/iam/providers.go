package iam

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/secret"
)

// SAMLProvider is a SAML identity provider that an account trusts; trust
// policies name it.
type SAMLProvider struct {
	Account   string
	Name      string // unique in the account, case and all
	CreatedAt time.Time
	ExpiresAt time.Time
	// UUID stands in the provider's own sign-in address; "" for Identity Center's.
	UUID string
	// Metadata is the XML document as it was given, 1,000 to 10,000,000
	// characters; "" for Identity Center's. EntityID is the issuer that it names.
	Metadata, EntityID string
	// Encryption says what becomes of assertions that are not encrypted.
	Encryption AssertionEncryption
	// PrivateKeys decrypt assertions; at most two, the oldest first.
	PrivateKeys []SAMLPrivateKey
	Tags        []Tag
}

// ARN is the provider's name everywhere.
func (p SAMLProvider) ARN() string { return arn.SAMLProvider(p.Account, p.Name) }

// AssertionEncryption is a SAML provider's setting for encrypted assertions.
type AssertionEncryption string

// The settings. None is what a provider has that was never told.
const (
	EncryptionNone     AssertionEncryption = ""
	EncryptionAllowed  AssertionEncryption = "Allowed"
	EncryptionRequired AssertionEncryption = "Required"
)

// SAMLPrivateKey decrypts what a provider encrypts for us.
type SAMLPrivateKey struct {
	ID      string
	PEM     secret.String // PKCS #8
	AddedAt time.Time
}

// RSA is the key itself.
func (k SAMLPrivateKey) RSA() (*rsa.PrivateKey, error) { return parseSAMLKey(k.PEM.Reveal()) }

// OIDCProvider is an OpenID Connect identity provider that an account trusts.
type OIDCProvider struct {
	Account string
	// URL is the issuer without "https://": a host and, sometimes, a path. It is
	// compared as it was given.
	URL string
	// ClientIDs are the audiences that are taken; at most 100.
	ClientIDs []string
	// Thumbprints are SHA-1 hashes in hex of certificates to believe when no
	// public authority vouches for the provider's own; 1 to 5.
	Thumbprints []string
	Tags        []Tag
	CreatedAt   time.Time
}

// ARN is the provider's name everywhere.
func (p OIDCProvider) ARN() string { return arn.OIDCProvider(p.Account, p.URL) }

// ProviderStore keeps the identity providers that accounts trust.
type ProviderStore interface {
	// SAMLProvider returns the whole provider, or NotFound.
	SAMLProvider(account, name string) (SAMLProvider, error)
	// SAMLProviders returns the account's in order of name, without Metadata and
	// PrivateKeys: documents are long and lists are read often.
	SAMLProviders(account string) ([]SAMLProvider, error)
	// PutSAMLProvider creates or replaces all of it. Private keys are stored
	// encrypted.
	PutSAMLProvider(p SAMLProvider) error
	DeleteSAMLProvider(account, name string) error

	// OIDCProvider returns the provider, or NotFound.
	OIDCProvider(account, url string) (OIDCProvider, error)
	// OIDCProviders returns the account's in order of URL.
	OIDCProviders(account string) ([]OIDCProvider, error)
	PutOIDCProvider(p OIDCProvider) error
	DeleteOIDCProvider(account, url string) error
}

// SAMLMetadata is a metadata document with what was read from it.
type SAMLMetadata struct {
	Document   string
	EntityID   string
	ValidUntil time.Time // zero if the document does not say
}

// SAMLChange is what UpdateSAMLProvider changes; nil and "" change nothing.
type SAMLChange struct {
	Metadata   *SAMLMetadata
	Encryption AssertionEncryption
	AddKey     secret.String // PEM of an RSA private key
	RemoveKey  string        // id
}

const (
	// samlLifetimeYears is how long a provider is valid whose document does not say.
	samlLifetimeYears = 100
	maxSAMLKeys       = 2
	maxClientIDs      = 100
	maxThumbprints    = 5
	maxIssuer         = 255 // characters of an OpenID Connect URL
)

// CreateSAMLProvider makes a provider whose name is not taken.
func CreateSAMLProvider(tx Store, now time.Time, account, name string, change SAMLChange, tags []Tag) (SAMLProvider, error) {
	if ReservedSAMLProvider(name) {
		return SAMLProvider{}, fault.New(fault.Invalid, "reserved-name", "The name %s is reserved for IAM Identity Center.", name)
	}
	if err := nameFree(tx.SAMLProvider, account, name, "Provider with name %s already exists."); err != nil {
		return SAMLProvider{}, err
	}
	if err := WithinQuota(tx, account, SAMLProviders); err != nil {
		return SAMLProvider{}, err
	}
	p := SAMLProvider{Account: account, Name: name, UUID: newSAMLID("SAMLSP"), CreatedAt: now}
	var err error
	if p.Tags, err = SetTags(nil, tags, false); err != nil {
		return SAMLProvider{}, err
	}
	if err := p.apply(now, change); err != nil {
		return SAMLProvider{}, err
	}
	return p, tx.PutSAMLProvider(p)
}

// UpdateSAMLProvider changes the provider with the ARN.
func UpdateSAMLProvider(tx Store, now time.Time, account, providerARN string, change SAMLChange) error {
	p, err := changeableSAMLProvider(tx, account, providerARN)
	if err != nil {
		return err
	}
	if err := p.apply(now, change); err != nil {
		return err
	}
	return tx.PutSAMLProvider(p)
}

func (p *SAMLProvider) apply(now time.Time, change SAMLChange) error {
	if m := change.Metadata; m != nil {
		p.Metadata, p.EntityID, p.ExpiresAt = m.Document, m.EntityID, m.ValidUntil
		if p.ExpiresAt.IsZero() {
			p.ExpiresAt = now.AddDate(samlLifetimeYears, 0, 0)
		}
	}
	if change.Encryption != EncryptionNone {
		p.Encryption = change.Encryption
	}
	if id := change.RemoveKey; id != "" {
		at := slices.IndexFunc(p.PrivateKeys, func(k SAMLPrivateKey) bool { return k.ID == id })
		if at < 0 {
			return fault.New(fault.NotFound, "no-saml-key", "The private key with id %s cannot be found.", id)
		}
		p.PrivateKeys = slices.Delete(p.PrivateKeys, at, at+1)
	}
	if !change.AddKey.Empty() {
		key, err := newSAMLKey(now, change.AddKey)
		if err != nil {
			return err
		}
		if len(p.PrivateKeys) >= maxSAMLKeys {
			return exceeds("PrivateKeysPerSAMLProvider", maxSAMLKeys)
		}
		p.PrivateKeys = append(p.PrivateKeys, key)
	}
	if p.Encryption == EncryptionRequired && len(p.PrivateKeys) == 0 {
		return fault.New(fault.Invalid, "no-saml-key", "A private key is needed when assertion encryption is required.")
	}
	return nil
}

// DeleteSAMLProvider deletes the provider with the ARN. Roles that trust it stay,
// and cannot be assumed through it any more (behaviours.md 5.2).
func DeleteSAMLProvider(tx Store, account, providerARN string) error {
	p, err := changeableSAMLProvider(tx, account, providerARN)
	if err != nil {
		return err
	}
	return tx.DeleteSAMLProvider(account, p.Name)
}

// SAMLProviderByARN finds a provider of the account. The ARN has to be exact: it
// is what policies were asked about.
func SAMLProviderByARN(tx Store, account, providerARN string) (SAMLProvider, error) {
	name, err := providerIn(account, providerARN, "saml-provider")
	if err != nil {
		return SAMLProvider{}, err
	}
	p, err := tx.SAMLProvider(account, name)
	return p, missing(err, "Manifest not found for arn %s", providerARN)
}

// TagSAMLProvider puts tags on the provider with the ARN. Keys are not the same
// if their case differs.
func TagSAMLProvider(tx Store, account, providerARN string, tags []Tag) error {
	return retagSAMLProvider(tx, account, providerARN, func(have []Tag) ([]Tag, error) { return SetTags(have, tags, false) })
}

// UntagSAMLProvider takes tags from the provider with the ARN.
func UntagSAMLProvider(tx Store, account, providerARN string, keys []string) error {
	return retagSAMLProvider(tx, account, providerARN, func(have []Tag) ([]Tag, error) { return UnsetTags(have, keys, false), nil })
}

func retagSAMLProvider(tx Store, account, providerARN string, change func([]Tag) ([]Tag, error)) error {
	p, err := changeableSAMLProvider(tx, account, providerARN)
	if err != nil {
		return err
	}
	if p.Tags, err = change(p.Tags); err != nil {
		return err
	}
	return tx.PutSAMLProvider(p)
}

// changeableSAMLProvider finds a provider that is not Identity Center's own,
// which is protected as its roles are (behaviours.md 5.7, 6.3).
func changeableSAMLProvider(tx Store, account, providerARN string) (SAMLProvider, error) {
	p, err := SAMLProviderByARN(tx, account, providerARN)
	if err == nil && ReservedSAMLProvider(p.Name) {
		return SAMLProvider{}, fault.New(fault.Conflict, "unmodifiable-entity",
			"Cannot perform the operation on the protected SAML provider '%s' - this SAML provider is only modifiable by AWS", p.Name)
	}
	return p, err
}

var reservedSAMLProvider = regexp.MustCompile(`^AWSSSO_.{16}_DO_NOT_DELETE$`)

// ReservedSAMLProvider reports whether name is one that Identity Center gives to
// the providers of its own (behaviours.md 6.3).
func ReservedSAMLProvider(name string) bool { return reservedSAMLProvider.MatchString(name) }

// newSAMLID makes an id of 22 capitals and digits, which is the shortest that
// the model takes.
func newSAMLID(prefix string) string {
	return prefix + secret.Pick("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 22-len(prefix))
}

func newSAMLKey(now time.Time, given secret.String) (SAMLPrivateKey, error) {
	key, err := parseSAMLKey(given.Reveal())
	if err != nil {
		return SAMLPrivateKey{}, fault.New(fault.Invalid, "saml-key", "Could not parse private key.").Wrap(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return SAMLPrivateKey{}, err
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	return SAMLPrivateKey{ID: newSAMLID("SAMLPK"), PEM: secret.NewString(string(text)), AddedAt: now}, nil
}

func parseSAMLKey(text string) (*rsa.PrivateKey, error) {
	key, err := parsePrivateKey(text)
	if err != nil {
		return nil, err
	}
	if key, ok := key.(*rsa.PrivateKey); ok {
		return key, nil
	}
	return nil, errNotRSA
}

// providerIn is what follows the kind in the ARN of one of the account's
// providers.
func providerIn(account, providerARN, kind string) (string, error) {
	a, err := arn.Parse(providerARN)
	if err != nil {
		return "", fault.New(fault.Invalid, "validation", "Invalid ARN:  Could not be parsed!").Wrap(err)
	}
	name, ok := strings.CutPrefix(a.Resource, kind+"/")
	if !ok || name == "" || a.Service != "iam" || a.Partition != arn.Partition || a.Region != "" {
		return "", fault.New(fault.Invalid, "provider-arn", "Invalid ARN: %s is not the ARN of a provider of this kind.", providerARN)
	}
	if a.Account != account {
		return "", fault.New(fault.Invalid, "provider-arn", "Invalid ARN: %s is not in this account.", providerARN)
	}
	return name, nil
}

// CheckIssuer is what the URL of an OpenID Connect provider must be: https, a
// host, perhaps a port and a path, and nothing else. AWS takes no port
// (behaviours.md 5.10); who runs identity systems of their own runs them on ports.
// It returns the URL without its scheme, otherwise unchanged.
func CheckIssuer(issuer string) (string, error) {
	bare, https := strings.CutPrefix(issuer, "https://")
	u, err := url.Parse(issuer)
	if err != nil || !https || u.Hostname() == "" || strings.HasSuffix(u.Host, ":") || strings.Contains(u.Hostname(), ":") || u.User != nil ||
		u.RawQuery != "" || u.ForceQuery || strings.Contains(bare, "#") || len(issuer) > maxIssuer {
		return "", fault.New(fault.Invalid, "validation", "Invalid Open ID Connect Provider URL").Wrap(err)
	}
	return bare, nil
}

// CheckNewOIDCProvider is what CreateOIDCProvider can know before the provider's
// thumbprint is fetched. bare is the URL without scheme.
func CheckNewOIDCProvider(tx Store, account, bare string, clientIDs []string) error {
	_, err := tx.OIDCProvider(account, bare)
	if err == nil {
		return fault.New(fault.AlreadyExists, "oidc-provider-exists", "Provider with url https://%s already exists.", bare)
	}
	if !fault.Is(err, fault.NotFound) {
		return err
	}
	if err := WithinQuota(tx, account, OIDCProviders); err != nil {
		return err
	}
	_, err = addClientIDs(nil, clientIDs)
	return err
}

// CreateOIDCProvider makes a provider whose URL is not taken. bare is the URL
// without scheme, as CheckIssuer returns it.
func CreateOIDCProvider(tx Store, now time.Time, account, bare string, clientIDs, thumbprints []string, tags []Tag) (OIDCProvider, error) {
	if err := CheckNewOIDCProvider(tx, account, bare, clientIDs); err != nil {
		return OIDCProvider{}, err
	}
	p := OIDCProvider{Account: account, URL: bare, CreatedAt: now}
	var err error
	if p.Tags, err = SetTags(nil, tags, false); err != nil {
		return OIDCProvider{}, err
	}
	if p.ClientIDs, err = addClientIDs(nil, clientIDs); err != nil {
		return OIDCProvider{}, err
	}
	if p.Thumbprints, err = checkThumbprints(thumbprints); err != nil {
		return OIDCProvider{}, err
	}
	return p, tx.PutOIDCProvider(p)
}

// AddClientID adds an audience to the provider with the ARN; one that is there
// already does not matter (behaviours.md 5.10).
func AddClientID(tx Store, account, providerARN, clientID string) error {
	return changeOIDCProvider(tx, account, providerARN, func(p *OIDCProvider) (err error) {
		p.ClientIDs, err = addClientIDs(p.ClientIDs, []string{clientID})
		return err
	})
}

// RemoveClientID removes an audience; one that is not there does not matter.
func RemoveClientID(tx Store, account, providerARN, clientID string) error {
	return changeOIDCProvider(tx, account, providerARN, func(p *OIDCProvider) error {
		p.ClientIDs = slices.DeleteFunc(p.ClientIDs, func(id string) bool { return id == clientID })
		return nil
	})
}

// SetThumbprints replaces the provider's thumbprints, 1 to 5.
func SetThumbprints(tx Store, account, providerARN string, thumbprints []string) error {
	return changeOIDCProvider(tx, account, providerARN, func(p *OIDCProvider) (err error) {
		p.Thumbprints, err = checkThumbprints(thumbprints)
		return err
	})
}

// TagOIDCProvider puts tags on the provider with the ARN. Keys are not the same
// if their case differs.
func TagOIDCProvider(tx Store, account, providerARN string, tags []Tag) error {
	return changeOIDCProvider(tx, account, providerARN, func(p *OIDCProvider) (err error) {
		p.Tags, err = SetTags(p.Tags, tags, false)
		return err
	})
}

// UntagOIDCProvider takes tags from the provider with the ARN.
func UntagOIDCProvider(tx Store, account, providerARN string, keys []string) error {
	return changeOIDCProvider(tx, account, providerARN, func(p *OIDCProvider) error {
		p.Tags = UnsetTags(p.Tags, keys, false)
		return nil
	})
}

// DeleteOIDCProvider deletes the provider with the ARN. Roles that trust it stay,
// and cannot be assumed through it any more (behaviours.md 5.2).
func DeleteOIDCProvider(tx Store, account, providerARN string) error {
	p, err := OIDCProviderByARN(tx, account, providerARN)
	if err != nil {
		return missing(err, "OpenId connect Provider %s cannot be found.", providerARN)
	}
	return tx.DeleteOIDCProvider(account, p.URL)
}

// OIDCProviderByARN finds a provider of the account. The ARN has to be exact.
func OIDCProviderByARN(tx Store, account, providerARN string) (OIDCProvider, error) {
	bare, err := providerIn(account, providerARN, "oidc-provider")
	if err != nil {
		return OIDCProvider{}, err
	}
	p, err := tx.OIDCProvider(account, bare)
	return p, missing(err, "OpenIDConnect Provider not found for arn %s", providerARN)
}

func changeOIDCProvider(tx Store, account, providerARN string, change func(*OIDCProvider) error) error {
	p, err := OIDCProviderByARN(tx, account, providerARN)
	if err != nil {
		return err
	}
	if err := change(&p); err != nil {
		return err
	}
	return tx.PutOIDCProvider(p)
}

// addClientIDs is have with those of add that are new, in their order.
func addClientIDs(have, add []string) ([]string, error) {
	ids := slices.Clone(have)
	for _, id := range add {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
		if len(ids) > maxClientIDs {
			return nil, exceeds("ClientIdsPerOpenIdConnectProvider", maxClientIDs)
		}
	}
	return ids, nil
}

var thumbprint = regexp.MustCompile(`^[0-9a-fA-F]{40}$`)

func checkThumbprints(given []string) ([]string, error) {
	switch {
	case len(given) == 0:
		return nil, fault.New(fault.Invalid, "thumbprints", "Thumbprint list must contain at least 1 entry.")
	case len(given) > maxThumbprints:
		return nil, fault.New(fault.Invalid, "thumbprints", "Thumbprint list must contain fewer than %d entries.", maxThumbprints)
	}
	for _, t := range given {
		if !thumbprint.MatchString(t) {
			return nil, fault.New(fault.Invalid, "thumbprints", "Thumbprints must be 40 hexadecimal digits.")
		}
	}
	return given, nil
}
