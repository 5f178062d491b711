package gateway

import (
	"errors"
	"io"
	"net/http"
	"sync/atomic"

	"sekisho/internal/awsproto"
)

// MaxBody is the most bytes that a request's body may have, but for operations
// whose row says more. The largest input of any other is a tenth of it.
const MaxBody = 1 << 20

// Bodies are read before anybody has proved anything, and slowly if the client
// likes. Together they may take bodyBudget bytes; small ones, which nearly all
// are, need not ask for a share.
// Those of operations that take more share another budget, so that they are in
// nobody else's way.
const (
	bodyBudget  = 64 << 20
	largeBudget = 64 << 20
	smallBody   = 16 << 10
)

// bodies counts the bytes that bodies being served may take.
type bodies struct{ taken, large atomic.Int64 }

// read returns the body of at most most bytes, or why it is refused. done gives
// its share back.
func (b *bodies) read(w http.ResponseWriter, r *http.Request, most int64) (body []byte, done func(), refused awsproto.Refusal) {
	if r.ContentLength > most {
		return nil, func() {}, awsproto.TooLarge
	}
	share := r.ContentLength
	if share < 0 {
		share = most // nobody knows
	}
	done = func() {}
	if share > smallBody {
		taken, budget := &b.taken, int64(bodyBudget)
		if share > MaxBody {
			taken, budget = &b.large, largeBudget
		}
		if taken.Add(share) > budget {
			taken.Add(-share)
			return nil, done, awsproto.Unavailable
		}
		done = func() { taken.Add(-share) }
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	if err == nil {
		return body, done, 0
	}
	done()
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return nil, func() {}, awsproto.TooLarge
	}
	return nil, func() {}, awsproto.Malformed
}
