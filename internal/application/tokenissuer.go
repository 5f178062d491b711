package application

import (
	"net/url"
	"regexp"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"sekisho/internal/access"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
)

// TokenIssuer is an OpenID Connect server outside whose tokens applications may
// exchange for Identity Center's own.
type TokenIssuer struct {
	ID       string // tti- and a UUID
	Instance string
	Account  string // that of the instance
	Name     string // 1 to 255 of [\w+=,.@-]
	// URL is the issuer's, of https: where its discovery document is.
	URL string
	// ClaimPath is the claim of a token, such as "email" or "address.country", that
	// has to equal the user's attribute at AttributePath.
	ClaimPath     string
	AttributePath string // one of those in attributePaths
	Tags          []iam.Tag
	CreatedAt     time.Time
	FromFile      bool // declared by the organisation file
}

// attributePaths are those by which one user can be found: each is unique in a
// directory. A token that fitted several people would be nobody's.
var attributePaths = []string{"emails.value", "externalIds.id", "userName"}

var (
	tokenIssuerLabel = regexp.MustCompile(`^[\w+=,.@-]{1,255}$`)
	claimPath        = regexp.MustCompile(`^\p{L}+(?:[._]\p{L}+){0,2}$`)
)

const maxClaimPath = 255

// Validate checks a trusted token issuer against AWS's limits (behaviours.md 1.4, 6.11).
func (i TokenIssuer) Validate() error {
	switch {
	case !tokenIssuerLabel.MatchString(i.Name):
		return fault.New(fault.Invalid, "token-issuer-name", "The name of the trusted token issuer must be 1 to 255 letters, digits and +=,.@_-")
	case !validIssuerURL(i.URL):
		return fault.New(fault.Invalid, "issuer-url", "The issuer URL must be a URL of https without query and fragment, of at most %d characters.", maxURL)
	case utf8.RuneCountInString(i.ClaimPath) > maxClaimPath || !claimPath.MatchString(i.ClaimPath):
		return fault.New(fault.Invalid, "claim-attribute-path", "The claim attribute path %q is not valid.", i.ClaimPath)
	case !slices.Contains(attributePaths, i.AttributePath):
		return fault.New(fault.Invalid, "identity-store-attribute-path", "The identity store attribute path must be one of emails.value, externalIds.id and userName.")
	}
	return nil
}

// validIssuerURL reports whether keys can be fetched from an issuer so that nobody
// on the way can change them: OpenID Connect Discovery 1.0 (3) wants https, and
// neither query nor fragment.
func validIssuerURL(raw string) bool {
	if len(raw) > maxURL || !applicationURL.MatchString(raw) {
		return false
	}
	u, err := url.Parse(raw)
	return err == nil && u.Scheme == "https" && u.Hostname() != "" && u.User == nil && u.RawQuery == "" && !u.ForceQuery && u.Fragment == ""
}

// NewTokenIssuer is what a trusted token issuer is made of; all but Tags is required.
type NewTokenIssuer struct {
	Instance                            access.Instance
	Name, URL, ClaimPath, AttributePath string
	Tags                                []iam.Tag
}

// CreateTokenIssuer makes a trusted token issuer. It is a Conflict in an instance
// that is being deleted, and a Limit when it has its ten.
func CreateTokenIssuer(tx Store, n NewTokenIssuer, now time.Time) (TokenIssuer, error) {
	i := TokenIssuer{
		ID: "tti-" + uuid.NewString(), Instance: n.Instance.ID, Account: n.Instance.Owner, Name: n.Name, URL: n.URL,
		ClaimPath: n.ClaimPath, AttributePath: n.AttributePath, CreatedAt: now,
	}
	err := i.Validate()
	if err == nil {
		err = n.Instance.Live()
	}
	if err != nil {
		return TokenIssuer{}, err
	}
	if i.Tags, err = checkedTags(nil, n.Tags); err != nil {
		return TokenIssuer{}, err
	}
	have, err := tx.TokenIssuerCount(i.Instance)
	if err != nil {
		return TokenIssuer{}, err
	}
	if have >= MaxTokenIssuers {
		return TokenIssuer{}, quota("trusted token issuers", MaxTokenIssuers)
	}
	return i, tx.PutTokenIssuer(i)
}

// TokenIssuerChange is what of a trusted token issuer can be changed; what is nil
// stays. Its URL cannot: another URL is another issuer.
type TokenIssuerChange struct{ Name, ClaimPath, AttributePath *string }

// UpdateTokenIssuer changes a trusted token issuer.
func UpdateTokenIssuer(tx Store, i TokenIssuer, c TokenIssuerChange) error {
	set(&i.Name, c.Name)
	set(&i.ClaimPath, c.ClaimPath)
	set(&i.AttributePath, c.AttributePath)
	if err := i.Validate(); err != nil {
		return err
	}
	return tx.PutTokenIssuer(i)
}

func noTokenIssuer(arn string) error {
	return fault.New(fault.NotFound, "no-trusted-token-issuer", "Could not find TrustedTokenIssuer with arn %s", arn)
}
