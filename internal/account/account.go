// Package account is the AWS account: the container of resources and the
// security boundary around its identities.
//
// It owns the account's own facts: its name and e-mail address, whom to ask about
// it, and the regions that it uses. The organisation that an account belongs to
// is org's, the identities in it are iam's.
package account

import (
	"strings"
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/page"
	"sekisho/internal/surface"
)

// Status is an account's state as Organizations shows it (behaviours.md 9.6).
type Status string

// The states an account can be in.
const (
	PendingActivation Status = "PENDING_ACTIVATION" // signed up, and not yet let in
	Active            Status = "ACTIVE"
	Suspended         Status = "SUSPENDED"
	Closed            Status = "CLOSED"
)

// Account is one AWS account.
type Account struct {
	ID     string // 12 digits
	Name   string // 1 to 50 printable ASCII characters without < and >
	Email  string // the root user's address, unique
	Alias  string // "" or 3 to 63 characters, unique
	Status Status
	// Organization is the id of the one that it belongs to; "" for a standalone
	// account, as it is after sign-up.
	Organization string
	// OrgPath is of ids, from the organization down to the root or unit that the
	// account is in, each with a slash: "o-…/r-…/ou-…/".
	OrgPath      string
	JoinedMethod JoinedMethod
	JoinedAt     time.Time
	CreatedAt    time.Time
	// FromFile says that the organisation file declares it.
	FromFile bool
}

// JoinedMethod is how an account came into its organization.
type JoinedMethod string

// The ways. The management account counts as invited.
const (
	Created JoinedMethod = "CREATED"
	Invited JoinedMethod = "INVITED"
)

// Standalone reports whether the account belongs to no organization.
func (a Account) Standalone() bool { return a.Organization == "" }

// Parent is the id of the root or unit that the account is in; "" outside of an
// organization.
func (a Account) Parent() string {
	path := strings.TrimSuffix(a.OrgPath, "/")
	return path[strings.LastIndexByte(path, '/')+1:]
}

// Store keeps accounts.
type Store interface {
	// Account returns the account, or a NotFound fault.
	Account(id string) (Account, error)
	// Accounts returns all accounts in order of id.
	Accounts() ([]Account, error)
	// AccountsOfOrganization pages through the organization's accounts, in order of id.
	AccountsOfOrganization(organization string, p page.Request) (page.Page[Account], error)
	// AccountsUnder pages through those that are directly in the root or unit at the
	// end of a path of ids, in order of id.
	AccountsUnder(orgPath string, p page.Request) (page.Page[Account], error)
	// AccountCount is how many accounts the organization has that are not closed.
	AccountCount(organization string) (int, error)
	// MemberCount is AccountCount with those that are closed.
	MemberCount(organization string) (int, error)
	// Manages returns the id of the organization that the account manages; "" for none.
	Manages(account string) (string, error)
	// AccountByAlias returns the account with that alias, or NotFound; "" is nobody's.
	AccountByAlias(alias string) (Account, error)
	// PutAccount creates or replaces. A taken e-mail or alias is AlreadyExists.
	PutAccount(a Account) error

	ContactStore
	EmailUpdateStore
	RegionStore
	StandingStore
}

// Named returns the account that a person means by an alias or a 12-digit id
// (C-23), in any case and with the spaces around it that come of pasting, or
// NotFound. It costs the same whether there is one.
func Named(tx Store, name string) (Account, error) {
	name = strings.ToLower(strings.TrimSpace(name))
	if id := ungrouped(name); arn.ValidAccount(id) {
		return tx.Account(id)
	}
	return tx.AccountByAlias(name)
}

// ungrouped takes the hyphens out of an id as the console shows it (E-04).
func ungrouped(s string) string {
	if len(s) == 14 && s[4] == '-' && s[9] == '-' {
		return s[:4] + s[5:9] + s[10:]
	}
	return s
}

// ValidName reports whether s looks like an alias or an id that [Named] could find.
func ValidName(s string) bool {
	s = strings.ToLower(strings.TrimSpace(s))
	return arn.ValidAccount(ungrouped(s)) || validAlias(s)
}

// IsName reports whether an account can have the name s.
func IsName(s string) bool {
	return len(s) >= 1 && len(s) <= 50 && printable(s) && !strings.ContainsAny(s, "<>")
}

// Rename gives the account another name; one that is none is Invalid.
func Rename(tx Store, id, name string) error {
	a, err := tx.Account(id)
	if err != nil {
		return err
	}
	a.Name = name
	if err := a.Validate(); err != nil {
		return err
	}
	return tx.PutAccount(a)
}

// Validate checks the facts against AWS's limits (behaviours.md 1.4).
func (a Account) Validate() error {
	switch {
	case !arn.ValidAccount(a.ID):
		return fault.New(fault.Invalid, "account-id", "account id %q is not 12 digits", a.ID)
	case !IsName(a.Name):
		return fault.New(fault.Invalid, "account-name", "account name %q must be 1 to 50 printable ASCII characters without < and >", a.Name)
	case !ValidEmail(a.Email):
		return fault.New(fault.Invalid, "account-email", "account e-mail address %q is not valid", a.Email)
	case a.Alias != "" && !validAlias(a.Alias):
		return fault.New(fault.Invalid, "account-alias", "account alias %q must be 3 to 63 lower-case letters, digits and single hyphens, and not 12 digits", a.Alias)
	}
	return nil
}

// ValidEmail applies the rules that Organizations has for addresses (behaviours.md 1.4).
func ValidEmail(s string) bool {
	local, domain, ok := strings.Cut(s, "@")
	if !ok || len(s) < 6 || len(s) > 64 || local == "" || local[0] == '.' || !printable(s) ||
		strings.ContainsAny(local, "\"'()<>[]:;,\\|%& ") || !strings.Contains(domain, ".") {
		return false
	}
	for _, r := range domain {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-') {
			return false
		}
	}
	return !strings.ContainsRune("-.", rune(domain[0])) && !strings.ContainsRune("-.", rune(domain[len(domain)-1]))
}

func printable(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}

func validAlias(s string) bool {
	if len(s) < 3 || len(s) > 63 || s[0] == '-' || s[len(s)-1] == '-' || strings.Contains(s, "--") || arn.ValidAccount(ungrouped(s)) || surface.ValidRegion(s) {
		return false
	}
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}
