package app

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"sekisho/internal/access"
	"sekisho/internal/audit"
	"sekisho/internal/clock"
	"sekisho/internal/fault"
	"sekisho/internal/store"
)

const (
	// provisionEvery is how often a node looks for what another one left: its own
	// work it hears of by the feed. By the machine's clock.
	provisionEvery = 2 * time.Second
	// holdFor is how long a node keeps a request to itself after each step. One that
	// died loses its requests to others, or to its next start, after this time.
	holdFor = 3 * time.Second
	// retryAfter is the pause after an error that nobody expected.
	retryAfter = 5 * time.Second
	maxRetries = 5

	provisionBatch = 20 // requests at a time, so that a long one holds nobody up
	tidyBatch      = 50 // roles
)

// provisioner does the work of Identity Center that calls only ask for: assignments,
// provisioning, linking accounts and deleting instances (G-44, G-46). It is kept in
// the database and done a step at a time, each in a transaction, so that a crash
// between any two loses nothing and repeats nothing. Several nodes may run one: who
// takes a step keeps the request for a while.
type provisioner struct {
	db    store.DB
	clock clock.Clock // of what is written
	// machine is the clock of holds, which must go on whatever a developer does to
	// the other.
	machine clock.Clock
	node    string // an id of this process
	log     *slog.Logger
	region  string

	kicked chan struct{}
}

func newProvisioner(db store.DB, c clock.Clock, log *slog.Logger, region string) *provisioner {
	return &provisioner{
		db: db, clock: c, machine: clock.System{}, node: uuid.NewString(), log: log, region: region, kicked: make(chan struct{}, 1),
	}
}

// kick says that there is something to do. It does not wait.
func (p *provisioner) kick() {
	select {
	case p.kicked <- struct{}{}:
	default: // it is awake already
	}
}

// run works until ctx ends.
func (p *provisioner) run(ctx context.Context) {
	tick := time.NewTicker(provisionEvery)
	defer tick.Stop()
	for {
		more, err := p.round(ctx)
		if err != nil && ctx.Err() == nil {
			p.log.Error("work on assignments could not be read", "error", err)
			more = false
		}
		if more && ctx.Err() == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-p.kicked:
		case <-tick.C:
		}
	}
}

// round takes a step of each request that is due, and reports whether there may be more.
func (p *provisioner) round(ctx context.Context) (more bool, err error) {
	var due []access.Request
	var idle []access.IdleRole
	err = p.db.View(ctx, func(tx store.Tx) (err error) {
		if due, err = tx.DueAccessRequests(p.machine.Now(), p.node, provisionBatch); err != nil {
			return err
		}
		idle, err = tx.IdleRoles(1)
		return err
	})
	if err != nil {
		return false, err
	}
	for _, r := range due {
		if err := p.step(ctx, r); err != nil {
			if ctx.Err() != nil {
				return false, err
			}
			p.log.Error("a step on an Identity Center request failed", "request", r.ID, "kind", r.Kind, "error", err)
			if err := p.postpone(ctx, r); err != nil {
				return false, err
			}
		}
	}
	if len(idle) > 0 {
		err = p.db.Update(ctx, nil, func(tx store.Tx) error {
			_, err := access.Tidy(tx, tidyBatch)
			return err
		})
	}
	return len(due) > 0 || len(idle) > 0 && err == nil, err
}

// step takes one step of a request, if it is still there to be taken. A fault is an
// outcome; every other error is returned, and nothing has happened.
func (p *provisioner) step(ctx context.Context, r access.Request) error {
	now := p.clock.Now()
	err := p.onRequest(ctx, r.ID, func(tx store.Tx, r access.Request) (access.Request, error) {
		on, err := access.NextAccount(tx, r)
		if err != nil {
			return r, err
		}
		if r, err = access.Step(tx, now, r); err != nil {
			return r, err
		}
		return r, p.record(tx, r, on, nil)
	})
	f, expected := fault.As(err)
	if !expected || f.Kind == fault.Unavailable {
		return err
	}
	return p.onRequest(ctx, r.ID, func(tx store.Tx, r access.Request) (access.Request, error) {
		on, err := access.NextAccount(tx, r)
		if err != nil {
			return r, err
		}
		if err := p.record(tx, r, on, f); err != nil {
			return r, err
		}
		return access.Fail(tx, r, f)
	})
}

// postpone lets a request wait after an error that nobody expected, and gives it up
// after too many.
func (p *provisioner) postpone(ctx context.Context, r access.Request) error {
	return p.db.Update(ctx, nil, func(tx store.Tx) error {
		now, err := tx.AccessRequest(r.ID)
		if err != nil || now.Status != access.InProgress {
			return ignoreMissing(err)
		}
		now.Attempts++
		// Held by nobody in particular: its own node must not try at once.
		now.Holder, now.HeldUntil = "-", p.machine.Now().Add(retryAfter)
		if now.Attempts >= maxRetries {
			now = access.GiveUp(now)
		}
		return tx.PutAccessRequest(now)
	})
}

// onRequest changes a request by fn in one transaction, unless it is done or another
// node has it.
func (p *provisioner) onRequest(ctx context.Context, id string, fn func(store.Tx, access.Request) (access.Request, error)) error {
	return p.db.Update(ctx, nil, func(tx store.Tx) error {
		at := p.machine.Now()
		r, err := tx.AccessRequest(id)
		if err != nil || r.Status != access.InProgress || r.Holder != p.node && r.HeldUntil.After(at) {
			return ignoreMissing(err)
		}
		if r, err = fn(tx, r); err != nil {
			return err
		}
		r.Holder, r.HeldUntil = p.node, at.Add(holdFor)
		return tx.PutAccessRequest(r)
	})
}

func ignoreMissing(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// stepNames are how the history of an account names what was done there.
var stepNames = map[access.RequestKind]string{
	access.AssignRequest:    "ProvisionPermissionSet",
	access.ProvisionRequest: "ProvisionPermissionSet",
	access.UnassignRequest:  "DeprovisionPermissionSet",
}

// record puts what a step did, or why it could not, into the history of the account.
func (p *provisioner) record(tx store.Tx, r access.Request, accountID string, f *fault.Error) error {
	name := stepNames[r.Kind]
	if name == "" || accountID == "" {
		return nil
	}
	e := &audit.Event{
		At: p.clock.Now(), Account: accountID, Source: access.Principal, Name: name, Region: p.region, PrincipalID: access.Principal,
		Resource: access.PermissionSet{Instance: r.Instance, ID: r.PermissionSet}.ARN(), Identity: audit.Identity{Type: audit.TypeService}, Count: 1,
	}
	e.Set("requestId", r.ID)
	if f != nil {
		e.ErrorCode, e.ErrorMessage, e.ErrorReason = "ProvisioningFailed", f.Public, f.Error()
	}
	return tx.AppendEvent(e)
}
