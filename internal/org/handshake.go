package org

import (
	"strings"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/page"
)

// Handshake is a question that one account puts to another and that is answered
// once: whether it joins the organization, for example (behaviours.md 9.6).
type Handshake struct {
	ID           string // h- and 10 lower-case letters and digits
	Organization string // of the sender, which is its management account
	Action       Action
	State        HandshakeState // as it was left; see StateAt
	Recipient    Party
	Parent       string // the handshake that this one is part of; "" for none
	Notes        string // of the sender to the recipient, at most 1,024 characters
	Tags         []Tag  // that the account gets when it joins
	Transfer     string // rt-…, of what a TransferResponsibility is about
	RequestedAt  time.Time
	ExpiresAt    time.Time
	ResolvedAt   time.Time // zero while nobody answered
}

// Action is what a handshake is about.
type Action string

// The actions.
const (
	InviteAccount          Action = "INVITE"
	EnableAll              Action = "ENABLE_ALL_FEATURES"
	ApproveAll             Action = "APPROVE_ALL_FEATURES"
	TransferResponsibility Action = "TRANSFER_RESPONSIBILITY"
)

// HandshakeState is how far a handshake has come.
type HandshakeState string

// The states. Open is for an invitation, which waits for one answer, and for what all
// who were asked have answered, so that the sender can complete it.
const (
	Requested HandshakeState = "REQUESTED"
	Open      HandshakeState = "OPEN"
	Canceled  HandshakeState = "CANCELED"
	Accepted  HandshakeState = "ACCEPTED"
	Declined  HandshakeState = "DECLINED"
	Expired   HandshakeState = "EXPIRED"
)

// PartyType is how a party is named.
type PartyType string

// The types.
const (
	AccountParty      PartyType = "ACCOUNT"
	EmailParty        PartyType = "EMAIL"
	OrganizationParty PartyType = "ORGANIZATION"
)

// Party is whom a handshake is with.
type Party struct {
	Type PartyType
	ID   string // account or organization id, or e-mail address
}

// Key is the party as it is looked up: addresses without regard to case.
func (p Party) Key() string {
	if p.Type == EmailParty {
		return string(p.Type) + "/" + strings.ToLower(p.ID)
	}
	return string(p.Type) + "/" + p.ID
}

// Parties are the names by which an account may be asked.
func Parties(a account.Account) []Party {
	return []Party{{AccountParty, a.ID}, {EmailParty, a.Email}}
}

// How long handshakes are good, and how long one can see what became of them.
const (
	InviteLifetime      = 15 * 24 * time.Hour
	AllFeaturesLifetime = 90 * 24 * time.Hour
	HandshakeKept       = 30 * 24 * time.Hour
)

// StateAt is the state at now: what nobody answered in time has expired.
func (h Handshake) StateAt(now time.Time) HandshakeState {
	if h.pending() && !now.Before(h.ExpiresAt) {
		return Expired
	}
	return h.State
}

func (h Handshake) pending() bool { return h.State == Requested || h.State == Open }

// ForgetAt is when nobody can see it any more.
func (h Handshake) ForgetAt() time.Time {
	if h.ResolvedAt.IsZero() {
		return h.ExpiresAt.Add(HandshakeKept)
	}
	return h.ResolvedAt.Add(HandshakeKept)
}

// HandshakeFilter narrows lists. Zero fields do not narrow.
type HandshakeFilter struct {
	Action Action
	Parent string
}

// HandshakeStore keeps handshakes until they are forgotten.
type HandshakeStore interface {
	// Handshake returns it, or NotFound.
	Handshake(id string) (Handshake, error)
	// HandshakesSent pages through what the organization sent, in order of id.
	HandshakesSent(organization string, f HandshakeFilter, p page.Request) (page.Page[Handshake], error)
	// HandshakesReceived pages through what any of the parties received, in order of id.
	HandshakesReceived(parties []Party, f HandshakeFilter, p page.Request) (page.Page[Handshake], error)
	// OpenHandshakes is how many of the organization's of that action are unanswered at now.
	OpenHandshakes(organization string, action Action, now time.Time) (int, error)
	// HandshakesSince is how many of that action the organization has sent since then.
	HandshakesSince(organization string, action Action, since time.Time) (int, error)
	// PendingHandshake returns the organization's unanswered one of that action with
	// the party, or NotFound.
	PendingHandshake(organization string, action Action, with Party, now time.Time) (Handshake, error)
	// PutHandshake creates or replaces it.
	PutHandshake(h Handshake) error
}

var (
	errNoHandshake        = fault.New(fault.NotFound, "HandshakeNotFound", "You specified a handshake that doesn't exist.")
	errDuplicateHandshake = fault.New(fault.AlreadyExists, "DuplicateHandshake", "A handshake with the same action and recipient exists already.")
)

// violates is the fault of a rule of handshakes. Its reason is AWS's own word, a
// HandshakeConstraintViolationExceptionReason.
func violates(reason, format string, args ...any) error {
	return fault.New(fault.Conflict, reason, format, args...)
}

func newHandshake(o Organization, action Action, with Party, life time.Duration, now time.Time) Handshake {
	return Handshake{
		ID: arn.NewID("h-", 10), Organization: o.ID, Action: action, State: Requested, Recipient: with,
		RequestedAt: now, ExpiresAt: now.Add(life),
	}
}

// Invite asks a standalone account, by its id or the address of its root user, to
// join. The sender learns nothing of whether there is such an account: a
// handshake that nobody is there to answer expires.
func Invite(tx Tx, o Organization, with Party, notes string, tags []Tag, now time.Time) (Handshake, error) {
	if err := invitable(tx, o, with, now); err != nil {
		return Handshake{}, err
	}
	if err := validTags(tags); err != nil {
		return Handshake{}, err
	}
	if len(tags) > MaxTags {
		return Handshake{}, errTooManyTags
	}
	h := newHandshake(o, InviteAccount, with, InviteLifetime, now)
	h.State, h.Notes, h.Tags = Open, notes, tags // there is nobody else whose answer is waited for
	return h, tx.PutHandshake(h)
}

func invitable(tx Tx, o Organization, with Party, now time.Time) error {
	if err := party(with); err != nil {
		return err
	}
	_, err := pendingAllFeatures(tx, o, now)
	if err == nil {
		return violates("INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES", "You can't invite accounts while all features are being enabled.")
	}
	if !fault.Is(err, fault.NotFound) {
		return err
	}
	member, err := accountOf(tx, with)
	if err == nil && member.Organization == o.ID {
		// Whom it invites, its own list of accounts tells already.
		return violates("ALREADY_IN_AN_ORGANIZATION", "The account is a member of the organization already.")
	}
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	_, err = tx.PendingHandshake(o.ID, InviteAccount, with, now)
	if err == nil {
		return errDuplicateHandshake
	}
	if !fault.Is(err, fault.NotFound) {
		return err
	}
	taken, err := places(tx, o, now)
	if err != nil {
		return err
	}
	if taken >= o.Accounts() {
		return violates("ACCOUNT_NUMBER_LIMIT_EXCEEDED", "You have exceeded the allowed number of accounts of the organization (%d).", o.Accounts())
	}
	sent, err := tx.HandshakesSince(o.ID, InviteAccount, now.Add(-24*time.Hour))
	if err != nil {
		return err
	}
	if most := max(minInvites, o.Accounts()); sent >= most {
		return violates("HANDSHAKE_RATE_LIMIT_EXCEEDED", "You have sent the allowed number of invitations of a day (%d).", most)
	}
	return nil
}

// party refuses what an account cannot be named by.
func party(p Party) error {
	switch {
	case p.Type == AccountParty && arn.ValidAccount(p.ID):
		return nil
	case p.Type == EmailParty && account.ValidEmail(p.ID):
		return nil
	case p.Type == EmailParty:
		return invalid("INVALID_EMAIL_ADDRESS_TARGET", "You specified an invalid email address.")
	case p.Type == AccountParty:
		return invalid("INVALID_PATTERN_TARGET_ID", "You specified an invalid account id.")
	}
	return invalid("INVALID_PARTY_TYPE_TARGET", "You specified the wrong type of entity as a party.")
}

// accountOf is the account that the party is, or NotFound.
func accountOf(tx account.Store, p Party) (account.Account, error) {
	if p.Type == AccountParty {
		return tx.Account(p.ID)
	}
	return tx.AccountByEmail(p.ID)
}

// seats are what an account is in a handshake.
type seats struct {
	sender, recipient bool
	organization      Organization // of the sender
}

func seatsOf(tx Tx, h Handshake, a account.Account) (s seats, err error) {
	if s.organization, err = tx.Organization(h.Organization); err != nil {
		return s, err
	}
	s.sender = s.organization.ManagementAccount == a.ID
	for _, p := range append(Parties(a), Party{OrganizationParty, a.Organization}) {
		s.recipient = s.recipient || p.Key() == h.Recipient.Key()
	}
	if h.Recipient.Type == OrganizationParty {
		s.recipient = s.sender // by its management account
	}
	return s, nil
}

// FindHandshake returns a handshake that the account has sent or received, at now.
// To others there is none.
func FindHandshake(tx Tx, accountID, id string, now time.Time) (Handshake, error) {
	h, _, err := find(tx, accountID, id, now)
	return h, err
}

func find(tx Tx, accountID, id string, now time.Time) (Handshake, seats, error) {
	h, err := tx.Handshake(id)
	if err != nil {
		return Handshake{}, seats{}, err
	}
	a, err := tx.Account(accountID)
	if err != nil {
		return Handshake{}, seats{}, err
	}
	s, err := seatsOf(tx, h, a)
	if err != nil {
		return Handshake{}, seats{}, err
	}
	if !s.sender && !s.recipient || !now.Before(h.ForgetAt()) {
		return Handshake{}, seats{}, errNoHandshake
	}
	return h, s, nil
}

// Answer brings a handshake to a final state: Accepted or Declined by who received
// it, Canceled by who sent it. What follows from an accepted one is the caller's.
// One that was brought there already, or to another final state, is a Conflict.
func Answer(tx Tx, accountID, id string, to HandshakeState, now time.Time) (Handshake, Organization, error) {
	h, s, err := find(tx, accountID, id, now)
	if err != nil {
		return h, s.organization, err
	}
	if may := s.recipient; to == Canceled && !s.sender || to != Canceled && !may {
		return h, s.organization, ErrNotManagement
	}
	switch at := h.StateAt(now); {
	case at == to:
		return h, s.organization, fault.New(fault.Conflict, "HandshakeAlreadyInState", "The handshake is already in the state %s.", at)
	case at != Requested && at != Open:
		return h, s.organization, fault.New(fault.Conflict, "InvalidHandshakeTransition", "A handshake that is %s cannot become %s.", at, to)
	case to == Accepted && h.Action == EnableAll && h.Recipient.Type == OrganizationParty && at != Open:
		return h, s.organization, fault.New(fault.Conflict, "InvalidHandshakeTransition", "Not all invited accounts have approved yet.")
	case to == Declined && h.Recipient.Type == OrganizationParty:
		return h, s.organization, ErrNotManagement // one does not decline one's own question
	}
	if to == Accepted && h.Action == InviteAccount {
		// Who was asked before would come in without being asked about all features.
		_, err := pendingAllFeatures(tx, s.organization, now)
		if err == nil {
			err = violates("INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES", "The invitation can't be accepted while all features are being enabled.")
		}
		if !fault.Is(err, fault.NotFound) {
			return h, s.organization, err
		}
	}
	h.State, h.ResolvedAt = to, now
	if err := tx.PutHandshake(h); err != nil {
		return h, s.organization, err
	}
	if h.Action == EnableAll || h.Action == ApproveAll {
		return h, s.organization, afterFeatures(tx, s.organization, h, now)
	}
	if h.Action == TransferResponsibility {
		return h, s.organization, afterTransfer(tx, accountID, s.organization, h, now)
	}
	return h, s.organization, nil
}
