package org

import (
	"slices"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/page"
)

// Transfer is that one organization takes a responsibility for another: its
// management account asks the other's by a handshake, and either can withdraw what
// was agreed (AWS Billing's "billing transfer"). Nothing is billed here, so that
// nothing follows from one but what one can see of it.
type Transfer struct {
	ID   string // rt- and 10 lower-case letters and digits
	Type Responsibility
	// Name is the target's for the transfer, 1 to 128 characters of ASCII. The source
	// is not told.
	Name   string
	Target string // id of the organization that takes the responsibility, and invites
	// Source is whom the target asks and, from when it accepts, its organization.
	Source    Party
	Status    TransferStatus // as it was left; see StatusAt
	Handshake string         // that it was asked by
	ExpiresAt time.Time      // of the invitation
	// ResolvedAt is when the invitation was answered; zero while nobody has.
	ResolvedAt time.Time
	StartsAt   time.Time // the first moment of a month, in UTC
	EndsAt     time.Time // the last millisecond of a month, in UTC; zero for no end
}

// Responsibility is what is transferred.
type Responsibility string

// Billing is who manages and pays an organization's bills.
const Billing Responsibility = "BILLING"

// TransferStatus is how far a transfer has come.
type TransferStatus string

// The statuses. The first four are of an invitation.
const (
	TransferRequested TransferStatus = "REQUESTED"
	TransferDeclined  TransferStatus = "DECLINED"
	TransferCanceled  TransferStatus = "CANCELED"
	TransferExpired   TransferStatus = "EXPIRED"
	TransferAccepted  TransferStatus = "ACCEPTED"
	TransferWithdrawn TransferStatus = "WITHDRAWN"
)

// Direction is from where one looks at a transfer.
type Direction string

// The directions: of who takes the responsibility, and of who gives it.
const (
	Inbound  Direction = "INBOUND"
	Outbound Direction = "OUTBOUND"
)

// StatusAt is the status at now: an invitation that nobody answered in time has expired.
func (t Transfer) StatusAt(now time.Time) TransferStatus {
	if t.Status == TransferRequested && !now.Before(t.ExpiresAt) {
		return TransferExpired
	}
	return t.Status
}

// Agreed reports whether both sides have agreed on it, be it withdrawn since.
func (t Transfer) Agreed() bool { return t.Status == TransferAccepted || t.Status == TransferWithdrawn }

// ended reports whether what was agreed is over.
func (t Transfer) ended(now time.Time) bool { return !t.EndsAt.IsZero() && !t.EndsAt.After(now) }

// overlaps reports whether there is a time at which both are in force.
func (t Transfer) overlaps(u Transfer) bool {
	both := t.StartsAt
	if u.StartsAt.After(both) {
		both = u.StartsAt
	}
	return !t.ended(both) && !u.ended(both)
}

// ForgetAt is when nobody can see it any more: an invitation that came to nothing
// goes with its handshake. It is zero for what was agreed, which is kept.
func (t Transfer) ForgetAt() time.Time {
	switch {
	case t.Agreed():
		return time.Time{}
	case t.ResolvedAt.IsZero():
		return t.ExpiresAt.Add(HandshakeKept)
	}
	return t.ResolvedAt.Add(HandshakeKept)
}

// TransferStore keeps transfers.
type TransferStore interface {
	// Transfer returns it, or NotFound.
	Transfer(id string) (Transfer, error)
	// TransfersTo pages through those that the organization takes or asks for, in order of id.
	TransfersTo(organization string, p page.Request) (page.Page[Transfer], error)
	// TransfersFrom pages through those that any of the parties gives or is asked
	// for, in order of id.
	TransfersFrom(parties []Party, p page.Request) (page.Page[Transfer], error)
	// AgreedTransfersTo is how many the organization takes that have not ended at the
	// time, and how many those organizations take in their turn.
	AgreedTransfersTo(organization string, at time.Time) (direct, below int, err error)
	// AgreedTransferFrom returns what the organization gives that has not ended at the
	// time, or NotFound: of several, the first to begin, since others begin only when it
	// has ended.
	AgreedTransferFrom(organization string, at time.Time) (Transfer, error)
	// PutTransfer creates or replaces it.
	PutTransfer(t Transfer) error
}

// Limits of transfers. AWS gives who asks for it up to 1,000 that come in; an
// organization has one that goes out.
const (
	MaxInboundTransfers = 1000
	// MaxChainedTransfers is how many come in in all of a chain.
	MaxChainedTransfers = 1000
	// MaxTransferLevels is how long a chain is: a customer, its reseller, a distributor.
	MaxTransferLevels = 2

	// TransferInviteLifetime is how long an invitation is good, unless it starts before.
	TransferInviteLifetime = 15 * 24 * time.Hour
	// transferNotice is how long before its start a transfer has to be accepted.
	transferNotice = 24 * time.Hour
	// transferYears is how far ahead a transfer can begin or end.
	transferYears = 1
)

var errNoTransfer = fault.New(fault.NotFound, "ResponsibilityTransferNotFound", "You specified a responsibility transfer that doesn't exist.")

// Proposal is what is asked in an invitation.
type Proposal struct {
	Type     Responsibility
	Name     string
	StartsAt time.Time
	Notes    string // to the recipient, at most 1,024 characters
	Tags     []Tag  // that the transfer gets when it is accepted
}

// InviteTransfer asks the management account of another organization, by its id or
// the address of its root user, to have this one take a responsibility. As with
// [Invite], the sender learns nothing of whether there is such an account or what it is.
func InviteTransfer(tx Tx, o Organization, with Party, p Proposal, now time.Time) (Transfer, Handshake, error) {
	if err := transferable(tx, o, o.ManagementAccount); err != nil {
		return Transfer{}, Handshake{}, err
	}
	if err := transferStart(p.StartsAt, now); err != nil {
		return Transfer{}, Handshake{}, err
	}
	if err := validTags(p.Tags); err != nil {
		return Transfer{}, Handshake{}, err
	}
	if len(p.Tags) > MaxTags {
		return Transfer{}, Handshake{}, errTooManyTags
	}
	if err := askable(tx, o, with, p, now); err != nil {
		return Transfer{}, Handshake{}, err
	}
	life := min(TransferInviteLifetime, p.StartsAt.Add(-transferNotice).Sub(now))
	h := newHandshake(o, TransferResponsibility, with, life, now)
	t := Transfer{
		ID: arn.NewID("rt-", 10), Type: p.Type, Name: p.Name, Target: o.ID, Source: with, Status: TransferRequested,
		Handshake: h.ID, ExpiresAt: h.ExpiresAt, StartsAt: p.StartsAt.UTC(),
	}
	h.Notes, h.Tags, h.Transfer = p.Notes, p.Tags, t.ID
	if err := tx.PutTransfer(t); err != nil {
		return t, h, err
	}
	return t, h, tx.PutHandshake(h)
}

// transferable refuses an organization that cannot take or give a responsibility.
func transferable(tx account.Store, o Organization, managementAccount string) error {
	a, err := tx.Account(managementAccount)
	switch {
	case err != nil:
		return err
	case a.Status != account.Active:
		return constraint("ACCOUNT_NOT_ACTIVE_FOR_TRANSFER_RESPONSIBILITY", "Your account setup isn't complete, or your account isn't active.")
	case o.Features != AllFeatures:
		return errNotAllFeatures
	}
	return nil
}

// transferStart refuses what is no first moment of a month to come.
func transferStart(at, now time.Time) error {
	at = at.UTC()
	switch {
	case !at.Equal(at.Truncate(24 * time.Hour)):
		return invalid("START_DATE_NOT_BEGINNING_OF_DAY", "You provided an invalid start date. The start date must be the beginning of the day (00:00:00.000).")
	case at.Day() != 1:
		return invalid("START_DATE_NOT_BEGINNING_OF_MONTH", "You provided an invalid start date. The start date must be the first day of the month.")
	case !now.Before(at.Add(-transferNotice)):
		return invalid("START_DATE_TOO_EARLY", "You provided an invalid start date. The start date is too early.")
	case at.After(now.AddDate(transferYears, 0, 0)):
		return invalid("START_DATE_TOO_LATE", "You provided an invalid start date. The start date is too late.")
	}
	return nil
}

// askable refuses an invitation to oneself, to whom was asked or has agreed already,
// and too many.
func askable(tx Tx, o Organization, with Party, p Proposal, now time.Time) error {
	if err := party(with); err != nil {
		return err
	}
	self, err := tx.Account(o.ManagementAccount)
	if err != nil {
		return err
	}
	for _, mine := range Parties(self) {
		if mine.Key() == with.Key() {
			return errOneself
		}
	}
	_, err = tx.PendingHandshake(o.ID, TransferResponsibility, with, now)
	if err == nil {
		return errDuplicateHandshake
	}
	if !fault.Is(err, fault.NotFound) {
		return err
	}
	if err := givesAlready(tx, o, with, p.StartsAt); err != nil {
		return err
	}
	sent, err := tx.HandshakesSince(o.ID, TransferResponsibility, now.Add(-24*time.Hour))
	if err != nil {
		return err
	}
	if most := max(minInvites, o.Accounts()); sent >= most {
		return violates("HANDSHAKE_RATE_LIMIT_EXCEEDED", "You have sent the allowed number of invitations of a day (%d).", most)
	}
	direct, _, err := tx.AgreedTransfersTo(o.ID, now)
	if err != nil {
		return err
	}
	open, err := tx.OpenHandshakes(o.ID, TransferResponsibility, now)
	if err == nil && direct+open >= MaxInboundTransfers {
		err = constraint("RESPONSIBILITY_TRANSFER_MAX_INBOUND_QUOTA_VIOLATION", "You have exceeded your inbound transfers limit (%d).", MaxInboundTransfers)
	}
	return err
}

// givesAlready refuses to ask whose responsibility the organization has at that time:
// its own list names that management account already, so that this tells nothing new.
// Of a member of the same organization it would, and does not.
func givesAlready(tx Tx, o Organization, with Party, at time.Time) error {
	a, err := accountOf(tx, with)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	var have Transfer
	source, err := tx.OrganizationManagedBy(a.ID)
	if err == nil {
		have, err = tx.AgreedTransferFrom(source.ID, at)
	}
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err == nil && have.Target == o.ID {
		err = errTransferExists
	}
	return err
}

var (
	errOneself        = violates("SOURCE_AND_TARGET_CANNOT_MATCH", "An organization can't transfer a responsibility to itself.")
	errTransferExists = violates("RESPONSIBILITY_TRANSFER_ALREADY_EXISTS", "The organization has transferred the responsibility to yours already.")
)

// afterTransfer does what follows from the answer to an invitation.
func afterTransfer(tx Tx, accountID string, target Organization, h Handshake, now time.Time) error {
	t, err := tx.Transfer(h.Transfer)
	if err != nil {
		return err
	}
	t.ResolvedAt = now
	switch h.State {
	case Declined:
		t.Status = TransferDeclined
	case Canceled:
		t.Status = TransferCanceled
	case Accepted:
		return agree(tx, accountID, target, t, h.Tags)
	}
	return tx.PutTransfer(t)
}

// agree transfers the responsibility for the organization that the account manages.
func agree(tx Tx, accountID string, target Organization, t Transfer, tags []Tag) error {
	source, err := Of(tx, accountID)
	if err != nil {
		return err
	}
	switch {
	case source.ManagementAccount != accountID:
		return ErrNotManagement
	case source.ID == target.ID:
		return errOneself
	}
	if err := transferable(tx, source, accountID); err != nil {
		return err
	}
	to, err := tx.Account(target.ManagementAccount)
	if err != nil {
		return err
	}
	if to.Status == account.Closed {
		return constraint("TRANSFER_RESPONSIBILITY_TARGET_DELETION_IN_PROGRESS", "The account that invites you has been closed.")
	}
	have, err := tx.AgreedTransferFrom(source.ID, t.StartsAt)
	switch {
	case err == nil && have.Target == target.ID:
		return errTransferExists
	case err == nil:
		return constraint("RESPONSIBILITY_TRANSFER_MAX_OUTBOUND_QUOTA_VIOLATION", "You have exceeded your outbound transfers limit (1).")
	case !fault.Is(err, fault.NotFound):
		return err
	}
	if err := chained(tx, source, target, t.StartsAt); err != nil {
		return err
	}
	t.Source, t.Status = Party{OrganizationParty, source.ID}, TransferAccepted
	if err := tx.PutTransfer(t); err != nil {
		return err
	}
	return SetTags(tx, target.ID, t.ID, tags)
}

// chained refuses what would make too long or too wide a chain; one that comes back
// to where it began is too long.
func chained(tx Store, source, target Organization, at time.Time) error {
	levels, top := 1, target.ID
	for levels <= MaxTransferLevels {
		above, err := tx.AgreedTransferFrom(top, at)
		if fault.Is(err, fault.NotFound) {
			break
		}
		if err != nil {
			return err
		}
		levels, top = levels+1, above.Target
	}
	direct, below, err := tx.AgreedTransfersTo(source.ID, at)
	if err != nil {
		return err
	}
	if direct > 0 {
		levels++
	}
	if below > 0 {
		levels++
	}
	if levels > MaxTransferLevels {
		return constraint("RESPONSIBILITY_TRANSFER_MAX_LEVEL_VIOLATION", "You have exceeded the maximum length of your transfer chain (%d).", MaxTransferLevels)
	}
	first, second, err := tx.AgreedTransfersTo(top, at)
	if err == nil && first+second+1+direct > MaxChainedTransfers {
		err = constraint("RESPONSIBILITY_TRANSFER_MAX_TRANSFERS_QUOTA_VIOLATION", "You have exceeded the number of inbound transfers of a transfer chain (%d).", MaxChainedTransfers)
	}
	return err
}

// givers are the names by which an organization gives responsibilities or is asked
// for them.
func givers(tx account.Store, o Organization) ([]Party, error) {
	a, err := tx.Account(o.ManagementAccount)
	return append(Parties(a), Party{OrganizationParty, o.ID}), err
}

// DirectionOf is from where the organization looks at a transfer: NotFound if it
// neither takes nor gives it.
func DirectionOf(tx account.Store, o Organization, t Transfer) (Direction, error) {
	if t.Target == o.ID {
		return Inbound, nil
	}
	mine, err := givers(tx, o)
	for _, p := range mine {
		if p.Key() == t.Source.Key() {
			return Outbound, err
		}
	}
	if err == nil {
		err = errNoTransfer
	}
	return "", err
}

// FindTransfer returns a transfer that the organization takes or gives, at now. To
// others there is none.
func FindTransfer(tx Tx, o Organization, id string, now time.Time) (Transfer, Direction, error) {
	t, err := tx.Transfer(id)
	if err != nil {
		return Transfer{}, "", err
	}
	if t.forgotten(now) {
		return Transfer{}, "", errNoTransfer
	}
	way, err := DirectionOf(tx, o, t)
	if err != nil {
		return Transfer{}, "", err
	}
	return t, way, nil
}

func (t Transfer) forgotten(now time.Time) bool {
	at := t.ForgetAt()
	return !at.IsZero() && !now.Before(at)
}

// TransfersTaken pages through what the organization takes or asks for, at now. With
// the id of one of those it is what comes with that one: what its source takes in its
// turn, at the same time as it gives, without whom it asks. Nothing comes with one that
// has ended: whose bills the source takes since is nobody's business upstream.
func TransfersTaken(tx Tx, o Organization, id string, p page.Request, now time.Time) (page.Page[Transfer], error) {
	by := o.ID
	var with Transfer
	if id != "" {
		t, way, err := FindTransfer(tx, o, id, now)
		switch {
		case err != nil:
			return page.Page[Transfer]{}, err
		case way != Inbound:
			return page.Page[Transfer]{}, errNoTransfer
		case !t.Agreed() || t.ended(now):
			return page.Page[Transfer]{}, nil
		}
		by, with = t.Source.ID, t
	}
	all, err := tx.TransfersTo(by, p)
	all.Items = slices.DeleteFunc(all.Items, func(t Transfer) bool {
		return t.forgotten(now) || id != "" && (!t.Agreed() || !t.overlaps(with))
	})
	return all, err
}

// TransfersGiven pages through what the organization gives or is asked for, at now.
func TransfersGiven(tx Tx, o Organization, p page.Request, now time.Time) (page.Page[Transfer], error) {
	mine, err := givers(tx, o)
	if err != nil {
		return page.Page[Transfer]{}, err
	}
	all, err := tx.TransfersFrom(mine, p)
	all.Items = slices.DeleteFunc(all.Items, func(t Transfer) bool { return t.forgotten(now) || t.Target == o.ID })
	return all, err
}

// RenameTransfer gives a transfer another name, for who takes the responsibility.
func RenameTransfer(tx Tx, o Organization, id, name string, now time.Time) (Transfer, error) {
	t, way, err := FindTransfer(tx, o, id, now)
	if err != nil {
		return t, err
	}
	if way != Inbound {
		return t, ErrNotManagement
	}
	if s := t.StatusAt(now); s != TransferRequested && s != TransferAccepted {
		return t, constraint("TRANSFER_RESPONSIBILITY_UPDATE_NOT_ALLOWED", "You cannot update this transfer because it is %s.", s)
	}
	t.Name = name
	return t, tx.PutTransfer(t)
}

// Withdraw ends a transfer for either side, at the end of a month; without one, of
// this month. That may be before it begins.
func Withdraw(tx Tx, o Organization, id string, end, now time.Time) (Transfer, Direction, error) {
	t, way, err := FindTransfer(tx, o, id, now)
	if err != nil {
		return t, way, err
	}
	switch s := t.StatusAt(now); s {
	case TransferWithdrawn:
		return t, way, fault.New(fault.Conflict, "ResponsibilityTransferAlreadyInStatus", "The transfer is %s already.", s)
	case TransferAccepted:
	default:
		return t, way, fault.New(fault.Conflict, "InvalidResponsibilityTransferTransition", "A transfer that is %s cannot become %s.", s, TransferWithdrawn)
	}
	if end.IsZero() {
		end = monthAfter(now).Add(-time.Millisecond)
	}
	if t.EndsAt, err = transferEnd(end, now); err != nil {
		return t, way, err
	}
	t.Status = TransferWithdrawn
	return t, way, tx.PutTransfer(t)
}

// transferEnd is the last millisecond of the month of a time that is in the month's
// last second: botocore, for one, sends whole seconds.
func transferEnd(at, now time.Time) (time.Time, error) {
	next := monthAfter(at)
	end := next.Add(-time.Millisecond)
	switch {
	case next.Sub(at) > time.Second:
		return end, invalid("END_DATE_NOT_END_OF_MONTH", "You provided an invalid end date. The end date must be the end of the last day of the month (23.59.59.999).")
	case end.Before(now.Truncate(time.Millisecond)):
		return end, invalid("END_DATE_TOO_EARLY", "You provided an invalid end date. The end date is too early.")
	case end.After(now.AddDate(transferYears, 0, 0)):
		return end, invalid("END_DATE_TOO_LATE", "You provided an invalid end date. The end date is too late.")
	}
	return end, nil
}

func monthAfter(t time.Time) time.Time {
	t = t.UTC()
	return time.Date(t.Year(), t.Month()+1, 1, 0, 0, 0, 0, time.UTC)
}

// Upstream are the organizations to which a responsibility comes by a transfer and
// those above it, at now: its target first.
func Upstream(tx Store, t Transfer, now time.Time) (all []Organization, err error) {
	for id := t.Target; len(all) < MaxTransferLevels; {
		o, err := tx.Organization(id)
		if err != nil {
			return all, err
		}
		all = append(all, o)
		above, err := tx.AgreedTransferFrom(id, now)
		if fault.Is(err, fault.NotFound) {
			break
		}
		if err != nil {
			return all, err
		}
		id = above.Target
	}
	return all, nil
}

// transfersNothing refuses to delete an organization that takes or gives a
// responsibility, or asks for one. What it is asked for itself does not hold it, or
// any stranger could by an invitation.
func transfersNothing(tx Tx, o Organization, now time.Time) error {
	direct, _, err := tx.AgreedTransfersTo(o.ID, now)
	if err != nil {
		return err
	}
	open, err := tx.OpenHandshakes(o.ID, TransferResponsibility, now)
	if err != nil {
		return err
	}
	_, err = tx.AgreedTransferFrom(o.ID, now)
	if fault.Is(err, fault.NotFound) && direct+open == 0 {
		return nil
	}
	if err == nil || fault.Is(err, fault.NotFound) {
		err = constraint("ACTIVE_RESPONSIBILITY_TRANSFER_PROCESS", "You cannot delete the organization while a responsibility transfer is under way. Withdraw it, or cancel the invitation, first.")
	}
	return err
}
