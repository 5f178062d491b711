package accountsignin

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/secret"
	"sekisho/internal/store"
)

// candidate is what is known about who wants in, before the password is looked at.
type candidate struct {
	account  account.Account // zero if there is none
	user     iam.User        // zero for a root user, and for nobody
	root     bool
	password credential.Password
	throttle []credential.Key // under which the try is counted
	// refusal is why no password can be right; "" if one can.
	refusal string
}

// The precise reasons of failures, for the audit trail only.
const (
	reasonNoAccount       = "no-such-account"
	reasonNoUser          = "no-such-user"
	reasonNotInUse        = "account-not-in-use"
	reasonNoPassword      = "no-password"
	reasonWrongPassword   = "password-incorrect"
	reasonThrottled       = "too-many-attempts"
	reasonPasswordExpired = "password-expired"
	reasonWrongCode       = "code-incorrect"
)

func (c candidate) owner() credential.Owner {
	if c.root {
		return credential.Owner{Kind: credential.RootUser, ID: c.account.ID}
	}
	return iam.PasswordOf(c.user.ID)
}

// find looks up whom the flow names. Every step is taken whatever the one before
// found, so that the work does not tell who exists.
func (h *Handler) find(tx store.Tx, r *http.Request, f flow) (c candidate, err error) {
	c.root = f.UserType != "iam"
	if c.root {
		c.account, err = tx.AccountByEmail(f.Email)
	} else {
		c.account, err = account.Named(tx, f.Account)
	}
	if err = c.refused(err, reasonNoAccount); err != nil {
		return c, err
	}
	if !c.root {
		c.user, err = tx.IAMUserByName(c.account.ID, f.UserName)
		if err = c.refused(err, reasonNoUser); err != nil {
			return c, err
		}
	}
	in, err := mayEnter(tx, c.account, c.root, h.Site.Clock.Now())
	if err != nil {
		return c, err
	}
	if !in && c.refusal == "" {
		c.refusal = reasonNotInUse
	}
	c.password, err = tx.Password(c.owner())
	if err = c.refused(err, reasonNoPassword); err != nil {
		return c, err
	}
	if c.password.Hash == "" && c.refusal == "" {
		c.refusal = reasonNoPassword
	}
	c.throttle = h.throttleKeys(r, c, f)
	return c, nil
}

// refused takes a NotFound for a refusal.
func (c *candidate) refused(err error, reason string) error {
	if !fault.Is(err, fault.NotFound) {
		return err
	}
	if c.refusal == "" {
		c.refusal = reason
	}
	return nil
}

// mayEnter reports whether the account's state lets its root user, or its IAM
// users, sign in. Root users get into a suspended account, and into one that was
// closed while it can be reopened: what they may do there is the console's and
// the gate's to say.
func mayEnter(tx store.Tx, a account.Account, root bool, now time.Time) (bool, error) {
	switch {
	case a.Status == account.Active || a.Status == account.PendingActivation:
		return true, nil
	case a.Status == account.Suspended:
		return root, nil
	case a.Status != account.Closed || !root:
		return false, nil
	}
	s, err := tx.Standing(a.ID)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return now.Before(s.ReopenUntil()), err
}

// throttleKeys are what a try counts under: this browser alone if the user signed
// in here before, else name and address. So nobody elsewhere can lock the owner out.
func (h *Handler) throttleKeys(r *http.Request, c candidate, f flow) []credential.Key {
	if d, ok := h.memory(r).device(c.owner()); ok {
		return []credential.Key{credential.DeviceKey(c.owner(), string(d.Mark))}
	}
	var name credential.Key
	switch {
	case c.root:
		name = rootKey(f.Email)
	case c.account.ID != "":
		name = credential.NameKey(c.account.ID, f.UserName)
	default:
		// Apart from every directory that there is: nobody fills another's budget by
		// typing its name as an account's.
		name = credential.NameKey("no-account/"+strings.ToLower(strings.TrimSpace(f.Account)), f.UserName)
	}
	return append([]credential.Key{name}, h.Site.Network(r)...)
}

// rootKey counts tries at the password of the root user with that address, known
// or not.
func rootKey(email string) credential.Key { return credential.NameKey("root-user", email) }

// outcome is what came of a try at a password.
type outcome struct {
	candidate
	right     bool
	suspect   bool // a CAPTCHA is asked for before the next try
	unchecked bool // one was asked for before this one, and not given
	throttled *credential.ThrottledError
}

// try looks at the password that was typed. Who does not exist, has no password or
// must not enter gets the same answer, for the same work, as who typed it wrong.
// Of a right password nothing is kept yet: settle does that.
func (h *Handler) try(r *http.Request, f flow, typed secret.String) (o outcome, err error) {
	now := h.Site.Clock.Now()
	err = h.DB.Update(r.Context(), nil, func(tx store.Tx) (err error) {
		o = outcome{}
		if o.candidate, err = h.find(tx, r, f); err != nil {
			return err
		}
		if o.root {
			if o.suspect, err = h.suspicious(tx, r, o.candidate, now); err != nil {
				return err
			}
			if o.unchecked, err = h.unchecked(tx, f, o.suspect); err != nil || o.unchecked {
				return err
			}
		}
		o.throttled, err = reserve(tx, o.throttle, now)
		return err
	})
	if err != nil {
		return o, err
	}
	if o.unchecked {
		return o, nil
	}
	if o.throttled != nil {
		h.Count(h.signInEvent(r, f, o.candidate, reasonThrottled))
		return o, nil //nolint:nilerr // the refusal is part of the outcome
	}
	ok, err := h.Hasher.Verify(r.Context(), o.password.Hash, typed)
	if err != nil {
		// The password was not looked at, so the try does not count.
		release := func(tx store.Tx) error { return credential.Release(tx, o.throttle) }
		return o, errors.Join(err, h.DB.Update(context.WithoutCancel(r.Context()), nil, release))
	}
	if o.right = ok && o.refusal == ""; o.right {
		if h.Hasher.NeedsRehash(o.password.Hash) {
			h.rehash(context.WithoutCancel(r.Context()), o.password, typed)
		}
		return o, nil
	}
	if o.refusal == "" {
		o.refusal = reasonWrongPassword
	}
	return o, h.DB.Update(r.Context(), nil, func(tx store.Tx) (err error) {
		if err := tx.AppendEvent(h.signInEvent(r, f, o.candidate, o.refusal)); err != nil || !o.root {
			return err
		}
		o.suspect, err = h.suspicious(tx, r, o.candidate, now)
		return err
	})
}

// reserve is credential.Reserve whose refusal is no error: what else the transaction
// did stays.
func reserve(tx store.Tx, keys []credential.Key, now time.Time) (*credential.ThrottledError, error) {
	err := credential.Reserve(tx, keys, now)
	if t, ok := errors.AsType[*credential.ThrottledError](err); ok {
		return t, nil
	}
	return nil, err
}

// rehash keeps the password at the present cost, beside the request. If there is
// no room for that now, the next sign-in tries again.
func (h *Handler) rehash(ctx context.Context, p credential.Password, typed secret.String) {
	h.background.Do(func() {
		hash, err := h.Hasher.Hash(ctx, typed)
		if err == nil {
			err = h.DB.Update(ctx, nil, func(tx store.Tx) error { return credential.Rehash(tx, p.Owner, p.Hash, hash) })
		}
		if err != nil {
			h.Site.Log.WarnContext(ctx, "password not rehashed", "owner", p.Owner.ID, "error", err)
		}
	})
}
