package org

import (
	"time"

	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/page"
)

// The way to all features: the management account's handshake is with its own
// organization, each account that was invited gets one below it, and when all of
// them have approved the management account is asked for the last word, which it
// may give to that question or to its own (behaviours.md 9.6).

// StartAllFeatures begins it and returns the management account's handshake.
func StartAllFeatures(tx Tx, o Organization, now time.Time) (Handshake, error) {
	if o.Features == AllFeatures {
		return Handshake{}, violates("ORGANIZATION_ALREADY_HAS_ALL_FEATURES", "The organization has all features enabled already.")
	}
	_, err := pendingAllFeatures(tx, o, now)
	if err == nil {
		return Handshake{}, violates("ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION", "All features are being enabled already.")
	}
	if !fault.Is(err, fault.NotFound) {
		return Handshake{}, err
	}
	n, err := tx.MemberCount(o.ID)
	if err != nil {
		return Handshake{}, err
	}
	if n > maxMigration {
		return Handshake{}, constraint("ALL_FEATURES_MIGRATION_ORGANIZATION_SIZE_LIMIT_EXCEEDED", "The organization has more than %d accounts.", maxMigration)
	}
	h := newHandshake(o, EnableAll, Party{OrganizationParty, o.ID}, AllFeaturesLifetime, now)
	if err := tx.PutHandshake(h); err != nil {
		return h, err
	}
	all, err := page.All(func(p page.Request) (page.Page[account.Account], error) { return tx.AccountsOfOrganization(o.ID, p) })
	if err != nil {
		return h, err
	}
	for _, a := range all {
		if a.ID == o.ManagementAccount || a.JoinedMethod != account.Invited || a.Status == account.Closed {
			continue
		}
		asked := newHandshake(o, EnableAll, Party{AccountParty, a.ID}, AllFeaturesLifetime, now)
		asked.Parent = h.ID
		if err := tx.PutHandshake(asked); err != nil {
			return h, err
		}
	}
	return settle(tx, o, h, now)
}

func pendingAllFeatures(tx Store, o Organization, now time.Time) (Handshake, error) {
	return tx.PendingHandshake(o.ID, EnableAll, Party{OrganizationParty, o.ID}, now)
}

// settle opens the management account's handshake when every account that was
// asked, and is a member still, has approved.
func settle(tx Tx, o Organization, h Handshake, now time.Time) (Handshake, error) {
	asked, err := below(tx, o, h)
	if err != nil || h.State != Requested {
		return h, err
	}
	for _, c := range asked {
		if c.State == Accepted {
			continue
		}
		a, err := tx.Account(c.Recipient.ID)
		if err != nil {
			return h, err
		}
		if a.Organization == o.ID && a.Status != account.Closed {
			return h, nil
		}
	}
	h.State = Open
	if err := tx.PutHandshake(h); err != nil {
		return h, err
	}
	last := newHandshake(o, ApproveAll, Party{AccountParty, o.ManagementAccount}, AllFeaturesLifetime, now)
	last.Parent, last.ExpiresAt = h.ID, h.ExpiresAt
	return h, tx.PutHandshake(last)
}

func below(tx Store, o Organization, h Handshake) ([]Handshake, error) {
	return page.All(func(p page.Request) (page.Page[Handshake], error) {
		return tx.HandshakesSent(o.ID, HandshakeFilter{Parent: h.ID}, p)
	})
}

// afterFeatures does what follows from an answer about all features.
func afterFeatures(tx Tx, o Organization, h Handshake, now time.Time) error {
	whole := h // the management account's
	if h.Parent != "" {
		var err error
		if whole, err = tx.Handshake(h.Parent); err != nil {
			return err
		}
	}
	byMember := h.Parent != "" && h.Action == EnableAll
	switch {
	case byMember && h.State == Accepted:
		_, err := settle(tx, o, whole, now)
		return err
	case byMember:
		return nil // it stays open: the sender cancels it, or removes who does not want it
	}
	// The last word: all that is still open ends with it.
	rest, err := below(tx, o, whole)
	if err != nil {
		return err
	}
	for _, c := range append(rest, whole) {
		if c.ID == h.ID || !c.pending() {
			continue
		}
		c.State, c.ResolvedAt = h.State, now
		if err := tx.PutHandshake(c); err != nil {
			return err
		}
	}
	if h.State != Accepted {
		return nil
	}
	o.Features = AllFeatures // policy types are enabled one by one afterwards
	return tx.PutOrganization(o)
}

// resettle looks again at the way to all features after an account has left.
func resettle(tx Tx, o Organization, now time.Time) error {
	h, err := pendingAllFeatures(tx, o, now)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = settle(tx, o, h, now)
	return err
}
