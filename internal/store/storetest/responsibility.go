package storetest

import (
	"fmt"
	"testing"
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/org"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

// Transfers of responsibility are found from both sides in pages, an address in any
// case; those that were agreed on and have not ended are counted along a chain.
// Invitations that ended are forgotten, what was agreed is not, and all go with
// either organization.
func testResponsibilityTransfers(t *testing.T, db store.DB) {
	o := organized(t, db)
	var other, third org.Organization
	update(t, db, func(tx store.Tx) (err error) {
		if err := do(tx.PutAccount(testAccount("444455556666")), tx.PutAccount(testAccount("777788889999"))); err != nil {
			return err
		}
		if other, err = org.New(tx, "444455556666", org.AllFeatures, now); err != nil {
			return err
		}
		third, err = org.New(tx, "777788889999", org.AllFeatures, now)
		return err
	})
	of := func(o org.Organization) org.Party { return org.Party{Type: org.OrganizationParty, ID: o.ID} }
	end := now.Add(24 * time.Hour)
	made := make([]org.Transfer, 0, 6)
	for i := range 6 {
		v := org.Transfer{
			ID: fmt.Sprintf("rt-%08d", i), Type: org.Billing, Name: "n", Target: o.ID, Source: of(other), Status: org.TransferAccepted,
			Handshake: "h-00000000", ExpiresAt: now, ResolvedAt: now, StartsAt: now.Add(time.Hour),
		}
		switch i {
		case 0:
			v.Status, v.EndsAt = org.TransferWithdrawn, end
		case 1:
			v.Source, v.Status, v.ResolvedAt = org.Party{Type: org.EmailParty, ID: "Root@Example.com"}, org.TransferRequested, time.Time{}
		case 2:
			v.Source, v.Status = org.Party{Type: org.AccountParty, ID: "444455556666"}, org.TransferDeclined
		case 3: // after the first has ended
			v.StartsAt = end
		case 4:
			v.Target, v.Source = other.ID, of(third)
		case 5:
			v.Target, v.Source, v.Status = other.ID, of(third), org.TransferCanceled
		}
		made = append(made, v)
	}
	update(t, db, func(tx store.Tx) error {
		for _, v := range made {
			before := v
			before.Name, before.Handshake = "before", ""
			if err := do(tx.PutTransfer(before), tx.PutTransfer(v)); err != nil {
				return err
			}
		}
		return nil
	})
	view(t, db, func(tx store.Tx) error {
		for _, v := range made {
			got, err := tx.Transfer(v.ID)
			equal(t, v.ID, got, v)
			if err != nil {
				return err
			}
		}
		_, missing := tx.Transfer("rt-none0000")
		refused(t, "none", missing, fault.NotFound, "ResponsibilityTransferNotFound")
		to, toErr := tx.TransfersTo(o.ID, page.Request{Limit: 3})
		equal(t, "to", to, page.Page[org.Transfer]{Items: made[:3], Next: made[2].ID})
		rest, restErr := tx.TransfersTo(o.ID, page.Request{Limit: 3, After: to.Next})
		equal(t, "the rest", rest, page.Page[org.Transfer]{Items: made[3:4]})
		names := []org.Party{{Type: org.EmailParty, ID: "root@example.COM"}, {Type: org.AccountParty, ID: "444455556666"}, of(other)}
		from, fromErr := tx.TransfersFrom(names, page.Request{Limit: 3})
		equal(t, "from", from, page.Page[org.Transfer]{Items: made[:3], Next: made[2].ID})
		nothing, nothingErr := tx.TransfersFrom(nil, page.Request{})
		equal(t, "from nobody", len(nothing.Items), 0)
		for at, want := range map[time.Time][2]int{now: {2, 1}, end: {1, 1}} {
			direct, below, err := tx.AgreedTransfersTo(o.ID, at)
			equal(t, "agreed", [2]int{direct, below}, want)
			if err != nil {
				return err
			}
		}
		direct, below, lastErr := tx.AgreedTransfersTo(third.ID, now)
		equal(t, "agreed to the last", [2]int{direct, below}, [2]int{})
		goes, goesErr := tx.AgreedTransferFrom(other.ID, end)
		equal(t, "goes out", goes, made[3])
		first, firstErr := tx.AgreedTransferFrom(other.ID, now)
		equal(t, "goes out before", first, made[0])
		_, top := tx.AgreedTransferFrom(o.ID, now)
		refused(t, "of the top", top, fault.NotFound, "ResponsibilityTransferNotFound")
		return do(toErr, restErr, fromErr, nothingErr, lastErr, goesErr, firstErr)
	})
	ids := func() (all []string) {
		view(t, db, func(tx store.Tx) error {
			for _, o := range []org.Organization{o, other} {
				got, err := tx.TransfersTo(o.ID, page.Request{})
				if err != nil {
					return err
				}
				for _, v := range got.Items {
					all = append(all, v.ID)
				}
			}
			return nil
		})
		return all
	}
	update(t, db, func(tx store.Tx) error { _, err := tx.Expire(now.Add(10*org.HandshakeKept), 100); return err })
	equal(t, "when invitations have been forgotten", ids(), []string{made[0].ID, made[3].ID, made[4].ID})
	update(t, db, func(tx store.Tx) error { return tx.DeleteOrganization(third.ID) })
	equal(t, "without the source", ids(), []string{made[0].ID, made[3].ID})
	update(t, db, func(tx store.Tx) error { return tx.DeleteOrganization(o.ID) })
	equal(t, "without the target", len(ids()), 0)
}
