package iam

import (
	"context"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/secret"
)

// LoginProfile says that its owner has a password for the console, or may set
// one.
type LoginProfile struct {
	Holder     Holder
	MustChange bool // at the next sign-in
	CreatedAt  time.Time
}

// LoginProfileOf is the owner's.
func LoginProfileOf(tx SecretStore, h Holder) (LoginProfile, error) {
	p, err := tx.Password(h.Password())
	if fault.Is(err, fault.NotFound) {
		err = errNoLoginProfile(h)
	}
	return LoginProfile{h, p.MustChange, p.SetAt}, err
}

// DeleteLoginProfile takes the owner's password, and with it the console. Access
// keys go on to work.
func DeleteLoginProfile(tx SecretStore, h Holder) error {
	if _, err := LoginProfileOf(tx, h); err != nil {
		return err
	}
	if err := tx.DeletePassword(h.Password()); err != nil {
		return err
	}
	return tx.DropResetLinks(h.Password())
}

// AllowRootPassword lets the root user of a member account, who has no password,
// set one by the way of a forgotten password (behaviours.md 4.7).
func AllowRootPassword(tx SecretStore, now time.Time, account string) (LoginProfile, error) {
	h := Holder{Account: account}
	if err := hasNoPassword(tx, h); err != nil {
		return LoginProfile{}, err
	}
	return LoginProfile{Holder: h, CreatedAt: now}, tx.PutPassword(credential.Password{Owner: h.Password(), SetAt: now})
}

// RootEmailStore is what it takes to change a root user's address.
type RootEmailStore interface {
	account.Store
	SecretStore
}

// AcceptRootEmail is account.AcceptEmailUpdate for the root user, whose links for a
// new password, mailed to the address before, stop working with it.
func AcceptRootEmail(tx RootEmailStore, accountID, email, code string, now time.Time) (before string, err error) {
	if before, err = account.AcceptEmailUpdate(tx, accountID, email, code, now); err != nil {
		return "", err
	}
	return before, tx.DropResetLinks(Holder{Account: accountID}.Password())
}

// NewPassword is what a new password of an IAM user has to suit. It is read in
// one transaction and set in another, because hashing takes too long to be done
// inside of one.
type NewPassword struct {
	Holder  Holder
	Current credential.Password // zero for none
	present bool
	policy  PasswordPolicy
	about   []string
	hash    string
}

// ReadNewPassword reads it for the user of that name.
func ReadNewPassword(tx SecretStore, account, userName string) (n NewPassword, err error) {
	if n.Holder, err = HolderNamed(tx, account, userName); err != nil {
		return n, err
	}
	n.Current, err = tx.Password(n.Holder.Password())
	n.present = err == nil
	if err != nil && !fault.Is(err, fault.NotFound) {
		return n, err
	}
	a, err := tx.Account(account)
	if err != nil {
		return n, err
	}
	n.about = []string{a.Name, a.Email}
	n.policy, err = PasswordPolicyOf(tx, account)
	return n, err
}

// Absent is AlreadyExists if the user has a login profile, Present NotFound if
// the user has none: to be asked before the work of hashing.
func (n *NewPassword) Absent() error {
	if n.present {
		return errLoginProfile(n.Holder)
	}
	return nil
}

// Present is described with Absent.
func (n *NewPassword) Present() error {
	if !n.present {
		return errNoLoginProfile(n.Holder)
	}
	return nil
}

// Policy is what the account asks of the password.
func (n *NewPassword) Policy() PasswordPolicy { return n.policy }

// Choose checks the password by the account's rules and hashes it. Callers have
// found out before that whoever asks may set it: it costs up to 25 hashes.
func (n *NewPassword) Choose(ctx context.Context, h *credential.Hasher, p secret.String) error {
	broken, err := n.choose(ctx, h, p, n.remembered())
	if err == nil && broken != nil {
		err = n.policy.violation(broken)
	}
	return err
}

// ChooseAnother is Choose for who has to choose another password than the present
// one, whatever the account remembers. It returns the rules that p breaks.
func (n *NewPassword) ChooseAnother(ctx context.Context, h *credential.Hasher, p secret.String) ([]credential.Violation, error) {
	if n.policy.Remembered > 0 {
		return n.choose(ctx, h, p, n.remembered())
	}
	broken, err := n.choose(ctx, h, p, []string{n.Current.Hash})
	if len(broken) == 1 && broken[0] == credential.Reused {
		broken[0] = credential.Unchanged
	}
	return broken, err
}

// remembered are the hashes of the passwords that cannot be set again.
func (n *NewPassword) remembered() []string {
	if n.policy.Remembered == 0 {
		return nil
	}
	return n.Current.Last(n.policy.Remembered)
}

func (n *NewPassword) choose(ctx context.Context, h *credential.Hasher, p secret.String, not []string) ([]credential.Violation, error) {
	if broken := n.policy.Check(p, n.about...); len(broken) > 0 {
		return broken, nil
	}
	reused, err := h.MatchesAny(ctx, not, p)
	if err != nil {
		return nil, err
	}
	if reused {
		return []credential.Violation{credential.Reused}, nil
	}
	hash, err := h.Hash(ctx, p)
	n.hash = hash
	return nil, err
}

// Create gives the user, who has none, a login profile with the chosen password.
func (n *NewPassword) Create(tx SecretStore, now time.Time, mustChange bool) (LoginProfile, error) {
	if _, err := tx.IAMUser(n.Holder.User.ID); err != nil {
		return LoginProfile{}, missing(err, "The user with name %s cannot be found.", n.Holder.User.Name)
	}
	if err := hasNoPassword(tx, n.Holder); err != nil {
		return LoginProfile{}, err
	}
	err := credential.SetPassword(tx, n.Holder.Password(), n.hash, mustChange, now)
	return LoginProfile{n.Holder, mustChange, now}, err
}

// Update changes the user's login profile: to the chosen password, if one was
// chosen, and whether it must be changed, unless that is nil.
func (n *NewPassword) Update(tx SecretStore, now time.Time, mustChange *bool) error {
	p, err := tx.Password(n.Holder.Password())
	if fault.Is(err, fault.NotFound) {
		return errNoLoginProfile(n.Holder)
	}
	if err != nil {
		return err
	}
	if mustChange != nil {
		p.MustChange = *mustChange
	}
	if n.hash == "" {
		return tx.PutPassword(p)
	}
	// What was checked against the last passwords must still follow them.
	if p.Hash != n.Current.Hash {
		return fault.New(fault.Conflict, "entity-temporarily-unmodifiable",
			"Login Profile for User %s cannot be modified while its password is being changed. Please try again.", n.Holder.name())
	}
	// Whoever guessed at the old password guessed at nothing.
	if err := credential.Succeeded(tx, []credential.Key{PasswordKey(n.Holder)}); err != nil {
		return err
	}
	return credential.SetPassword(tx, n.Holder.Password(), n.hash, p.MustChange, now)
}

// PasswordKey counts tries at the holder's password.
func PasswordKey(h Holder) credential.Key { return credential.NameKey(h.Account, h.name()) }

func errLoginProfile(h Holder) error {
	return fault.New(fault.AlreadyExists, "login-profile", "Login Profile for user %s already exists.", h.name())
}

func errNoLoginProfile(h Holder) error {
	return fault.New(fault.NotFound, "no-password", "Login Profile for User %s cannot be found.", h.name())
}

func hasNoPassword(tx SecretStore, h Holder) error {
	_, err := tx.Password(h.Password())
	if err == nil {
		return errLoginProfile(h)
	}
	if !fault.Is(err, fault.NotFound) {
		return err
	}
	return nil
}

// loginProfileHolds keeps a user who has one from being deleted.
func loginProfileHolds(tx Store, u User) error {
	_, err := tx.Password(PasswordOf(u.ID))
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return holds(1, err, "must delete login profile first")
}

// name is how messages call the owner.
func (h Holder) name() string {
	if h.Root() {
		return "root"
	}
	return h.User.Name
}
