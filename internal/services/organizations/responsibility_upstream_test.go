package organizations_test

import (
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"sekisho/internal/account"
	"sekisho/internal/store"
)

const distributor, nextDistributor = "121212121212", "343434343434"

// newChain is a customer (invited) that gives its bills to a reseller (management)
// from December on, which gives its own to a distributor; it returns both transfers.
func newChain(t *testing.T) (w *world, above, below *string) {
	t.Helper()
	w = newWorld(t)
	w.update(func(tx store.Tx) error {
		for _, id := range []string{distributor, nextDistributor} {
			if err := tx.PutAccount(account.Account{ID: id, Name: "A", Email: email(id), Status: account.Active, CreatedAt: start}); err != nil {
				return err
			}
		}
		return nil
	})
	w.organizes(management, invited, stranger, distributor, nextDistributor)
	return w, w.transferred(distributor, management, december), w.transferred(management, invited, december)
}

// Who was above once reads nothing more of whose bills an organization takes: neither
// after the transfer has ended, nor of those that begin after it (reading across
// organizations that have parted).
func TestTransferUpstreamReadsNoLonger(t *testing.T) {
	t.Parallel()
	w, above, below := newChain(t)
	end := january.Add(-time.Second)
	_, err := w.withdraw(management, above, &end)
	w.expect("withdraw", err, "")
	w.transferred(management, stranger, january)
	sees := func() (ids []string) {
		for _, v := range w.inbound(distributor, above) {
			ids = append(ids, *v.Id)
		}
		return ids
	}
	if got := sees(); !slices.Equal(got, []string{*below}) {
		t.Errorf("before the end: %s, want %s", got, *below)
	}
	w.clock.Advance(january.Sub(w.clock.Now()))
	if got := sees(); len(got) != 0 {
		t.Errorf("after the end: %s", got)
	}
	if got, err := w.transfer(distributor, above); err != nil || got.Status != types.ResponsibilityTransferStatusWithdrawn {
		t.Errorf("its own: %s, %v", got.Status, err)
	}
}

// Of the end of a transfer those learn that are above at that time, and not who will
// be when they are no more.
func TestTransferEndIsToldToWhoIsAbove(t *testing.T) {
	t.Parallel()
	w, above, below := newChain(t)
	end := january.Add(-time.Second)
	_, err := w.withdraw(management, above, &end)
	w.expect("withdraw", err, "")
	w.transferred(nextDistributor, management, january)
	told := func(id string) (n int) {
		for _, name := range w.events(id) {
			if name == "ResponsibilityTransferTerminated" {
				n++
			}
		}
		return n
	}
	before := map[string]int{distributor: told(distributor), nextDistributor: told(nextDistributor)}
	_, err = w.withdraw(invited, below, nil)
	w.expect("withdraw below", err, "")
	for id, want := range map[string]int{distributor: 1, nextDistributor: 0} {
		if got := told(id) - before[id]; got != want {
			t.Errorf("%s is told %d times, want %d", id, got, want)
		}
	}
}
