package storetest

import (
	"fmt"
	"testing"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/org"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

// organized makes an organization of one account and returns it.
func organized(t *testing.T, db store.DB) (o org.Organization) {
	t.Helper()
	update(t, db, func(tx store.Tx) (err error) {
		if err := tx.PutAccount(testAccount("111122223333")); err != nil {
			return err
		}
		o, err = NewOrganization(tx, now, "111122223333")
		return err
	})
	return o
}

// Handshakes are found by sender, by any name of the recipient in any case, by
// action and by parent, in pages; what has expired is not pending.
func testHandshakes(t *testing.T, db store.DB) {
	o := organized(t, db)
	email := org.Party{Type: org.EmailParty, ID: "Root@Example.com"}
	byID := org.Party{Type: org.AccountParty, ID: "444455556666"}
	made := make([]org.Handshake, 0, 6)
	for i := range 6 {
		h := org.Handshake{
			ID: fmt.Sprintf("h-%08d", i), Organization: o.ID, Action: org.InviteAccount, State: org.Requested, Recipient: byID,
			Notes: "a", Tags: []org.Tag{{Key: "k", Value: "v"}}, RequestedAt: now, ExpiresAt: now.Add(time.Hour),
		}
		switch i {
		case 1:
			h.Recipient = email
		case 2:
			h.Action, h.Parent = org.EnableAll, "h-parent00"
		case 3:
			h.State, h.ResolvedAt = org.Declined, now
		case 4:
			h.ExpiresAt = now
		}
		made = append(made, h)
	}
	update(t, db, func(tx store.Tx) error {
		for _, h := range made {
			if err := tx.PutHandshake(h); err != nil {
				return err
			}
		}
		return nil
	})
	view(t, db, func(tx store.Tx) error {
		h, err := tx.Handshake(made[1].ID)
		equal(t, "one", h, made[1])
		_, missing := tx.Handshake("h-none0000")
		refused(t, "none", missing, fault.NotFound, "HandshakeNotFound")
		sent, sentErr := tx.HandshakesSent(o.ID, org.HandshakeFilter{}, page.Request{Limit: 4})
		equal(t, "sent", sent, page.Page[org.Handshake]{Items: made[:4], Next: made[3].ID})
		rest, restErr := tx.HandshakesSent(o.ID, org.HandshakeFilter{Action: org.InviteAccount}, page.Request{Limit: 4, After: sent.Next})
		equal(t, "the rest of an action", rest, page.Page[org.Handshake]{Items: made[4:]})
		below, belowErr := tx.HandshakesSent(o.ID, org.HandshakeFilter{Parent: "h-parent00"}, page.Request{})
		equal(t, "below", below.Items, made[2:3])
		names := []org.Party{byID, {Type: org.EmailParty, ID: "root@example.COM"}}
		got, gotErr := tx.HandshakesReceived(names, org.HandshakeFilter{}, page.Request{Limit: 2})
		equal(t, "received", got, page.Page[org.Handshake]{Items: made[:2], Next: made[1].ID})
		nothing, nothingErr := tx.HandshakesReceived(nil, org.HandshakeFilter{}, page.Request{})
		equal(t, "received by nobody", len(nothing.Items), 0)
		open, openErr := tx.OpenHandshakes(o.ID, org.InviteAccount, now)
		equal(t, "open", open, 3) // the first, the one by address, the last
		since, sinceErr := tx.HandshakesSince(o.ID, org.InviteAccount, now.Add(-time.Second))
		equal(t, "since", since, 5)
		later, laterErr := tx.HandshakesSince(o.ID, org.InviteAccount, now)
		equal(t, "since now", later, 0)
		_, pendingErr := tx.PendingHandshake(o.ID, org.InviteAccount, names[1], now)
		_, expired := tx.PendingHandshake(o.ID, org.InviteAccount, byID, now.Add(time.Hour))
		refused(t, "pending after an hour", expired, fault.NotFound, "")
		return do(err, sentErr, restErr, belowErr, gotErr, nothingErr, openErr, sinceErr, laterErr, pendingErr)
	})
	update(t, db, func(tx store.Tx) error { _, err := tx.Expire(now.Add(org.HandshakeKept), 100); return err })
	equal(t, "after the first have been forgotten", len(get(t, db, func(tx store.Tx) (page.Page[org.Handshake], error) {
		return tx.HandshakesSent(o.ID, org.HandshakeFilter{}, page.Request{})
	}).Items), 6) // now is kept to the moment
	update(t, db, func(tx store.Tx) error { _, err := tx.Expire(now.Add(org.HandshakeKept+time.Second), 100); return err })
	equal(t, "a second later", len(get(t, db, func(tx store.Tx) (page.Page[org.Handshake], error) {
		return tx.HandshakesSent(o.ID, org.HandshakeFilter{}, page.Request{})
	}).Items), 4)
}

// Requests to create an account are found by state and in pages, the oldest first
// where they are worked on; those that ended are forgotten, others never.
func testAccountCreations(t *testing.T, db store.DB) {
	o := organized(t, db)
	made := make([]org.Creation, 0, 4)
	for i := range 4 {
		c := org.Creation{
			ID: fmt.Sprintf("car-%08d", i), Organization: o.ID, Name: "A", Email: "a@example.com", RoleName: org.DefaultRoleName,
			Tags: []org.Tag{{Key: "k", Value: "v"}}, State: org.CreationInProgress, RequestedAt: now.Add(time.Duration(4-i) * time.Second),
		}
		switch i {
		case 1:
			c = c.Fail(org.EmailAlreadyExists, now)
		case 2:
			c = c.Succeed("444455556666", now)
		}
		made = append(made, c)
	}
	update(t, db, func(tx store.Tx) error {
		for _, c := range made {
			if err := tx.PutCreation(c); err != nil {
				return err
			}
		}
		return nil
	})
	view(t, db, func(tx store.Tx) error {
		one, err := tx.Creation(made[1].ID)
		equal(t, "one", one, made[1])
		_, missing := tx.Creation("car-none0000")
		refused(t, "none", missing, fault.NotFound, "CreateAccountStatusNotFound")
		all, allErr := tx.Creations(o.ID, nil, page.Request{Limit: 3})
		equal(t, "all", all, page.Page[org.Creation]{Items: made[:3], Next: made[2].ID})
		ended, endedErr := tx.Creations(o.ID, []org.CreationState{org.CreationFailed, org.CreationSucceeded}, page.Request{})
		equal(t, "ended", ended.Items, made[1:3])
		for _, of := range []string{"", o.ID} {
			pending, err := tx.PendingCreations(of, 10)
			if err != nil {
				return err
			}
			equal(t, "pending", pending, []org.Creation{made[3], made[0]})
		}
		return do(err, allErr, endedErr)
	})
	update(t, db, func(tx store.Tx) error { _, err := tx.Expire(now.Add(2*org.CreationKept), 100); return err })
	equal(t, "left", len(get(t, db, func(tx store.Tx) (page.Page[org.Creation], error) { return tx.Creations(o.ID, nil, page.Request{}) }).Items), 2)
}

// Closures are found while they are under way, and counted for a time.
func testAccountClosures(t *testing.T, db store.DB) {
	o := organized(t, db)
	closure := org.Closure{Account: o.ManagementAccount, Organization: o.ID, RequestedAt: now}
	update(t, db, func(tx store.Tx) error { return tx.PutClosure(closure) })
	view(t, db, func(tx store.Tx) error {
		c, err := tx.Closure(closure.Account)
		equal(t, "one", c, closure)
		for _, of := range []string{"", o.ID} {
			pending, err := tx.PendingClosures(of, 10)
			if err != nil {
				return err
			}
			equal(t, "pending", pending, []org.Closure{closure})
		}
		return err
	})
	closure.CompletedAt = now.Add(time.Minute)
	update(t, db, func(tx store.Tx) error { return tx.PutClosure(closure) })
	view(t, db, func(tx store.Tx) error {
		_, err := tx.Closure(closure.Account)
		refused(t, "one that is done", err, fault.NotFound, "")
		n, err := tx.ClosuresSince(o.ID, now.Add(-time.Second))
		equal(t, "since", n, 1)
		return err
	})
	err := db.Update(t.Context(), nil, func(tx store.Tx) error {
		return tx.PutClosure(org.Closure{Account: "999999999999", Organization: o.ID, RequestedAt: now})
	})
	refused(t, "of no account", err, fault.NotFound, "no-account")
	equal(t, "members", get(t, db, func(tx store.Tx) (int, error) { return tx.MemberCount(o.ID) }), 1)
	update(t, db, func(tx store.Tx) error {
		a := testAccount("444455556666")
		a.Status, a.Organization, a.OrgPath = account.Closed, o.ID, o.Path()
		return tx.PutAccount(a)
	})
	equal(t, "with closed ones", get(t, db, func(tx store.Tx) (int, error) { return tx.MemberCount(o.ID) }), 2)
	equal(t, "without", get(t, db, func(tx store.Tx) (int, error) { return tx.AccountCount(o.ID) }), 1)
}

// A verification is found by its account and by what its link carries.
func testVerifications(t *testing.T, db store.DB) {
	o := organized(t, db)
	v := org.Verification{
		Account: o.ManagementAccount, Email: "root@example.com", Hash: "hash", SentAt: now, ExpiresAt: now.Add(time.Hour), VerifiedAt: now, Sent: 2, SentSince: now,
	}
	update(t, db, func(tx store.Tx) error { return tx.PutVerification(v) })
	view(t, db, func(tx store.Tx) error {
		one, err := tx.Verification(v.Account)
		equal(t, "by account", one, v)
		two, hashErr := tx.VerificationByHash("hash")
		equal(t, "by hash", two, v)
		_, missing := tx.VerificationByHash("other")
		refused(t, "another hash", missing, fault.NotFound, "")
		return do(err, hashErr)
	})
	// A deleted organization takes what it asked with it, and not its account's.
	update(t, db, func(tx store.Tx) error {
		h := org.Handshake{ID: "h-00000000", Organization: o.ID, Recipient: org.Party{Type: org.AccountParty, ID: "1"}, RequestedAt: now, ExpiresAt: now}
		c := org.Creation{ID: "car-00000000", Organization: o.ID, RequestedAt: now}
		return do(tx.PutHandshake(h), tx.PutCreation(c), tx.DeleteOrganization(o.ID))
	})
	view(t, db, func(tx store.Tx) error {
		_, err := tx.Handshake("h-00000000")
		refused(t, "its handshake", err, fault.NotFound, "")
		_, err = tx.Creation("car-00000000")
		refused(t, "its request", err, fault.NotFound, "")
		_, err = tx.Verification(v.Account)
		return err
	})
}
